"""The options of `emulator`: what each is called, where the help lists it, and its words to its value."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from reconciler.emulator.faults.fault import KINDS, Fault
from reconciler.emulator.faults.words import WORDS, fault_from, faults_in
from reconciler.emulator.limits.rate import Rate, rate_from
from reconciler.emulator.limits.windows import check_buckets
from reconciler.emulator.readings import READINGS

T = TypeVar("T")
_GLOSSARY = "What --fault may say, as --fault 'drop-after POST orders nth=1'"


class Switch(click.Option):
    """An option of the emulator; the help lists it in its `section`."""

    def __init__(self, *args: Any, section: str, **attrs: Any) -> None:
        super().__init__(*args, **{"show_default": True, **attrs})
        self.section = section


class Command(click.Command):
    """A command whose help is in sections."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One list for each run of options that name the same section."""
        rows = [
            (getattr(option, "section", "Other options"), record)
            for option in self.get_params(ctx)
            if (record := option.get_help_record(ctx))
        ]
        for section, of_section in groupby(rows, key=lambda row: row[0]):
            with formatter.section(section):
                formatter.write_dl([record for _, record in of_section])
        with formatter.section(_GLOSSARY):
            formatter.write_dl(_kinds())


def _kinds() -> list[tuple[str, str]]:
    """Each kind of fault, with what happens and its usual number; then the other words."""
    kinds = [
        (
            f"{name}={kind.value}" if kind.value else name,
            f"{kind.about[0].upper()}{kind.about[1:]}."
            + (f"  [{kind.usual:g}]" if kind.usual is not None else ""),
        )
        for name, kind in KINDS.items()
    ]
    return kinds + [(word, f"{about}.") for word, about in WORDS.items()]


served = partial(click.option, cls=Switch, section="Where, and to whom")
account = partial(click.option, cls=Switch, section="What it takes, and what it has")
kept = partial(click.option, cls=Switch, section="Where the account is kept")
happens = partial(click.option, cls=Switch, section="Faults and time")
COUNT = click.IntRange(min=0)
FILE = click.Path(path_type=Path, dir_okay=False)


def as_counts(_ctx: click.Context, _param: click.Parameter, words: tuple[str, ...]) -> dict[str, int]:
    """The words as counts by code."""
    counts = {}
    for word in words:
        code, _, count = word.partition("=")
        if not (len(code) == 3 and code.isdecimal() and count.isdecimal()):
            raise click.UsageError(f"--inventory {word}: expected a code and a count, as 919=3")
        counts[code] = int(count)
    return counts


def _said(option: str, words: Callable[[], T]) -> T:
    """What the words of an option mean."""
    try:
        return words()
    except (ValueError, OSError) as wrong:
        raise click.UsageError(f"{option}: {wrong}") from wrong


def as_faults(_ctx: click.Context, _param: click.Parameter, lines: tuple[str, ...]) -> tuple[Fault, ...]:
    """The lines as faults."""
    return tuple(_said("--fault", partial(fault_from, line)) for line in lines)


def as_fault_file(_ctx: click.Context, _param: click.Parameter, file: Path | None) -> tuple[Fault, ...]:
    """The faults of the file."""
    return _said(f"--faults {file}", partial(faults_in, file)) if file else ()


def as_rates(_ctx: click.Context, _param: click.Parameter, words: tuple[str, ...]) -> dict[str, Rate]:
    """The words as rates by bucket."""
    rates = dict(_said("--rate-limit", partial(rate_from, word)) for word in words)
    _said("--rate-limit", partial(check_buckets, rates))
    return rates


def read_by(read: Callable[[Any], T]) -> Callable[[click.Context, click.Parameter, Any], T]:
    """What an option's value is read as."""
    return lambda _ctx, param, value: _said(param.opts[0], partial(read, value))


def check_waits() -> None:
    """Refuses a time and a count of looks for one thing."""
    context = click.get_current_context()
    for what in ("order", "backorder"):
        by = [f"{what}_seconds", f"{what}_looks"]
        if all(context.get_parameter_source(each) is ParameterSource.COMMANDLINE for each in by):
            raise click.UsageError(f"--{what}-seconds or --{what}-looks: give one of them")


def writable(_ctx: click.Context, _param: click.Parameter, path: Path | None) -> Path | None:
    """The path of a file that can be written, as far as can be told before there is something to write."""
    if path is not None and not os.access(path.parent, os.W_OK):
        raise click.UsageError(f"--dump {path}: its folder is not there, or not to be written in")
    return path


def with_readings(command: click.Command) -> click.Command:
    """The command with an option for each question that published sources leave open."""
    for reading in READINGS.values():
        option = Switch(
            [f"--{reading.name.replace('_', '-')}", reading.name],
            section="Where published sources disagree or are silent (docs/readings.md)",
            type=click.Choice(reading.answers),
            default=reading.answers[0],
            help=f"{reading.about[0].upper()}{reading.about[1:]}.",
        )
        command.params.append(option)
    return command
