"""A manifest with each kind of create once, to what an emulated account then was asked, and what it holds."""

from __future__ import annotations

from pathlib import Path

from account import ROOT, Account, Applied

from reconciler.execute import Result

MANIFEST = """
version: 1
applications:
  texts: {service_type: Messaging-V2, inbound_callback_url: "https://example.com/in"}
  calls: {service_type: Voice-V2, call_initiated_callback_url: "https://example.com/voice"}
sub_accounts:
  main:
    locations:
      desk:
        features: {sms: true, mms: true}
        messaging_application: texts
        voice_application: calls
"""
OTHER = "version: 1\nsub_accounts: {other: {}}"


def account_with(folder: Path, *faults: str) -> Account:
    """An empty account with these faults."""
    return Account(folder, parallelism=1, site_address="optional", faults=faults)


def posts(account: Account, path: str) -> int:
    """How many POSTs to a path that ends so ever reached the account, whatever became of them."""
    return sum(each.method == "POST" and each.path.endswith("/" + path) for each in account.emulator.log)


def reads(account: Account, path: str, *, after: int = 0) -> int:
    """How often the list at this path was read, the first `after` exchanges aside."""
    return sum((each.method, each.path) == ("GET", ROOT + path) for each in account.emulator.log[after:])


def made(account: Account) -> dict[str, list[str]]:
    """The names of all applications, sub-accounts and locations, by what they lie in."""
    held = account.emulator.dump()
    sites = {site["document"]["Name"]: site["peers"].values() for site in held["sites"].values()}
    found = {"": sorted(each["AppName"] for each in held["applications"].values())}
    found["sites"] = sorted(site["document"]["Name"] for site in held["sites"].values())
    return found | {
        name: sorted(peer["document"]["PeerName"] for peer in peers) for name, peers in sites.items()
    }


ALL = {"": ["calls", "texts"], "sites": ["main"], "main": ["desk"]}


def ended(applied: Applied, address: str) -> Result:
    """How the step at this address ended."""
    return next(result for result in applied.outcome.results if str(result.address) == address)
