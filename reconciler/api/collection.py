"""Lists of members with ids: documents to live resources, and changes to POST, PUT, PATCH and DELETE.

One code for every kind that is served so (applications, sites, SIP peers); the kind says the paths,
the elements and the codec.
"""

from __future__ import annotations

from dataclasses import replace

from reconciler.api.client import Answer, Reader, Writer
from reconciler.api.errors import ApiError, NotFound, Unreadable
from reconciler.api.looks import did_nothing, look_for
from reconciler.api.patience import Patience
from reconciler.document import Node
from reconciler.kinds.fields import Field
from reconciler.kinds.kind import Collection, Kind, Plain
from reconciler.model import Address, LiveResource

# an application, a sub-account, a location that is not there (error catalogue); under any status
MISSING = frozenset({"13629", "12016", "13563", "13557", "13525"})
NO_LIST = (204, 230)  # "no results" in the catalogue's table of statuses


def read_members(
    reader: Reader, kind: Kind, serving: Collection, path: str, parent: tuple[str, ...]
) -> list[LiveResource]:
    """Every member of the list at `path`, once, under the names that the account has for them.

    Raises `ApiError`; an answer that is not this list is never taken for an empty one.
    """
    answer = reader.get(path)
    document = answer.document
    if document is None and answer.status in NO_LIST:
        return []
    if document is None or document.name not in serving.answers:
        got = "nothing" if document is None else f"a {document.name} document"
        raise Unreadable(f"GET {path}: expected {serving.answers[0]}, got {got}", f"GET {path}")
    members = [node for node in document.walk() if node.name == serving.member]
    found = (_live(kind, serving, node, path, parent) for node in members if not node.empty)
    return list({member.id: member for member in found}.values())


def read_member(
    reader: Reader, kind: Kind, serving: Collection, path: str, listed: LiveResource
) -> LiveResource:
    """One member in full, under the address that its listing has."""
    document = _document(reader, serving, path)
    return replace(listed, fields=kind.decode(document), document=document)


def _document(reader: Reader, serving: Collection, path: str) -> Node:
    found = _member_of(reader.get(path), serving)
    if found is None:
        raise Unreadable(f"GET {path}: expected {serving.member}, got something else", f"GET {path}")
    return found


def _member_of(answer: Answer, serving: Collection) -> Node | None:
    nodes = answer.document.walk() if answer.document else ()
    return next((node for node in nodes if node.name == serving.member), None)


def _live(kind: Kind, serving: Collection, node: Node, path: str, parent: tuple[str, ...]) -> LiveResource:
    fields, id_ = kind.decode(node), node.value(serving.id_element)
    name = fields.get("name")
    if not id_ or not isinstance(name, str):
        raise Unreadable(f"GET {path}: a {serving.member} without id or name", f"GET {path}")
    return LiveResource(Address(kind.name, (*parent, name)), fields, id_, document=node)


def create(
    writer: Writer, kind: Kind, serving: Collection, path: str, fields: Plain, patience: Patience
) -> str:
    """POST it, and the id that the API gave it: from the body, else from Location, else by its name.

    A lost answer is never followed by a second POST: the thing is looked for. Raises `ApiError` where
    nothing was made, `NotMade` where that is concluded from looking, `Undetermined` where nobody knows.
    """
    body = kind.encode(kind.fit(fields), serving.member)

    def called_so() -> list[str]:
        members = read_members(writer, kind, serving, path, ())
        return [member.id for member in members if kind.called(member.fields) == kind.called(fields)]

    try:
        answer = writer.send("POST", path, body)
    except ApiError as error:
        if did_nothing(error):
            raise
        return look_for(called_so, patience, str(error))
    return _id_in(answer, serving) or look_for(called_so, patience, f"POST {path}: the answer had no id")


def _id_in(answer: Answer, serving: Collection) -> str | None:
    member = _member_of(answer, serving)
    return (member.value(serving.id_element) if member else None) or answer.new_id


def update(
    writer: Writer,
    kind: Kind,
    serving: Collection,
    call: tuple[str, str],
    fields: Plain,
    changed: frozenset[str],
    *,
    conditional: bool = False,
) -> bool:
    """PATCH the changed fields, or read the document, edit it and PUT it whole. Raises `ApiError`.

    Whether anything was sent: a `conditional` PUT is not, where the document shows what is wanted. Nobody
    documents that a PUT clears what it leaves out. Where its answer shows that it did not, the PUT
    is sent once more, with an empty element for what is to go.
    """
    method, path = call
    if method == "PATCH":
        writer.send(method, path, _patch(kind, serving, fields, changed))
        return True
    live = _document(writer, serving, path)
    rows = [row for row in kind.rows(fields) if row.name in changed]
    if conditional and all(row.same(fields[row.name], row.read(live)) for row in rows):
        return False
    body = kind.replace(kind, live, fields)
    kept = _still_shown(kind, serving, writer.send(method, path, body), fields)
    if kept:
        for row in kept:
            body = body.put(row.element, Node(row.element.rpartition("/")[2]), kind.order)
        writer.send(method, path, body)
    return True


def _still_shown(kind: Kind, serving: Collection, answer: Answer, fields: Plain) -> list[Field]:
    """The fields that were to be cleared, and that the answer has."""
    member = _member_of(answer, serving)
    cleared = [row for row in kind.rows(fields) if fields[row.name] is None and not row.codec.spoken]
    return [row for row in cleared if member and not row.same(None, row.read(member))]


def _patch(kind: Kind, serving: Collection, fields: Plain, changed: frozenset[str]) -> Node:
    rows = {row.name: row for row in kind.rows(fields)}
    said = {name: rows[name].clear if value is None and rows[name].clear else value
            for name, value in kind.fit(fields, partial=True).items() if name in changed}  # fmt: skip
    typed = {"service_type": fields["service_type"]} if "service_type" in fields else {}
    whole = kind.encode({**typed, **said}, serving.member)
    return whole.put("ServiceType", None) if typed else whole


def strip(writer: Writer, kind: Kind, serving: Collection, path: str) -> bool:
    """PUT the member without what the API would not delete it with. Raises `ApiError`.

    Whether there was any such thing. The flag of one of several is that where another has it by now:
    nobody says whether the API takes it away by itself.
    """
    live = _document(writer, serving, path)
    bare = kind.strip(live)
    given_up = {kind.first: False} if _is_followed(writer, kind, serving, path, live) else {}
    if bare == live and not given_up:
        return False
    writer.send("PUT", path, kind.replace(kind, bare, given_up))
    return True


def _is_followed(reader: Reader, kind: Kind, serving: Collection, path: str, live: Node) -> bool:
    """Whether the member has its kind's flag, and another one has it as well."""
    if not kind.decode(live).get(kind.first):
        return False
    listing, _, own = path.rpartition("/")
    members = read_members(reader, kind, serving, listing, ())
    return any(each.fields.get(kind.first) for each in members if each.id != own)


def delete(writer: Writer, serving: Collection, path: str) -> None:
    """DELETE the member. Raises `ApiError`.

    Where that fails and the member is not there any more, an earlier request took it away whose answer was
    lost, or somebody else did.
    """
    try:
        writer.send("DELETE", path, None)
    except ApiError:
        if not gone(writer, serving, path):
            raise


def gone(reader: Reader, serving: Collection, path: str) -> bool:
    """Whether the API says that there is no member at `path`, whatever a list shows."""
    try:
        document = reader.get(path).document
    except NotFound:
        return True
    except ApiError as error:
        return error.code in MISSING
    return document is not None and document.name == f"{serving.member}Response" and document.empty
