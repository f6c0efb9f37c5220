"""A telephone number to what a text from it meets: its owner, its location, and what is on there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.api.client import Reader
from reconciler.api.collection import read_members
from reconciler.api.numbers import placement, read_numbers, ten_digits
from reconciler.api.singleton import read_setting
from reconciler.document import Node
from reconciler.kinds import BY_NAME
from reconciler.kinds.kind import Collection
from reconciler.model import Fields, LiveResource
from reconciler.smoke import Place, Sender

_TELLING = ("FullNumber", "TelephoneNumber", "Status", "AccountId")


@dataclass(frozen=True)
class _Details:
    """What one document says of a number; "" for what it leaves out."""

    account: str
    status: str
    site: str
    peer: str
    names: tuple[str, str]
    texting: bool | None


def read_applications(reader: Reader, account: str) -> list[LiveResource]:
    """Every application of the account. Raises `ApiError`."""
    return _members(reader, "application", account)


def read_sender(reader: Reader, account: str, number: str) -> Sender:
    """What the account says of a number, in E.164, and of its location. Raises `ApiError`."""
    digits = ten_digits(number) if number.startswith("+1") else number
    details = _read_details(reader, digits, account)
    if details is None or details.account not in ("", account):
        return Sender(owned=False)
    place = _place(reader, account, details, digits) if details.site else None
    if place is None:
        return Sender(owned=True, status=details.status, texting=details.texting)
    sms, application = (_setting(reader, name, account, place) for name in ("sms", "messaging_application"))
    return Sender(
        owned=True,
        status=details.status,
        texting=details.texting,
        place=place,
        protocol=None if sms is None else str(sms.get("protocol") or "").upper(),
        application=str((application or {}).get("application") or ""),
    )


def _read_details(reader: Reader, number: str, account: str) -> _Details | None:
    """Its details, else its status, which has a site but no location (numbers.yml)."""
    found = None
    for path, tolerated in ((f"/tns/{number}/tndetails", (400, 403, 404)), (f"/tns/{number}", (400, 404))):
        # a bad number is 400 (12512), and any error may come under 200
        document = reader.get(path, tolerate=tolerated, errors_are_data=True).document
        found = next(_told(document, account), found) if document else found
        if found and found.site:
            break
    return found


def _told(document: Node, account: str) -> Iterator[_Details]:
    """What the document says of the number, first as it is hosted on the account, if it is.

    The details of a number whose calls are another account's have that account's, and ours inside.
    """
    rows = [node for node in document.walk() if any(map(node.value, _TELLING))]
    hosted = [node for node in document.walk() if node.name.lower() == "hostedtelephonenumberdetail"]
    for node in [*(each for each in hosted if each.value("AccountId") == account), *rows]:
        status = node.value("Status") or (rows[0].value("Status") if rows else "")
        yield _details(node, status or "")


def _details(node: Node, status: str) -> _Details:
    found, named = placement(node), node.value("SipPeer/PeerName") or node.value("SipPeer/Name")
    texting = (node.value("MessagingSettings/SmsEnabled") or "").lower()
    return _Details(
        account=found.account,
        status=status,
        site=found.site,
        peer=found.peer,
        names=(node.value("Site/Name") or "", named or ""),
        texting={"true": True, "false": False}.get(texting),
    )


def _place(reader: Reader, account: str, details: _Details, number: str) -> Place | None:
    """The location: the one that is named, else the sub-account's only one, else the one that lists it."""
    if details.peer:
        return Place(details.site, details.peer, details.names if all(details.names) else None)
    found = _members(reader, "location", account, details.site)
    path = _path("location", account, details.site)
    fitting = (each for each in found if len(found) == 1 or _lists(reader, f"{path}/{each.id}/tns", number))
    location = next(fitting, None)
    if location is None:
        return None
    names = details.names[0], location.address.names[-1]
    return Place(details.site, location.id, names if all(names) else None)


def _lists(reader: Reader, path: str, number: str) -> bool:
    return any(each.digits == number for each in read_numbers(reader, path))


def _members(reader: Reader, kind: str, account: str, *parent: str) -> list[LiveResource]:
    """The members of a kind in the account, or in the sub-account whose id is the parent."""
    serving = BY_NAME[kind].serving
    assert isinstance(serving, Collection)
    return read_members(reader, BY_NAME[kind], serving, _path(kind, account, *parent), parent)


def _path(kind: str, account: str, sub_account: str = "") -> str:
    serving = BY_NAME[kind].serving
    assert isinstance(serving, Collection)
    return serving.path.format(account=account, sub_account=sub_account)


def _setting(reader: Reader, kind: str, account: str, place: Place) -> Fields | None:
    (setting,) = BY_NAME[kind].serving.settings
    path = setting.path.format(account=account, sub_account=place.site, location=place.peer)
    document = read_setting(reader, setting, path)
    return None if document is None else BY_NAME[kind].decode(document)
