"""One open question about the API, as a value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reading:
    """One open question: its name, the answers that sources allow (the default first), and a line on it.

    `sources` names who says what, answer by answer; "nobody says" where it is a guess. `unmet`: why a
    plan and an apply of `reconciler` never come to notice the answer; empty where they do.
    """

    name: str
    answers: tuple[str, ...]
    about: str
    sources: str
    unmet: str = ""
