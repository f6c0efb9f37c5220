"""Settings documents at fixed paths: what is there to live fields, and changes to POST, PUT and DELETE.

No document says how a setting answers that was never made, so 404, a 400 with a ResponseStatus, an empty
element and an empty answer are all taken for "not there" - but only below a location that was just seen.
"""

from __future__ import annotations

from reconciler.api.client import Answer, Reader, Writer
from reconciler.api.errors import ApiError, Refused, Unreadable
from reconciler.api.looks import did_nothing, look_for
from reconciler.api.patience import Patience
from reconciler.document import Node
from reconciler.kinds.kind import Kind, Plain, Setting, Settings

NO_LOCATION = frozenset({"13563", "13525", "12016"})  # the location or the sub-account itself is missing


def read_setting(reader: Reader, setting: Setting, path: str) -> Node | None:
    """The settings element at `path`, or None where nothing was ever set. Raises `ApiError`."""
    answer = reader.get(path, tolerate=(400, 404))
    document = answer.document
    if answer.status >= 400:
        if not _says_absent(answer):
            raise Refused(f"GET {path}: {answer.status}", f"GET {path}", answer.status)
        return None
    if document is None or document.empty:
        return None
    found = next((n for n in document.walk() if _is(n, setting.root)), None)
    inner = found or (document.children[0] if len(document.children) == 1 else None)
    if inner is None:
        raise Unreadable(f"GET {path}: expected {setting.root}, got {document.name}", f"GET {path}")
    return inner


def _is(node: Node, root: str) -> bool:
    # a published sample calls ApplicationsSettings ApplicationSettings
    return node.name in {root, root.replace("Applications", "Application")}


def _says_absent(answer: Answer) -> bool:
    nodes = list(answer.document.walk()) if answer.document else []
    codes = {n.text for n in nodes if n.name in {"ErrorCode", "Code"}}
    return not codes & NO_LOCATION and (answer.status == 404 or bool(nodes))


def write(
    writer: Writer,
    kind: Kind,
    serving: Settings,
    call: tuple[str, str, Setting],
    fields: Plain,
    patience: Patience,
    *,
    unseen: bool = False,
) -> None:
    """Make the setting say `fields` by POST or PUT; a PUT edits what it has just read.

    `unseen` is true below a location that was made after the plan: it may have come with the setting,
    and then the POST is a PUT, as no source calls a POST an upsert. Raises `ApiError`, and for a POST
    whose answer was lost `NotMade` or `Undetermined`.
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
    try:
        writer.send(method, path, body)
    except ApiError as error:
        if method != "POST" or did_nothing(error):
            raise
        look_for(lambda: _shown(writer, setting, path), patience, str(error))


def _shown(reader: Reader, setting: Setting, path: str) -> list[str]:
    return [setting.name] if read_setting(reader, setting, path) else []


def remove(writer: Writer, serving: Settings, call: tuple[str, str, Setting]) -> None:
    """Take the setting away, in the way that the API has for it. Raises `ApiError`.

    Where that fails and the setting is not there any more, an earlier request took it away whose answer
    was lost, or somebody else did.
    """
    method, path, setting = call
    try:
        _remove(writer, serving, method, path)
    except ApiError:
        if not _gone(writer, setting, path):
            raise


def _gone(reader: Reader, setting: Setting, path: str) -> bool:
    try:
        return not _shown(reader, setting, path)
    except ApiError:
        return False


def _remove(writer: Writer, serving: Settings, method: str, path: str) -> None:
    """Send each form of the body until one is not refused; a refused one was not carried out."""
    *forms, last = serving.removal or (None,)
    for form in forms:
        try:
            writer.send(method, path, form)
        except Refused as refused:
            if refused.code in NO_LOCATION:
                raise
        else:
            return
    writer.send(method, path, last)
