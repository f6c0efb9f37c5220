"""Every example manifest converges; the pipelines parse, know their commands, and their scripts run."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from cli import ROOT, Account, account
from documents import check_words

EXAMPLES = ROOT / "examples"
PASSWORDS: dict[str, str | None] = {
    f"{name}_HOOK_PASSWORD": "only-for-tests" for name in ("SMS", "NOTIFY", "VOICE", "PBX")
}
MANIFESTS = [
    ("quickstart.yaml",),
    ("environments/base.yaml", "environments/dev.yaml"),
    ("environments/base.yaml", "environments/prod.yaml"),
    ("voice.yaml",),
    ("pbx.yaml",),
    ("numbers.yaml",),
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


@pytest.mark.parametrize("files", MANIFESTS, ids=lambda files: files[-1])
def test_an_example_converges(files: tuple[str, ...], tmp_path: Path) -> None:
    """From an empty account it plans changes, applies, plans nothing, and applying again writes nothing."""
    with account(tmp_path, None, **PASSWORDS) as here:
        assert here.run("plan", *named(files), "--detailed-exitcode").code == 2
        assert not here.writes()
        applied = here.run("apply", *named(files), "--yes")
        assert "Converged: a second plan shows no changes." in applied.out, applied.said
        assert applied.code == 0
        assert here.run("plan", *named(files), "--detailed-exitcode").code == 0
        written = len(here.writes())
        assert here.run("apply", *named(files), "--yes").code == 0
        assert len(here.writes()) == written


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


def test_only_the_webhook_of_the_pbx_is_patched(tmp_path: Path) -> None:
    """Once the PBX has handed out its webhook, one PATCH with that URL and nothing else is sent."""
    webhook = "https://pbx.example.net/hooks/4711"
    with account(tmp_path, None, **PASSWORDS) as here:
        files = named(("pbx.yaml",))
        assert here.run("apply", *files, "--yes").code == 0
        before, calls = here.writes(), len(here.emulator.log)
        here.environ["PBX_WEBHOOK_URL"] = webhook
        plan = here.run("plan", *files, "--format", "json").document
        assert [(step["address"], step["action"]) for step in plan["steps"]] == [
            ("application.pbx", "update")
        ]
        assert here.run("apply", *files, "--yes").code == 0
        (application,) = here.emulator.dump()["applications"]
        path = f"/api/accounts/9900000/applications/{application}"
        assert here.writes()[len(before) :] == [f"PATCH {path}"]
        (patch,) = (call.request for call in here.emulator.log[calls:] if call.method == "PATCH")
        assert re.findall(rb"<(\w+)>", patch) == [b"Application", b"CallInitiatedCallbackUrl"]
        assert webhook.encode() in patch


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
