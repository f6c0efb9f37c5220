"""A text, and what was read of its sender and application, to what would make it vanish after its 202. Pure.

The messaging API accepts whatever is well-formed; that a location has no application, or an application no
callback, shows in nobody's answer (band CLI, AGENTS.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from reconciler.kinds.application import CALLBACK_TYPES, MESSAGING
from reconciler.model import LiveResource, Problem

LONGEST = 2048  # characters: `text` of messaging.yml
TERMINAL = ("message-delivered", "message-failed")  # one of the two comes for each message (webhooks guide)
HTTP = ("HTTP", "")  # a document that leaves the protocol out does not say that it is another
_E164 = re.compile(r"\+(?:1[2-9][0-9]{9}|[2-9][0-9]{6,14})")
# RFC 2606 and 6761: nobody's; RFC 6762, 8375 and ICANN's .internal: names of networks that are not public
_NOBODYS = ("example.com", "example.net", "example.org", "example", "invalid", "test")
_NOT_PUBLIC = ("localhost", "local", "internal", "home.arpa")


@dataclass(frozen=True)
class Text:
    """What is to be sent; both numbers in E.164."""

    sender: str
    to: str
    text: str


@dataclass(frozen=True)
class Place:
    """A location by the ids of its sub-account and its own, and by their names where the API tells them."""

    site: str
    peer: str
    names: tuple[str, str] | None = None

    def __str__(self) -> str:
        return (
            f"{'/'.join(self.names)} ({self.site}/{self.peer})" if self.names else f"{self.site}/{self.peer}"
        )


@dataclass(frozen=True)
class Sender:
    """What the account says of the sending number, and of the location that it is at.

    `status` is the API's word, "" where it has none; `owned` False: it is no number of the account's.
    `texting` is the number's own switch, None where it does not show. `protocol` is how texts of the
    location are exchanged, None where SMS is off; `application` the id of its messaging application.
    """

    owned: bool
    status: str = ""
    texting: bool | None = None
    place: Place | None = None
    protocol: str | None = None
    application: str = ""


@dataclass(frozen=True)
class Application:
    """An application of the account; `address` is what the manifest at hand calls it, "" without one."""

    live: LiveResource
    address: str = ""

    @property
    def id(self) -> str:
        """The API's id."""
        return self.live.id

    @property
    def name(self) -> str:
        """The API's name."""
        return str(self.live.fields.get("name"))

    def __str__(self) -> str:
        return f"{self.address or f'application {self.name}'} ({self.id})"

    @property
    def inbound(self) -> str:
        """Where messages from outside are posted; "" for nowhere."""
        return self._url("inbound_callback_url")

    @property
    def outbound(self) -> str:
        """Where delivery events are posted; "" for nowhere."""
        return self._url("outbound_callback_url")

    def _url(self, name: str) -> str:
        fields = self.live.fields
        # MsgCallbackUrl mirrors the inbound URL, too: it stands for both only where neither is shown
        one_form = not (fields.get("inbound_callback_url") or fields.get("outbound_callback_url"))
        return str(fields.get("callback_url" if one_form else name) or "")

    @property
    def events(self) -> tuple[str, ...]:
        """The callback types that are requested; all of them where the API shows none."""
        found = self.live.fields.get("requested_callback_types")
        return tuple(map(str, found)) if isinstance(found, tuple) else CALLBACK_TYPES


@dataclass(frozen=True)
class Ready:
    """A text that nothing is known to be in the way of: what goes through which application, from where."""

    account: str
    text: Text
    application: Application
    place: Place


@dataclass(frozen=True)
class Accepted:
    """What a 202 says: the id of the message ("" for none), and into how many segments it was broken."""

    id: str
    segments: int | None


