"""Each rule of the API as a case: what is there, what is asked, which status and code come back."""

from __future__ import annotations

import pytest
from caller import (
    ACCOUNT,
    ADDRESS,
    APPS,
    CREDS,
    MMS,
    ORDERS,
    PEER,
    PEERS,
    PRODUCTS,
    SITES,
    by_area_code,
    furnished,
    order,
    sms,
)

APP = f"{APPS}/{{msg}}"
VOICE_APP = f"{APPS}/{{voice}}"
SITE = f"{SITES}/{{site}}"
SMS_PATH = f"{PRODUCTS}/messaging/features/sms"
MMS_PATH = f"{PRODUCTS}/messaging/features/mms"
ASSIGN = f"{PRODUCTS}/messaging/applicationSettings"
ORIGINATION = f"{PRODUCTS}/origination/settings"
TERMINATION = f"{PRODUCTS}/termination/settings"

Call = tuple[str, str, str]
ENABLE_SMS: Call = ("POST", SMS_PATH, sms())
ENABLE_MMS: Call = ("POST", MMS_PATH, MMS)


def app(fields: str, service: str = "Messaging-V2", name: str = "<AppName>x</AppName>") -> str:
    return f"<Application><ServiceType>{service}</ServiceType>{name}{fields}</Application>"


def site(fields: str = ADDRESS, name: str = "s") -> str:
    return f"<Site><Name>{name}</Name>{fields}</Site>"


def peer(fields: str = "", name: str = "p") -> str:
    return f"<SipPeer><PeerName>{name}</PeerName>{fields}</SipPeer>"


def voice(side: str, protocol: str, app_id: str = "") -> str:
    settings = f"<HttpSettings><HttpVoiceV2AppId>{app_id}</HttpVoiceV2AppId></HttpSettings>"
    root = f"SipPeer{side}Settings"
    inner = f"<VoiceProtocol>{protocol}</VoiceProtocol>{settings if app_id else ''}"
    return f"<{root}>{inner}</{root}>"


def assign(text: str) -> str:
    return f"<ApplicationsSettings>{text}</ApplicationsSettings>"


def host(name: str, wrapper: str = "VoiceHosts") -> str:
    return f"<{wrapper}><Host><HostName>{name}</HostName></Host></{wrapper}>"


def terminating(name: str) -> str:
    inner = f"<TerminationHost><HostName>{name}</HostName></TerminationHost>"
    return f"<TerminationHosts>{inner}</TerminationHosts>"


def plan(action: str, priorities: tuple[int, ...] = (1,)) -> str:
    routes = "".join(
        f"<Route><Endpoint>9195550100</Endpoint><Priority>{p}</Priority><Weight>1</Weight></Route>"
        for p in priorities
    )
    act = f"<Action>{action}</Action>" if action else ""
    return f"<OriginationRoutePlan>{act}{routes}</OriginationRoutePlan>"


INBOUND = "<InboundCallbackUrl>https://a.example/in</InboundCallbackUrl>"
OUTBOUND = "<OutboundCallbackUrl>https://a.example/out</OutboundCallbackUrl>"
ONE_URL = "<MsgCallbackUrl>https://a.example/all</MsgCallbackUrl>"
CALL_URL = "<CallInitiatedCallbackUrl>https://a.example/c</CallInitiatedCallbackUrl>"
STATUS_URL = "<CallStatusCallbackUrl>https://a.example/s</CallStatusCallbackUrl>"
IN_CREDS = f"<InboundCallbackCreds>{CREDS}</InboundCallbackCreds>"
USER_ONLY = "<InboundCallbackCreds><UserId>another-user</UserId></InboundCallbackCreds>"
LONG = "x" * 51

