"""What published sources leave open about rate limits, the default answer first."""

from __future__ import annotations

from reconciler.emulator.reading import Reading

READINGS = (
    Reading(
        "limit_scope",
        ("account", "credentials"),
        "whose calls a rate limit counts together: the account's, or those with the same credentials",
        "nobody says",
        unmet="it has one set of credentials",
    ),
)
