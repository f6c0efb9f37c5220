"""Origination and termination settings of a location: SIP, or HTTP with a voice application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reconciler.emulator.account.applications import voice_applications
from reconciler.emulator.account.mirrors import VOICE
from reconciler.emulator.call import Answer, Call
from reconciler.emulator.errors import Refusal
from reconciler.emulator.places.sippeers import HOST_FIELDS
from reconciler.emulator.products.presence import check_changeable, check_creatable, off
from reconciler.emulator.xml import Tree


@dataclass(frozen=True)
class Side:
    """One of the two settings: the field of `SipPeer` that holds it, and its element."""

    field: str
    element: str

    def show(self, call: Call) -> Answer:
        """The settings."""
        live: Tree | None = getattr(call.peer(), self.field)
        return off(call) if live is None else Answer(200, {self.element: live})

    def create(self, call: Call) -> Answer:
        """POST creates only."""
        check_creatable(call, getattr(call.peer(), self.field), self.element)
        status = int(call.settings.answer("origination_status"))
        return Answer(status, {self.element: self._store(call)})

    def replace(self, call: Call) -> Answer:
        """PUT updates only, and answers without a body."""
        check_changeable(call, getattr(call.peer(), self.field), self.element)
        self._store(call)
        return Answer(200)

    def _store(self, call: Call) -> Tree:
        settings = _checked(call, self.element)
        peer = call.peer()
        setattr(peer, self.field, settings)
        if settings["VoiceProtocol"] == "HTTP":
            # numbers.yml, PUT settings: switching to HTTP deletes the hosts without a word.
            for name in HOST_FIELDS:
                peer.document.pop(name, None)
        return settings


def _checked(call: Call, element: str) -> Tree:
    settings = {name: value for name, value in call.body.items() if value != {}}
    application = settings.get("HttpSettings", {}).get("HttpVoiceV2AppId")
    if settings["VoiceProtocol"] == "SIP":
        if "HttpSettings" in call.body:
            raise Refusal(13649)
        return settings
    if not voice_applications(call.store):
        raise Refusal(13650, account=call.settings.account_id)
    if application is None and call.reads("http_voice_app", "required"):
        raise Refusal(1003, name="HttpVoiceV2AppId")
    if application is not None:
        service = call.store.application(application, status=400)["ServiceType"]
        if service != VOICE:
            raise Refusal(13648, value=service, name=element)
    return settings


ORIGINATION = Side("origination", "SipPeerOriginationSettings")
TERMINATION = Side("termination", "SipPeerTerminationSettings")

_PRODUCTS: dict[str, Callable[[Call], bool]] = {
    "Termination": lambda call: call.peer().termination is not None,
    "Messaging": lambda call: call.peer().sms is not None,
    "Origination": lambda call: call.peer().origination is not None,
}


def products(call: Call) -> Answer:
    """The names of the products that the location has settings of."""
    names = [{"Name": name} for name, held in _PRODUCTS.items() if held(call)]
    return Answer(200, {"Products": {"Product": names}})