# name: (what happens before, the call, its status, its code)
APPLICATIONS: dict[str, tuple[list[Call], Call, int, int]] = {
    "no name": ([], ("POST", APPS, app(INBOUND, name="")), 400, 12806),
    "blank name": ([], ("POST", APPS, app(INBOUND, name="<AppName/>")), 400, 12806),
    "unknown service": ([], ("POST", APPS, app(INBOUND, "Messaging")), 400, 12801),
    "messaging without a URL": ([], ("POST", APPS, app("")), 400, 12802),
    "voice without a URL": ([], ("POST", APPS, app("", "Voice-V2")), 400, 1003),
    "not a URL": ([], ("POST", APPS, app(INBOUND.replace("https:", "mail:"))), 400, 12803),
    "blank URL": ([], ("POST", APPS, app(INBOUND + "<OutboundCallbackUrl/>")), 400, 12803),
    "creds over http": (
        [],
        ("POST", APPS, app(INBOUND.replace("https", "http") + IN_CREDS)),
        400,
        12812,
    ),
    "user alone on create": ([], ("POST", APPS, app(INBOUND + USER_ONLY)), 400, 12977),
    "password alone": (
        [],
        ("POST", APPS, app(INBOUND + IN_CREDS.replace("<UserId>hook-user</UserId>", ""))),
        400,
        12800,
    ),
    "short user": ([], ("POST", APPS, app(INBOUND + IN_CREDS.replace("hook-user", "u"))), 400, 1012),
    "long password": (
        [],
        ("POST", APPS, app(INBOUND + IN_CREDS.replace("hook-password", "p" * 64))),
        400,
        1011,
    ),
    "two one-URL fields that differ": (
        [],
        ("POST", APPS, app(ONE_URL + "<CallbackUrl>https://b.example</CallbackUrl>")),
        400,
        12960,
    ),
    "one URL beside inbound": ([], ("POST", APPS, app(ONE_URL + INBOUND)), 400, 13065),
    "one URL beside outbound": ([], ("POST", APPS, app(ONE_URL + OUTBOUND)), 400, 13065),
    "one creds block beside inbound creds": (
        [],
        ("POST", APPS, app(INBOUND + IN_CREDS + f"<CallbackCreds>{CREDS}</CallbackCreds>")),
        400,
        13066,
    ),
    "a voice field on messaging": ([], ("POST", APPS, app(INBOUND + CALL_URL)), 400, 12962),
    "a messaging field on voice": (
        [],
        ("POST", APPS, app(CALL_URL + INBOUND, "Voice-V2")),
        400,
        12962,
    ),
    "bad method": (
        [],
        ("POST", APPS, app(CALL_URL + "<CallInitiatedMethod>PUT</CallInitiatedMethod>", "Voice-V2")),
        400,
        12961,
    ),
    "status method without its URL": (
        [],
        ("POST", APPS, app(CALL_URL + "<CallStatusMethod>GET</CallStatusMethod>", "Voice-V2")),
        400,
        12963,
    ),
    "fallback method without its URL": (
        [],
        (
            "POST",
            APPS,
            app(
                CALL_URL + "<CallInitiatedFallbackMethod>GET</CallInitiatedFallbackMethod>",
                "Voice-V2",
            ),
        ),
        400,
        13048,
    ),
    "timeout out of range": (
        [],
        ("POST", APPS, app(CALL_URL + "<CallbackTimeout>26</CallbackTimeout>", "Voice-V2")),
        400,
        13047,
    ),
    "timeout no integer": (
        [],
        ("POST", APPS, app(CALL_URL + "<CallbackTimeout>x</CallbackTimeout>", "Voice-V2")),
        400,
        13049,
    ),
    "remove on create": (
        [],
        ("POST", APPS, app(CALL_URL + "<CallStatusCallbackUrl>remove</CallStatusCallbackUrl>", "Voice-V2")),
        400,
        12803,
    ),
    "unknown callback type": (
        [],
        (
            "POST",
            APPS,
            app(
                INBOUND + "<RequestedCallbackTypes><CallbackType>MESSAGE_FAILED</CallbackType>"
                "</RequestedCallbackTypes>"
            ),
        ),
        400,
        1008,
    ),
    "service changed by PUT": ([], ("PUT", APP, app(CALL_URL, "Voice-V2")), 400, 12964),
    "service changed by PATCH": (
        [],
        ("PATCH", APP, "<Application><ServiceType>Voice-V2</ServiceType></Application>"),
        400,
        12964,
    ),
    "another user by PUT without password": ([], ("PUT", APP, app(INBOUND + USER_ONLY)), 400, 12976),
    "unknown on GET": ([], ("GET", f"{APPS}/none", ""), 404, 13629),
    "unknown on PATCH": ([], ("PATCH", f"{APPS}/none", "<Application/>"), 404, 13629),
    "unknown on DELETE": ([], ("DELETE", f"{APPS}/none", ""), 404, 13629),
    "unknown on associatedsippeers": ([], ("GET", f"{APPS}/none/associatedsippeers", ""), 404, 13629),
    "in use": (
        [
            ENABLE_SMS,
            ("PUT", ASSIGN, assign("<HttpMessagingV2AppId>{msg}</HttpMessagingV2AppId>")),
        ],
        ("DELETE", APP, ""),
        400,
        12107,
    ),
    "in use by voice": (
        [("POST", ORIGINATION, voice("Origination", "HTTP", "{voice}"))],
        ("DELETE", VOICE_APP, ""),
        400,
        12107,
    ),
    "last voice application of HTTP voice": (
        [("POST", ORIGINATION, voice("Origination", "HTTP"))],
        ("DELETE", VOICE_APP, ""),
        400,
        13653,
    ),
}

