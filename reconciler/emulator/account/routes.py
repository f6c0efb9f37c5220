"""The calls of the account and of its applications, as a table."""

from __future__ import annotations

from reconciler.emulator.account import account, applications, features, fixed, products, tables
from reconciler.emulator.account.features import Need, gated
from reconciler.emulator.account.mirrors import MESSAGING, VOICE
from reconciler.emulator.route import ACCOUNT, Route

_APPS = f"{ACCOUNT}/applications"
_APP = f"{_APPS}/<application>"
_ROOT = "ApplicationProvisioningResponse"
_ASSOCIATED_ROOT = "AssociatedSipPeersResponse"

_PRODUCTS = f"{ACCOUNT}/products"
_MESSAGING = f"{_PRODUCTS}/messaging"
_TRUNKS = f"{_PRODUCTS}/uctrunking/features/hosted/settings"
_TRUNKS_ROOT = "UcTrunkingCloudSettingsResponse"
_MMS_SETTINGS_ROOT = "AccountMmsFeatureSettingsResponse"
_UC = Need(("UcTrunking",), 12034)
_TEXTS = Need(("HTTPV2",), 12130, lambda body: body.get("ServiceType") == MESSAGING)
_CALLS = Need(("OrigHttpVoice", "TermHttpVoice"), 12150, lambda body: body.get("ServiceType") == VOICE)
_ASSOCIATION = Need(("HTTPV2",), 12103)

ROUTES = (
    Route("GET", ACCOUNT, account.show, "AccountResponse"),
    Route("GET", _PRODUCTS, features.listing, "AccountProductsResponse"),
    *(Route("GET", f"{_PRODUCTS}/{path}", row.show, row.root) for path, row in fixed.FIXED.items()),
    Route("GET", f"{_MESSAGING}/a2pcampaigns", products.campaigns, "MessagingA2pCampaignsResponse"),
    Route("GET", f"{_MESSAGING}/features/mms", products.show_mms, "AccountMmsFeatureResponse"),
    Route("GET", f"{_MESSAGING}/features/mms/settings", products.show_mms_settings, _MMS_SETTINGS_ROOT),
    Route("GET", f"{_MESSAGING}/features/sms", products.show_sms, "AccountSmsFeatureResponse"),
    Route("GET", f"{_MESSAGING}/settings", products.show_messaging, "MessagingSettingsResponse"),
    Route(
        "GET", f"{_PRODUCTS}/termination/settings", products.show_termination, "TerminationSettingResponse"
    ),
    Route("GET", f"{_PRODUCTS}/uctrunking/settings", gated(fixed.UC.show, _UC), fixed.UC.root),
    Route("GET", _TRUNKS, gated(products.show_trunks, _UC), _TRUNKS_ROOT),
    Route("POST", _TRUNKS, gated(products.set_trunks, _UC), _TRUNKS_ROOT, products.TRUNKS),
    Route("PUT", _TRUNKS, gated(products.change_trunks, _UC), _TRUNKS_ROOT, products.TRUNKS),
    Route("GET", _APPS, applications.listing, _ROOT),
    Route("POST", _APPS, gated(applications.create, _TEXTS, _CALLS), _ROOT, tables.APPLICATION),
    Route("GET", _APP, applications.show, _ROOT),
    Route("PUT", _APP, applications.replace, _ROOT, tables.APPLICATION),
    Route("PATCH", _APP, applications.change, _ROOT, tables.APPLICATION_PATCH),
    Route("DELETE", _APP, applications.delete, _ROOT),
    Route(
        "GET", f"{_APP}/associatedsippeers", gated(applications.associated, _ASSOCIATION), _ASSOCIATED_ROOT
    ),
    Route("DELETE", f"{_APP}/associatedsippeers", applications.delete_by_association, _ROOT),
)
