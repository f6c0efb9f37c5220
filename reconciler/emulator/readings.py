"""Where published sources disagree, or say nothing, as data: one row a choice, the default first.

Nobody outside Bandwidth knows which answer is right, so a client has to work with each; a test turns
them one by one. Rows are sorted by the area that they touch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Reading:
    """One open question: its name, the answers that sources allow (the default first), and a line on it.

    `sources` names who says what, answer by answer; "nobody says" where it is a guess.
    """

    name: str
    answers: tuple[str, ...]
    about: str
    sources: str


_ALL = (
    # ---- sub-accounts and locations
    Reading(
        "created_peer",
        ("location", "body"),
        "where a new location's id is: in the Location header only, or in the body too",
        "location: programmatic set-up guide, php-bandwidth-iris; body: band CLI",
    ),
    Reading(
        "site_address",
        ("required", "optional"),
        "whether a sub-account needs an address",
        "required: numbers.yml, error 1003; optional: band CLI",
    ),
)
READINGS: Mapping[str, Reading] = {reading.name: reading for reading in _ALL}
