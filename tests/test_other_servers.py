"""What other servers of the API may answer and the emulator does not: put between it and the client."""

from __future__ import annotations

from pathlib import Path

import httpx
from account import Account
from lxml import etree

from reconciler.plan import Options

PEERS = "/sippeers"
SITE = "version: 1\nsub_accounts: {main: {locations: %s}}\n"


class Odd(httpx.BaseTransport):
    """A server that stays with what it was told, over an emulator that moves the default by itself.

    It shows a location as the default until a PUT says that it is not, leaves `IsDefaultPeer` out of those
    that are not, shows texts that are not there as empty elements, and refuses them as such.
    """

    def __init__(self, account: Account) -> None:
        self.inner = account.transport
        self.defaults: set[str] = set()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as the emulator does, but for that."""
        place, _, own = request.url.path.rpartition("/")
        if not (place.endswith(PEERS) or request.url.path.endswith(PEERS)):
            return self.inner.handle_request(request)
        sent = etree.fromstring(request.read()) if request.method in ("POST", "PUT") else None
        if sent is not None and sent.find("BillingIdentifier[.='']") is not None:
            return _refused(13691)
        if request.method == "DELETE" and own in self.defaults and len(self.defaults) > 1:
            return _refused(13558)
        response = self.inner.handle_request(request)
        if sent is not None and request.method == "PUT" and sent.findtext("IsDefaultPeer") == "false":
            self.defaults.discard(own)
        return self._shown(response)

    def _shown(self, response: httpx.Response) -> httpx.Response:
        content = response.read()
        if not content:
            return response
        root = etree.fromstring(content)
        for peer in root.iter("SipPeer"):
            default, id_ = peer.find("IsDefaultPeer"), peer.findtext("PeerId") or ""
            if default is not None and default.text == "true":
                self.defaults.add(id_)
            elif default is not None and id_ in self.defaults:
                default.text = "true"
            elif default is not None:
                peer.remove(default)
            if peer.find("BillingIdentifier") is None:
                etree.SubElement(peer, "BillingIdentifier")
        headers = [(k, v) for k, v in response.headers.items() if k.lower() != "content-length"]
        return httpx.Response(response.status_code, headers=headers, content=etree.tostring(root))


def _refused(code: int) -> httpx.Response:
    text = (
        f"<SipPeerResponse><ResponseStatus><ErrorCode>{code}</ErrorCode></ResponseStatus></SipPeerResponse>"
    )
    return httpx.Response(400, text=text)


def _live(folder: Path, *stages: str) -> Account:
    """Apply each manifest, and see that it is all done and that nothing is left."""
    account = Account(folder, parallelism=1, site_address="optional")
    account.transport = Odd(account)
    for stage in stages:
        applied = account.apply(stage, options=Options())
        assert (applied.code, applied.residue.steps) == (0, ()), applied.outcome
    return account


def test_a_location_that_does_not_say_whether_it_is_the_default(tmp_path: Path) -> None:
    """It is not: a manifest that says so converges."""
    _live(tmp_path, SITE % "{a: {is_default_peer: true}, b: {is_default_peer: false}}")


def test_an_empty_element_is_not_sent_back(tmp_path: Path) -> None:
    """A full replace leaves out the texts that are read as empty elements, which the API refuses (13691)."""
    _live(tmp_path, SITE % "{a: {description: one}}", SITE % "{a: {description: two}}")


def test_a_default_that_the_api_does_not_take_away_is_deleted(tmp_path: Path) -> None:
    """Where two are shown as the default, the one that goes is told that it is not, and goes (13558)."""
    both = "{a: {is_default_peer: true}, b: {is_default_peer: false}}"
    gone = "policy: {max_deletions: 1}\n" + SITE % "{a: {state: absent}, b: {is_default_peer: true}}"
    account = _live(tmp_path, SITE % both, gone)
    assert list(account.held()["sub_accounts"]["main"]["locations"]) == ["b"]
