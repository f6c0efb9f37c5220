"""The call of the messaging API, as a table."""

from __future__ import annotations

from reconciler.emulator.messages import messages
from reconciler.emulator.route import JsonRoute

ROUTES = (JsonRoute("POST", "/users/<account>/messages", messages.send, "MESSAGES", messages.QUEUE_FULL),)
