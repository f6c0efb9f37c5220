"""Products and features of accounts, as data: what each product may have, and what an account is left with.

Names are those of the samples of `GET /products` (numbers.yml, numbers_v2.yml) and of the error catalogue.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

PRODUCTS: Mapping[str, tuple[str, ...]] = {
    "Termination": ("TermHttpVoice",),
    "VirtualInventory": (),
    "TollFree": (),
    "Origination": ("CallForwarding", "DlDa", "CNAM", "OrigHttpVoice", "OriginationRoutePlan"),
    "MESSAGING": ("SMS", "MMS", "HTTP", "HTTPV2", "TollFree", "ShortCode", "A2pLongCode"),
    "NumberManagement": ("ORDERING", "LNP", "PROTECTED_TNS", "TN_ASSIGNMENT", "RESERVATION"),
    "UcTrunking": ("Cloud", "Seats", "Premise"),
}
# What an account may lack (12161, 13614, 13616, 13626, 13694, 13695), and `GET /products` does not name.
UNNAMED: Mapping[str, tuple[str, ...]] = {
    "EdgeManagement": (),
    "MESSAGING": ("SMPP", "MM4"),
    "Origination": ("CallVerification", "Pindrop"),
    "Termination": ("SubnetAddressing",),
}
_ROWS = (*PRODUCTS.items(), *UNNAMED.items())
NAMES = frozenset(name for product, features in _ROWS for name in (product, *features))


def has(name: str, without: Collection[str]) -> bool:
    """Whether an account that has all but `without` has a product, or a feature and its product."""
    products = {product for product, features in _ROWS if name in (product, *features)}
    return name not in without and not products <= set(without)
