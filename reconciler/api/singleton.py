"""Settings documents at fixed paths: what is there to live fields, and changes to POST, PUT and DELETE.

No document says how a setting answers that was never made, so 404, a 400 with a ResponseStatus and an
empty element are all taken for "not there" - but only below a location that was just seen.
"""

from __future__ import annotations

from reconciler.api.client import Reader, Writer
from reconciler.api.errors import ApiError, Refused, Unreadable
from reconciler.document import Node
from reconciler.kinds.kind import Kind, Plain, Setting, Settings

NO_LOCATION = frozenset({"13563", "13525", "12016"})  # the location or the sub-account itself is missing


def read_setting(reader: Reader, setting: Setting, path: str) -> Node | None:
    """The settings element at `path`, or None where nothing was ever set. Raises `ApiError`."""
    answer = reader.get(path, tolerate=(400, 404))
    document = answer.document
    if answer.status >= 400 and not _says_absent(document):
        raise Refused(f"GET {path}: {answer.status}", f"GET {path}", answer.status)
    if document is None or answer.status >= 400 or document.empty:
        return None
    found = next((n for n in document.walk() if _is(n, setting.root)), None)
    inner = found or (document.children[0] if len(document.children) == 1 else None)
    if inner is None:
        raise Unreadable(f"GET {path}: expected {setting.root}, got {document.name}", f"GET {path}")
    return inner


def _is(node: Node, root: str) -> bool:
    # a published sample calls ApplicationsSettings ApplicationSettings
    return node.name in {root, root.replace("Applications", "Application")}


def _says_absent(document: Node | None) -> bool:
    codes = {n.text for n in document.walk() if n.name in {"ErrorCode", "Code"}} if document else set()
    return not codes & NO_LOCATION


def write(
    writer: Writer,
    kind: Kind,
    serving: Settings,
    call: tuple[str, str, Setting],
    fields: Plain,
    *,
    unseen: bool = False,
) -> None:
    """Make the setting say `fields` by POST or PUT; a PUT edits what it has just read. Raises `ApiError`.

    `unseen` is true below a location that was made after the plan: it may have come with the setting,
    and then the POST is a PUT, as no source calls a POST an upsert.
    """
    method, path, setting = call
    live = None
    if (method == "PUT" and not serving.partial) or (method == "POST" and unseen):
        live = read_setting(writer, setting, path)
        method = "PUT" if live else method
    if live is None or serving.partial:
        body = kind.encode(
            fields, setting.root, setting.name if len(serving.settings) > 1 else "", setting.blank
        )
    else:
        body = kind.replace(kind, live, fields)
    _send(writer, method, path, body, setting)


def _send(writer: Writer, method: str, path: str, body: Node | None, setting: Setting) -> None:
    """A create whose answer was lost counts as done once the setting can be read."""
    try:
        writer.send(method, path, body)
    except ApiError as error:
        if not (error.lost and method == "POST") or read_setting(writer, setting, path) is None:
            raise


def remove(writer: Writer, serving: Settings, path: str) -> None:
    """Take the setting away, in the way that the API has for it. Raises `ApiError`.

    A refused form of the body was not carried out, so the next one is tried.
    """
    *forms, last = serving.removal or (None,)
    for form in forms:
        try:
            writer.send(serving.remove, path, form)
        except Refused as refused:
            if refused.code in NO_LOCATION:
                raise
        else:
            return
    writer.send(serving.remove, path, last)
