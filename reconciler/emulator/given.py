"""What a person gave for a setting, to the value that it stands for; ValueError for what makes no sense."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from reconciler.emulator.limits.rate import Rate, rate_from

T = TypeVar("T")
TRAFFIC = ("LITE", "DOMESTIC", "ALL")  # from the least to the most


def or_none(read: Callable[[Any], T]) -> Callable[[Any], T | None]:
    """The same of something that may be left out."""
    return lambda value: None if value is None else read(value)


def name(value: object) -> str:
    """An id or a name as text."""
    if not str(value):
        raise ValueError("it is empty")
    return str(value)


def seconds(value: Any) -> float:
    """A duration, three centuries at the most: what the calendar bears."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1e10:
        raise ValueError(f"{value} is no number of seconds")
    return value


def count(value: Any) -> int:
    """A whole number from 0 on."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{value} is not a count")
    return value


def counts(value: Any) -> dict[str, int]:
    """How many there are, by area code or toll-free code."""
    if not isinstance(value, Mapping):
        raise ValueError("expected a count for each code")  # noqa: TRY004 - of a setting, not of a program
    for code in value:
        if not re.fullmatch("[0-9]{3}", str(code)):
            raise ValueError(f"{code}: a code has 3 digits")
    return {str(code): count(each) for code, each in value.items()}


def several(value: Any) -> tuple[str, ...]:
    """Words; one alone stands for itself."""
    return (value,) if isinstance(value, str) else tuple(value)


def traffic(value: Any) -> str:
    """What calls may be made."""
    if value not in TRAFFIC:
        raise ValueError(f"{value} is none of {', '.join(TRAFFIC)}")
    return str(value)


def networks(value: Any) -> tuple[str, ...]:
    """Addresses and networks of IPv4."""
    return tuple(str(ipaddress.IPv4Network(network)) for network in several(value))


def hosts(value: Any) -> tuple[str, ...]:
    """Names of hosts, in lower case."""
    for host in several(value):
        if not re.fullmatch(r"[\w.-]+", host):
            raise ValueError(f"{host} is no name of a host; a port is left out")
    return tuple(host.lower() for host in several(value))


def rates(value: Mapping[str, Rate | str]) -> dict[str, Rate]:
    """Rates by bucket."""
    return dict(
        rate_from(f"{bucket}={rate}") if isinstance(rate, str) else (bucket.upper(), rate)
        for bucket, rate in dict(value).items()
    )
