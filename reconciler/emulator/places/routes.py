"""The calls of sub-accounts and locations, as a table."""

from __future__ import annotations

from reconciler.emulator.account.features import Need, gated
from reconciler.emulator.documents import each
from reconciler.emulator.places import account_hosts, geocode, outbound, seats, sippeers, sites, tables
from reconciler.emulator.route import ACCOUNT, PEER, SITE, Route
from reconciler.emulator.xml import Tree

_SITES = f"{ACCOUNT}/sites"
_PEERS = f"{SITE}/sippeers"

_OUTBOUND = f"{PEER}/associatedoutboundnumbers"
_OUTBOUND_ROOT = "AssociatedOutboundNumbersResponse"


def _names_networks(body: Tree) -> bool:
    hosts = each(body, "TerminationHosts", "TerminationHost")
    return any("/" in host["HostName"] for host in hosts)


_PEER_NEEDS = (
    Need(("Origination",), 13538, lambda body: body.get("VoiceHosts") or body.get("VoiceHostGroups")),
    Need(("Termination",), 13542, lambda body: body.get("TerminationHosts")),
    Need(("SubnetAddressing",), 13626, _names_networks),
    Need(("CNAM",), 13576, lambda body: "true" in body.get("CallingName", {}).values()),
    Need(("OriginationRoutePlan",), 5200, lambda body: body.get("OriginationRoutePlan")),
    Need(("CallVerification",), 13694, lambda body: body.get("CallVerificationEnabled") == "true"),
    Need(("Pindrop",), 13695, lambda body: body.get("PindropEnabled") == "true"),
)
_SEATED = Need(("UcTrunking",), 12017)

ROUTES = (
    Route("GET", _SITES, sites.listing, "SitesResponse"),
    Route("POST", _SITES, sites.create, "SiteResponse", tables.SITE),
    Route("GET", SITE, sites.show, "SiteResponse"),
    Route("PUT", SITE, sites.replace, "SiteResponse", tables.SITE),
    Route("DELETE", SITE, sites.delete, "SiteResponse"),
    Route("GET", f"{SITE}/totaltns", sites.total_numbers, "SiteTNsResponse"),
    Route("GET", _PEERS, sippeers.listing, "TNSipPeersResponse"),
    Route("POST", _PEERS, gated(sippeers.create, *_PEER_NEEDS), "SipPeerResponse", tables.SIP_PEER),
    Route("GET", PEER, sippeers.show, "SipPeerResponse"),
    Route("PUT", PEER, gated(sippeers.replace, *_PEER_NEEDS), "SipPeerResponse", tables.SIP_PEER),
    Route("DELETE", PEER, sippeers.delete, "SipPeerResponse"),
    Route("GET", f"{PEER}/totalseats", gated(seats.total, _SEATED), "SipPeerTotalSeatsResponse"),
    Route("GET", _OUTBOUND, outbound.listing, _OUTBOUND_ROOT),
    Route("POST", _OUTBOUND, outbound.add, _OUTBOUND_ROOT, outbound.REQUEST),
    Route("DELETE", f"{_OUTBOUND}/<number>", outbound.delete, _OUTBOUND_ROOT),
    Route("GET", f"{ACCOUNT}/hosts", account_hosts.listing, "SiteHostsResponse"),
    Route(
        "POST",
        f"{ACCOUNT}/geocoderequest",
        geocode.check,
        "GeocodeRequestResponse",
        geocode.REQUEST,
        bucket="EVS_GEOCODING",
    ),
)
