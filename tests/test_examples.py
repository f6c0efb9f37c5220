"""Every example manifest converges; the pipelines parse, know their commands, and their scripts run."""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from account import NOTHING_SAID, Applied, shown
from account import Account as InProcess
from cli import ROOT, Account, account
from documents import check_words
from dotenv import dotenv_values

from reconciler.plan import Options

EXAMPLES = ROOT / "examples"
EDITS = yaml.safe_load((ROOT / "tests/cases/examples.yaml").read_text(encoding="utf-8"))
HOOKS = ("SMS", "NOTIFY", "VOICE", "PBX", "TEXTS", "SERVER")
PASSWORDS: dict[str, str | None] = {f"{name}_HOOK_PASSWORD": "only-for-tests" for name in HOOKS}
MANIFESTS = [
    ("quickstart.yaml",),
    ("environments/base.yaml", "environments/dev.yaml"),
    ("environments/base.yaml", "environments/prod.yaml"),
    ("voice.yaml",),
    ("pbx.yaml",),
    ("numbers.yaml",),
    ("dashboard-guide.yaml",),
    ("api-guide.yaml",),
    ("changes/before.yaml",),
    ("changes/after.yaml",),
]
PIPELINES = ["github-actions.yml", "gitlab-ci.yml"]


def named(files: tuple[str, ...]) -> list[str]:
    """The options that name these examples."""
    return [word for file in files for word in ("-f", str(EXAMPLES / file))]


def test_every_example_is_run() -> None:
    """No manifest lies in examples/ that the tests do not apply, and no pipeline that they do not read."""
    there = {str(path.relative_to(EXAMPLES)) for path in EXAMPLES.rglob("*.y*ml")}
    tried = {file for files in MANIFESTS for file in files} | {f"ci/{name}" for name in PIPELINES}
    assert there == tried


def texts(*files: str) -> list[str]:
    """What stands in these examples."""
    return [(EXAMPLES / file).read_text(encoding="utf-8") for file in files]


def empty(folder: Path) -> InProcess:
    """An empty account in process, and the passwords that the examples name."""
    here = InProcess(folder, parallelism=1)
    here.environ |= dict.fromkeys(PASSWORDS, "only-for-tests")
    return here


def converged(here: InProcess, *given: str, options: Options = NOTHING_SAID) -> Applied:
    """Apply, and hold it to its end: all is done, and another plan has nothing to do."""
    applied = here.apply(*given, options=options)
    assert applied.code == 0, shown(applied.plan)
    assert not applied.residue.steps, shown(applied.residue)
    return applied


def steps(applied: Applied) -> list[str]:
    """The steps of an apply's plan, as "update application.support-sms"."""
    return [f"{step.action} {step.address}" for step in applied.plan.steps]


def shows(here: InProcess, *given: str) -> dict[str, bytes]:
    """What each read that planning makes answers, by path."""
    before = len(here.emulator.log)
    here.plan(*given)
    return {each.path: each.response for each in here.emulator.log[before:] if each.method == "GET"}


@pytest.mark.parametrize("files", MANIFESTS, ids=lambda files: files[-1])
def test_an_example_converges_and_comes_back_from_an_edit(files: tuple[str, ...], tmp_path: Path) -> None:
    """It converges from nothing, applying it again writes nothing, and without an edit all is as it was."""
    here, given, case = empty(tmp_path), texts(*files), EDITS[files[-1]]
    first = converged(here, *given)
    assert first.sent
    assert [str(warning.address) for warning in first.plan.warnings] == case.get("warned", [])
    assert not converged(here, *given).sent
    before = shows(here, *given)
    assert sorted(steps(converged(here, *given, case["edit"]))) == sorted(case["steps"])
    converged(here, *given)
    assert shows(here, *given) == before


