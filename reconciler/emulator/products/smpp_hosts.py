"""SMPP hosts of a location on their own, as the RAML of the API has them beside the SMS feature."""

from __future__ import annotations

from reconciler.emulator.call import Answer, Call
from reconciler.emulator.documents import Document, Group, Leaf, each
from reconciler.emulator.errors import Refusal
from reconciler.emulator.xml import Tree

REQUEST = Document(
    "SmsHost",
    Group(
        {
            "HostName": Leaf(required=True),
            "Port": Leaf("integer", bad=13543),
            "Priority": Leaf(pattern="[0-9]", bad=13599),
            "ConnectionType": Leaf(values=("TRANSCEIVER", "SENDER_ONLY", "RECEIVER_ONLY")),
        }
    ),
)


def show(call: Call) -> Answer:
    """The hosts; 404 while SMS is off."""
    return Answer(200, {"SmsHosts": {"SmsHost": list(each(_sms(call), "SmppHosts", "SmppHost"))}})


def add(call: Call) -> Answer:
    """One more host, with the next id."""
    sms = _sms(call)
    protocol = sms["SipPeerSmsFeatureSettings"]["Protocol"]
    if protocol != "SMPP":
        raise Refusal(13612, value=protocol)
    hosts = list(each(sms, "SmppHosts", "SmppHost"))
    if any(host["HostName"] == call.body["HostName"] for host in hosts):
        raise Refusal(13531, name=call.body["HostName"])
    taken = [int(host["HostId"]) for host in hosts]
    host = {**call.body, "HostId": str(max(taken, default=0) + 1)}
    sms["SmppHosts"] = {"SmppHost": [*hosts, host]}
    return Answer(201, {"SmsHosts": {"SmsHost": [host]}})


def _sms(call: Call) -> Tree:
    sms = call.peer().sms
    if sms is None:
        raise Refusal(None)
    return sms
