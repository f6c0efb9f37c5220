"""An API's address to what `bandwidth-numbers-sdk` saw of it, as one JSON document on stdout.

Arguments: the address with its prefix, account id, user, password, an area code that has numbers
and one that has none. Runs in an environment that has the SDK and nothing of this project.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from typing import Any
from xml.etree import ElementTree

from bandwidth_numbers import (  # type: ignore[import-not-found]  # it has an environment of its own
    Account,
    Client,
    RestError,
    Tns,
)

_ADDRESS = {
    "house_number": "1600",
    "street_name": "Pennsylvania",
    "street_suffix": "Ave",
    "city": "Washington",
    "state_code": "DC",
    "zip": "20006",
    "address_type": "Service",
}
# The SDK has no class for applications, SMS or the application of a location: these documents go out
# through its own request call.
_APPLICATION = (
    "<Application><ServiceType>Messaging-V2</ServiceType><AppName>inbox</AppName>"
    "<InboundCallbackUrl>https://example.com/sms</InboundCallbackUrl></Application>"
)
_SMS = (
    "<SipPeerSmsFeature><SipPeerSmsFeatureSettings><TollFree>true</TollFree><Protocol>HTTP</Protocol>"
    "<Zone1>true</Zone1><Zone2>false</Zone2><Zone3>false</Zone3><Zone4>false</Zone4><Zone5>false</Zone5>"
    "</SipPeerSmsFeatureSettings><HttpSettings/></SipPeerSmsFeature>"
)
_ASSIGNMENT = "<ApplicationsSettings><HttpMessagingV2AppId>{}</HttpMessagingV2AppId></ApplicationsSettings>"
_MOST_LOOKS = 10


def _texts(response: Any, name: str) -> list[str | None]:
    return [element.text for element in ElementTree.fromstring(response.content).iter(name)]


def _polled(first: str, look: Callable[[], Any]) -> tuple[list[str], Any]:
    """Every status of an order up to its last, and how it read then."""
    statuses, found = [first], None
    while statuses[-1] == "RECEIVED" and len(statuses) < _MOST_LOOKS:
        found = look()
        statuses.append(found.order_status)
    return statuses, found


def _provision(client: Any, account: Any) -> tuple[Any, Any, dict[str, Any]]:
    """A sub-account and a location with SMS and an application."""
    home = f"/accounts/{account.id}"
    created = client.post(f"{home}/applications", data=_APPLICATION)
    (application,) = _texts(created, "ApplicationId")
    site = account.sites.create({"name": "production", "address": _ADDRESS})
    peer = site.sip_peers.create({"peer_name": "support", "is_default_peer": "true"})
    products = f"{home}/sites/{site.id}/sippeers/{peer.id}/products/messaging"
    client.post(f"{products}/features/sms", data=_SMS)
    client.put(f"{products}/applicationSettings", data=_ASSIGNMENT.format(application))
    read = site.sip_peers.get(peer.id)
    seen = {
        "client": f"bandwidth-numbers-sdk {version('bandwidth-numbers-sdk')}",
        "application": application,
        "applications": _texts(client.get(f"{home}/applications"), "AppName"),
        "sites": [[each.id, each.name] for each in account.sites.list().items],
        "location": [read.id, read.name, read.is_default_peer],
        "protocol": _texts(client.get(f"{products}/features/sms"), "Protocol"),
        "assigned": _texts(client.get(f"{products}/applicationSettings"), "HttpMessagingV2AppId"),
    }
    return site, peer, seen


def _ordered(account: Any, site_id: str, peer: Any, area_code: str) -> tuple[list[str], Any]:
    order = account.orders.create(
        {
            "name": "two numbers",
            "customer_order_id": "flow-1",
            "site_id": site_id,
            "peer_id": peer.id,
            "partial_allowed": "false",
            "back_order_requested": "false",
            "area_code_search_and_order_type": {"area_code": area_code, "quantity": "2"},
        }
    )
    return _polled(order.order_status, lambda: account.orders.get(order.id))


def _disconnected(account: Any, number: str) -> list[str]:
    order = account.disconnects.create(
        {
            "name": "one number less",
            "disconnect_telephone_number_order_type": {
                "telephone_number_list": {"telephone_number": [number]}
            },
        }
    )
    return _polled(order.order_status, lambda: account.disconnects.get(order.id))[0]


def _numbers(account: Any, peer: Any) -> dict[str, list[str]]:
    return {
        "at_location": [each.full_number for each in peer.tns.list().items],
        "in_account": list(account.in_service_numbers.list({"page": 1, "size": 300}).items),
    }


def run(url: str, account_id: str, user: str, password: str, area_code: str, empty: str) -> dict[str, Any]:
    """The whole flow; raises whatever the SDK raises."""
    client = Client(url=url, account_id=account_id, username=user, password=password)
    account = Account(client=client)
    site, peer, seen = _provision(client, account)
    statuses, order = _ordered(account, site.id, peer, area_code)
    delivered = list(order.completed_numbers.telephone_number.items)
    seen |= {"order": statuses, "delivered": delivered, "numbers": _numbers(account, peer)}
    seen["disconnect"] = _disconnected(account, delivered[0])
    seen |= {"left": _numbers(account, peer), "gone": Tns(client=client).get(delivered[0]).status}
    seen["without_numbers"] = _ordered(account, site.id, peer, empty)[0]
    try:
        _ordered(account, "404", peer, area_code)
    except RestError as refusal:
        seen["refused"] = str(refusal)
    return seen


if __name__ == "__main__":
    json.dump(run(*sys.argv[1:]), sys.stdout)
