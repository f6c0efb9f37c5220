"""Where published sources disagree, or say nothing, as data: one row a choice, the default first.

Nobody outside Bandwidth knows which answer is right, so a client has to work with each; a test turns
them one by one. The rows of an area are in its package.
"""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.emulator.account.readings import READINGS as ACCOUNT
from reconciler.emulator.limits.readings import READINGS as LIMITS
from reconciler.emulator.messages.readings import READINGS as MESSAGES
from reconciler.emulator.numbers.readings import READINGS as NUMBERS
from reconciler.emulator.options.readings import READINGS as OPTIONS
from reconciler.emulator.orders.readings import READINGS as ORDERS
from reconciler.emulator.places.readings import READINGS as PLACES
from reconciler.emulator.products.readings import READINGS as PRODUCTS
from reconciler.emulator.reading import Reading

__all__ = ["READINGS", "Reading"]

_ALL = (
    *ACCOUNT,
    *PLACES,
    *PRODUCTS,
    *NUMBERS,
    *ORDERS,
    *OPTIONS,
    *MESSAGES,
    *LIMITS,
)
READINGS: Mapping[str, Reading] = {reading.name: reading for reading in _ALL}
