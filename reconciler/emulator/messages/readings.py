"""What published sources leave open about messages, the default answers first."""

from __future__ import annotations

from reconciler.emulator.reading import Reading

READINGS = (
    Reading(
        "unknown_application",
        ("refused", "accepted"),
        "whether a message with the id of no messaging application is refused (400), or accepted and lost",
        "nobody says",
        unmet="a plan and an apply send no messages",
    ),
)