TRUNK = "<UcTrunkingConfiguration><Type>{}</Type><UsageCategory>{}</UsageCategory></UcTrunkingConfiguration>"
SITE_CASES: dict[str, tuple[list[Call], Call, int, int]] = {
    "no address": ([], ("POST", SITES, site("")), 400, 1003),
    "no address on PUT": ([], ("PUT", SITE, site("")), 400, 1003),
    "no name": ([], ("POST", SITES, f"<Site>{ADDRESS}</Site>"), 400, 12533),
    "name of 51": ([], ("POST", SITES, site(name=LONG)), 400, 12529),
    "description of 251": (
        [],
        ("POST", SITES, site(f"<Description>{'d' * 251}</Description>{ADDRESS}")),
        400,
        4016,
    ),
    "customer id of 11": (
        [],
        ("POST", SITES, site(f"<CustomerProvidedId>12345678901</CustomerProvidedId>{ADDRESS}")),
        400,
        12606,
    ),
    "customer id of letters": (
        [],
        ("POST", SITES, site(f"<CustomerProvidedId>abc</CustomerProvidedId>{ADDRESS}")),
        400,
        12544,
    ),
    "no house number": (
        [],
        ("POST", SITES, site(ADDRESS.replace("<HouseNumber>900</HouseNumber>", ""))),
        400,
        12536,
    ),
    "blank city": ([], ("POST", SITES, site(ADDRESS.replace("Raleigh", ""))), 400, 12540),
    "state of three": ([], ("POST", SITES, site(ADDRESS.replace("NC", "NCA"))), 400, 12543),
    "zip of four": ([], ("POST", SITES, site(ADDRESS.replace("27606", "2760"))), 400, 13103),
    "zip of nowhere": ([], ("POST", SITES, site(ADDRESS.replace("27606", "00000"))), 400, 12113),
    "misspelled street": (
        [],
        ("POST", SITES, site(ADDRESS.replace("Main", "Pennsylvanio"))),
        409,
        12112,
    ),
    "misspelled city on PUT": ([], ("PUT", SITE, site(ADDRESS.replace("Raleigh", "WASHINGTUN"))), 409, 12112),
    "unknown address type": (
        [],
        ("POST", SITES, site(ADDRESS.replace("<Zip>", "<AddressType>Home</AddressType><Zip>"))),
        400,
        12579,
    ),
    "unknown trunking type": (
        [],
        ("POST", SITES, site(ADDRESS + TRUNK.format("Sofas", "UC250"))),
        400,
        12614,
    ),
    "unknown usage": ([], ("POST", SITES, site(ADDRESS + TRUNK.format("Seats", "UC1"))), 400, 12599),
    "usage without seats": ([], ("POST", SITES, site(ADDRESS + TRUNK.format("Cloud", "UC250"))), 400, 12617),
    "an id on create": ([], ("POST", SITES, site("<Id>5</Id>" + ADDRESS)), 400, 12534),
    "another id on PUT": ([], ("PUT", SITE, site("<Id>5</Id>" + ADDRESS)), 400, 12521),
    "unknown": ([], ("GET", f"{SITES}/5", ""), 404, 12016),
    "delete unknown": ([], ("DELETE", f"{SITES}/5", ""), 404, 12016),
    "delete with locations": ([], ("DELETE", SITE, ""), 400, 12031),
}

