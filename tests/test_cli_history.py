"""`history`: past runs in a ledger's directory to lines, to one run's story, and to JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from cli import ACCOUNT, Place, account, location
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from plans import CREATE, DELETE, EXAMPLE, FEW, NOTHING, ORDER, TEXT, UPDATE

from reconciler.execute import Ids, Result, State, execute
from reconciler.ledger.journal import Journal
from reconciler.ledger.lock import take
from reconciler.ledger.store import Store, open_store
from reconciler.plan import Plan, Step
from reconciler.report.formats import HISTORY_SCHEMA
from reconciler.report.history import history_json, history_text, run_text
from reconciler.runs import Began, Ended, PastRun, PastStep, planned

FIRST, SECOND, THIRD = "20300102T030405Z-aaaaaa", "20300103T030405Z-bbbbbb", "20300103T110000Z-cccccc"
BEGAN = Began(
    datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC),
    "apply",
    "0.1",
    "ana",
    "ci-7",
    ACCOUNT,
    ("base.yaml", "prod.yaml"),
    "5" * 64,
    planned(EXAMPLE),
)
ENDS: Mapping[str, tuple[State, str, str]] = {
    CREATE.id: (State.DONE, "", "93de"),
    UPDATE.id: (State.FAILED, "12112\nthe address is wrong", ""),
    DELETE.id: (State.SKIPPED, f"needs {UPDATE.id}, which was failed", ""),
    ORDER.id: (State.DONE, "", ""),
}
KILLED = f"""\
Run {SECOND}: did not end
Began 2030-01-03T03:04:05Z by ana@ci-7: apply, reconciler 0.1
Account {ACCOUNT}, manifest base.yaml, prod.yaml
Planned: 1 to create, 1 to change, 1 to remove, 2 numbers to order

Check by hand: 1 step began, and no end was written down. Each was carried out, or was not:
  order numbers.production/support[area_code=919], begun 2030-01-03T03:04:07Z

  done: create application.support-sms (id 93de)
"""
FAILED = f"""\
Run {FIRST}: exit 4, 1 failed, 1 skipped: 1 created, 2 numbers delivered
Began 2030-01-02T03:04:05Z by ana@ci-7: apply, reconciler 0.1
Ended 2030-01-02T03:04:11Z
Account {ACCOUNT}, manifest base.yaml, prod.yaml
Planned: 1 to create, 1 to change, 1 to remove, 2 numbers to order

  done: create application.support-sms (id 93de)
  failed: update location.production/support: 12112 the address is wrong
      hint: see the dashboard
  done: order numbers.production/support[area_code=919]: 2 numbers delivered
  skipped: delete mms.production/support: needs location.production/support#update, which was failed
"""


def perform(step: Step, ids: Ids) -> Result:
    """End a step as the table has it."""
    del ids
    state, message, created = ENDS[step.id]
    hint = "see the dashboard" if message else ""
    return Result.of(step, state, message, hint, wrote=True, created=created, numbers=step.quantity)


def quiet(step: Step, result: Result | None) -> None:
    """Hear of a step."""


def clock(start: datetime) -> Callable[[], datetime]:
    """Make a clock that goes on by a second at each look."""
    seconds = count()
    return lambda: start + timedelta(seconds=next(seconds))


def begun(store: Store, run: str) -> Journal:
    """Begin a run at the moment that its id says."""
    at = datetime.strptime(run[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return Journal.begin(store, run, replace(BEGAN, at=at), clock(at))


def ended(store: Store, run: str, plan: Plan = EXAMPLE) -> None:
    """Make a whole run."""
    journal = begun(store, run)
    outcome = execute(plan, {}, journal.performing(perform), quiet, parallelism=1)
    journal.end(outcome, exit_code=4 if plan.steps else 0, converged=not plan.steps)


class Killed(BaseException):
    """The end of a process."""


def killed(store: Store, run: str) -> None:
    """Make a run that is killed while its order is on the way."""

    def dying(step: Step, ids: Ids) -> Result:
        if step is ORDER:
            raise Killed
        return perform(step, ids)

    performing = begun(store, run).performing(dying)
    performing(CREATE, {})
    with pytest.raises(Killed):
        performing(ORDER, {})


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A working directory whose server would not answer."""
    return Place(tmp_path, "http://127.0.0.1:9")


def ledger(place: Place, name: str = ".reconciler") -> Store:
    """The account's part of the ledger that is in the directory."""
    return open_store(str(place.folder / name), {}).below(ACCOUNT)


