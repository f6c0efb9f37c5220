"""An account to a document, and a document, a person's too, to the account that an emulator begins with."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import yaml

from reconciler.emulator import documents, xml
from reconciler.emulator.account import tables as account
from reconciler.emulator.documents import Document
from reconciler.emulator.errors import Refusal
from reconciler.emulator.places import tables as places
from reconciler.emulator.products import tables as products
from reconciler.emulator.records import FORMAT, Unreadable, check_account, plain, store_from
from reconciler.emulator.store import SipPeer, Site, Store
from reconciler.emulator.xml import Tree

_STATUSES = ("Inservice", "Aging")
_SETTINGS: Mapping[str, Document] = {
    "sms": products.SMS,
    "mms": products.MMS,
    "origination": products.ORIGINATION,
    "termination": products.TERMINATION,
}


class _Text(yaml.SafeLoader):
    """Leaves every scalar but null as it was written: a ZIP of 02134 and a name of `on` are text."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """The mapping. Raises YAMLError for a key that comes twice."""
        keys = [self.construct_object(key) for key, _ in node.value]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise yaml.constructor.ConstructorError(None, None, f"{twice} comes twice", node.start_mark)
        return super().construct_mapping(node, deep)


_Text.yaml_implicit_resolvers = {}
_Text.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(~|null|)\Z"), ["~", "n", ""])


def written(account_id: str, store: Store) -> str:
    """The account as a YAML document, passwords included, objects in the order of their making."""
    whole = {"format": FORMAT, "account": account_id, "store": plain(store)}
    return yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=110)


def read(text: str, account_id: str) -> Store:
    """The account of a document that `written` made, or a person, in YAML or JSON.

    Ids follow from the keys, counters from the ids. Raises Unreadable, with every fault that it has.
    """
    try:
        whole = yaml.load(text, _Text)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise Unreadable(f"not YAML: {error}") from error
    if not isinstance(whole, Mapping) or whole.get("format") != FORMAT:
        raise Unreadable(f"not an account: the document begins with `format: {FORMAT}`")
    check_account(whole.get("account"), account_id)
    data = whole.get("store") or {}
    if not isinstance(data, Mapping):
        raise Unreadable("expected a mapping @ store")
    store = store_from(_named(data))
    faults = list(_faults(store))
    if faults:
        raise Unreadable("\n".join(faults))
    _count_on(store)
    return store


def _named(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data, with the ids of records from their keys where they are left out."""
    named = dict(data)
    for field, word in {"sites": "id", "numbers": "number"}.items():
        named[field] = _with(word, data.get(field) or {})
    for site in named["sites"].values() if isinstance(named["sites"], Mapping) else ():
        if isinstance(site, dict):
            site["peers"] = _with("id", site.get("peers") or {})
    return named


def _with(word: str, records: Any) -> Any:
    if not isinstance(records, Mapping):
        return records
    return {key: {word: key, **one} if isinstance(one, Mapping) else one for key, one in records.items()}


def _faults(store: Store) -> Iterator[str]:
    """What no emulator would hold; documents are brought into the form that one has them in."""
    for id_, application in store.applications.items():
        yield from _read(store.applications, id_, account.APPLICATION, application, f"applications['{id_}']")
    for key, site in store.sites.items():
        where = f"sites['{key}']"
        yield from _same(key, site.id, where)
        yield from _read(vars(site), "document", places.SITE, site.document, f"{where}.document")
        for peer_key, peer in site.peers.items():
            yield from _same(peer_key, peer.id, f"{where}.peers['{peer_key}']")
            yield from _peer_faults(peer, f"{where}.peers['{peer_key}']")
        yield from _default_faults(site, where)
    for key, number in store.numbers.items():
        yield from _same(key, number.number, f"numbers['{key}']")
        if number.status not in _STATUSES:
            yield f"{number.status} is none of {', '.join(_STATUSES)} @ store.numbers['{key}'].status"


def _same(key: str, id_: str, where: str) -> Iterator[str]:
    if key != id_:
        yield f"it has the id {id_} @ store.{where}"


def _peer_faults(peer: SipPeer, where: str) -> Iterator[str]:
    yield from _read(vars(peer), "document", places.SIP_PEER, peer.document, f"{where}.document")
    for name, table in _SETTINGS.items():
        setting = getattr(peer, name)
        if setting is not None:
            yield from _read(vars(peer), name, table, setting, f"{where}.{name}")


def _read(into: dict[str, Any], key: str, table: Document, tree: Tree, where: str) -> Iterator[str]:
    """Reads a document as a request would be, and puts what was read in its place."""
    try:
        into[key] = documents.read(table, xml.parse(xml.write(table.root, tree)), lenient=False)
    except (Refusal, ValueError) as fault:
        yield f"{fault} @ store.{where}"


def _default_faults(site: Site, where: str) -> Iterator[str]:
    """One location is the default one: the first where none says so."""
    defaults = [peer.id for peer in site.peers.values() if peer.document.get("IsDefaultPeer") == "true"]
    if len(defaults) > 1:
        yield f"only one location can be the default one @ store.{where}.peers"
    for peer in site.peers.values():
        peer.document["IsDefaultPeer"] = str(peer.id in (defaults or list(site.peers)[:1])).lower()


def _count_on(store: Store) -> None:
    """The counters of ids, raised to the ids that are taken."""
    peers = [peer.id for _, peer in store.peers()]
    store.last_site = max([store.last_site, *map(int, filter(str.isdecimal, store.sites))])
    store.last_peer = max([store.last_peer, *map(int, filter(str.isdecimal, peers))])
