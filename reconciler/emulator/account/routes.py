"""The calls of the account and of its applications, as a table."""

from __future__ import annotations

from reconciler.emulator.account import account, applications, tables
from reconciler.emulator.route import ACCOUNT, Route

_APPS = f"{ACCOUNT}/applications"
_APP = f"{_APPS}/<application>"
_ROOT = "ApplicationProvisioningResponse"

ROUTES = (
    Route("GET", ACCOUNT, account.show, "AccountResponse"),
    Route("GET", f"{ACCOUNT}/products", account.products, "AccountProductsResponse"),
    Route("GET", _APPS, applications.listing, _ROOT),
    Route("POST", _APPS, applications.create, _ROOT, tables.APPLICATION),
    Route("GET", _APP, applications.show, _ROOT),
    Route("PUT", _APP, applications.replace, _ROOT, tables.APPLICATION),
    Route("PATCH", _APP, applications.change, _ROOT, tables.APPLICATION_PATCH),
    Route("DELETE", _APP, applications.delete, _ROOT),
    Route("GET", f"{_APP}/associatedsippeers", applications.associated, "AssociatedSipPeersResponse"),
)