def test_runs_are_listed_newest_first(place: Place) -> None:
    """Each run is a line: id, when, who, command, how it ended and what it did."""
    store = ledger(place)
    ended(store, FIRST)
    killed(store, SECOND)
    ended(store, THIRD, NOTHING)
    ran = place.run("history")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        f"{THIRD}  2030-01-03T11:00:00Z  ana@ci-7  apply  converged\n"
        f"{SECOND}  2030-01-03T03:04:05Z  ana@ci-7  apply  did not end\n"
        f"{FIRST}  2030-01-02T03:04:05Z  ana@ci-7  apply  exit 4, 1 failed, 1 skipped: "
        "1 created, 2 numbers delivered\n"
    )


def test_only_so_many_are_shown(place: Place) -> None:
    """-n shows the newest, and says how many more there are."""
    for run in (FIRST, SECOND, THIRD):
        ended(ledger(place), run, NOTHING)
    ran = place.run("history", "-n", "1")
    assert ran.out == (
        f"{THIRD}  2030-01-03T11:00:00Z  ana@ci-7  apply  converged\n"
        "2 earlier runs not shown; -n shows more\n"
    )


@pytest.mark.parametrize(("make", "run", "words"), [(ended, FIRST, FAILED), (killed, SECOND, KILLED)],
                         ids=["failed", "killed"])  # fmt: skip
def test_a_run_is_told(make: Callable[[Store, str], None], run: str, words: str, place: Place) -> None:
    """A run's story has each step's end; what may or may not have been done comes first."""
    make(ledger(place), run)
    ran = place.run("history", run)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == words


def test_a_run_with_the_lock_is_running(place: Place) -> None:
    """While a run holds the lock it is running, its open step is under way, and another did not end."""
    store = ledger(place)
    killed(store, FIRST)
    with take(store, run=SECOND, purpose="apply"):
        killed(store, SECOND)
        listed, told = place.run("history"), place.run("history", SECOND)
    assert [line.split()[-1] for line in listed.out.splitlines()] == ["running", "end"]
    assert "\nUnder way: 1 step\n  order numbers." in told.out
    assert "Check by hand" not in told.out


def test_json_says_the_same(place: Place) -> None:
    """The document has every run, and of one run its steps."""
    store = ledger(place)
    ended(store, FIRST)
    killed(store, SECOND)
    listed = place.run("history", "--format", "json").document
    told = place.run("history", SECOND, "--format", "json").document
    assert (listed["account"], [run["id"] for run in listed["runs"]]) == (ACCOUNT, [SECOND, FIRST])
    assert [run["steps"] for run in listed["runs"]] == [None, None]
    lost, failed = listed["runs"]
    assert (lost["end"], lost["exit"], lost["ended_at"]) == ("did not end", None, None)
    assert (failed["end"], failed["exit"], failed["began_at"]) == ("ended", 4, "2030-01-02T03:04:05Z")
    assert failed["states"] == {"done": 2, "failed": 1, "skipped": 1}
    assert (failed["done"], failed["numbers"]) == ({"create": 1, "order": 1}, 2)
    ((run),) = told["runs"]
    assert [(step["id"], step["state"], step["id_created"]) for step in run["steps"]] == [
        (CREATE.id, "done", "93de"),
        (ORDER.id, "unknown", None),
    ]


@pytest.mark.parametrize(("beginning", "found"), [
    (FIRST, True), ("20300102", True), ("20300103T11", True), ("20300103", False), ("2031", False),
    ("aaaaaa", False),
])  # fmt: skip
def test_a_beginning_of_an_id_is_enough(beginning: str, found: bool, place: Place) -> None:
    """A run is found by as much of its id as no other has; else exit 1 says what there is."""
    for run in (FIRST, SECOND, THIRD):
        ended(ledger(place), run, NOTHING)
    ran = place.run("history", beginning)
    assert ran.code == int(not found)
    if found:
        assert ran.out.startswith(f"Run {FIRST if '0102' in beginning else THIRD}: converged\n")
    elif beginning == "20300103":
        assert ran.err == (
            f"error: the ids of 2 runs begin with 20300103\n  hint: they are {THIRD}, {SECOND}\n"
        )
    else:
        assert ran.err == f"error: the ledger has no run {beginning}\n  hint: reconciler history lists them\n"


