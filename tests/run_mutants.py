"""Planted mistakes (`mutants.yaml`) turned into one line each: which test catches it, or that none does.

Each mistake is planted in a copy of the tree, never in the tree itself, and the tests that are expected
to notice it run there, in a process of their own, after they have passed without it. Tests that start
`python -m reconciler` with an environment of their own are of no use here: their process imports the
installed package, not the copy.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path

import click
import yaml

ROOT = Path(__file__).parents[1]
LIST = Path(__file__).with_name("mutants.yaml")
LIMIT = 120.0  # seconds for the tests of one mistake
LEFT_BEHIND = shutil.ignore_patterns(".*", "__pycache__", "node_modules", "build", "dist")
ASTRAY = "the tests would not have run against the copy"
# The editable install names the tree itself; the copy stands before it on the path, and this proves it.
START = f"""
import sys, pathlib, pytest, reconciler
if not pathlib.Path(reconciler.__file__).is_relative_to(pathlib.Path.cwd()):
    sys.exit("{ASTRAY}: " + reconciler.__file__)
sys.exit(pytest.main(sys.argv[1:]))
"""
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+::.+?)(?: - .*)?$", re.MULTILINE)


@dataclass(frozen=True)
class Mutant:
    """A planted mistake: `find`, which `file` has once, becomes `replace`; `tests` are pytest's arguments."""

    name: str
    file: str
    find: str
    replace: str
    breaks: str
    tests: str

    def planted(self, text: str) -> str:
        """The file's text with the mistake in it. Raises ValueError unless `find` is there exactly once."""
        if (times := text.count(self.find)) != 1:
            raise ValueError(f"its text is in {self.file} {times} times")
        return text.replace(self.find, self.replace)


class End(StrEnum):
    """What became of a mistake; a hang is noticed by whoever runs the tests."""

    CAUGHT = "caught"
    HUNG = "hung"
    SURVIVED = "SURVIVED"
    NOT_RUN = "NOT RUN"


@dataclass(frozen=True)
class Verdict:
    """How the tests ended: `by` names the first that failed, or says why there is none."""

    end: End
    by: str = ""

    @property
    def good(self) -> bool:
        """Whether the mistake was noticed."""
        return self.end in {End.CAUGHT, End.HUNG}


def read_mutants(path: Path = LIST) -> tuple[Mutant, ...]:
    """The list of planted mistakes. Raises ValueError for a row with other keys than `Mutant` has."""
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    names = {each.name for each in fields(Mutant)}
    for row in rows:
        if row.keys() != names or not all(isinstance(value, str) for value in row.values()):
            raise ValueError(f"{path.name}: a row must say {', '.join(sorted(names))}, as text: {row}")
    return tuple(Mutant(**row) for row in rows)


@contextmanager
def _copy(root: Path) -> Iterator[Path]:
    """A copy of the tree, for as long as it is needed."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        tree = Path(folder).resolve() / "tree"
        yield Path(shutil.copytree(root, tree, ignore=LEFT_BEHIND, copy_function=shutil.copyfile))


def _environment(tree: Path) -> dict[str, str]:
    """The environment, without what a pytest around this one says to its own processes.

    Plugins that are merely installed stay out: importing them takes longer than most of the tests.
    `CI` has hypothesis draw the same examples each time, without deadlines: a busy machine catches nothing.
    """
    kept = {name: v for name, v in os.environ.items() if not name.startswith(("PYTEST", "COV"))}
    ours = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1", "CI": "true"}
    return {**kept, **ours, "PYTHONPATH": str(tree)}


def _tested(tree: Path, tests: str, limit: float) -> Verdict:
    """How the tests end in a tree: caught where one fails, survived where none does."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        words = ["-x", "-q", "-rfE", "-p", "no:cacheprovider", f"--basetemp={folder}/tests"]
        ended = _ended([sys.executable, "-c", START, *shlex.split(tests), *words], tree, limit)
    if ended is None:
        return Verdict(End.HUNG, f"no end within {limit:g} s")
    code, said = ended
    failed = FAILED.search(said)
    if code == 1 and failed:
        return Verdict(End.CAUGHT, failed[1])
    if code == 0:
        return Verdict(End.SURVIVED)
    return Verdict(End.NOT_RUN, " / ".join(said.strip().splitlines()[-3:]))


def _ended(words: Sequence[str], tree: Path, limit: float) -> tuple[int, str] | None:
    """The exit code of a process in a tree, and all that it said; None if it had to be killed."""
    process = subprocess.Popen(
        words,
        cwd=tree,
        env=_environment(tree),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return None
    return process.returncode, said


def check_tests(tree: Path, tests: str, limit: float = LIMIT) -> str:
    """Why these tests prove nothing: they do not pass where no mistake is planted; "" if they do."""
    verdict = _tested(tree, tests, limit)
    return "" if verdict.end is End.SURVIVED else f"its tests do not pass without it: {verdict.by}"


def try_mutant(root: Path, mutant: Mutant, limit: float = LIMIT) -> Verdict:
    """Plant a mistake in a copy of the tree, and see what its tests say."""
    with _copy(root) as tree:
        file = tree / mutant.file
        try:
            text = mutant.planted(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            return Verdict(End.NOT_RUN, str(error))
        file.write_text(text, encoding="utf-8")
        return _tested(tree, mutant.tests, limit)


def run_mutants(
    mutants: Sequence[Mutant],
    say: Callable[[str], object],
    *,
    root: Path = ROOT,
    limit: float = LIMIT,
    processes: int = 2,
) -> bool:
    """Try every mistake, say a line for each and the score; whether all were caught.

    `root` is the tree, `limit` the seconds for the tests of one mistake, `processes` how many are tried
    at once. What is edited in the tree meanwhile makes no difference.
    """
    selections = list(dict.fromkeys(mutant.tests for mutant in mutants))
    caught = 0
    with _copy(root) as tree, ThreadPoolExecutor(processes) as threads:
        checked = threads.map(lambda tests: check_tests(tree, tests, limit), selections)
        faults = dict(zip(selections, checked, strict=True))

        def verdict(mutant: Mutant) -> Verdict:
            fault = faults[mutant.tests]
            return Verdict(End.NOT_RUN, fault) if fault else try_mutant(tree, mutant, limit)

        for mutant, found in zip(mutants, threads.map(verdict, mutants), strict=True):
            caught += found.good
            say(f"{found.end:<8}  {mutant.name}" + (f": {found.by}" if found.by else ""))
    say(f"mutants: {caught} of {len(mutants)} caught")
    return caught == len(mutants)


@click.command()
@click.option("-k", "word", default="", metavar="WORD", help="Only those with this in their name or file.")
@click.option("--limit", default=LIMIT, show_default=True, help="Seconds for the tests of one mistake.")
@click.option("--processes", default=2, show_default=True, help="How many are tried at once.")
def main(word: str, limit: float, processes: int) -> None:
    """Plant each mistake of tests/mutants.yaml in a copy of the tree, and see that a test catches it."""
    chosen = [mutant for mutant in read_mutants() if word in mutant.name or word in mutant.file]
    if not chosen:
        raise click.UsageError(f"no mistake has {word!r} in its name or file")
    sys.exit(0 if run_mutants(chosen, click.echo, limit=limit, processes=processes) else 1)


if __name__ == "__main__":
    main()