def test_environments_share_an_account(tmp_path: Path) -> None:
    """Development and production live side by side, and applying one changes nothing of the other."""
    dev, prod = map(named, MANIFESTS[1:3])
    with account(tmp_path, None, **PASSWORDS) as here:
        for files in (dev, prod):
            assert here.run("apply", *files, "--yes").code == 0
        for files in (dev, prod):
            assert here.run("plan", *files, "--detailed-exitcode").code == 0
        sites = here.emulator.dump()["sites"].values()
        numbers = {
            site["document"]["Name"]: sum(len(peer["numbers"]) for peer in site["peers"].values())
            for site in sites
        }
        assert numbers == {"Development": 1, "Production": 5}


def test_the_api_guide_makes_every_call_of_its_guide(tmp_path: Path) -> None:
    """Applied to nothing it makes each call of the guide once, in an order that the API allows."""
    here = empty(tmp_path)
    calls = [call for call, _ in here.calls(converged(here, *texts("api-guide.yaml")).sent)]
    location = "/sites/server/sippeers/main/products"
    messaging = f"{location}/messaging"
    guide = [
        "POST /sites",
        "POST /sites/server/sippeers",
        f"POST {messaging}/features/sms",
        f"POST {location}/origination/settings",
        f"POST {location}/termination/settings",
        f"POST {messaging}/features/mms",
        f"PUT {messaging}/applicationSettings",
        "POST /orders",
    ]
    assert calls.count("POST /applications") == 2
    assert [call for call in calls if call != "POST /applications"] == guide


def test_a_number_too_many_is_kept_until_it_is_named(tmp_path: Path) -> None:
    """As the comments of numbers.yaml say: less is a surplus; a cap and the digits give it up, only it."""
    here, (given,) = empty(tmp_path), texts("numbers.yaml")
    converged(here, given)
    before = set(here.emulator.dump()["numbers"])
    fewer = given.replace('{area_code: "919", count: 3}', '{area_code: "919", count: 2}')
    reported = converged(here, fewer)
    assert not reported.sent
    (surplus,) = [pool for pool in reported.plan.pools if pool.surplus]
    (last,) = surplus.candidates
    cap = "policy: {max_numbers_released: 1}"
    gone = converged(here, fewer, cap, options=Options(release=(last,)))
    assert steps(gone) == ["release numbers.sales/by-digits[area_code=919]"]
    numbers = here.emulator.dump()["numbers"]
    assert {n for n in before if numbers[n]["status"] != "Inservice"} == {last.removeprefix("+1")}


def test_what_is_renamed_stays_and_what_is_handed_over_goes(tmp_path: Path) -> None:
    """changes/after.yaml makes nothing: ids, numbers and products stay, and only the trial's things go."""
    here, (before, after) = empty(tmp_path), texts("changes/before.yaml", "changes/after.yaml")
    converged(here, before)
    held, ids = here.held(), here.names()
    assert {step.partition(" ")[0] for step in steps(converged(here, after))} == {"update", "delete"}
    renamed = {"production": "live", "support": "care", "support-sms": "care-sms"}
    assert here.names() == {id_: renamed[name] for id_, name in ids.items() if name in renamed}
    (location,) = here.held()["sub_accounts"]["live"]["locations"].values()
    support = held["sub_accounts"]["production"]["locations"]["support"]
    assert location["numbers"] == support["numbers"]
    assert len(location["numbers"]) == 2
    assert (location["sms"], location["application"]) == (support["sms"], "care-sms")