SECOND: Call = ("POST", PEERS, peer(name="second"))
HTTP_VOICE: Call = ("POST", ORIGINATION, voice("Origination", "HTTP", "{voice}"))
BACKORDER = "<BackOrderRequested>true</BackOrderRequested><PartialAllowed>false</PartialAllowed>"
LOCATIONS: dict[str, tuple[list[Call], Call, int, int]] = {
    "no name": ([], ("POST", PEERS, "<SipPeer/>"), 400, 13500),
    "name of 51": ([], ("POST", PEERS, peer(name=LONG)), 400, 13501),
    "description of 51": ([], ("POST", PEERS, peer(f"<Description>{LONG}</Description>")), 400, 13503),
    "name taken": ([], ("POST", PEERS, peer(name="desk")), 409, 13524),
    "name taken on PUT": ([SECOND], ("PUT", PEER, peer(name="second")), 409, 13524),
    "default unset": (
        [],
        ("PUT", PEER, peer("<IsDefaultPeer>false</IsDefaultPeer>")),
        400,
        13522,
    ),
    "default left out of PUT": ([], ("PUT", PEER, peer()), 400, 13522),
    "bad boolean": ([], ("POST", PEERS, peer("<IsDefaultPeer>yes</IsDefaultPeer>")), 400, 1008),
    "caller name without display": (
        [],
        ("POST", PEERS, peer("<CallingName><Enforced>true</Enforced></CallingName>")),
        400,
        13581,
    ),
    "caller name without enforced": (
        [],
        ("POST", PEERS, peer("<CallingName><Display>true</Display></CallingName>")),
        400,
        13582,
    ),
    "hosts and groups": (
        [],
        (
            "POST",
            PEERS,
            peer(
                host("a.example")
                + f"<VoiceHostGroups>{host('b.example', 'VoiceHostGroup')}</VoiceHostGroups>"
            ),
        ),
        400,
        13504,
    ),
    "two groups": (
        [],
        (
            "POST",
            PEERS,
            peer(f"<VoiceHostGroups>{host('b.example', 'VoiceHostGroup') * 2}</VoiceHostGroups>"),
        ),
        400,
        13507,
    ),
    "eleven hosts": (
        [],
        ("POST", PEERS, peer(f"<VoiceHosts>{'<Host><HostName>a.b</HostName></Host>' * 11}</VoiceHosts>")),
        400,
        13506,
    ),
    "the same host twice": (
        [],
        ("POST", PEERS, peer(f"<VoiceHosts>{'<Host><HostName>a.b</HostName></Host>' * 2}</VoiceHosts>")),
        400,
        13553,
    ),
    "not a host": ([], ("POST", PEERS, peer(host("a b"))), 400, 13509),
    "port out of range": (
        [],
        (
            "POST",
            PEERS,
            peer(host("a.b</HostName><Port>65536</Port><HostName>").replace("<HostName></HostName>", "")),
        ),
        400,
        13543,
    ),
    "termination host in use elsewhere": (
        [("POST", PEERS, peer(terminating("10.0.0.0/30"), "other"))],
        ("POST", PEERS, peer(terminating("10.0.0.2"))),
        400,
        13552,
    ),
    "mask too wide": ([], ("POST", PEERS, peer(terminating("10.0.0.0/19"))), 400, 13593),
    "mask too wide on PUT": (
        [],
        ("PUT", PEER, peer(terminating("10.0.0.0/23") + "<IsDefaultPeer>true</IsDefaultPeer>")),
        400,
        13593,
    ),
    "host part not zero": ([], ("POST", PEERS, peer(terminating("10.0.0.1/30"))), 400, 13595),
    "new plan without action": ([], ("POST", PEERS, peer(plan(""))), 400, 13685),
    "new plan unchanged": ([], ("POST", PEERS, peer(plan("unchanged"))), 400, 13686),
    "unknown action": ([], ("PUT", PEER, peer(plan("on"))), 400, 5207),
    "off with routes": ([], ("PUT", PEER, peer(plan("off"))), 400, 5208),
    "plan without routes": ([], ("POST", PEERS, peer(plan("asSpecified", ()))), 400, 5184),
    "priorities with a gap": ([], ("POST", PEERS, peer(plan("asSpecified", (1, 3)))), 400, 5223),
    "two call checks": (
        [],
        (
            "POST",
            PEERS,
            peer(
                "<CallVerificationEnabled>true</CallVerificationEnabled><PindropEnabled>true</PindropEnabled>"
            ),
        ),
        400,
        13693,
    ),
    "an id on create": ([], ("POST", PEERS, peer("<PeerId>1</PeerId>")), 400, 1005),
    "another id on PUT": ([], ("PUT", PEER, peer("<PeerId>1</PeerId>")), 400, 1008),
    "misspelled city": (
        [],
        ("POST", PEERS, peer(ADDRESS.replace("Raleigh", "Washingtun"))),
        409,
        12112,
    ),
    "zip of nowhere": ([], ("POST", PEERS, peer(ADDRESS.replace("27606", "00000"))), 400, 12113),
    "unknown on GET": ([], ("GET", f"{PEERS}/1", ""), 400, 13563),
    "unknown on PUT": ([], ("PUT", f"{PEERS}/1", peer()), 400, 13563),
    "unknown on DELETE": ([], ("DELETE", f"{PEERS}/1", ""), 404, 13557),
    "unknown sub-account": ([], ("GET", f"{SITES}/1/sippeers", ""), 404, 12016),
    "hosts while HTTP": (
        [HTTP_VOICE],
        ("PUT", PEER, peer(host("a.example") + "<IsDefaultPeer>true</IsDefaultPeer>")),
        400,
        13646,
    ),
    "delete default of two": ([SECOND], ("DELETE", PEER, ""), 400, 13558),
    "delete with SMS": ([ENABLE_SMS], ("DELETE", PEER, ""), 400, 13613),
    "delete with MMS": ([ENABLE_SMS, ENABLE_MMS], ("DELETE", PEER, ""), 400, 13622),
    "delete with HTTP voice": ([HTTP_VOICE], ("DELETE", PEER, ""), 400, 13652),
    "delete with an order under way": (
        [("POST", ORDERS, order(by_area_code()))],
        ("DELETE", PEER, ""),
        400,
        13555,
    ),
    "delete with termination hosts": (
        [("PUT", PEER, peer(terminating("10.0.0.0/30") + "<IsDefaultPeer>true</IsDefaultPeer>"))],
        ("DELETE", PEER, ""),
        400,
        13556,
    ),
}

