"""What may be shown of requests and answers: everything but secrets, however they are written."""

from __future__ import annotations

import io

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.api.auth import Basic, ClientCredentials
from reconciler.api.client import Options, open_reader, open_writer
from reconciler.api.endpoints import Endpoints
from reconciler.api.errors import Unreachable
from reconciler.api.secrecy import one_line, redact
from reconciler.api.trace import Trace
from reconciler.api.xml import render
from reconciler.document import Node, leaf

HIDDEN = "[redacted]"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<Password>x</Password>", f"<Password>{HIDDEN}</Password>"),
        ("<n:userPASSWORD a='b'>x<y/></n:userPASSWORD>",
         f"<n:userPASSWORD a='b'>{HIDDEN}</n:userPASSWORD>"),
        ("<A><Password><![CDATA[<x>]]></Password>y</A>", f"<A><Password>{HIDDEN}</Password>y</A>"),
        ("<A><Password>x", f"<A><Password>{HIDDEN}"),
        ("<Password/><A>x</A>", "<Password/><A>x</A>"),
        ("<Password a='/'>x</Password>", f"<Password a='/'>{HIDDEN}</Password>"),
        ("<PassCode>x</PassCode>", "<PassCode>x</PassCode>"),
        ('{"access_token" : "x\\"y", "a": "b"}', f'{{"access_token" : "{HIDDEN}", "a": "b"}}'),
        ('{"client_secret":"x', f'{{"client_secret":"{HIDDEN}'),
        ("a=b&client_secret=x%20&c=d", f"a=b&client_secret={HIDDEN}&c=d"),
        ("Authorization: Bearer abc.def-ghi", f"Authorization: Bearer {HIDDEN}"),
        ("basic instinct is not a scheme", f"basic {HIDDEN} is not a scheme"),
        ("value is s3cret&more, s3cret&amp;more", f"value is {HIDDEN}, {HIDDEN}"),
    ],
)  # fmt: skip
def test_redact(text: str, shown: str) -> None:
    """What is called a secret is hidden to its end, and so is what is known to be one."""
    assert redact(text, {"s3cret&more", "ab"}) == shown


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=12))
def test_no_password_survives(secret: str) -> None:
    """Whatever a password element holds, the redacted document is the same."""
    body = Node("A", "", (leaf("Password", "canary" + secret), leaf("B", "x")))
    text = redact(render(body).decode(), ())
    assert text.endswith(f"<A><Password>{HIDDEN}</Password><B>x</B></A>")


@given(st.text(max_size=60), st.integers(1, 40))
def test_one_line(text: str, limit: int) -> None:
    """A server's words are printable, on one line, and no longer than wanted before escaping."""
    line = one_line(text, limit)
    assert line.isprintable()
    assert len(line) <= 10 * limit


def test_hostile_names_cost_little() -> None:
    """Redacting is linear in the text, whatever a server makes of its names."""
    for text in ("<" + "a" * 200_000, '"' * 100_000, "a.b:" * 50_000, "<password>" * 20_000):
        assert redact(text, ()).startswith(text[:1])


def test_a_trace() -> None:
    """The file shows requests and answers with headers and bodies, each credential redacted."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("token"):
            return httpx.Response(200, json={"access_token": "canary-token", "scope": ""})
        headers = {"Set-Cookie": "canary-cookie", "Location": "/sites/7"}
        return httpx.Response(201, content="<A>é</A>".encode("utf-16"), headers=headers)

    file, lines = io.StringIO(), list[str]()
    options = Options(transport=httpx.MockTransport(answer), trace=Trace(file, lines.append))
    credentials = ClientCredentials("id", "canary-secret")
    with open_writer(Endpoints(), credentials, **options) as writer:
        writer.send("POST", "/accounts/1/sites", Node("Site", "", (leaf("Name", "x"),)))
    text = file.getvalue()
    assert "canary" not in text
    assert "> POST https://dashboard.bandwidth.com/api/accounts/1/sites\n" in text
    assert f"  authorization: {HIDDEN}\n" in text
    assert "<Site><Name>x</Name></Site>\n< 201 after " in text
    assert f"  set-cookie: {HIDDEN}\n  location: /sites/7\n" in text
    assert "  (18 bytes)\n" in text
    assert [line.rsplit(" ", 2)[0] for line in lines] == [
        "POST https://api.bandwidth.com/api/v1/oauth2/token 200",
        "POST /accounts/1/sites 201",
    ]


def test_a_failure_is_traced() -> None:
    """A call without an answer leaves its request and its exception, without the credential."""

    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"no route for {request.headers['authorization']}")

    file, lines = io.StringIO(), list[str]()
    options = Options(transport=httpx.MockTransport(fail), trace=Trace(file, lines.append))
    with (
        open_reader(Endpoints(), Basic("user", "canary-password"), **options) as reader,
        pytest.raises(Unreachable, match="no connection to dashboard"),
    ):
        reader.get("/accounts/1/sites")
    assert "> GET https://dashboard.bandwidth.com/api/accounts/1/sites\n" in file.getvalue()
    assert f": no route for Basic {HIDDEN}\n" in file.getvalue()
    assert lines[0].startswith("GET /accounts/1/sites Unreachable ")
