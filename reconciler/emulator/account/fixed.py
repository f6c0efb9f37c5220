"""The settings of the account's products that nothing here changes: constants, in the API's shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.emulator.call import Answer, Call
from reconciler.emulator.xml import Tree

# The peer that carries HTTP messages; the server assigns it whatever a request says.
PROXY_PEER = "500000"

MM4 = {
    "ConnValidWindow": "5",
    "MaxConn": "10",
    "PersistentConn": "false",
    "KeepAliveNoop": "false",
    "SkipAck": "true",
    "AllowMultiRecepient": "false",
    "ConnMessageRatio": "1.5",
    "ConnSentTimeout": "10",
    "GenDlr": "false",
    "GenReadReply": "false",
    "MaxMessagesInQueue": "100",
    "LoopAllowed": "false",
    "ForceAck": "false",
    "AsyncMessageFlowSupported": "false",
}
_ROUTE = {"Nnid": "104122", "Espid": "E999", "DeliveryNetwork": "Bandwidth", "ProvisionerIds": ""}
_SEATS = ((1, 1), (10, 2), (15, 5))


@dataclass(frozen=True)
class Fixed:
    """An answer that never changes: its root, and what is below."""

    root: str
    content: Tree

    def show(self, _call: Call) -> Answer:
        """The answer."""
        return Answer(200, self.content)


# What nothing that a customer does can change, by path below /products.
FIXED: Mapping[str, Fixed] = {
    "e911/settings": Fixed(
        "E911SettingsResponse",
        {
            "E911Settings": {
                "Hosts": {"Host": {"HostName": "192.0.2.11", "Port": "0"}},
                "EVSCredentials": {"EVSCredential": {"EVSAccountId": "9900000", "RouteType": "STANDARD"}},
            }
        },
    ),
    "edgemanagement/settings": Fixed(
        "EdgeManagementSettings",
        {
            "SbcSettings": {"TrunkGroupId": "EMULATED", "NodeGroupName": "East Coast 01"},
            "SipAuthentication": {"Enabled": "true", "Status": "COMPLETE"},
            "ProductSpecificAccessRestrictions": {
                "AccessRestriction": {
                    "RestrictedProduct": "Termination",
                    "RestrictedAccessTypes": {"RestrictedAccessType": "SipCredentials"},
                }
            },
        },
    ),
    "edgemanagement/settings/sipauthentication": Fixed(
        "SipAuthenticationResponse",
        {
            "SipAuthentication": {
                "SBC": {
                    "Zone": {
                        "Id": "1",
                        "Name": "EMULATED_ZONE",
                        "SipSigPort": {"Index": "1", "PortNumber": "1"},
                    }
                },
                "RealmDnsList": {
                    "RealmDns": {
                        "Realm": "emulated.auth.example.com",
                        "DefaultGroupName": "emulated_1",
                        "DNSRecords": {
                            "DNSRecord": {
                                "Type": "A",
                                "Name": "emulated.auth.example.com",
                                "Data": "192.0.2.12",
                                "TTL": "300",
                            }
                        },
                    }
                },
            }
        },
    ),
    "messaging/features/http": Fixed(
        "AccountHttpFeatureResponse", {"AccountHttpFeature": {"DefaultProxyPeerId": PROXY_PEER}}
    ),
    "messaging/features/mms/mm4settings": Fixed("MmsFeatureMm4AdminSettingsResponse", {"mm4Settings": MM4}),
    "messaging/routes": Fixed(
        "AccountMessagingRoutesResponse",
        {
            "MessagingRoutes": {
                "MessagingRoute": [
                    {"NNID": "104122", "TNType": kind, "Default": "true", "Details": {"NNRoute": _ROUTE}}
                    for kind in ("ExternalCanadianTns", "ExternalCustomerOwnedTns")
                ]
            }
        },
    ),
    "tollfree/settings": Fixed(
        "TollFreeSettingsResponse",
        {
            "TollFreeSettings": {
                "RespOrgException": "true",
                "RespOrgIdList": {"RespOrgId": ["EMU01", "EMU02"]},
                "TargetBandwidthRespOrgId": "EMU50",
            }
        },
    ),
}
UC = Fixed(
    "UcTrunkingSettingsResponse",
    {
        "UcTrunkingSettings": {
            "PartnerType": "AGENT",
            "MaxUcTrunks": "40",
            "BillingType": "DNIS",
            "CustomerTrafficAllowed": "ALL",
            "UsageCategory": "UC500",
            "TrunkAllocationRules": {
                "TrunkAllocationRule": [{"LowerBound": bound, "Ratio": ratio} for bound, ratio in _SEATS]
            },
        }
    },
)
