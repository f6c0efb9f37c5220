"""Where a location's messages may break out to: the messaging settings, a list of countries."""

from __future__ import annotations

from reconciler.emulator.call import Answer, Call
from reconciler.emulator.documents import Document, Group, Leaf
from reconciler.emulator.errors import Refusal

_COUNTRY = Leaf(many=True, pattern="[A-Z]{3}")
REQUEST = Document("SipPeerMessagingSettings", Group({"BreakOutCountries": Group({"Country": _COUNTRY})}))


def show(call: Call) -> Answer:
    """The countries; none until somebody names some."""
    return Answer(
        200, {"SipPeerMessagingSettings": {"BreakOutCountries": {"Country": call.peer().countries}}}
    )


def replace(call: Call) -> Answer:
    """The whole list, of countries that the account has."""
    named: list[str] = call.body.get("BreakOutCountries", {}).get("Country", [])
    if len(set(named)) < len(named):
        raise Refusal(13657)
    strange = [country for country in named if country not in call.settings.countries]
    if strange:
        code = 13654 if call.reads("country_code", "13654") else 13656
        raise Refusal(code, value=f"[{', '.join(strange)}]")
    call.peer().countries = named
    return show(call)
