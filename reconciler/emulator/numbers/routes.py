"""The calls of telephone numbers, as a table."""

from __future__ import annotations

from functools import partial

from reconciler.emulator.numbers import (
    at_location,
    available,
    directory,
    inventories,
    numbers,
    reservations,
    tables,
)
from reconciler.emulator.route import ACCOUNT, PEER, SITE, Route

_AT_PEER = f"{PEER}/tns/<number>"
_NUMBER = "/tns/<number>"
_HOLDS = f"{ACCOUNT}/tnreservation"
_HOLD = f"{_HOLDS}/<reservation>"
_IN_SERVICE = f"{ACCOUNT}/inservicenumbers"
_GIVEN_UP = f"{ACCOUNT}/discnumbers"
_AT_PEER_ROOT, _MOVE_ROOT = "SipPeerTelephoneNumberResponse", "SipPeerTelephoneNumberMoveResponse"
_COUNT_ROOT = "SipPeerTelephoneNumbersCountResponse"
_ROOT, _LIST_ROOT = "TelephoneNumberResponse", "TelephoneNumbersResponse"
_HOLD_ROOT, _EXCHANGES_ROOT = "ReservationResponse", "SearchResultForAvailableNpaNxx"

# Buckets: "Rate limits" of Bandwidth's earlier documentation (bandwidth.github.io, numbers/rateLimits).
_Looked = partial(Route, bucket="HISTORY")
_Listed = partial(Route, bucket="INSERVICE_NPANXX")
ROUTES = (
    Route("GET", f"{PEER}/tns", at_location.listing, "SipPeerTelephoneNumbersResponse"),
    Route("GET", _AT_PEER, at_location.show, _AT_PEER_ROOT),
    Route("PUT", _AT_PEER, at_location.replace, _AT_PEER_ROOT, tables.AT_LOCATION),
    Route("GET", f"{PEER}/totaltns", at_location.total, _COUNT_ROOT),
    Route("POST", f"{PEER}/movetns", at_location.move_here, _MOVE_ROOT, tables.MOVED, bucket="MOVE_TNS"),
    Route("GET", "/tns", directory.listing, _LIST_ROOT),
    Route("POST", "/tns", directory.look_up, _LIST_ROOT, tables.NUMBERS),
    _Looked("GET", _NUMBER, numbers.show, _ROOT),
    Route("GET", f"{_NUMBER}/tndetails", numbers.show_details, _ROOT),
    Route("GET", f"{_NUMBER}/sites", numbers.show_site, "Site"),
    Route("GET", f"{_NUMBER}/sippeers", numbers.show_peer, "SipPeer"),
    Route("GET", f"{_NUMBER}/lca", numbers.show_calling_area, "SearchResult"),
    _Looked("GET", f"{_NUMBER}/lata", numbers.show_lata, _ROOT),
    _Looked("GET", f"{_NUMBER}/ratecenter", numbers.show_rate_center, _ROOT),
    Route("GET", f"{_NUMBER}/e911", numbers.show_e911, "TnE911AddressResponse"),
    Route("GET", f"{_NUMBER}/availablennroutes", numbers.show_routes, "AvailableNnRoutes"),
    Route("GET", f"{_NUMBER}/tnreservation", numbers.show_reservation, "TNReservation"),
    _Listed("GET", _IN_SERVICE, inventories.in_service, "TNs"),
    _Listed("GET", f"{_IN_SERVICE}/totals", inventories.total_in_service, "Quantity"),
    _Listed("GET", f"{_IN_SERVICE}/<number>", inventories.is_in_service, "TNs"),
    Route("GET", f"{SITE}/inservicenumbers", inventories.in_service_at_site, "TNs"),
    Route("GET", _GIVEN_UP, inventories.disconnected, "TNs"),
    Route("GET", f"{_GIVEN_UP}/totals", inventories.total_disconnected, "Quantity"),
    Route(
        "GET",
        f"{ACCOUNT}/availablenumbers",
        available.numbers,
        "SearchResult",
        bucket="SEARCH",
        shape="search",
    ),
    Route(
        "GET",
        f"{ACCOUNT}/availablenpanxx",
        available.exchanges,
        _EXCHANGES_ROOT,
        bucket="AVAILABLE_NPANXX",
        shape="search",
    ),
    Route("POST", _HOLDS, reservations.create, _HOLD_ROOT, tables.RESERVATION),
    Route("GET", _HOLD, reservations.show, _HOLD_ROOT),
    Route("DELETE", _HOLD, reservations.delete, _HOLD_ROOT),
)
