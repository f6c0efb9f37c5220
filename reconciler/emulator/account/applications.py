"""Applications: their rules, what a read adds to them, and the calls that serve them.

Stored is the explicit form only: inbound and outbound URLs and credentials. The deprecated one-URL
fields are turned into it on the way in and derived from it on the way out.
"""

from __future__ import annotations

from reconciler.emulator.call import Answer, Call
from reconciler.emulator.errors import Refusal
from reconciler.emulator.store import Store
from reconciler.emulator.xml import Tree

MESSAGING, VOICE = "Messaging-V2", "Voice-V2"
# The guide "Programmatic set-up" shows all three, in this order, where a request named none.
_ALL_TYPES = ["message-failed", "message-delivered", "message-sending"]
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
# A method, its URL, and the error of naming the first without the second.
_METHODS = {
    "CallInitiatedMethod": ("CallInitiatedCallbackUrl", 1003),
    "CallStatusMethod": ("CallStatusCallbackUrl", 12963),
    "CallInitiatedFallbackMethod": ("CallInitiatedFallbackUrl", 13048),
}
_VOICE_ORDER = (
    "CallInitiatedCallbackUrl",
    "CallInitiatedMethod",
    "CallStatusCallbackUrl",
    "CallStatusMethod",
    "CallbackCreds",
    "CallInitiatedFallbackUrl",
    "CallInitiatedFallbackMethod",
    "CallInitiatedFallbackCreds",
    "CallbackTimeout",
)


def listing(call: Call) -> Answer:
    """Every application in full."""
    found = [shown(app_id, document) for app_id, document in call.store.applications.items()]
    return Answer(200, {"ApplicationList": {"Application": found}})


def create(call: Call) -> Answer:
    """A new application; a name may be used twice. Without a ServiceType it is a messaging one."""
    document = checked(_explicit({"ServiceType": MESSAGING, **call.body}))
    app_id = call.store.new_uuid()
    call.store.applications[app_id] = document
    location = f"{call.account_url}/applications/{app_id}"
    return Answer(201, {"Application": shown(app_id, document)}, location)


def show(call: Call) -> Answer:
    """One application."""
    app_id = call.where["application"]
    return Answer(200, {"Application": shown(app_id, call.store.application(app_id))})


def replace(call: Call) -> Answer:
    """A full replace: what is left out is gone, credentials included."""
    live = call.store.application(call.where["application"])
    document = _explicit(_keeping_type(call.body, live))
    for block in _CALLED_WITH:
        before, after = live.get(block), document.get(block)
        if before and after and "Password" not in after and after.get("UserId") != before["UserId"]:
            raise Refusal(12976)
    return _store(call, checked(document))


def change(call: Call) -> Answer:
    """A partial change; a user named without a password keeps the password that is live."""
    live = call.store.application(call.where["application"])
    body = _explicit(_keeping_type(call.body, live))
    for block in _CALLED_WITH:
        if block in body and block in live and "UserId" in body[block]:
            body[block] = {**live[block], **body[block]}
    document = {**live, **body}
    if document.get("CallStatusCallbackUrl") == "remove":
        document.pop("CallStatusCallbackUrl")
        document.pop("CallStatusMethod", None)
    return _store(call, checked(document))


def delete(call: Call) -> Answer:
    """Gone, unless a location points at it (12107) or it is HTTP voice's last one (13653)."""
    app_id = call.where["application"]
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
        if peer.uses(app_id)
    ]
    return Answer(200, {"AssociatedSipPeers": {"AssociatedSipPeer": found}})


def voice_applications(store: Store) -> list[str]:
    """The ids of all Voice-V2 applications."""
    return [i for i, document in store.applications.items() if document["ServiceType"] == VOICE]


def _store(call: Call, document: Tree) -> Answer:
    app_id = call.where["application"]
    call.store.applications[app_id] = document
    return Answer(200, {"Application": shown(app_id, document)})


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
    for method, (url, code) in _METHODS.items():
        if method in document and url not in document:
            raise Refusal(code, name=url)
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


def shown(app_id: str, document: Tree) -> Tree:
    """The application as a read has it: mirrors and defaults added, passwords left out."""
    described = _messaging(document) if document["ServiceType"] == MESSAGING else _voice(document)
    return {
        "ApplicationId": app_id,
        "ServiceType": document["ServiceType"],
        "AppName": document["AppName"],
        **described,
    }


def _messaging(document: Tree) -> Tree:
    inbound, outbound = document["InboundCallbackUrl"], document.get("OutboundCallbackUrl")
    creds = {
        f"{side}CallbackCreds": _user_only(document[f"{side}CallbackCreds"])
        for side in ("Inbound", "Outbound")
        if f"{side}CallbackCreds" in document
    }
    found: Tree = {"CallbackUrl": inbound} if inbound == outbound else {}
    found |= {"MsgCallbackUrl": inbound, "InboundCallbackUrl": inbound}
    if outbound:
        found["OutboundCallbackUrl"] = outbound
    found["RequestedCallbackTypes"] = document.get("RequestedCallbackTypes", {"CallbackType": _ALL_TYPES})
    if "InboundCallbackCreds" in creds:
        one_form = inbound == outbound and len(set(map(str, creds.values()))) == 1 < len(creds)
        mirror = "CallbackCreds" if one_form else "MsgCallbackCreds"
        found[mirror] = creds["InboundCallbackCreds"]
    return found | creds


def _voice(document: Tree) -> Tree:
    methods = {method: "POST" for method, (url, _) in _METHODS.items() if url in document}
    whole = {**methods, **document}
    return {
        name: _user_only(whole[name]) if name.endswith("Creds") else whole[name]
        for name in _VOICE_ORDER
        if name in whole
    }


def _user_only(block: Tree) -> Tree:
    return {"UserId": block["UserId"]}
