"""Failed calls turned into one tree of exceptions, and error documents into code and description.

ApiError
 ├── Unreachable    no connection was made: nothing was sent
 ├── TimedOut       no whole answer in time                        lost unless a GET
 ├── Dropped        the connection broke, or HTTP was not spoken   lost unless a GET
 ├── Redirected     a redirect that may not be followed            lost unless a GET
 ├── Unreadable     not XML, a DOCTYPE, an endless body            lost unless a GET
 ├── Unauthorised   401, or no token to be had
 ├── Forbidden      403
 ├── NotFound       404
 ├── RateLimited    429, and waiting it out would take too long
 ├── Refused        any other 4xx, or an error inside a 2xx
 └── ServerFailed   5xx                                            lost unless a GET
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import chain

from reconciler.document import Node


@dataclass(eq=False)
class ApiError(Exception):
    """A call that failed, as one line without credentials; `document` is the answer's, if readable.

    `endpoint` reads "GET /accounts/1/sites"; `code` is the API's own (error catalogue), "" if none;
    `retry_after` the seconds that the answer asks to wait.
    """

    message: str
    endpoint: str = ""
    status: int | None = None
    code: str = ""
    description: str = ""
    hint: str = ""
    document: Node | None = field(default=None, repr=False)
    retry_after: float | None = None

    def __str__(self) -> str:
        return self.message

    def refused_with(self, codes: Collection[str]) -> bool:
        """Whether it is a 4xx with one of these codes of the API."""
        return self.code in codes and self.status is not None and 400 <= self.status < 500

    @property
    def lost(self) -> bool:
        """Whether the API may have done what was asked without anybody knowing."""
        unanswered = isinstance(self, TimedOut | Dropped | Redirected | ServerFailed | Unreadable)
        return unanswered and not self.endpoint.startswith("GET ")


class Unreachable(ApiError):
    """No connection was made, so nothing was sent."""


class TimedOut(ApiError):
    """No whole answer came in time."""


class Dropped(ApiError):
    """The connection broke before the whole answer was there, or the answer was not HTTP."""


class Redirected(ApiError):
    """A redirect to another host, of a call that writes, or one too many."""


class Unreadable(ApiError):
    """A body that is not the XML it ought to be."""


class Unauthorised(ApiError):
    """401, or the token endpoint gave no token; the call itself was not executed."""


class Forbidden(ApiError):
    """403: a role or a feature is missing; admin endpoints say it of unknown accounts too."""


class NotFound(ApiError):
    """404."""


class RateLimited(ApiError):
    """429 for longer than the run may wait; nothing was done."""


class Refused(ApiError):
    """Any other 4xx, or an error document under a 2xx status."""


class ServerFailed(ApiError):
    """5xx."""


_BY_STATUS: dict[int, type[ApiError]] = {
    401: Unauthorised,
    403: Forbidden,
    404: NotFound,
    429: RateLimited,
}
_SAYING: dict[type[ApiError], str] = {
    Unauthorised: "not authorised",
    Forbidden: "forbidden",
    NotFound: "not found",
    RateLimited: "too many requests",
    ServerFailed: "server error",
    Refused: "refused",
}


def error_class(status: int) -> type[ApiError]:
    """Return the exception for a status; below 400 for an error document under it."""
    return ServerFailed if status >= 500 else _BY_STATUS.get(status, Refused)


def saying(status: int) -> str:
    """Put a status in words, such as "404 not found"."""
    return f"{status} " + (_SAYING[error_class(status)] if status >= 400 else "with an error in it")


# Codes of what an account does not have (error catalogue): a guide says to ask support for each.
_GATED = {
    "5097": "protected numbers",
    "5110": "protected numbers",
    "5183": "ordering",
    "5200": "origination route plans",
    "12046": "UC trunking",
    "12055": "the feature",
    "12103": "messaging over HTTP",
    "12130": "HTTPV2 messaging",
    "12150": "voice over HTTP",
    "12161": "voice over HTTP",
    "13538": "Origination",
    "13542": "Termination",
    "13546": "this CustomerTrafficAllowed",
    "13560": "this CustomerTrafficAllowed",
    "13576": "caller names (CNAM)",
    "13590": "this CustomerTrafficAllowed",
    "13603": "messaging",
    "13607": "SMS",
    "13609": "SMS over HTTP",
    "13614": "SMPP",
    "13616": "MM4",
    "13626": "networks as hosts",
    "13627": "networks as hosts",
    "13651": "voice over HTTP",
    "13674": "a network as wide as this",
    "13694": "call verification",
    "13695": "Pindrop",
}
_USED = "the address is in use, at another location or another customer's; each may be so once"
_LOCKED = "the sub-account is locked for paperwork: ask Bandwidth support"
_PEERING = "it is a partner of toll-free peering: ask Bandwidth support"
# By code where one code has one meaning in the error catalogue, else by exception.
_BY_CODE = {
    **{code: f"ask Bandwidth support to switch on {what} for this account" for code, what in _GATED.items()},
    "1010": "give Bandwidth support the id in the message",
    # said of names, settings and, by some servers, of a second default location
    "1015": "one is there already: two things need two names; move a default location in the dashboard",
    "4015": "use letters, digits, dots, dashes and spaces",
    "4016": "use letters, digits, dots, dashes and spaces, 250 at the most",
    "5094": _LOCKED,
    "12054": _LOCKED,
    "12059": "a sub-account with a billing id stays: ask Bandwidth support",
    "12112": "use the address that Bandwidth recommends",
    # 13654 is of countries, too, in settings that nothing here writes.
    **dict.fromkeys(("13552", "13569", "13654", "13655", "18013"), _USED),
    "13566": "Bandwidth's address service is down; run it again later",
    "13601": "take its SMS hosts away in the dashboard, or ask Bandwidth support",
    "13646": "a location with voice over HTTP takes no hosts: voice_application: null goes back to SIP",
    "13650": "create a Voice-V2 application first, or ask Bandwidth support to switch on voice over HTTP",
    "13672": "give these numbers the location's A2P settings first, in the dashboard",
    "13679": "HTTP messages go through it: ask Bandwidth support",
    "13683": f"{_PEERING}, or declare voice_hosts or a voice_host_group",
    "13684": _PEERING,
    "13688": "leave final_destination_uri out, or ask Bandwidth support about the account's route plan",
}
_BY_CLASS: dict[type[ApiError], str] = {
    Unreachable: "check the network, HTTPS_PROXY and --api-url (BW_API_URL)",
    Unauthorised: "check {variables}",
    # Catalogue of statuses: an account that does not exist is 403 to admin calls, 404 to others.
    Forbidden: "check account {account} (--account, BW_ACCOUNT_ID) and the roles of {variables}",
    NotFound: "check account {account} (--account, BW_ACCOUNT_ID)",
    RateLimited: "run it again later, or with a longer --max-wait",
    ServerFailed: "run it again later",
    Redirected: "check --api-url (BW_API_URL)",
}
_ACCOUNT = re.compile(r" /accounts/([^/?]+)")


def hint_for(kind: type[ApiError], endpoint: str, code: str, variables: str) -> str:
    """Say what to do about an error; `variables` names where the credentials came from."""
    account = _ACCOUNT.search(endpoint)
    hint = _BY_CODE.get(code) or _BY_CLASS.get(kind, "")
    if "{account}" in hint and not account:
        return ""
    return hint.format(account=account and account[1], variables=variables)


_SHOWN = 3


def find_error(document: Node, status: int) -> tuple[str, str] | None:
    """Find code and description of the errors in an answer, in every XML shape published.

    Matched on the inner shape, since roots are not always the endpoint's own: `ErrorCode` beside a
    `Description` (usually in `ResponseStatus`), `Error` or `Errors` holding a `Code` (alone, or in
    `ErrorList` or `Errors`). Code 0 and empty lists are no error. A description without a code is
    one only under a status from 400 up.
    """
    top = list(_upper(document))
    found = list(dict.fromkeys(chain(_stated(top), _listed(top))))
    if found:
        code, first = found[0]
        others = [f"{c} {d}".strip() for c, d in found[1:_SHOWN]]
        more = [f"and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
        return code, "; ".join([first or "no description", *others, *more])
    described = (node.value(name) for node in top for name in ("Description", "ErrorMessage"))
    text = next(filter(None, described), "") if status >= 400 else ""
    return ("", text) if text else None


def _upper(document: Node) -> Iterator[Node]:
    """Yield the root and two levels: no error is documented deeper, and lists may be long."""
    yield document
    for child in document.children:
        yield child
        yield from child.children


def _stated(nodes: list[Node]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        code = node.value("ErrorCode")
        if code and code != "0":
            yield code, node.value("Description") or ""


def _listed(nodes: list[Node]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        code = node.value("Code") if node.name in ("Error", "Errors") else None
        if code and code != "0":
            texts = (node.value("Field"), node.value("Description"))
            yield code, ": ".join(text for text in texts if text)
