"""The calls of what is switched on for a location, as a table."""

from __future__ import annotations

from collections.abc import Callable

from reconciler.emulator.account.features import Need, gated
from reconciler.emulator.products import countries, messaging, smpp_hosts, tables, termination, voice
from reconciler.emulator.route import PEER, Route
from reconciler.emulator.xml import Tree

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

_COUNTRIES = f"{_PRODUCTS}/messaging/settings"
_COUNTRIES_ROOT = "SipPeerMessagingSettingsResponse"
_SMPP_HOSTS = f"{_SMS}/smpp/hosts"
_HOSTS = f"{_PRODUCTS}/termination/hosts"
_HOST = f"{_HOSTS}/<host>"


def _protocol(name: str) -> Callable[[Tree], bool]:
    """Whether a document asks for a protocol, whichever of the settings it is of."""
    return lambda body: any(
        settings.get("Protocol") == name
        for settings in (body.get("SipPeerSmsFeatureSettings", {}), body.get("MmsSettings", {}))
    )


def _over_http(feature: str, code: int) -> Need:
    return Need((feature,), code, lambda body: body.get("VoiceProtocol") == "HTTP")


_SMS_NEEDS = (
    Need(("SMS",), 13607),
    Need(("HTTP",), 13609, _protocol("HTTP")),
    Need(("SMPP",), 13614, _protocol("SMPP")),
)
_MMS_NEEDS = (Need(("MMS",), 13603), Need(("MM4",), 13616, _protocol("MM4")))
_EDGE = _over_http("EdgeManagement", 12161)
_ORIGINATES = (_over_http("OrigHttpVoice", 13651), _EDGE)
_TERMINATES = (_over_http("TermHttpVoice", 13651), _EDGE)

ROUTES = (
    Route("GET", _PRODUCTS, voice.products, "SipPeerProductResponse"),
    Route("GET", _ORIGINATION, voice.ORIGINATION.show, _ORIGINATION_ROOT),
    Route(
        "POST",
        _ORIGINATION,
        gated(voice.ORIGINATION.create, *_ORIGINATES),
        _ORIGINATION_ROOT,
        tables.ORIGINATION,
    ),
    Route(
        "PUT",
        _ORIGINATION,
        gated(voice.ORIGINATION.replace, *_ORIGINATES),
        _ORIGINATION_ROOT,
        tables.ORIGINATION,
    ),
    Route("GET", _TERMINATION, voice.TERMINATION.show, _TERMINATION_ROOT),
    Route(
        "POST",
        _TERMINATION,
        gated(voice.TERMINATION.create, *_TERMINATES),
        _TERMINATION_ROOT,
        tables.TERMINATION,
    ),
    Route(
        "PUT",
        _TERMINATION,
        gated(voice.TERMINATION.replace, *_TERMINATES),
        _TERMINATION_ROOT,
        tables.TERMINATION,
    ),
    Route("GET", _SMS, messaging.show_sms, _SMS_ROOT),
    Route("POST", _SMS, gated(messaging.create_sms, *_SMS_NEEDS), _SMS_ROOT, tables.SMS),
    Route("PUT", _SMS, gated(messaging.replace_sms, *_SMS_NEEDS), _SMS_ROOT, tables.SMS),
    Route("DELETE", _SMS, messaging.delete_sms, _SMS_ROOT),
    Route("GET", _MMS, messaging.show_mms, _MMS_ROOT),
    Route("POST", _MMS, gated(messaging.create_mms, *_MMS_NEEDS), _MMS_ROOT, tables.MMS),
    Route("PUT", _MMS, gated(messaging.replace_mms, *_MMS_NEEDS), _MMS_ROOT, tables.MMS),
    Route("DELETE", _MMS, messaging.delete_mms, _MMS_ROOT),
    Route("GET", f"{_MMS}/settings", messaging.show_mms_settings, "MmsFeatureMmsSettingsResponse"),
    Route("GET", _ASSIGNED, messaging.show_application, _ASSIGNED_ROOT),
    Route("PUT", _ASSIGNED, messaging.assign_application, _ASSIGNED_ROOT, tables.ASSIGNMENT),
    Route("GET", _COUNTRIES, countries.show, _COUNTRIES_ROOT),
    Route("PUT", _COUNTRIES, countries.replace, _COUNTRIES_ROOT, countries.REQUEST),
    Route("GET", _SMPP_HOSTS, smpp_hosts.show, "SmsSmppHostsResponse"),
    Route("POST", _SMPP_HOSTS, smpp_hosts.add, "SmsSmppHostsResponse", smpp_hosts.REQUEST),
    Route("GET", f"{_PRODUCTS}/termination", termination.show, "TerminationResponse"),
    Route("GET", _HOSTS, termination.hosts, "TerminationHosts"),
    Route("GET", _HOST, termination.host, "SipPeerGatewayIpResponse"),
    Route("GET", f"{_HOST}/settings", termination.attributes, "SipPeerGatewayAttributesResponse"),
    Route("GET", f"{_HOST}/settings/<attribute>", termination.attribute, "SipPeerGatewayAttributeResponse"),
)
