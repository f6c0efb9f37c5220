"""A create that may have been carried out, to what looking for it says: made, not made, or nobody knows.

It is never sent again: whoever asks for it has it looked for instead. Lists may lag behind the account,
so that a thing that does not show is looked for again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from reconciler.api.errors import (
    ApiError,
    Forbidden,
    NotFound,
    RateLimited,
    Refused,
    ServerFailed,
    Unauthorised,
    Unreachable,
)
from reconciler.api.patience import Patience

LOOKS = 6  # the fewest that count as "it is not there"
FIRST_PAUSE, LONGEST_PAUSE, GROWTH = 0.2, 5.0, 1.5  # seconds
# "E911 is unavailable" (error catalogue): an address that cannot be checked is not stored
NO_ADDRESS_SERVICE = frozenset({"12109", "13566"})
UNEXPECTED = "1010"  # "unexpected, give support this id": it does not say how far the API came


class NotMade(Exception):
    """A create was sent, its answer was lost, and what it was to make did not show in any look."""

    hint = "run apply again"


class Undetermined(Exception):
    """A create was sent, its answer was lost, and looking did not settle what happened."""


def did_nothing(error: ApiError) -> bool:
    """Whether a failed write proves that nothing was done.

    That is a request that did not leave, or the API's own refusal: 401, 403 (which may have no body), 404,
    429, a 4xx with a code, or a 503 since its address service is down. A bare 400 is no refusal: the error
    catalogue has one that means "timed out, resubmit".
    """
    match error:
        case Unreachable() | Unauthorised() | Forbidden() | NotFound() | RateLimited():
            return True
        case Refused():
            return (error.status or 0) >= 400 and error.code not in {"", UNEXPECTED}
        case ServerFailed():
            return error.code in NO_ADDRESS_SERVICE
    return False


def pauses(longest: float = LONGEST_PAUSE) -> Iterator[float]:
    """Seconds to wait between one look and the next, growing, without end."""
    seconds = FIRST_PAUSE
    while True:
        yield min(seconds, longest, LONGEST_PAUSE)
        seconds = min(seconds * GROWTH, LONGEST_PAUSE)


def look_for(look: Callable[[], Sequence[str]], patience: Patience, why: str) -> str:
    """The id of what may have been made, adopted as soon as one look shows it.

    `look` gives the ids of what is there and called so; `why` says how the answer was lost. Raises
    `NotMade` after `LOOKS` looks without it and the patience for a lost create, or `Undetermined` where
    looks failed, the run was stopped meanwhile, or several are there.
    """
    began, absent, looks = patience.clock(), 0, 0
    trouble = "the run was stopped while it was looked for"
    for pause in pauses(patience.for_creates / LOOKS):
        try:
            found = look()
        except ApiError as error:
            trouble = f"looking for it failed: {error}"
        else:
            if found:
                return _one(found, why)
            absent += 1
        looks += 1
        over = looks >= LOOKS and patience.clock() - began >= patience.for_creates
        if over or patience.stop.is_set():
            break
        patience.pause(pause)
    if over and absent >= LOOKS:
        seconds = f"{patience.clock() - began:.0f} s"
        raise NotMade(f"{why}; it is not there after {looks} looks over {seconds}, so it counts as not made")
    raise Undetermined(f"{why}; {trouble}")


def _one(found: Sequence[str], why: str) -> str:
    if len(found) > 1:
        raise Undetermined(f"{why}; {len(found)} of that name are there now ({', '.join(sorted(found))})")
    return found[0]
