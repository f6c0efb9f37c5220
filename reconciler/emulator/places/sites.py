"""Sub-accounts (the API's sites): their rules and the calls that serve them."""

from __future__ import annotations

from reconciler.emulator.call import Answer, Call
from reconciler.emulator.errors import Refusal, refuse_any
from reconciler.emulator.places import addresses, names
from reconciler.emulator.places.sippeers import shown as shown_peer
from reconciler.emulator.store import SipPeer, Site
from reconciler.emulator.xml import Tree

# What `sipPeerDetails=true` and `summary=true` embed of each location (numbers.yml, GET sites).
_DETAILS = (
    "PeerId",
    "PeerName",
    "Description",
    "IsDefaultPeer",
    "Address",
    "FinalDestinationUri",
    "PremiseTrunks",
    "CallingName",
    "SsSendToCustomer",
)
_SUMMARY = ("PeerId", "PeerName", "IsDefaultPeer")


def listing(call: Call) -> Answer:
    """Every sub-account with name and description, and what the three flags add."""
    return Answer(200, {"Sites": {"Site": [_row(call, site) for site in call.store.sites.values()]}})


def _row(call: Call, site: Site) -> Tree:
    row = {"Id": site.id} | {
        name: site.document[name] for name in ("Name", "Description") if name in site.document
    }
    if call.flag("tnCounts"):
        row["TotalTnCount"] = _count(call, site)
    summary = call.flag("summary")
    if summary or call.flag("sipPeerDetails"):
        row["SipPeerCount"] = len(site.peers)
        parts = _SUMMARY if summary else _DETAILS
        peers = [_part(peer, parts, call) for peer in site.peers.values()]
        row["SipPeers"] = {"SipPeer": peers}
    return row


def _part(peer: SipPeer, parts: tuple[str, ...], call: Call) -> Tree:
    whole = shown_peer(peer, call.settings, e164=call.e164)
    return {name: whole[name] for name in parts if name in whole}


def create(call: Call) -> Answer:
    """A new sub-account."""
    if "Id" in call.body:
        raise Refusal(12534, value=call.body["Id"])
    document = _checked(call, None)
    site = Site(call.store.new_site_id(), document)
    call.store.sites[site.id] = site
    return Answer(201, {"Site": _shown(site, call)}, f"{call.account_url}/sites/{site.id}")


def show(call: Call) -> Answer:
    """One sub-account in full."""
    return Answer(200, {"Site": _shown(call.site(), call)})


def replace(call: Call) -> Answer:
    """A full replace: what is left out is gone."""
    site = call.site()
    if call.body.get("Id", site.id) != site.id:
        raise Refusal(12521)
    site.document = _checked(call, site)
    return Answer(200, {"Site": _shown(site, call)})


def delete(call: Call) -> Answer:
    """Gone, unless it has locations, or Bandwidth holds on to it."""
    if call.where["site"] not in call.store.sites:
        raise Refusal(12016, status=int(call.settings.answer("missing_site")), name=call.where["site"])
    site = call.site()
    refuse_any({12054: site.locked, 12031: site.peers, 12059: site.billing}, name=site.id)
    del call.store.sites[site.id]
    return Answer(200)


def total_numbers(call: Call) -> Answer:
    """How many numbers all its locations have."""
    return Answer(200, {"SiteTNs": {"TotalCount": _count(call, call.site())}})


def _count(call: Call, site: Site) -> int:
    return sum(len(call.store.listed(peer, call.now)) for peer in site.peers.values())


def _shown(site: Site, call: Call) -> Tree:
    whole = {"Id": site.id, **site.document}
    if "Address" in whole:
        whole["Address"] = addresses.of_site(whole["Address"], call.settings)
    return whole


def _checked(call: Call, site: Site | None) -> Tree:
    """The document to keep for a new sub-account, or for `site`."""
    document = {name: value for name, value in call.body.items() if name != "Id"}
    _check_name(call, site, document["Name"])
    names.check_characters(names.WORDS, 4016, document.get("Description", ""), call.settings)
    _check_customer_id(document.get("CustomerProvidedId", "0"))
    trunking = document.get("UcTrunkingConfiguration", {})
    if trunking and not call.settings.has("UcTrunking") and call.reads("uc_configuration", "refused"):
        raise Refusal(12046)
    if "UsageCategory" in trunking and trunking["Type"] != "Seats":
        raise Refusal(12617)
    if site and addresses.clears(document, call.settings):
        return {name: value for name, value in document.items() if name != "Address"}
    if "Address" in document:
        address = addresses.checked(document["Address"], call.settings, {"Site": document})
        document["Address"] = addresses.completed(address)
        return document
    return _without_address(call, site, document)


def _without_address(call: Call, site: Site | None, document: Tree) -> Tree:
    if site is None or call.reads("omitted_address", "as_created"):
        if call.reads("site_address", "required"):
            raise Refusal(1003, name="Address")
    elif call.reads("omitted_address", "kept") and "Address" in site.document:
        return {**document, "Address": site.document["Address"]}
    return document


def _check_name(call: Call, site: Site | None, name: str) -> None:
    names.OF_SITE.check(name, call.settings)
    taken = {other.document["Name"] for other in call.store.sites.values() if other is not site}
    if name in taken and call.reads("same_names", "refused"):
        raise Refusal(1015, name=name)


def _check_customer_id(value: str) -> None:
    # A sample of numbers_v2.yml writes the ten digits like a telephone number, +1 in front.
    digits = value.removeprefix("+1")
    if not (digits.isascii() and digits.isdigit()):
        raise Refusal(12544, value=value)
    if len(digits) > 10:
        raise Refusal(12606, value=value)
