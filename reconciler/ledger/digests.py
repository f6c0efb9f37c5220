"""Passwords that were sent turned into salted, slow digests in the ledger, and a password into a verdict.

The API never returns a password: what was last sent to an object through this ledger is all there is to
compare with.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass
from functools import lru_cache
from urllib.parse import quote

from reconciler.ledger.store import Store

MOST_MEMORY = 2**28  # bytes that a digest's own parameters may ask for; what asks for more is no digest
_SALT, _LENGTH = 16, 32  # bytes; RFC 7914's examples have digests twice as long, for no better comparison


@dataclass(frozen=True, slots=True)
class Cost:
    """What one digest takes, in scrypt's words (RFC 7914): 128 * n * r bytes, p times over."""

    n: int
    r: int
    p: int


COST = Cost(n=2**14, r=8, p=5)
"""16 MiB and a quarter of a second: of the settings that OWASP's Password Storage Cheat Sheet holds to be
equally strong, one that a small CI job can work out several of at a time."""


class Digests:
    """The digest of the password last sent to each credentials block, by owner and field.

    The owner is an object's id, the field the password's dotted path ("callback_creds.password"). Every
    method raises `LedgerFailed`. One run at a time writes an owner's digests.
    """

    def __init__(self, store: Store, cost: Cost = COST) -> None:
        self._store = store
        self._cost = cost

    def record(self, owner: str, field: str, password: str) -> None:
        """Keep the digest of a password that the object has now."""
        salt = secrets.token_bytes(_SALT)
        digest = _scrypt(password, salt, self._cost)
        kept = {**asdict(self._cost), "salt": salt.hex(), "digest": digest.hex()}
        self._store.put(_key(owner, field), kept)

    def doubt(self, owner: str, field: str) -> None:
        """Say that a password is about to be sent: until the next record none is the one that it has."""
        self._store.put(_key(owner, field), {"doubted": True})

    def forget(self, owner: str, *, but: Collection[str] = ()) -> None:
        """Forget an owner's fields, but for these."""
        kept = {_key(owner, field) for field in but}
        for key in self._store.keys(_key(owner)):
            if key not in kept:
                self._store.delete(key)

    def verdict(self, owner: str, field: str, password: str) -> bool | None:
        """Whether the password is the one last sent; None where there is no digest, or no whole one."""
        kept = self._store.get(_key(owner, field))
        if kept is None or kept.get("doubted"):
            return None if kept is None else False
        try:
            cost = Cost(kept["n"], kept["r"], kept["p"])
            salt, digest = bytes.fromhex(kept["salt"]), bytes.fromhex(kept["digest"])
            return hmac.compare_digest(_scrypt(password, salt, cost), digest)
        except (LookupError, TypeError, ValueError, OverflowError):
            return None


@lru_cache(maxsize=1024)  # a run asks for each at least twice: when it plans, and when it looks again
def _scrypt(password: str, salt: bytes, cost: Cost) -> bytes:
    return hashlib.scrypt(
        password.encode(errors="surrogatepass"),
        salt=salt,
        n=cost.n,
        r=cost.r,
        p=cost.p,
        maxmem=MOST_MEMORY,
        dklen=_LENGTH,
    )


def _key(owner: str, field: str = "") -> str:
    return f"digests/{quote(owner, safe='')}/{quote(field, safe='')}"
