"""Applications: their rules, and the calls that serve them.

Stored is the explicit form only: inbound and outbound URLs and credentials. The deprecated one-URL
fields are turned into it on the way in; `mirrors` derives them on the way out.
"""

from __future__ import annotations

from reconciler.emulator.account.mirrors import MESSAGING, URL_OF, VOICE, listed, shown
from reconciler.emulator.call import Answer, Call
from reconciler.emulator.errors import Refusal
from reconciler.emulator.store import Store
from reconciler.emulator.xml import Tree

_OF_MESSAGING = (
    "CallbackUrl",
    "MsgCallbackUrl",
    "InboundCallbackUrl",
    "OutboundCallbackUrl",
    "RequestedCallbackTypes",
    "MsgCallbackCreds",
    "InboundCallbackCreds",
    "OutboundCallbackCreds",
)
_OF_VOICE = (
    "CallInitiatedCallbackUrl",
    "CallInitiatedMethod",
    "CallStatusCallbackUrl",
    "CallStatusMethod",
    "CallInitiatedFallbackUrl",
    "CallInitiatedFallbackMethod",
    "CallInitiatedFallbackCreds",
    "CallbackTimeout",
)
# A credentials block, and the URLs that are called with it.
_CALLED_WITH = {
    "InboundCallbackCreds": ("InboundCallbackUrl",),
    "OutboundCallbackCreds": ("OutboundCallbackUrl",),
    "CallbackCreds": ("CallInitiatedCallbackUrl", "CallStatusCallbackUrl"),
    "CallInitiatedFallbackCreds": ("CallInitiatedFallbackUrl",),
}
# A method, and the error of naming it without its URL.
_METHODS = {"CallInitiatedMethod": 1003, "CallStatusMethod": 12963, "CallInitiatedFallbackMethod": 13048}


def listing(call: Call) -> Answer:
    """Every application in full."""
    held = call.store.applications.items()
    found = [listed(app_id, document, call.settings) for app_id, document in held]
    return Answer(200, {"ApplicationList": {"Application": found}})


def create(call: Call) -> Answer:
    """A new application. Without a ServiceType it is a messaging one."""
    document = checked(_explicit({"ServiceType": MESSAGING, **call.body}))
    _check_name(call, None, document)
    app_id = call.store.new_uuid()
    call.store.applications[app_id] = document
    location = f"{call.account_url}/applications/{app_id}"
    return Answer(201, {"Application": shown(app_id, document, call.settings)}, location)


def show(call: Call) -> Answer:
    """One application."""
    app_id = call.where["application"]
    return Answer(200, {"Application": shown(app_id, call.store.application(app_id), call.settings)})


def replace(call: Call) -> Answer:
    """A full replace: what is left out is gone, credentials included unless a reading keeps them."""
    live = call.store.application(call.where["application"])
    document = _explicit(_keeping_type(call.body, live))
    for block in _CALLED_WITH:
        before, after = live.get(block), document.get(block)
        if before and after and "Password" not in after and after.get("UserId") != before["UserId"]:
            raise Refusal(12976)
    if call.reads("application_put", "keeps_credentials"):
        document = {**_still_called_with(live, document), **document}
    return _store(call, checked(document))


def _still_called_with(live: Tree, document: Tree) -> Tree:
    """The live credentials of the URLs that a document has."""
    blocks = (block for block, urls in _CALLED_WITH.items() if any(url in document for url in urls))
    return {block: live[block] for block in blocks if block in live}


def change(call: Call) -> Answer:
    """A partial change; a user named without a password keeps the password that is live."""
    live = call.store.application(call.where["application"])
    body = _explicit(_keeping_type(call.body, live))
    for block in _CALLED_WITH:
        if block in body and block in live and "UserId" in body[block]:
            if "Password" not in body[block] and call.reads("user_alone", "refused"):
                raise Refusal(12976)
            body[block] = {**live[block], **body[block]}
    document = {**live, **body}
    if document.get("CallStatusCallbackUrl") == "remove":
        document.pop("CallStatusCallbackUrl")
        document.pop("CallStatusMethod", None)
    return _store(call, checked(document))


def delete(call: Call) -> Answer:
    """Gone, unless a location points at it (12107) or it is HTTP voice's last one (13653)."""
    app_id = call.where["application"]
    if app_id not in call.store.applications and not call.reads("missing_application", "coded"):
        return Answer(200 if call.reads("missing_application", "200") else 404)
    document = call.store.application(app_id)
    users = [peer.document["PeerName"] for _, peer in call.store.peers() if peer.uses(app_id)]
    if users:
        raise Refusal(12107, names=", ".join(users))
    if document["ServiceType"] == VOICE and voice_applications(call.store) == [app_id]:
        speakers = [peer.id for _, peer in call.store.peers() if peer.speaks_http()]
        if speakers:
            raise Refusal(13653, names=", ".join(speakers))
    del call.store.applications[app_id]
    return Answer(200)