def test_the_pbx_gets_its_form_and_gives_its_webhook(tmp_path: Path) -> None:
    """`outputs` has what its form asks for; its webhook is then one PATCH with that URL, nothing else."""
    webhook = "https://pbx.example.net/smsconn/provider.php?provider=bandwidth"
    with account(tmp_path, None, **PASSWORDS) as here:
        files = named(("pbx.yaml",))
        assert here.run("apply", *files, "--yes").code == 0
        form = dotenv_values(stream=io.StringIO(here.run("outputs", *files, "--format", "dotenv").out))
        comments = (EXAMPLES / "pbx.yaml").read_text(encoding="utf-8")
        asked_for = re.findall(r"^#      \w.*  ([A-Z]+_[A-Z0-9_]+)", comments, re.MULTILINE)
        assert len(asked_for) == 5
        assert set(asked_for) < set(form)
        ((application, held),) = here.emulator.dump()["applications"].items()
        (number,) = here.emulator.dump()["numbers"]
        assert form["ACCOUNT_ID"] == "9900000"
        assert form["APPLICATION_PBX_ID"] == application
        assert form["APPLICATION_PBX_INBOUND_CALLBACK_USER_ID"] == held["InboundCallbackCreds"]["UserId"]
        assert form["NUMBERS_OFFICE_FRONT_DESK_AREA_CODE_919"] == f"+1{number}"
        before, calls = here.writes(), len(here.emulator.log)
        here.environ["PBX_WEBHOOK_URL"] = webhook
        plan = here.run("plan", *files, "--format", "json").document
        assert [(step["address"], step["action"]) for step in plan["steps"]] == [
            ("application.pbx", "update")
        ]
        assert here.run("apply", *files, "--yes").code == 0
        path = f"/api/accounts/9900000/applications/{application}"
        assert here.writes()[len(before) :] == [f"PATCH {path}"]
        (patch,) = (call.request for call in here.emulator.log[calls:] if call.method == "PATCH")
        assert re.findall(rb"<(\w+)>", patch) == [b"Application", b"InboundCallbackUrl"]
        assert webhook.encode() in patch
        assert here.run("plan", *files, "--detailed-exitcode").code == 0


def pipeline(name: str) -> dict[str, Any]:
    """A pipeline as data; YAML 1.1 takes GitHub's `on` for a boolean."""
    data = yaml.safe_load((EXAMPLES / "ci" / name).read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return {"on" if key is True else key: value for key, value in data.items()}


def scripts(name: str) -> dict[str, str]:
    """The shell scripts of a pipeline, by job and step."""
    data = pipeline(name)
    found: dict[str, str] = {}
    for job, said in data.get("jobs", {}).items():
        found |= {f"{job}/{i}": step["run"] for i, step in enumerate(said["steps"]) if "run" in step}
    if "jobs" not in data:
        for job, said in data.items():
            parts = ("before_script", "script", "after_script")
            found |= {f"{job}/{part}": "\n".join(said[part]) for part in parts if part in said}
    return found


@pytest.mark.parametrize("name", PIPELINES)
def test_a_pipeline_names_only_commands_that_exist(name: str) -> None:
    """Its scripts are shell, and every `reconciler` line in them is one that the program takes."""
    lines = []
    for job, script in scripts(name).items():
        assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0, job
        lines += re.findall(r"^\s*(?:then )?reconciler (.*)$", script, re.MULTILINE)
    for line in lines:
        check_words(shlex.split(re.split(r"\|\||>", line)[0]))
    assert {shlex.split(line)[0] for line in lines} >= {"validate", "plan", "apply"}
    assert any("--detailed-exitcode" in line for line in lines)


def test_github_gives_each_job_what_it_needs() -> None:
    """Permissions are granted by job, secrets come by name, and a running apply is never cancelled."""
    data = pipeline("github-actions.yml")
    assert data["permissions"] == {}
    assert data["concurrency"]["cancel-in-progress"] is False
    wider = {"pull-requests": "write"}
    for name, job in data["jobs"].items():
        assert job["permissions"] == {"contents": "read"} | (wider if name == "comment" else {})
        for step in job["steps"]:
            for variable, value in step.get("env", {}).items():
                if variable.startswith("BW_") or "PASSWORD" in variable:
                    assert value == f"${{{{ secrets.{variable} }}}}"


def test_gitlab_jobs_stand_on_what_is_there() -> None:
    """Stages and needed jobs exist, applies are one at a time, and only the note can be interrupted."""
    data = pipeline("gitlab-ci.yml")
    jobs = {name: job for name, job in data.items() if isinstance(job, dict) and "script" in job}
    assert {job["stage"] for job in jobs.values()} == set(data["stages"])
    assert {need for job in jobs.values() for need in job.get("needs", ())} <= jobs.keys()
    assert jobs["apply"]["resource_group"]
    assert [name for name, job in jobs.items() if job.get("interruptible")] == ["note"]


GH = """#!/bin/sh
case "$*" in *--paginate*) cat comments ;; *) printf '%s\\n' "$*" >> gh.log ;; esac
"""


def bash(script: str, here: Account, **variables: str) -> int:
    """Run a script as a GitHub runner does, with this `reconciler` and a `gh` that writes down its words."""
    path = os.pathsep.join([str(here.folder), str(Path(sys.executable).parent), os.environ["PATH"]])
    given = {name: value for name, value in here.environ.items() if value is not None}
    written = {name: value for name, value in pipeline(PIPELINES[0])["env"].items() if "${{" not in value}
    environment = {**given, **written, **variables, "PATH": path}
    return subprocess.run(
        ["bash", "-e", "-c", script], cwd=here.folder, env=environment, capture_output=True, check=False
    ).returncode


def checkout(here: Account) -> None:
    """The files of a repository whose manifest is the quickstart."""
    here.write((EXAMPLES / "quickstart.yaml").read_text(encoding="utf-8"))
    here.write(GH, "gh").chmod(0o755)


def test_github_scripts_plan_and_apply(tmp_path: Path) -> None:
    """On merge the saved plan is summed up and applied; the next merge finds nothing; drift is told."""
    jobs = {job.partition("/")[0]: script for job, script in scripts("github-actions.yml").items()}
    with account(tmp_path, None, **PASSWORDS) as here:
        checkout(here)
        output, summary = tmp_path / "output", tmp_path / "summary"
        files = {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)}
        assert bash(jobs["drift"], here) == 2
        assert bash(jobs["plan"], here, **files) == 0
        assert output.read_text(encoding="utf-8") == "changes=true\n"
        assert summary.read_text(encoding="utf-8").startswith("### Plan: 6 to create")
        assert bash(jobs["apply"], here) == 0
        output.unlink()
        assert bash(jobs["plan"], here, **files) == 0
        assert not output.exists()


