"""The calls of sub-accounts and locations, as a table."""

from __future__ import annotations

from reconciler.emulator.places import sippeers, sites, tables
from reconciler.emulator.route import ACCOUNT, PEER, SITE, Route

_SITES = f"{ACCOUNT}/sites"
_PEERS = f"{SITE}/sippeers"

ROUTES = (
    Route("GET", _SITES, sites.listing, "SitesResponse"),
    Route("POST", _SITES, sites.create, "SiteResponse", tables.SITE),
    Route("GET", SITE, sites.show, "SiteResponse"),
    Route("PUT", SITE, sites.replace, "SiteResponse", tables.SITE),
    Route("DELETE", SITE, sites.delete, "SiteResponse"),
    Route("GET", f"{SITE}/totaltns", sites.total_numbers, "SiteTNsResponse"),
    Route("GET", _PEERS, sippeers.listing, "TNSipPeersResponse"),
    Route("POST", _PEERS, sippeers.create, "SipPeerResponse", tables.SIP_PEER),
    Route("GET", PEER, sippeers.show, "SipPeerResponse"),
    Route("PUT", PEER, sippeers.replace, "SipPeerResponse", tables.SIP_PEER),
    Route("DELETE", PEER, sippeers.delete, "SipPeerResponse"),
)
