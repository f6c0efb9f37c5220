"""Names and descriptions of sub-accounts and locations: how long, and of which characters; or a Refusal."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reconciler.emulator.errors import Refusal
from reconciler.emulator.settings import Settings


@dataclass(frozen=True)
class Rule:
    """What a name may be: the pattern that the catalogue has, the code for others, and that for length."""

    characters: str
    bad: int
    long: int

    def check(self, name: str, settings: Settings) -> None:
        """Raises the codes for a name that is too long, or of other characters where a reading minds them."""
        most = int(settings.answer("name_length"))
        if len(name) > most:
            raise Refusal(self.long, value=name, limit=most)
        check_characters(self.characters, self.bad, name, settings)


def check_characters(characters: str, code: int, text: str, settings: Settings) -> None:
    """Raises the code where a reading minds characters, and the text has others."""
    if settings.reads("name_characters", "listed") and not re.fullmatch(characters, text):
        raise Refusal(code, value=text)


WORDS = "[A-Za-z0-9. -]*"
OF_SITE = Rule(WORDS, bad=4015, long=12529)
OF_PEER = Rule("[A-Za-z0-9]*", bad=13502, long=13501)