def test_no_runs_is_no_failure(place: Place) -> None:
    """Without a ledger, a manifest or credentials there are no runs: exit 0, and nothing is made."""
    ran = place.run("history", BW_CLIENT_ID=None, BW_CLIENT_SECRET=None)
    document = place.run("history", "--format", "json").document
    assert (ran.code, ran.out, ran.err) == (0, "No runs.\n", "")
    assert document["runs"] == []
    assert list(place.folder.iterdir()) == []


ACCOUNTS: Mapping[str, tuple[tuple[str, ...], str | None, str, int, str]] = {
    "said by the manifest": ((), None, f"version: 1\naccount: '{ACCOUNT}'\n", 0, FIRST),
    "said by the option": (("--account", ACCOUNT), None, "", 0, FIRST),
    "said, and the manifest is broken": ((), ACCOUNT, "version: ${NOWHERE}\n", 0, FIRST),
    "of another ledger": (("--account", "1"), None, "", 0, "No runs."),
    "not said": ((), None, "", 1, "error: no account was given"),
    "not said by the manifest": ((), None, "version: 1\n", 1, "error: no account was given"),
    "differing": (("--account", "1"), ACCOUNT, "", 1, "error: the account is not clear: "),
    "differing in a named manifest": (
        ("-f", "bandwidth.yaml"), ACCOUNT, "version: 1\naccount: '1'\n", 1, "error: the account is not clear",
    ),
    "not a number": (("--account", "../1"), None, "", 1, "error: the account id '../1' is not a number"),
}  # fmt: skip


@pytest.mark.parametrize("case", ACCOUNTS)
def test_whose_runs_are_shown(case: str, place: Place) -> None:
    """The account is that of the option, the environment and the manifest where one is needed."""
    words, variable, manifest, code, says = ACCOUNTS[case]
    ended(ledger(place), FIRST, NOTHING)
    if manifest:
        place.write(manifest)
    ran = place.run("history", *words, BW_ACCOUNT_ID=variable)
    assert ran.code == code
    assert ran.said.startswith(says)


def test_another_ledger_can_be_named(place: Place) -> None:
    """--ledger is where runs are looked for."""
    ended(ledger(place, "shared"), FIRST, NOTHING)
    assert place.run("history").out == "No runs.\n"
    assert place.run("history", "--ledger", "shared").out.startswith(FIRST)
    assert place.run("history", "--ledger", "file://" + str(place.folder / "shared")).out.startswith(FIRST)


def test_a_ledger_that_cannot_be_read_is_exit_1(place: Place) -> None:
    """A file where the ledger should be is told, as text and as one document."""
    place.write("a file", ".reconciler")
    ran, document = place.run("history"), place.run("history", "--format", "json")
    assert (ran.code, document.code) == (1, 1)
    assert ran.err.startswith("error: the ledger .reconciler cannot be read: ")
    assert document.problems[0].startswith("the ledger .reconciler cannot be read: ")


TORN = ("began", "ended", "00001-ended", "00003-began", "00003-ended", "rest")


@pytest.mark.parametrize("text", ["", '{"at": "20', "[]", "{}", '{"at": 1e999}'])
@pytest.mark.parametrize("name", TORN)
def test_torn_objects_hide_no_step(name: str, text: str, place: Place) -> None:
    """With any object of a run torn, runs are listed and told, and the other steps are all there."""
    ended(ledger(place), FIRST)
    (torn,) = (place.folder / ".reconciler").rglob(name)
    torn.write_text(text)
    listed, told = place.run("history"), place.run("history", FIRST)
    assert (listed.code, told.code) == (0, 0)
    assert listed.out.startswith(FIRST)
    assert place.run("history", FIRST, "--format", "json").document
    assert ("did not end" in listed.out) == (name == "ended")
    assert ("Check by hand: 1 step began" in told.out) == name.endswith("-ended")
    assert told.out.count("numbers.production/support[area_code=919]") == 1
    assert ("mms.production/support" in told.out) == (name != "rest")


def test_a_step_of_which_nothing_is_left_is_counted(place: Place) -> None:
    """A step whose objects are all torn is still something to check."""
    ended(ledger(place), FIRST)
    for torn in (place.folder / ".reconciler").rglob("00003-*"):
        torn.write_text("")
    assert "\n  step 00003, which (cannot be read)\n" in place.run("history", FIRST).out