@pytest.mark.parametrize(("variables", "warned"), [({"CI": "true"}, True), ({}, False)], ids=["CI", "no CI"])
def test_a_ledger_that_a_job_forgets_is_warned_about(
    variables: dict[str, str], warned: bool, tmp_path: Path
) -> None:
    """With the pipelines' own ledger, `apply` warns on a CI machine that the next job will not have it."""
    with account(tmp_path, None, **PASSWORDS) as here:
        ran = here.run("apply", *named(("quickstart.yaml",)), "--yes", **variables)
    assert ran.code == 0
    warning = "warning: the ledger .reconciler is a directory of this machine; a CI job starts without it, "
    assert (warning in ran.err) is warned


def test_github_keeps_one_comment(tmp_path: Path) -> None:
    """A first plan is posted as a comment, a later one replaces it, and a failed one leaves it alone."""
    plan, comment = [s for job, s in scripts("github-actions.yml").items() if job.startswith("comment/")][1:]
    where = {"COMMENTS": "repos/o/r/issues/7/comments", "COMMENT": "repos/o/r/issues/comments"}
    with account(tmp_path, None, **PASSWORDS) as here:
        checkout(here)
        (tmp_path / "comments").write_text("", encoding="utf-8")
        assert bash(plan, here) == 0
        assert (
            (tmp_path / "comment.md")
            .read_text(encoding="utf-8")
            .startswith("<!-- reconciler plan -->\n### Plan: 6 to create")
        )
        assert bash(comment, here, **where) == 0
        (tmp_path / "comments").write_text("31\n", encoding="utf-8")
        assert bash(comment, here, **where) == 0
        assert bash(plan, here, BW_CLIENT_SECRET="wrong") == 1
        assert bash(comment, here, **where) == 0
        assert (tmp_path / "gh.log").read_text(encoding="utf-8").splitlines() == [
            "api --silent --method POST repos/o/r/issues/7/comments --field body=@comment.md",
            "api --silent --method PATCH repos/o/r/issues/comments/31 --field body=@comment.md",
        ]