def delete_by_association(call: Call) -> Answer:
    """The other path of a DELETE; not served unless a reading has it."""
    if call.reads("delete_application", "application"):
        raise Refusal(None, status=405)
    return delete(call)


def associated(call: Call) -> Answer:
    """The locations that point at the application."""
    app_id = call.where["application"]
    call.store.application(app_id)
    found = [
        {
            "SiteId": site.id,
            "SiteName": site.document["Name"],
            "PeerId": peer.id,
            "PeerName": peer.document["PeerName"],
        }
        for site, peer in call.store.peers()
        if peer.uses(app_id) and call.reads("associated", "shown")
    ]
    return Answer(200, {"AssociatedSipPeers": {"AssociatedSipPeer": found}})


def voice_applications(store: Store) -> list[str]:
    """The ids of all Voice-V2 applications."""
    return [i for i, document in store.applications.items() if document["ServiceType"] == VOICE]


def _store(call: Call, document: Tree) -> Answer:
    app_id = call.where["application"]
    _check_name(call, app_id, document)
    call.store.applications[app_id] = document
    return Answer(200, {"Application": shown(app_id, document, call.settings)})


def _check_name(call: Call, app_id: str | None, document: Tree) -> None:
    taken = {held["AppName"] for other, held in call.store.applications.items() if other != app_id}
    if document["AppName"] in taken and call.reads("same_names", "refused"):
        raise Refusal(1015, name=document["AppName"])


def _keeping_type(body: Tree, live: Tree) -> Tree:
    if body.get("ServiceType", live["ServiceType"]) != live["ServiceType"]:
        raise Refusal(12964)
    return {**body, "ServiceType": live["ServiceType"]}


def _explicit(body: Tree) -> Tree:
    """The document with the one-URL form turned into inbound and outbound fields."""
    _refuse_foreign(body)
    if body["ServiceType"] == VOICE:
        return dict(body)
    document = dict(body)
    urls = {document.pop(name) for name in ("CallbackUrl", "MsgCallbackUrl") if name in document}
    if len(urls) > 1:
        raise Refusal(12960)
    _spread(document, urls.pop() if urls else None, "CallbackUrl", 13065)
    creds = document.pop("MsgCallbackCreds", None)
    _spread(document, document.pop("CallbackCreds", creds), "CallbackCreds", 13066)
    return document


def _spread(document: Tree, value: Tree | str | None, suffix: str, clash: int) -> None:
    if value is None:
        return
    for side in ("Inbound", "Outbound"):
        if side + suffix in document:
            raise Refusal(clash)
    document["Inbound" + suffix] = document["Outbound" + suffix] = value


def _refuse_foreign(body: Tree) -> None:
    voice = body["ServiceType"] == VOICE
    for name in _OF_MESSAGING if voice else _OF_VOICE:
        if name in body:
            raise Refusal(12962, name=name, service=MESSAGING if voice else VOICE)


def checked(document: Tree) -> Tree:
    """The whole document as it would be stored, without blank blocks, or a Refusal."""
    document = {name: value for name, value in document.items() if value != {}}
    if document["ServiceType"] == MESSAGING and "InboundCallbackUrl" not in document:
        raise Refusal(12802)
    if document["ServiceType"] == VOICE:
        _check_voice(document)
    for block, urls in _CALLED_WITH.items():
        if block in document:
            _check_credentials(document[block], [document[u] for u in urls if u in document])
    return document


def _check_voice(document: Tree) -> None:
    if "CallInitiatedCallbackUrl" not in document:
        raise Refusal(1003, name="CallInitiatedCallbackUrl")
    if document.get("CallStatusCallbackUrl") == "remove":
        raise Refusal(12803, name="CallStatusCallbackUrl")
    for method, code in _METHODS.items():
        if method in document and URL_OF[method] not in document:
            raise Refusal(code, name=URL_OF[method])
    if "CallInitiatedFallbackCreds" in document and "CallInitiatedFallbackUrl" not in document:
        raise Refusal(1003, name="CallInitiatedFallbackUrl")
    if not 1 <= int(document.get("CallbackTimeout", 1)) <= 25:
        raise Refusal(13047)


def _check_credentials(block: Tree, urls: list[str]) -> None:
    if "UserId" not in block:
        raise Refusal(12800)
    if "Password" not in block:
        raise Refusal(12977)
    if not all(url.lower().startswith("https://") for url in urls):
        raise Refusal(12812)
