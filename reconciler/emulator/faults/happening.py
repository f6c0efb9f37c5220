"""A request and the rules that happen to it, through all stages of an answer."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from werkzeug.wrappers import Response

from reconciler.emulator.asked import Asked
from reconciler.emulator.faults.effects import AFTER, BEFORE
from reconciler.emulator.faults.pages import Serve, missed, repeated
from reconciler.emulator.faults.rules import Rule
from reconciler.emulator.settings import Settings
from reconciler.emulator.store import Store

_READING = {"repeat-page": repeated, "miss-page": missed}


def seconds_late(rules: Iterable[Rule]) -> float:
    """How long the answer is to be waited for."""
    return sum(rule.fault.number or 0 for rule in rules if rule.fault.what == "latency")


def instead(rules: Iterable[Rule], asked: Asked, settings: Settings) -> Response | None:
    """What is answered without anything being done; None where nothing prevents it. Raises Dropped."""
    for rule in rules:
        if rule.fault.what in BEFORE:
            return BEFORE[rule.fault.what](rule.fault, asked, settings)
    return None


def serving(rules: Iterable[Rule], serve: Serve) -> Serve:
    """How the request is served, where pages and lists are other than they should be."""
    for rule in rules:
        if rule.fault.what in _READING:
            serve = partial(_READING[rule.fault.what], serve)
        elif rule.looks is not None:
            serve = partial(_late, serve, rule)
    return serve


def _late(serve: Serve, rule: Rule, asked: Asked, store: Store) -> Response:
    assert rule.looks is not None
    return serve(asked, rule.looks.shown(asked, store))


def afterwards(rules: Iterable[Rule], asked: Asked, settings: Settings, response: Response) -> Response:
    """What is answered when all is done. Raises Dropped."""
    for rule in rules:
        if rule.fault.what in AFTER:
            response = AFTER[rule.fault.what](rule.fault, asked, settings, response)
    return response
