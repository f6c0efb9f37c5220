"""Numbers held for an order: the rules of a hold, and the calls that make, show and end one.

A hold lasts four hours unless an order that names it comes first (numbers.yml, tnreservation). Of
one that has ended nothing is left.
"""

from __future__ import annotations

from reconciler.emulator.call import Answer, Call
from reconciler.emulator.errors import Refusal
from reconciler.emulator.numbers import inventory
from reconciler.emulator.store import Reservation, Store
from reconciler.emulator.xml import Tree

HOLD_SECONDS = 4 * 3600


def create(call: Call) -> Answer:
    """Holds one number; the hold's id is in Location only."""
    _forget_ended(call.store, call.now)
    sent = call.body["ReservedTn"]
    number = call.digits(sent)
    if number is None or not inventory.exists(number, call.settings.inventory or {}):
        raise Refusal(5040, number=sent)
    record = call.store.numbers.get(number)
    owned = record is not None and record.state(call.now) != "Available"
    if owned or held(call.store, number, call.now):
        raise Refusal(5041, number=sent)
    made = Reservation(call.store.new_uuid(), number, call.now + HOLD_SECONDS)
    call.store.reservations[made.id] = made
    return Answer(201, None, f"{call.account_url}/TnReservation/{made.id}")


def show(call: Call) -> Answer:
    """A hold, with the seconds that are left."""
    return Answer(200, _shown(call, _in_path(call)))


def delete(call: Call) -> Answer:
    """Ends a hold: the number is on sale again. Answers with what it was."""
    ended = _in_path(call)
    del call.store.reservations[ended.id]
    return Answer(200, _shown(call, ended))


def _in_path(call: Call) -> Reservation:
    found = find(call.store, call.where["reservation"], call.now)
    if found is None:
        raise Refusal(5042, name=call.where["reservation"], account=call.settings.account_id)
    return found


def _shown(call: Call, reservation: Reservation) -> Tree:
    content = {
        "ReservationId": reservation.id,
        "AccountId": call.settings.account_id,
        "ReservationExpires": int(reservation.expires - call.now),
        "ReservedTn": call.shown(reservation.number),
    }
    return {"Reservation": content}


def find(store: Store, reservation_id: str, now: float) -> Reservation | None:
    """The hold with an id, while it lasts."""
    found = store.reservations.get(reservation_id.lower())
    return found if found is not None and now < found.expires else None


def held(store: Store, number: str, now: float) -> Reservation | None:
    """The hold on a number (10 digits), while it lasts."""
    holding = (one for one in store.reservations.values() if one.number == number and now < one.expires)
    return next(holding, None)


def held_numbers(store: Store, now: float) -> set[str]:
    """The numbers (10 digits) that only an order which names the hold can have now."""
    return {one.number for one in store.reservations.values() if now < one.expires}


def claim(store: Store, reservation_id: str, now: float) -> str | None:
    """Ends a hold for the order that names it: its number (10 digits), or None when there is no such hold."""
    found = find(store, reservation_id, now)
    if found is None:
        return None
    del store.reservations[found.id]
    return found.number


def _forget_ended(store: Store, now: float) -> None:
    for ended in [one.id for one in store.reservations.values() if now >= one.expires]:
        del store.reservations[ended]
