"""What the account may use: its products and features shown, and calls that it lacks one for refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reconciler.emulator.call import Answer, Call
from reconciler.emulator.errors import Refusal
from reconciler.emulator.features import PRODUCTS
from reconciler.emulator.xml import Tree

# Version 2 tells of each country, too; numbers of these two cannot be had here.
_COUNTRIES = {
    "CountrySettings": {
        "CountrySetting": [
            {
                "CountryCodeA3": country,
                "PhoneNumberType": kind,
                "Features": {
                    "Feature": [
                        {"FeatureName": name, "IsDisabled": "true"}
                        for name in ("LNP", "Ordering", "HostedTNS")
                    ]
                },
            }
            for country, kind in (("FRA", "GEOGRAPHIC"), ("DEU", "NATIONAL"))
        ]
    }
}


def listing(call: Call) -> Answer:
    """What the account may use."""
    return Answer(
        200, {"Products": {"Product": [_shown(call, name) for name in PRODUCTS if call.settings.has(name)]}}
    )


def _shown(call: Call, product: str) -> Tree:
    features = [name for name in PRODUCTS[product] if call.settings.has(name)]
    shown: Tree = {"Name": product} | ({"Features": {"Feature": features}} if features else {})
    return shown | (_COUNTRIES if call.e164 and product == "NumberManagement" else {})


@dataclass(frozen=True)
class Need:
    """What a call needs of the account: any of the features, else the code; only `when` its body is such."""

    features: tuple[str, ...]
    code: int
    when: Callable[[Tree], object] = lambda _body: True


def gated(handler: Callable[[Call], Answer], *needs: Need) -> Callable[[Call], Answer]:
    """The handler of a call that an account without the features is refused."""

    def answer(call: Call) -> Answer:
        for need in needs:
            if need.when(call.body) and not any(call.settings.has(name) for name in need.features):
                raise Refusal(need.code, account=call.settings.account_id, name=need.features[0])
        return handler(call)

    return answer
