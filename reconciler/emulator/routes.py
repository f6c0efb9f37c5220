"""Every call that is served, as a table: method and path to a handler and its documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from werkzeug.routing import Map, Rule

from reconciler.emulator import (
    accounts,
    applications,
    disconnects,
    messaging,
    numbers,
    order_list,
    order_tables,
    orders,
    sippeers,
    sites,
    tables,
    voice,
)
from reconciler.emulator.call import Answer, Call
from reconciler.emulator.documents import Document

_APPS = "/accounts/<account>/applications"
_APP = f"{_APPS}/<application>"
_SITES = "/accounts/<account>/sites"
_SITE = f"{_SITES}/<site>"
_PEERS = f"{_SITE}/sippeers"
_PEER = f"{_PEERS}/<peer>"
_PRODUCTS = f"{_PEER}/products"
_SMS = f"{_PRODUCTS}/messaging/features/sms"
_MMS = f"{_PRODUCTS}/messaging/features/mms"
_ASSIGNED = f"{_PRODUCTS}/messaging/applicationsettings"
_ORIGINATION = f"{_PRODUCTS}/origination/settings"
_TERMINATION = f"{_PRODUCTS}/termination/settings"
_ORDERS = "/accounts/<account>/orders"
_DISCONNECTS = "/accounts/<account>/disconnects"

_APP_ROOT = "ApplicationProvisioningResponse"
_SMS_ROOT = "SipPeerSmsFeatureResponse"
_MMS_ROOT = "MmsFeatureResponse"
_ASSIGNED_ROOT = "ApplicationsSettingsResponse"
_ORIGINATION_ROOT = "SipPeerOriginationSettingsResponse"
_TERMINATION_ROOT = "SipPeerTerminationSettingsResponse"
_DISCONNECT_ROOT = "DisconnectTelephoneNumberOrderResponse"

TOKEN_PATH = "/oauth2/token"  # noqa: S105 - a path


@dataclass(frozen=True, eq=False)  # the router wants them hashable; their tables are not
class Route:
    """One call: how it is asked, who answers, the root of its answers, and the document it takes.

    `is_order`: errors are an ErrorList, and an unknown account is a 404, as on all order calls.
    """

    method: str
    path: str
    handler: Callable[[Call], Answer]
    root: str
    document: Document | None = None
    is_order: bool = False


_SERVED = (
    Route("GET", "/accounts/<account>", accounts.show, "AccountResponse"),
    Route("GET", "/accounts/<account>/products", accounts.products, "AccountProductsResponse"),
    Route("GET", _APPS, applications.listing, _APP_ROOT),
    Route("POST", _APPS, applications.create, _APP_ROOT, tables.APPLICATION),
    Route("GET", _APP, applications.show, _APP_ROOT),
    Route("PUT", _APP, applications.replace, _APP_ROOT, tables.APPLICATION),
    Route("PATCH", _APP, applications.change, _APP_ROOT, tables.APPLICATION_PATCH),
    Route("DELETE", _APP, applications.delete, _APP_ROOT),
    Route("GET", f"{_APP}/associatedsippeers", applications.associated, "AssociatedSipPeersResponse"),
    Route("GET", _SITES, sites.listing, "SitesResponse"),
    Route("POST", _SITES, sites.create, "SiteResponse", tables.SITE),
    Route("GET", _SITE, sites.show, "SiteResponse"),
    Route("PUT", _SITE, sites.replace, "SiteResponse", tables.SITE),
    Route("DELETE", _SITE, sites.delete, "SiteResponse"),
    Route("GET", f"{_SITE}/totaltns", sites.total_numbers, "SiteTNsResponse"),
    Route("GET", _PEERS, sippeers.listing, "TNSipPeersResponse"),
    Route("POST", _PEERS, sippeers.create, "SipPeerResponse", tables.SIP_PEER),
    Route("GET", _PEER, sippeers.show, "SipPeerResponse"),
    Route("PUT", _PEER, sippeers.replace, "SipPeerResponse", tables.SIP_PEER),
    Route("DELETE", _PEER, sippeers.delete, "SipPeerResponse"),
    Route("GET", f"{_PEER}/tns", numbers.listing, "SipPeerTelephoneNumbersResponse"),
    Route("GET", f"{_PEER}/tns/<number>", numbers.show_at_peer, "SipPeerTelephoneNumberResponse"),
    Route("GET", f"{_PEER}/totaltns", numbers.total, "SipPeerTelephoneNumbersCountResponse"),
    Route("GET", _PRODUCTS, voice.products, "SipPeerProductResponse"),
    Route("GET", _ORIGINATION, voice.ORIGINATION.show, _ORIGINATION_ROOT),
    Route("POST", _ORIGINATION, voice.ORIGINATION.create, _ORIGINATION_ROOT, tables.ORIGINATION),
    Route("PUT", _ORIGINATION, voice.ORIGINATION.replace, _ORIGINATION_ROOT, tables.ORIGINATION),
    Route("GET", _TERMINATION, voice.TERMINATION.show, _TERMINATION_ROOT),
    Route("POST", _TERMINATION, voice.TERMINATION.create, _TERMINATION_ROOT, tables.TERMINATION),
    Route("PUT", _TERMINATION, voice.TERMINATION.replace, _TERMINATION_ROOT, tables.TERMINATION),
    Route("GET", _SMS, messaging.show_sms, _SMS_ROOT),
    Route("POST", _SMS, messaging.create_sms, _SMS_ROOT, tables.SMS),
    Route("PUT", _SMS, messaging.replace_sms, _SMS_ROOT, tables.SMS),
    Route("DELETE", _SMS, messaging.delete_sms, _SMS_ROOT),
    Route("GET", _MMS, messaging.show_mms, _MMS_ROOT),
    Route("POST", _MMS, messaging.create_mms, _MMS_ROOT, tables.MMS),
    Route("PUT", _MMS, messaging.replace_mms, _MMS_ROOT, tables.MMS),
    Route("DELETE", _MMS, messaging.delete_mms, _MMS_ROOT),
    Route("GET", f"{_MMS}/settings", messaging.show_mms_settings, "MmsFeatureMmsSettingsResponse"),
    Route("GET", _ASSIGNED, messaging.show_application, _ASSIGNED_ROOT),
    Route("PUT", _ASSIGNED, messaging.assign_application, _ASSIGNED_ROOT, tables.ASSIGNMENT),
    Route("GET", "/tns/<number>", numbers.show, "TelephoneNumberResponse"),
    Route("GET", "/tns/<number>/tndetails", numbers.show_details, "TelephoneNumberResponse"),
    Route("GET", _ORDERS, order_list.listing, "ResponseSelectWrapper", is_order=True),
    Route("POST", _ORDERS, orders.create, "OrderResponse", order_tables.ORDER, is_order=True),
    Route("GET", f"{_ORDERS}/<order>", orders.show, "OrderResponse", is_order=True),
    Route(
        "PUT",
        f"{_ORDERS}/<order>",
        orders.change,
        "OrderResponse",
        order_tables.ORDER_CHANGE,
        is_order=True,
    ),
    Route(
        "POST",
        _DISCONNECTS,
        disconnects.create,
        _DISCONNECT_ROOT,
        order_tables.DISCONNECT,
        is_order=True,
    ),
    Route("GET", f"{_DISCONNECTS}/<order>", disconnects.show, _DISCONNECT_ROOT, is_order=True),
)

ROUTES = Map(
    [
        *(Rule(r.path, endpoint=r, methods=[r.method]) for r in _SERVED),
        Rule(TOKEN_PATH, endpoint=None, methods=["POST"]),
    ],
    strict_slashes=False,
    merge_slashes=False,
)
