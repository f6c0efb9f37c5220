"""Sub-accounts: the API's sites (numbers.yml, /sites). A PUT is a full replace of what was read."""

from __future__ import annotations

from reconciler.kinds.address import StreetAddress
from reconciler.kinds.fields import Field, Text, Word
from reconciler.kinds.kind import Collection, Kind

# The error catalogue (12529) allows 50 characters, the specification 10; its own samples have more.
NAME = Text({"maxLength": 50})

KIND = Kind(
    name="sub_account",
    where=("sub_accounts", "*"),
    description="A sub-account (site): locations live in it.",
    serving=Collection(
        path="/accounts/{account}/sites",
        member="Site",
        id_element="Id",
        answers=("SitesResponse",),
        update="PUT",
        read_only=("Id", "TotalTnCount", "SipPeerCount", "SipPeers"),
    ),
    fields=(
        Field("name", "Name", NAME, "Site name; the key when left out.", nullable=False),
        Field("description", "Description", Text({"maxLength": 250}), "Free text."),
        Field("customer_name", "CustomerName", Text(), "Whose sub-account it is.", in_list=False),
        Field("customer_provided_id", "CustomerProvidedId", Text({"pattern": "^[0-9]{1,10}$"}),
              "Your own number for it, up to ten digits, as text.", in_list=False),
        Field("address", "Address", StreetAddress(), "Street address; many accounts require one.",
              in_list=False),
        Field("uc_trunking_configuration.type", "UcTrunkingConfiguration/Type",
              Word(words=("Seats", "Premise", "Cloud")), "UC trunking type.", in_list=False),
        Field("uc_trunking_configuration.usage_category", "UcTrunkingConfiguration/UsageCategory",
              Word(words=("UC250", "UC500", "UC1000")), "UC trunking usage category.", in_list=False),
    ),
    order=("Name", "Description", "CustomerName", "CustomerProvidedId", "Address", "UcTrunkingConfiguration"),
)  # fmt: skip
