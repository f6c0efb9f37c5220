"""The calls of what is switched on for a location, as a table."""

from __future__ import annotations

from reconciler.emulator.products import messaging, tables, voice
from reconciler.emulator.route import PEER, Route

_PRODUCTS = f"{PEER}/products"
_SMS = f"{_PRODUCTS}/messaging/features/sms"
_MMS = f"{_PRODUCTS}/messaging/features/mms"
_ASSIGNED = f"{_PRODUCTS}/messaging/applicationsettings"
_ORIGINATION = f"{_PRODUCTS}/origination/settings"
_TERMINATION = f"{_PRODUCTS}/termination/settings"

_SMS_ROOT = "SipPeerSmsFeatureResponse"
_MMS_ROOT = "MmsFeatureResponse"
_ASSIGNED_ROOT = "ApplicationsSettingsResponse"
_ORIGINATION_ROOT = "SipPeerOriginationSettingsResponse"
_TERMINATION_ROOT = "SipPeerTerminationSettingsResponse"

ROUTES = (
    Route("GET", _PRODUCTS, voice.products, "SipPeerProductResponse"),
    Route("GET", _ORIGINATION, voice.ORIGINATION.show, _ORIGINATION_ROOT),
    Route("POST", _ORIGINATION, voice.ORIGINATION.create, _ORIGINATION_ROOT, tables.ORIGINATION),
    Route("PUT", _ORIGINATION, voice.ORIGINATION.replace, _ORIGINATION_ROOT, tables.ORIGINATION),
    Route("GET", _TERMINATION, voice.TERMINATION.show, _TERMINATION_ROOT),
    Route("POST", _TERMINATION, voice.TERMINATION.create, _TERMINATION_ROOT, tables.TERMINATION),
    Route("PUT", _TERMINATION, voice.TERMINATION.replace, _TERMINATION_ROOT, tables.TERMINATION),
    Route("GET", _SMS, messaging.show_sms, _SMS_ROOT),
    Route("POST", _SMS, messaging.create_sms, _SMS_ROOT, tables.SMS),
    Route("PUT", _SMS, messaging.replace_sms, _SMS_ROOT, tables.SMS),
    Route("DELETE", _SMS, messaging.delete_sms, _SMS_ROOT),
    Route("GET", _MMS, messaging.show_mms, _MMS_ROOT),
    Route("POST", _MMS, messaging.create_mms, _MMS_ROOT, tables.MMS),
    Route("PUT", _MMS, messaging.replace_mms, _MMS_ROOT, tables.MMS),
    Route("DELETE", _MMS, messaging.delete_mms, _MMS_ROOT),
    Route("GET", f"{_MMS}/settings", messaging.show_mms_settings, "MmsFeatureMmsSettingsResponse"),
    Route("GET", _ASSIGNED, messaging.show_application, _ASSIGNED_ROOT),
    Route("PUT", _ASSIGNED, messaging.assign_application, _ASSIGNED_ROOT, tables.ASSIGNMENT),
)