def slips(text: Text) -> Iterator[Problem]:
    """What is wrong with the text itself, offline."""
    for option, number in (("--from", text.sender), ("--to", text.to)):
        if not _E164.fullmatch(number):
            yield Problem(f"{option}: {number!a} is no number in E.164", hint="write it as +19195551234")
    if text.sender == text.to:
        yield Problem(
            "--from and --to are the same number", hint="Bandwidth does not route such a message (4401)"
        )
    if not 1 <= len(text.text) <= LONGEST:
        hint = f"a text has 1 to {LONGEST:,} characters"
        yield Problem(f"--text: the text has {len(text.text):,} characters", hint=hint)
    elif not _is_unicode(text.text):
        yield Problem("--text: the text is not UTF-8", hint="check the encoding of the terminal or script")


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def obstacles(
    number: str, sender: Sender, application: Application | None, others: Iterable[Application]
) -> Iterator[Problem]:
    """Why a text of the number through the application would vanish, or nobody would hear of it.

    No `application`: the one that is meant is not in the account, which is somebody else's to say.
    """
    if not sender.owned or sender.status.lower() not in ("", "inservice"):
        yield from _not_in_service(number, sender)
    elif sender.place is None:
        hint = "see in the dashboard whether it has a location"
        yield Problem(f"{number}: the API does not say at which location it is", hint=hint)
    else:
        yield from _at_location(number, sender, sender.place)
        if sender.protocol in HTTP:  # what else there is takes no application (13645)
            yield from _misassigned(number, sender, application, others)
    if application:
        yield from _unheard(application)


def _not_in_service(number: str, sender: Sender) -> Iterator[Problem]:
    status = f": its status is {sender.status}" if sender.status else ""
    yield Problem(
        f"{number} is not in service on the account{status}",
        hint="--from takes a number that a location of the account has",
    )


def _at_location(number: str, sender: Sender, place: Place) -> Iterator[Problem]:
    if sender.protocol is None:
        hint = "features: {sms: true} on the location switches it on"
        yield Problem(f"SMS is off at location {place}, where {number} is", hint=hint)
    elif sender.protocol not in HTTP:
        hint = "the messaging API needs HTTP; features: {sms: true} on the location moves it"
        yield Problem(f"texts of location {place}, where {number} is, go over {sender.protocol}", hint=hint)
    elif sender.texting is False:
        hint = "switch it on for the number in the dashboard, and look at its location's SMS settings"
        yield Problem(f"messaging is off for {number} itself", hint=hint)


def _misassigned(
    number: str, sender: Sender, application: Application | None, others: Iterable[Application]
) -> Iterator[Problem]:
    there = sender.application.lower()
    if not there:
        yield Problem(
            f"location {sender.place}, where {number} is, has no messaging application",
            hint="messaging_application on the location assigns one",
        )
    elif application and there != application.id.lower():
        found = next((each for each in others if each.id.lower() == there), None)
        word = found.address or found.id if found else sender.application
        yield Problem(
            f"location {sender.place}, where {number} is, has {found or f'application {there}'}, "
            f"not {application}",
            hint=f"--application {word} sends through that one",
        )


def _unheard(application: Application) -> Iterator[Problem]:
    """What keeps the application from hearing of the message, or of the answer to it."""
    service = application.live.fields.get("service_type")
    if service != MESSAGING:
        hint = f"messages go through a {MESSAGING} application"
        yield Problem(f"{application} is a {service} application", hint=hint)
        return
    for what, field, url in (
        ("delivery events", "outbound_callback_url", application.outbound),
        ("inbound messages", "inbound_callback_url", application.inbound),
    ):
        if not url:
            hint = f"{field} on the application says where they are posted"
            yield Problem(f"{application} has no callback for {what}", hint=hint)
        elif why := unreachable(url):
            yield Problem(
                f"the callback for {what} of {application} is a placeholder: {shown(url)}",
                hint=f"{why}; {field} takes a URL that Bandwidth can reach",
            )
    if not set(TERMINAL) & set(application.events):
        yield Problem(
            f"{application} requests neither {' nor '.join(TERMINAL)}",
            hint="requested_callback_types on the application names both",
        )


def unreachable(url: str) -> str:
    """Why nothing of Bandwidth's gets through to such a URL; "" where it may."""
    parts = _split(url)
    host = (parts.hostname or "").rstrip(".").lower() if parts else ""
    if not parts or parts.scheme.lower() not in ("http", "https") or not host:
        return "it is no http or https URL"
    try:
        return "" if ip_address(host).is_global else f"{host} is no public address"
    except ValueError:
        pass
    if _below(host, _NOBODYS):
        return f"{host} is a name for documentation and tests"
    if _below(host, _NOT_PUBLIC) or "." not in host or host.rpartition(".")[2].isdecimal():
        return f"{host} is no public name"
    return ""


def _below(host: str, names: Iterable[str]) -> bool:
    return any(host == name or host.endswith(f".{name}") for name in names)


def shown(url: str) -> str:
    """A URL without what may be secret in it: user, password, query and fragment."""
    parts = _split(url)
    if not parts:
        return "not a URL"
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}{'?…' if parts.query else ''}"


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None