CAMPAIGN = "<A2pCampaignId>C1</A2pCampaignId>"
MESSAGE_CLASS = "<A2pMessageClass>K</A2pMessageClass>"
A2P = "<A2pLongCode>{}</A2pLongCode>"
PRODUCT_CASES: dict[str, tuple[list[Call], Call, int, int]] = {
    "sms never enabled": ([], ("GET", SMS_PATH, ""), 404, 0),
    "mms never enabled": ([], ("GET", MMS_PATH, ""), 404, 0),
    "mms settings never enabled": ([], ("GET", f"{MMS_PATH}/settings", ""), 404, 0),
    "origination never set": ([], ("GET", ORIGINATION, ""), 404, 0),
    "termination never set": ([], ("GET", TERMINATION, ""), 404, 0),
    "delete sms that is off": ([], ("DELETE", SMS_PATH, ""), 404, 0),
    "delete mms that is off": ([], ("DELETE", MMS_PATH, ""), 404, 0),
    "sms twice": ([ENABLE_SMS], ENABLE_SMS, 400, 1015),
    "mms twice": ([ENABLE_SMS, ENABLE_MMS], ENABLE_MMS, 400, 1015),
    "origination twice": ([HTTP_VOICE], HTTP_VOICE, 400, 1015),
    "change sms that is off": ([], ("PUT", SMS_PATH, sms()), 400, 1016),
    "change mms that is off": ([], ("PUT", MMS_PATH, MMS), 400, 1016),
    "change termination that is off": (
        [],
        ("PUT", TERMINATION, voice("Termination", "SIP")),
        400,
        1016,
    ),
    "mms before sms": ([], ENABLE_MMS, 400, 13623),
    "sms removed before mms": ([ENABLE_SMS, ENABLE_MMS], ("DELETE", SMS_PATH, ""), 400, 13624),
    "zone 1 off": ([], ("POST", SMS_PATH, sms(zone1="false")), 400, 1008),
    "zone 5 left out": (
        [],
        ("POST", SMS_PATH, sms().replace("<Zone5>false</Zone5>", "")),
        400,
        1003,
    ),
    "unknown protocol": ([], ("POST", SMS_PATH, sms(protocol="FAX")), 400, 13567),
    "SMPP with HTTP settings": ([], ("POST", SMS_PATH, sms(protocol="SMPP")), 400, 13608),
    "unknown long code state": ([], ("POST", SMS_PATH, sms(A2P.format("DEFAULT_ON"))), 400, 13636),
    "campaign with everything off": (
        [],
        ("POST", SMS_PATH, sms(CAMPAIGN, toll_free="false")),
        400,
        13637,
    ),
    "no campaign": ([], ("POST", SMS_PATH, sms(A2P.format("ON") + MESSAGE_CLASS)), 400, 13638),
    "no message class": ([], ("POST", SMS_PATH, sms(A2P.format("DefaultOn") + CAMPAIGN)), 400, 13641),
    "message class while off": ([], ("POST", SMS_PATH, sms(A2P.format("OFF") + MESSAGE_CLASS)), 400, 13642),
    "bad campaign": (
        [],
        ("POST", SMS_PATH, sms("<A2pCampaignId>a/b</A2pCampaignId>")),
        400,
        12822,
    ),
    "two MMS protocols": (
        [ENABLE_SMS],
        ("POST", MMS_PATH, MMS.replace("<Protocols>", "<Protocols><MM4/>")),
        400,
        13606,
    ),
    "another MMS protocol": ([ENABLE_SMS], ("POST", MMS_PATH, MMS.replace(">HTTP<", ">MM4<")), 400, 13608),
    "application before sms": (
        [],
        ("PUT", ASSIGN, assign("<HttpMessagingV2AppId>{msg}</HttpMessagingV2AppId>")),
        400,
        13645,
    ),
    "unknown application": (
        [ENABLE_SMS],
        ("PUT", ASSIGN, assign("<HttpMessagingV2AppId>none</HttpMessagingV2AppId>")),
        400,
        13629,
    ),
    "voice application for messages": (
        [ENABLE_SMS],
        ("PUT", ASSIGN, assign("<HttpMessagingV2AppId>{voice}</HttpMessagingV2AppId>")),
        400,
        13648,
    ),
    "another word than REMOVE": ([ENABLE_SMS], ("PUT", ASSIGN, assign("DELETE")), 400, 13628),
    "nothing to assign": ([ENABLE_SMS], ("PUT", ASSIGN, assign("")), 400, 13628),
    "unknown voice protocol": ([], ("POST", ORIGINATION, voice("Origination", "FAX")), 400, 13647),
    "application with SIP": (
        [],
        ("POST", ORIGINATION, voice("Origination", "SIP", "{voice}")),
        400,
        13649,
    ),
    "messaging application for calls": (
        [],
        ("POST", TERMINATION, voice("Termination", "HTTP", "{msg}")),
        400,
        13648,
    ),
    "unknown voice application": (
        [],
        ("POST", TERMINATION, voice("Termination", "HTTP", "none")),
        400,
        13629,
    ),
    "no voice application at all": (
        [("DELETE", VOICE_APP, "")],
        ("POST", TERMINATION, voice("Termination", "HTTP")),
        400,
        13650,
    ),
}

