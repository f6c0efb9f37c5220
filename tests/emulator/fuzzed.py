"""Requests that are nearly right: strategies made from the emulator's own tables of calls and documents.

Random XML hardly gets past a root element. These documents have the right skeleton, with elements left
out, repeated, renamed or swollen, and values that are valid, wrong or hostile.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

from hypothesis import strategies as st

from reconciler.emulator.documents import Document, Group, Leaf
from reconciler.emulator.route import Route
from reconciler.emulator.routes import SERVED

PREFIXES = ("/api", "/api/v1", "/API/v2", "/v1.0", "/api/v1.0", "")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW")
MEDIA_TYPES = (
    "application/xml",
    "application/xml",
    "text/xml; charset=utf-8",
    "application/json",
    "",
    "a/b;c=\0",
)
ENCODINGS = ("utf-8", "utf-8", "utf-8", "utf-16", "utf-8-sig", "latin-1", "utf-32")
HOSTILE = (
    "", " ", "0", "-1", "1", "2", "919", "5000", "5001", "9" * 300, "1e9", "0x10", "١٢٣", "²", "true",
    "TRUE", "null", "None", "[]", "REMOVE", "remove", "unchanged", "asSpecified", "off",
    "systemDefault", "HTTP", "SIP", "https://a.example/x", "http://[", "sip:x", "192.0.2.1",
    "192.0.2.0/24", "::1", "255.255.255.255/33", "a" * 5000, "<b>", "]]>", "%s%n{0}{name}",
    "../../etc/passwd", "\u202e", "\U0001f4a9", "2026-01-01", "26-13-45", "+19195550100", "9195550100",
    "8**", "***", "NC", "RALEIGH", "1001", "500001", "00000000-0000-0000-0000-0",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A request: `path` may hold `{site}` and the like for ids that are there."""

    method: str
    path: str
    body: bytes
    prefix: str
    media_type: str


TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.sampled_from(["{site}", "{peer}", "{msg}", "{voice}", "{order}"]),
    st.text(st.characters(codec="utf-8", exclude_characters="{}"), max_size=12),
)


def _words(rule: Leaf) -> st.SearchStrategy[str]:
    if rule.values:
        return st.one_of(st.sampled_from(rule.values), TEXTS)
    if rule.kind == "boolean":
        return st.one_of(st.sampled_from(["true", "false"]), TEXTS)
    return TEXTS


def _renamed(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from([name] * 12 + [name.lower(), f"{name}s", "x"])


@st.composite
def _element(draw: st.DrawFn, name: str, rule: Leaf | Group) -> str:
    if isinstance(rule, Group) and not (rule.text and draw(st.booleans())):
        inside = draw(_group(rule))
    else:
        inside = escape(draw(_words(rule) if isinstance(rule, Leaf) else TEXTS))
    tag = draw(_renamed(name))
    return f"<{tag}>{inside}</{tag}>" * draw(st.sampled_from([1] * 9 + [2]))


@st.composite
def _group(draw: st.DrawFn, group: Group) -> str:
    names = draw(st.lists(st.sampled_from(sorted(group.of)), unique=True, max_size=6))
    needed = [name for name, rule in group.of.items() if rule.required and draw(st.integers(0, 9))]
    return "".join(draw(_element(name, group.of[name])) for name in dict.fromkeys([*needed, *names]))


@st.composite
def _document(draw: st.DrawFn, document: Document) -> bytes:
    root = draw(_renamed(document.root))
    text = f"<{root}>{draw(_group(document.body))}</{root}>"
    cut = draw(st.sampled_from([len(text)] * 9 + [len(text) // 2]))
    return text[:cut].encode(draw(st.sampled_from(ENCODINGS)), "replace")


def _segment(name: str) -> st.SearchStrategy[str]:
    known = {"account": "9900000", "application": "{msg}", "number": "9192000000"}.get(name, f"{{{name}}}")
    odd = st.sampled_from(["x", "0", "%00", "%2F", "..", "9" * 99, "%E2%82%AC", "{msg}", "9192000000"])
    return st.one_of(st.just(known), st.just(known), st.just(known), odd)


@st.composite
def _path(draw: st.DrawFn, route: Route) -> str:
    parts = [
        draw(_segment(part.strip("<>").rpartition(":")[2])) if part.startswith("<") else part
        for part in route.path.split("/")
    ]
    names = st.sampled_from(sorted({*QUERIES, *("page", "size") * 3}))
    values = st.one_of(st.sampled_from(HOSTILE[:24]), st.sampled_from(["1", "2", "true", "10"]))
    pairs = draw(st.lists(st.tuples(names, values), max_size=3))
    query = "&".join(f"{name}={value.replace('&', '').replace('#', '')}" for name, value in pairs)
    return "/".join(parts) + (f"?{query}" if query else "")


QUERIES = (
    "accountId", "areaCode", "npaNxx", "npaNxxx", "rateCenter", "city", "state", "zip", "lata",
    "quantity", "LCA", "tollFreeVanity", "tollFreeWildCardPattern", "localVanity", "endsIn",
    "enableTNDetail", "protected", "orderBy", "countryCodeA3", "status", "customerOrderId", "userid",
    "startdate", "enddate", "includeAttributes", "feature", "tn", "tndetail", "tnCounts",
    "sipPeerDetails", "summary", "type", "host", "siteId", "sippeerId", "fullNumber",
)  # fmt: skip


@st.composite
def requests(draw: st.DrawFn) -> Asked:
    """A request to some call that is served, nearly right, or wrong in a way that a client might be."""
    route = draw(st.sampled_from(SERVED))
    method = draw(st.sampled_from([route.method] * 12 + list(METHODS)))
    body = b""
    if route.document is not None:
        body = draw(st.one_of(_document(route.document), _document(route.document), st.binary(max_size=40)))
    prefix = draw(st.sampled_from([PREFIXES[0]] * 6 + list(PREFIXES)))
    return Asked(method, draw(_path(route)), body, prefix, draw(st.sampled_from(MEDIA_TYPES)))