def test_a_run_of_which_nothing_is_left_is_listed(place: Place) -> None:
    """A run that can be listed and not read is listed and told."""
    begun(ledger(place), FIRST)
    (torn,) = (place.folder / ".reconciler").rglob("began")
    torn.write_text("")
    unread = "(cannot be read)"
    assert place.run("history").out == f"{FIRST}  {unread}  {unread}  {unread}  did not end\n"
    assert place.run("history", FIRST).out == f"Run {FIRST}: did not end\nIts beginning {unread}\n"
    assert place.run("history", "--format", "json").document["runs"][0]["manifest"] is None


MOMENTS = st.datetimes(datetime(1000, 1, 1), datetime(9998, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
COUNTS = st.dictionaries(TEXT | st.sampled_from([*map(str, State)]), st.integers())
BEGUN = st.builds(Began, MOMENTS, TEXT, TEXT, TEXT, TEXT, TEXT, st.tuples(TEXT, TEXT), TEXT, COUNTS)
STEPS = st.builds(
    PastStep,
    *(TEXT, TEXT, TEXT, st.none() | MOMENTS, TEXT | st.just("unknown"), TEXT, TEXT, TEXT),
    st.booleans(),
    st.integers(),
)
ENDED = st.builds(
    Ended, BEGUN, MOMENTS, st.integers(), st.booleans(), st.booleans(), COUNTS, COUNTS, st.integers()
)
RUNS = st.builds(
    PastRun,
    TEXT,
    st.none() | BEGUN,
    st.none() | ENDED,
    st.booleans(),
    st.none() | st.lists(STEPS, max_size=3).map(tuple),
)


@FEW
@given(st.lists(RUNS, max_size=3))
def test_whatever_a_ledger_says_stays_in_its_lines(runs: list[PastRun]) -> None:
    """Each run is one line, nothing steers a terminal, and the document fits its schema."""
    listed = history_text(runs, 0, color=False)
    assert listed.count("\n") == max(1, len(runs))
    Draft202012Validator(HISTORY_SCHEMA).validate(history_json(ACCOUNT, runs))
    for text in (listed, *(run_text(run, color=False) for run in runs)):
        assert text.replace("\n", "").isprintable()
    for run in runs:
        steps = run.steps or ()
        hints = sum(bool(step.hint) for step in steps if step not in run.open_steps)
        heading = 2 if run.began is None else 4 + bool(run.ended)
        told = run_text(run, color=False).splitlines()
        assert len(list(filter(None, told))) == heading + bool(run.open_steps) + len(steps) + hints


def test_colour_adds_no_words() -> None:
    """In colour a list and a run have the words that they have without."""
    run = PastRun(FIRST, BEGAN, steps=(PastStep(ORDER.id, "numbers.a", "order"),))
    for plain, coloured in (
        (history_text([run], 1, color=False), history_text([run], 1, color=True)),
        (run_text(run, color=False), run_text(run, color=True)),
    ):
        assert coloured != plain
        assert re.sub(r"\x1b\[\d*m", "", coloured) == plain


def test_a_reader_that_leaves_is_no_traceback(place: Place) -> None:
    """`history | head -1` ends without a traceback, though there is more to say than a pipe holds."""
    ended(ledger(place), FIRST, NOTHING)
    (end,) = (place.folder / ".reconciler").rglob("ended")
    for n in range(1000):
        copy = end.parent.with_name(f"20300101T000000Z-{n:06d}") / "ended"
        copy.parent.mkdir()
        copy.write_bytes(end.read_bytes())
    process = place.start("history", "-n", "5000")
    assert process.stdout is not None
    assert process.stdout.readline().startswith(FIRST)
    process.stdout.close()
    assert process.stderr is not None
    said = process.stderr.read()
    with process:
        process.wait(20)
    assert said == ""


def test_an_apply_is_in_the_history(tmp_path: Path) -> None:
    """What `apply` did is a run that converged, with each of its steps, and no secret or URL of it."""
    with account(tmp_path) as here:
        here.write(location('- {area_code: "919", count: 2}'))
        applied = here.run("apply", "--yes", "--format", "json").document
        ((run),) = here.run("history", "--format", "json").document["runs"]
        told = here.run("history", run["id"])
    assert (run["end"], run["exit"], run["numbers"]) == ("converged", 0, 2)
    assert run["planned"] == {"create": 6, "order": 1, "numbers": 2}
    for step in applied["steps"]:
        assert f"  done: {step['action']} {step['address']}" in told.out
    assert "https://" not in told.out
