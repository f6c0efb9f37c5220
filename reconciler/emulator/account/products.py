"""The settings of the account's products: those that follow from the emulator's own, and one to be set."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.emulator.account.fixed import MM4
from reconciler.emulator.call import Answer, Call, moment
from reconciler.emulator.documents import Document, Group, Leaf
from reconciler.emulator.errors import Refusal
from reconciler.emulator.xml import Tree

_MOST_TRUNKS = 200
TRUNKS = Document(
    "UcTrunkingCloudSettings",
    Group({"BiDirectionalTrunks": Leaf(kind="integer", required=True, bad=12607)}),
)

# numbers.yml shows this password in clear, alone of all.
_SMPP = {
    "SmppUsername": "emulated",
    "Password": "smpp-secret",
    "Dlr": "FINAL",
    "DlrCarrier": "false",
    "MaxPendingSubmits": "100",
    "ForceTon": "false",
    "AllowThirdPartyTN": "false",
    "ConnectionTypeDefault": "RECEIVER_ONLY",
    "MaxConnections": "5",
    "SrcTon": "DEFAULT",
    "SrcNpi": "DEFAULT",
    "DstTon": "DEFAULT",
    "DstNpi": "DEFAULT",
}


def show_mms(call: Call) -> Answer:
    """MMS as the account has it, its settings written with capitals."""
    return Answer(200, {"MmsFeature": {"MmsSettings": _mms(call), "MM4Settings": MM4}})


def show_mms_settings(call: Call) -> Answer:
    """The first half of the same, in lower camel case."""
    return Answer(200, {"mmsSettings": _mms(call)})


def _mms(call: Call) -> Tree:
    return {
        "MM4Enabled": call.settings.has("MM4"),
        "TollFreeMMSAllowed": call.settings.has("TollFree"),
        "DefaultProvider": "1",
    }


def show_sms(call: Call) -> Answer:
    """The ceiling of what a location's SMS feature may have, with the password of the SMPP user."""
    settings = {
        "TollFree": call.settings.has("TollFree"),
        "ShortCode": call.settings.has("ShortCode"),
        **{f"Zone{zone}": True for zone in range(1, 6)},
        "SmppEnabled": call.settings.has("SMPP"),
        "DefaultProvider": "0",
    }
    return Answer(200, {"AccountSmsFeature": {"AccountSmsFeatureSettings": settings, "SmppSettings": _SMPP}})


def show_termination(call: Call) -> Answer:
    """Termination as the account has it: whether its hosts may be networks."""
    settings = {
        "RogerUsedForTerminationSettings": "true",
        "HttpVoiceProxyTermHost": "192.0.2.13",
        "RogerTerminationSettings": {"SubnetAddressingAllowed": call.settings.has("SubnetAddressing")},
    }
    return Answer(200, {"TerminationSettings": settings})


def show_messaging(call: Call) -> Answer:
    """Messaging as the account has it, with the countries that locations may choose from."""
    settings = {
        "Enabled": call.settings.has("MESSAGING"),
        "EnabledOnNewTN": True,
        "SupportedOnImportedTns": False,
        "EnableOnNetMessageRoutes": True,
        "EnableOffNetMessageRoutes": False,
        "PreventUpdatingNetNumber": False,
        "ProxyPeersOwner": True,
        "BreakOutCountries": {"Country": list(call.settings.countries)},
    }
    return Answer(200, {"MessagingSettings": settings})


def campaigns(call: Call) -> Answer:
    """The campaigns that the account may use; those in use where it may use any."""
    found = dict(_campaigns_in_use(call))
    named = found if call.settings.campaigns is None else call.settings.campaigns
    rows = [
        {
            "CampaignId": name,
            "Description": "Emulated",
            "AccountId": call.settings.account_id,
            "MessageClass": found.get(name, "Campaign-A"),
            "Imported": "true",
            "CreatedDate": moment(0),
            "Status": "Active",
        }
        for name in named
    ]
    return Answer(200, {"MessagingA2pCampaigns": {"MessagingA2pCampaign": rows}})


def _campaigns_in_use(call: Call) -> Iterator[tuple[str, str]]:
    for _, peer in call.store.peers():
        settings = (peer.sms or {}).get("SipPeerSmsFeatureSettings", {})
        if "A2pCampaignId" in settings:
            yield settings["A2pCampaignId"], settings.get("A2pMessageClass", "Campaign-A")


def show_trunks(call: Call) -> Answer:
    """How many trunks hosted UC has; 12034 before anybody said."""
    if call.store.trunks is None:
        raise Refusal(12034)
    return Answer(200, {"UcTrunkingCloudSettings": {"BiDirectionalTrunks": call.store.trunks}})


def set_trunks(call: Call) -> Answer:
    """POST sets them; so does PUT once they are set."""
    trunks = int(call.body["BiDirectionalTrunks"])
    if trunks < 1:
        raise Refusal(12608, value=trunks)
    if trunks > _MOST_TRUNKS:
        raise Refusal(12609, value=trunks, limit=_MOST_TRUNKS)
    call.store.trunks = str(trunks)
    return show_trunks(call)


def change_trunks(call: Call) -> Answer:
    """PUT changes only."""
    show_trunks(call)
    return set_trunks(call)