EXISTING = (
    "<ExistingTelephoneNumberOrderType><TelephoneNumberList>{}</TelephoneNumberList>"
    "</ExistingTelephoneNumberOrderType>"
)
TN = "<TelephoneNumber>{}</TelephoneNumber>"
NPANXX = "<NPANXXSearchAndOrderType><NpaNxx>919329</NpaNxx><Quantity>1</Quantity></NPANXXSearchAndOrderType>"
NO_QUANTITY = "<AreaCodeSearchAndOrderType><AreaCode>919</AreaCode></AreaCodeSearchAndOrderType>"
DISCONNECTS = f"{ACCOUNT}/disconnects"
DISCONNECT = (
    "<DisconnectTelephoneNumberOrder><DisconnectTelephoneNumberOrderType><TelephoneNumberList>"
    "<TelephoneNumber>{}</TelephoneNumber></TelephoneNumberList>{}"
    "</DisconnectTelephoneNumberOrderType></DisconnectTelephoneNumberOrder>"
)
ORDER_CASES: dict[str, tuple[list[Call], Call, int, int]] = {
    "no sub-account": (
        [],
        ("POST", ORDERS, f"<Order>{by_area_code()}</Order>"),
        400,
        5022,
    ),
    "unknown sub-account": ([], ("POST", ORDERS, order(by_area_code(), "1")), 400, 5016),
    "no default location": (
        [("DELETE", PEER, "")],
        ("POST", ORDERS, order(by_area_code())),
        400,
        5020,
    ),
    "no type": ([], ("POST", ORDERS, order("")), 400, 5087),
    "two types": ([], ("POST", ORDERS, order(by_area_code() + NPANXX)), 400, 5087),
    "no quantity": ([], ("POST", ORDERS, order(NO_QUANTITY)), 400, 5009),
    "quantity 0": ([], ("POST", ORDERS, order(by_area_code(0))), 400, 5009),
    "negative quantity": ([], ("POST", ORDERS, order(by_area_code(-1))), 400, 5009),
    "quantity of words": ([], ("POST", ORDERS, order(by_area_code("all"))), 400, 5009),
    "quantity of 5,000 digits": ([], ("POST", ORDERS, order(by_area_code("9" * 5000))), 400, 5009),
    "quantity 5001": ([], ("POST", ORDERS, order(by_area_code(5001))), 400, 5211),
    "no area code": ([], ("POST", ORDERS, order(by_area_code(code="111"))), 400, 5002),
    "a toll-free area code": ([], ("POST", ORDERS, order(by_area_code(code="800"))), 400, 5002),
    "id of 41": (
        [],
        ("POST", ORDERS, order(by_area_code(), extra=f"<CustomerOrderId>{'x' * 41}</CustomerOrderId>")),
        400,
        5052,
    ),
    "id with an underscore": (
        [],
        ("POST", ORDERS, order(by_area_code(), extra="<CustomerOrderId>a_b</CustomerOrderId>")),
        400,
        5052,
    ),
    "bad partial": (
        [],
        ("POST", ORDERS, order(by_area_code(), extra="<PartialAllowed>1</PartialAllowed>")),
        400,
        5217,
    ),
    "back-order of an exchange": ([], ("POST", ORDERS, order(NPANXX, extra=BACKORDER)), 400, 5522),
    "a number of 9 digits": (
        [],
        ("POST", ORDERS, order(EXISTING.format(TN.format("919329091")))),
        400,
        5070,
    ),
    "an E.164 number in version 1": (
        [],
        ("POST", ORDERS, order(EXISTING.format(TN.format("+19193290919")))),
        400,
        5070,
    ),
    "a number twice": (
        [],
        ("POST", ORDERS, order(EXISTING.format(TN.format("9193290919") * 2))),
        400,
        5093,
    ),
    "no numbers": ([], ("POST", ORDERS, order(EXISTING.format(""))), 400, 5001),
    "a bare number list": (
        [],
        ("POST", ORDERS, order(f"<TelephoneNumberList>{TN.format('9193290919')}</TelephoneNumberList>")),
        400,
        1005,
    ),
    "unknown order": ([], ("GET", f"{ORDERS}/none", ""), 404, 5061),
    "page of an unknown order": ([], ("GET", f"{ORDERS}?page=none&size=1", ""), 404, 5061),
    "page of 1001": ([], ("GET", f"{ORDERS}?page=1&size=1001", ""), 400, 1006),
    "unknown status": ([], ("GET", f"{ORDERS}?page=1&size=1&status=received", ""), 400, 15518),
    "unknown disconnect": ([], ("GET", f"{DISCONNECTS}/none", ""), 404, 5061),
    "disconnect without the wrapper": (
        [],
        (
            "POST",
            DISCONNECTS,
            "<DisconnectTelephoneNumberOrder><Name>n</Name></DisconnectTelephoneNumberOrder>",
        ),
        400,
        5001,
    ),
    "disconnect of no number": ([], ("POST", DISCONNECTS, DISCONNECT.format("1", "")), 400, 5070),
    "unknown mode": (
        [],
        ("POST", DISCONNECTS, DISCONNECT.format("9193290919", "<DisconnectMode>now</DisconnectMode>")),
        400,
        5084,
    ),
    "a mode for staff": (
        [],
        ("POST", DISCONNECTS, DISCONNECT.format("9193290919", "<DisconnectMode>purge</DisconnectMode>")),
        400,
        5085,
    ),
    "a number that is none": ([], ("GET", "/tns/123456789", ""), 400, 12512),
    "a number nobody has": ([], ("GET", "/tns/9990000000", ""), 404, 0),
    "a number that is not at the location": ([], ("GET", f"{PEER}/tns/9193290919", ""), 404, 13536),
    "page 0": ([], ("GET", f"{PEER}/tns?page=0", ""), 400, 13058),
    "page of words": ([], ("GET", f"{PEER}/tns?page=first", ""), 400, 13056),
    "size of words": ([], ("GET", f"{PEER}/tns?size=all", ""), 400, 13057),
}

ALL = {
    f"{area}: {name}": case
    for area, cases in (
        ("application", APPLICATIONS),
        ("sub-account", SITE_CASES),
        ("location", LOCATIONS),
        ("product", PRODUCT_CASES),
        ("order", ORDER_CASES),
    )
    for name, case in cases.items()
}


@pytest.mark.parametrize(("before", "asked", "status", "code"), ALL.values(), ids=ALL.keys())
def test_rule(before: list[Call], asked: Call, status: int, code: int) -> None:
    """A request against a rule gets the documented status and code, and changes nothing."""
    world = furnished()
    for call in before:
        assert world.call(*call).status < 300, call
    held = world.emulator.dump()
    reply = world.call(*asked)
    assert (reply.status, reply.code) == (status, code), reply.body
    assert world.emulator.dump() == held
