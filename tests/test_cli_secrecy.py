"""Passwords of a run: each arrives where it belongs, and none is in anything that the run says or writes."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cli import ADDRESS, Account, Ran, account
from werkzeug.wrappers import Request, Response

from reconciler.emulator import Emulator

CANARIES = {
    "env": "canary-env-<&>-3c1f",
    "file": "canary-file-\"'-77a0",
    "client": "canary-client-92d4",
    "basic": "canary-basic-b8e6",
}
HEADERS = [
    b64encode(pair.encode()).decode()
    for pair in (f"client:{CANARIES['client']}", f"user:{CANARIES['basic']}")
]
SIGNATURES = "eyJ"  # how every token begins: the emulator's are JWTs
OAUTH = {"BW_CLIENT_SECRET": CANARIES["client"]}
BASIC = {
    "BW_CLIENT_ID": None,
    "BW_CLIENT_SECRET": None,
    "BW_USERNAME": "user",
    "BW_PASSWORD": CANARIES["basic"],
}
MANIFEST = f"""\
version: 1
applications:
  texts:
    service_type: Messaging-V2
    inbound_callback_url: https://example.com/sms
    inbound_callback_creds: {{user_id: sms-hook, password: {{env: HOOK}}}}
    outbound_callback_url: https://example.com/sms
    outbound_callback_creds: {{user_id: sms-hook, password: {{file: secrets/hook}}}}
  calls:
    service_type: Voice-V2
    call_initiated_callback_url: https://example.com/voice
    callback_creds: {{user_id: voice-hook, password: {{file: secrets/hook}}}}
sub_accounts:
  main: {{address: {ADDRESS}}}
