"""A text to the number of segments that it is sent as."""

from __future__ import annotations

# The alphabet of 3GPP TS 23.038, and the characters of its extension, which take two places.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")


def count(text: str) -> int:
    """How many segments: of 160 places (153 in parts), or of 70 (67) where another alphabet is needed."""
    if set(text) <= _BASIC | _EXTENDED:
        places, one, part = len(text) + sum(char in _EXTENDED for char in text), 160, 153
    else:
        places, one, part = len(text.encode("utf-16-le", "surrogatepass")) // 2, 70, 67
    return 1 if places <= one else -(-places // part)
