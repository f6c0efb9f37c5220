"""Calls an emulator in process: method, path and XML text in; status, code and elements out."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from werkzeug.test import Client

from reconciler.emulator import Emulator

ACCOUNT = "/accounts/9900000"
BASIC = "Basic " + base64.b64encode(b"user:password").decode()
ADDRESS = (
    "<Address><HouseNumber>900</HouseNumber><StreetName>Main Campus Dr</StreetName>"
    "<City>Raleigh</City><StateCode>NC</StateCode><Zip>27606</Zip></Address>"
)
CREDS = "<UserId>hook-user</UserId><Password>hook-password</Password>"
SMS = (
    "<SipPeerSmsFeature><SipPeerSmsFeatureSettings><TollFree>{toll_free}</TollFree>"
    "<ShortCode>{short_code}</ShortCode>{extra}<Protocol>{protocol}</Protocol>"
    "<Zone1>{zone1}</Zone1><Zone2>false</Zone2><Zone3>false</Zone3><Zone4>false</Zone4>"
    "<Zone5>false</Zone5></SipPeerSmsFeatureSettings><HttpSettings/></SipPeerSmsFeature>"
)
MMS = (
    "<MmsFeature><MmsSettings><Protocol>HTTP</Protocol></MmsSettings>"
    "<Protocols><HTTP><HttpSettings/></HTTP></Protocols></MmsFeature>"
)


def sms(
    extra: str = "",
    *,
    toll_free: str = "true",
    short_code: str = "false",
    protocol: str = "HTTP",
    zone1: str = "true",
) -> str:
    """A request document of the SMS feature."""
    return SMS.format(extra=extra, toll_free=toll_free, short_code=short_code, protocol=protocol, zone1=zone1)


def order(criterion: str, site: str = "{site}", extra: str = "") -> str:
    """A request document of an order."""
    return f"<Order>{extra}{criterion}<SiteId>{site}</SiteId></Order>"


def by_area_code(quantity: object = 1, code: str = "919") -> str:
    """The criterion of an area code order."""
    return (
        f"<AreaCodeSearchAndOrderType><AreaCode>{code}</AreaCode>"
        f"<Quantity>{quantity}</Quantity></AreaCodeSearchAndOrderType>"
    )


@dataclass(frozen=True)
class Reply:
    """An answer taken apart; `code` is its error code, 0 for none."""

    status: int
    body: bytes
    headers: Any

    @property
    def tree(self) -> etree._Element:
        """The root element."""
        return etree.fromstring(self.body)

    @property
    def code(self) -> int:
        """The error code, from either place where one stands."""
        if not self.body:
            return 0
        for name in ("ErrorCode", "Code"):
            found = self.tree.find(f".//{name}")
            if found is not None:
                return int(found.text or "0")
        return 0

    def text(self, path: str) -> str | None:
        """The text of the first element at the path below the root; None when there is none."""
        return self.tree.findtext(path)

    def texts(self, path: str) -> list[str]:
        """The texts of all elements at the path."""
        return [element.text or "" for element in self.tree.findall(path)]

    def names(self, path: str) -> list[str]:
        """The names of the elements at the path, in their order."""
        return [str(element.tag) for element in self.tree.findall(path)]

    @property
    def new_id(self) -> str:
        """The last segment of Location."""
        return str(self.headers["Location"]).rsplit("/", 1)[-1]


class Clock:
    """A time that moves when told."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@dataclass
class World:
    """An emulator, its clock, and the names under which request texts may speak of ids."""

    options: dict[str, Any] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = Clock()
        self.emulator = Emulator(clock=self.clock, **self.options)
        self._client = Client(self.emulator)

    def call(
        self,
        method: str,
        path: str,
        body: str | bytes = "",
        prefix: str = "/api",
        authorization: str = BASIC,
        media_type: str = "application/xml",
    ) -> Reply:
        """One call; `{name}` in path and body stands for an id."""
        for name, value in self.names.items():
            path = path.replace(f"{{{name}}}", value)
            if isinstance(body, str):
                body = body.replace(f"{{{name}}}", value)
        headers = {"Authorization": authorization} if authorization else {}
        answer = self._client.open(
            prefix + path, method=method, data=body, headers=headers, content_type=media_type
        )
        return Reply(answer.status_code, answer.data, answer.headers)

    def made(self, name: str, path: str, body: str) -> str:
        """Creates an object, and remembers its id under a name."""
        reply = self.call("POST", path, body)
        assert reply.status == 201, reply.body
        self.names[name] = reply.new_id
        return reply.new_id

    def order(self, criterion: str, extra: str = "", wait: float = 1) -> Reply:
        """Places an order, lets time pass, and reads it."""
        order_id = self.made("order", f"{ACCOUNT}/orders", order(criterion, extra=extra))
        self.clock.now += wait
        return self.call("GET", f"{ACCOUNT}/orders/{order_id}")


SITES = f"{ACCOUNT}/sites"
PEERS = f"{SITES}/{{site}}/sippeers"
PEER = f"{PEERS}/{{peer}}"
PRODUCTS = f"{PEER}/products"
APPS = f"{ACCOUNT}/applications"
ORDERS = f"{ACCOUNT}/orders"
LISTED = "SipPeerTelephoneNumbers/SipPeerTelephoneNumber/FullNumber"


def furnished(**options: Any) -> World:
    """An account with a messaging and a voice application, a sub-account and a default location."""
    world = World(options)
    world.made(
        "msg",
        APPS,
        "<Application><ServiceType>Messaging-V2</ServiceType><AppName>texts</AppName>"
        "<InboundCallbackUrl>https://a.example/in</InboundCallbackUrl>"
        f"<InboundCallbackCreds>{CREDS}</InboundCallbackCreds></Application>",
    )
    world.made(
        "voice",
        APPS,
        "<Application><ServiceType>Voice-V2</ServiceType><AppName>calls</AppName>"
        "<CallInitiatedCallbackUrl>https://a.example/call</CallInitiatedCallbackUrl>"
        f"<CallbackCreds>{CREDS}</CallbackCreds></Application>",
    )
    world.made("site", SITES, f"<Site><Name>main</Name>{ADDRESS}</Site>")
    world.made("peer", PEERS, "<SipPeer><PeerName>desk</PeerName></SipPeer>")
    return world


def numbers(world: World) -> list[str]:
    """The numbers that the location lists."""
    return world.call("GET", f"{PEER}/tns").texts(LISTED)