"""
COMMANDS = (
    ("validate",),
    ("plan", "--out", "plan.json", "--trace", "plan.trace"),
    ("plan", "--format", "json", "-vv"),
    ("plan", "--format", "markdown", "-v"),
    ("show", "plan.json", "-v"),
    ("show", "plan.json", "--format", "json"),
    ("show", "plan.json", "--format", "markdown"),
)
Answer = Callable[[Request], Response]


class Answering(Emulator):
    """An emulator that gives an answer of the test's own to every write."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(client_secret=CANARIES["client"], password=CANARIES["basic"])
        self.heard: list[str] = []
        self._wrong = answer

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Serve one request."""
        request = Request(environ)
        if request.method == "GET" or request.path.endswith("/oauth2/token"):
            return super().__call__(environ, start_response)
        self.heard.append(request.get_data(as_text=True))
        return self._wrong(request)(environ, start_response)


def furnish(place: Account) -> None:
    """Put manifest and password file in place."""
    place.write(MANIFEST)
    place.write(CANARIES["file"] + "\n", "secrets/hook")


def assert_kept(place: Account, runs: Iterable[Ran]) -> None:
    """No canary, no authorization and no token is in what the runs said, nor in a file that they wrote."""
    written = [f.read_text() for f in place.folder.rglob("*") if f.is_file() and f.name != "hook"]
    for text in (*(ran.said for ran in runs), *written):
        for secret in ("canary", *HEADERS, SIGNATURES):
            assert secret not in text, text


@pytest.mark.parametrize("passwords", ["withheld", "echoed"])
@pytest.mark.parametrize("credentials", [OAUTH, BASIC], ids=["a client", "a user"])
def test_passwords_arrive_and_are_not_shown(
    credentials: dict[str, str | None], passwords: str, tmp_path: Path
) -> None:
    """Set up, converged and sent again at full verbosity, passwords are in the account and nowhere else.

    So they are where the API repeats them in its answers.
    """
    emulator = Emulator(client_secret=CANARIES["client"], password=CANARIES["basic"], passwords=passwords)
    with account(tmp_path, emulator, **credentials, HOOK=CANARIES["env"]) as place:
        furnish(place)
        runs = [place.run(*command) for command in COMMANDS]
        runs += [place.run("apply", "--yes", "-vv", "--trace", "apply.trace")]
        held = {each["AppName"]: each for each in place.state()["applications"].values()}
        again = ("--resend-secrets", "application.texts", "--resend-secrets", "application.calls")
        runs += [place.run("plan", *again, "-v"), place.run("apply", "--yes", "--format", "json", *again)]
        runs += [place.run(*command) for command in COMMANDS]
        authorizations = {each.authorization.partition(" ")[2] for each in place.emulator.log}
    assert [ran.code for ran in runs] == [0] * len(runs)
    assert held["texts"]["InboundCallbackCreds"]["Password"] == CANARIES["env"]
    assert held["texts"]["OutboundCallbackCreds"]["Password"] == CANARIES["file"]
    assert held["calls"]["CallbackCreds"]["Password"] == CANARIES["file"]
    assert authorizations & set(HEADERS)
    assert_kept(place, runs)
    digests = [file.read_text() for file in tmp_path.rglob(".reconciler/**/digests/*/*")]
    assert len(digests) == 3
    for name, canary in ((name, canary) for name in ("sha256", "md5") for canary in CANARIES.values()):
        assert not any(hashlib.new(name, canary.encode()).hexdigest() in each for each in digests)
    assert "[redacted]" in (tmp_path / "apply.trace").read_text()
    assert "(secret, will be sent)" in runs[1].out


def _echoed(request: Request) -> str:
    return f"{request.get_data(as_text=True)} and {request.headers['Authorization']}"


def _refusal(request: Request) -> Response:
    said = _echoed(request).replace("<", "&lt;").replace("&&", "&amp;&")
    return Response(
        f"<R><ErrorCode>1003</ErrorCode><Description>{said}</Description></R>", 400, mimetype="text/xml"
    )


FAILURES: dict[str, Answer] = {
    "a document that repeats what it refuses": lambda r: Response(r.get_data(), 400, mimetype="text/xml"),
    "an error that repeats what it refuses": _refusal,
    "text that repeats what it refuses": lambda r: Response(_echoed(r), 400),
    "a server error that repeats everything": lambda r: Response(_echoed(r), 500, mimetype="text/html"),
    "headers that repeat everything": lambda r: Response("", 400, {"X-Echo": r.headers["Authorization"]}),
    "a good status and a broken body": lambda r: Response(r.get_data()[:-9], 201, mimetype="text/xml"),
}


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("credentials", [OAUTH, BASIC], ids=["a client", "a user"])
def test_failures_show_no_password(failure: str, credentials: dict[str, str | None], tmp_path: Path) -> None:
    """A server that answers a write with all that it was sent makes nothing of it appear."""
    emulator = Answering(FAILURES[failure])
    with account(tmp_path, emulator, **credentials, HOOK=CANARIES["env"]) as place:
        furnish(place)
        runs = [
            place.run(
                "apply", "--yes", "-vv", "--settle", "0", "--order-patience", "0", "--trace", "apply.trace"
            ),
            place.run("apply", "--yes", "-vv", "--settle", "0", "--order-patience", "0", "--format", "json"),
        ]
    assert {ran.code for ran in runs} <= {1, 4, 5}
    assert runs[1].document["format"] == "reconciler.outcome/1"
    assert any("canary-env-&lt;&amp;&gt;-3c1f" in body for body in emulator.heard)
    assert_kept(place, runs)


def test_an_address_that_is_refused_shows_no_password(tmp_path: Path) -> None:
    """12112 prints the recommended address, ready to paste, and no password of the same run."""
    emulator = Emulator(client_secret=CANARIES["client"])
    with account(tmp_path, emulator, **OAUTH, HOOK=CANARIES["env"]) as place:
        furnish(place)
        place.write(MANIFEST.replace("Raleigh", "Raliegh"))
        ran = place.run("apply", "--yes", "-vv", "--trace", "apply.trace")
    assert ran.code == 4
    assert "error 12112" in ran.out
    assert "the API recommends this, ready to paste" in ran.out
    assert "city: RALEIGH" in ran.out
    assert_kept(place, [ran])


def broken_secrets() -> Iterator[Any]:
    """Secrets that cannot be read: what there is, and what is said of it."""
    variable = "bandwidth.yaml:6:5: the environment variable HOOK, which holds a password, is not set"
    where = "bandwidth.yaml:8:5: the password file secrets/hook"
    yield pytest.param({"HOOK": None}, b"canary", variable, id="an unset variable")
    yield pytest.param({"HOOK": ""}, b"canary", variable, id="an empty variable")
    yield pytest.param({}, None, f"{where} cannot be read: No such file or directory", id="no file")
    yield pytest.param({}, b"\n", f"{where} is empty", id="an empty file")
    yield pytest.param({}, b"canary-\xff", f"{where} cannot be read: it is not UTF-8", id="not UTF-8")


@pytest.mark.parametrize(("environ", "content", "says"), list(broken_secrets()))
def test_a_secret_that_cannot_be_read_stops_before_any_write(
    environ: dict[str, str | None], content: bytes | None, says: str, tmp_path: Path
) -> None:
    """`plan` needs no secret; `apply` exits 1 with the secret's place, asks nothing and writes nothing."""
    with account(tmp_path, HOOK=CANARIES["env"]) as place:
        furnish(place)
        (tmp_path / "secrets/hook").unlink()
        if content is not None:
            (tmp_path / "secrets/hook").write_bytes(content)
        planned = place.run("plan", "--out", "plan.json", **environ)
        text = place.run("apply", "--yes", **environ)
        json = place.run("apply", "--yes", "--format", "json", **environ)
        saved = place.run("apply", "plan.json", **environ)
        assert place.writes() == []
        mended = {**environ, "HOOK": "mended"}
        place.write("mended", "secrets/hook")
        assert place.run("apply", "plan.json", **mended).code == 0
    assert [ran.code for ran in (planned, text, json, saved)] == [0, 1, 1, 1]
    assert f"error: {says}" in text.err
    assert json.document["format"] == "reconciler.error/1"
    assert "canary" not in text.said + json.said + saved.said
