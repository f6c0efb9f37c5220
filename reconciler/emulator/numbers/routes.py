"""The calls of telephone numbers, as a table."""

from __future__ import annotations

from reconciler.emulator.numbers import numbers
from reconciler.emulator.route import PEER, Route

ROUTES = (
    Route("GET", f"{PEER}/tns", numbers.listing, "SipPeerTelephoneNumbersResponse"),
    Route("GET", f"{PEER}/tns/<number>", numbers.show_at_peer, "SipPeerTelephoneNumberResponse"),
    Route("GET", f"{PEER}/totaltns", numbers.total, "SipPeerTelephoneNumbersCountResponse"),
    Route("GET", "/tns/<number>", numbers.show, "TelephoneNumberResponse"),
    Route("GET", "/tns/<number>/tndetails", numbers.show_details, "TelephoneNumberResponse"),
)
