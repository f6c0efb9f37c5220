"""What a published answer says, read by XPath alone: the second opinion on what the client decodes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree
from wire_documents import Exchange, leaves

Cast = Callable[[str], Any]


def _flag(text: str) -> bool:
    return text == "true"


def _user(text: str) -> dict[str, str]:
    return {"user_id": text}


def _service(text: str) -> str:
    return f"{text.removesuffix('-V2')}-V2"


def _digits(text: str) -> str:
    return text.removeprefix("+1")


ADDRESS = {
    "house_number": "HouseNumber", "house_suffix": "HouseSuffix", "pre_directional": "PreDirectional",
    "street_name": "StreetName", "street_suffix": "StreetSuffix", "post_directional": "PostDirectional",
    "address_line_2": "AddressLine2", "city": "City", "county": "County", "state_code": "StateCode",
    "zip": "Zip", "plus_four": "PlusFour", "country": "Country", "address_type": "AddressType",
}  # fmt: skip
APPLICATION: Mapping[str, tuple[str, Cast]] = {
    "id": ("ApplicationId", str),
    "name": ("AppName", str),
    "service_type": ("ServiceType", _service),
    "inbound_callback_url": ("InboundCallbackUrl", str),
    "inbound_callback_creds": ("InboundCallbackCreds/UserId", _user),
    "outbound_callback_url": ("OutboundCallbackUrl", str),
    "outbound_callback_creds": ("OutboundCallbackCreds/UserId", _user),
    "call_initiated_callback_url": ("CallInitiatedCallbackUrl", str),
    "call_initiated_method": ("CallInitiatedMethod", str),
    "call_status_callback_url": ("CallStatusCallbackUrl", str),
    "call_status_method": ("CallStatusMethod", str),
    "callback_creds": ("CallbackCreds/UserId", _user),
    "call_initiated_fallback_url": ("CallInitiatedFallbackUrl", str),
    "call_initiated_fallback_method": ("CallInitiatedFallbackMethod", str),
    "call_initiated_fallback_creds": ("CallInitiatedFallbackCreds/UserId", _user),
    "callback_timeout": ("CallbackTimeout", int),
}
SITE: Mapping[str, tuple[str, Cast]] = {
    "id": ("Id", str),
    "name": ("Name", str),
    "description": ("Description", str),
    "customer_name": ("CustomerName", str),
    "customer_provided_id": ("CustomerProvidedId", str),
    "uc_trunking_configuration.type": ("UcTrunkingConfiguration/Type", str),
    "uc_trunking_configuration.usage_category": ("UcTrunkingConfiguration/UsageCategory", str),
}
SIP_PEER: Mapping[str, tuple[str, Cast]] = {
    "id": ("PeerId", str),
    "name": ("PeerName", str),
    "description": ("Description", str),
    "is_default_peer": ("IsDefaultPeer", _flag),
    "calling_name.display": ("CallingName/Display", _flag),
    "calling_name.enforced": ("CallingName/Enforced", _flag),
    "final_destination_uri": ("FinalDestinationUri", str),
    "billing_identifier": ("BillingIdentifier", str),
    "premise_trunks": ("PremiseTrunks", str),
    "ss_send_to_customer": ("SsSendToCustomer", str),
    "call_verification_enabled": ("CallVerificationEnabled", _flag),
    "pindrop_enabled": ("PindropEnabled", _flag),
}
SETTINGS = "SipPeerSmsFeatureSettings/"
SMS: Mapping[str, tuple[str, Cast]] = {
    "toll_free": (SETTINGS + "TollFree", _flag),
    "short_code": (SETTINGS + "ShortCode", _flag),
    "a2p_long_code": (SETTINGS + "A2pLongCode", str),
    "a2p_message_class": (SETTINGS + "A2pMessageClass", str),
    "a2p_campaign_id": (SETTINGS + "A2pCampaignId", str),
    "protocol": (SETTINGS + "Protocol", str),
}
MMS: Mapping[str, tuple[str, Cast]] = {"protocol": ("MmsSettings/*", str)}
ASSIGNED: Mapping[str, tuple[str, Cast]] = {"application": ("HttpMessagingV2AppId", str)}
# what an answer is about, by the path's end: its element, and how to read that
OBJECTS = {
    "/applications": ("Application", APPLICATION),
    "/sites": ("Site", SITE),
    "/sippeers": ("SipPeer", SIP_PEER),
    "/features/sms": ("SipPeerSmsFeature", SMS),
    "/features/mms": ("MmsFeature", MMS),
    "/applicationSettings": ("ApplicationsSettings", ASSIGNED),
}


def says(exchange: Exchange, root: etree._Element) -> Any:
    """What the client ought to make of the answer, in the form that `wire_client.decoded` has."""
    if exchange.status >= 400:
        return _error(exchange.status, root)
    path = exchange.template
    for end, (name, table) in OBJECTS.items():
        if path.endswith(end) and exchange.method == "GET" and "/products/" not in path:
            return [_object(node, table) for node in root.iter(name)]
        if re.search(end + r"(/\{\w+\})?$", path):
            found = _object(next(root.iter(name)), table)
            return {field: value for field, value in found.items() if field != "id"}
    if side := re.search(r"/(origination|termination)/settings$", path):
        return {side[1]: root.findtext(".//HttpVoiceV2AppId")}
    if exchange.method != "GET":
        return {name: texts for name, texts in _texts(root).items()
                if name.rpartition("/")[2] in {"id", "OrderStatus"}}  # fmt: skip
    return next((read(root) for end, read in READ.items() if path.endswith(end)), _texts(root))


def _object(node: etree._Element, table: Mapping[str, tuple[str, Cast]]) -> dict[str, Any]:
    found = {field: cast(text) for field, (path, cast) in table.items() if (text := node.findtext(path))}
    parts = {part: text for part, name in ADDRESS.items() if (text := node.findtext(f"Address/{name}"))}
    types = sorted(e.text or "" for e in node.iter("CallbackType"))
    zones = [n for n in range(1, 6) if node.findtext(f"{SETTINGS}Zone{n}") == "true"]
    lists = {"address": parts, "requested_callback_types": types, "zones": zones}
    urls = {node.findtext(name) for name in ("InboundCallbackUrl", "OutboundCallbackUrl")}
    one = {"callback_url": node.findtext("MsgCallbackUrl") or node.findtext("CallbackUrl")}
    mirrored = len(urls) == 1 and one["callback_url"] is not None
    return found | {name: value for name, value in lists.items() if value} | (one if mirrored else {})


def _error(status: int, root: etree._Element) -> dict[str, str]:
    kinds = {401: "Unauthorised", 403: "Forbidden", 404: "NotFound"}
    code = root.findtext(".//ErrorCode") or root.findtext(".//Error/Code") or ""
    text = root.findtext(".//ResponseStatus/Description") or root.findtext(".//Error/Description") or ""
    kind = kinds.get(status, "ServerFailed" if status >= 500 else "Refused")
    return {"error": kind, "code": code, "description": " ".join(text.split())}


def _texts(root: etree._Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path, text in leaves(root):
        if text:
            found.setdefault("/".join(path), []).append(text)
    return found


def _order(root: etree._Element) -> dict[str, Any]:
    errors = [[e.findtext(name) for name in ("Code", "Description", "TelephoneNumber")]
              for e in root.iter("Error")]  # fmt: skip
    return {
        "status": root.findtext("OrderStatus"),
        "quantity": int(
            root.findtext("Order//Quantity") or len(list(root.iterfind("Order//TelephoneNumber")))
        ),
        "delivered": [_digits(e.text or "") for e in root.iterfind("CompletedNumbers//FullNumber")],
        "reasons": [f"{code} {text}" + (f" ({number})" if number else "") for code, text, number in errors],
    }


def _orders(root: etree._Element) -> dict[str, Any]:
    names = ("orderId", "CustomerOrderId", "OrderStatus")
    return {"rows": [[row.findtext(name) for name in names] for row in root.iter("OrderIdUserIdDate")]}


def _numbers(root: etree._Element) -> list[list[str]]:
    return [[_digits(row.findtext("FullNumber") or ""), row.findtext(".//CampaignId") or ""]
            for row in root.iter("SipPeerTelephoneNumber")]  # fmt: skip


def _total(root: etree._Element) -> int:
    return int("".join(e.text or "" for e in root.iter("SipPeerTelephoneNumbersCount")).strip())


def _whereabouts(root: etree._Element) -> str:
    return "HERE" if root.findtext("*/Status") == "Inservice" else "RELEASED"


READ: Mapping[str, Callable[[etree._Element], Any]] = {
    "/orders": _orders,
    "/orders/{orderId}": _order,
    "/sippeers/{sipPeerId}/tns": _numbers,
    "/sippeers/{sipPeerId}/totaltns": _total,
    "/tndetails": _whereabouts,
}
