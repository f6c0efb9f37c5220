"""The store kept in an SQLite file: a row a record, written when a call has changed it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from reconciler.emulator.records import FORMAT, Unreadable, check_account, plain, store_from
from reconciler.emulator.store import Store

_TABLE = "CREATE TABLE IF NOT EXISTS record (field TEXT, id TEXT, body TEXT, PRIMARY KEY (field, id))"
# The order in which records were made is the order in which lists show them.
_ALL = "SELECT field, id, body FROM record ORDER BY rowid"
_UPSERT = "INSERT INTO record VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET body = excluded.body"
_OURS = 0x42574D55  # the application id of such files
_SINGLE = ""  # the id of a field of the store that is not a collection
Key = tuple[str, str]


class DataFile:
    """An account's file. One process has it at a time; every `save` is one transaction.

    Raises Unreadable for a file that is no account's, is another account's, or is in use.
    """

    def __init__(self, path: Path, account_id: str) -> None:
        try:
            # The emulator's lock lets one thread in at a time.
            self._database = sqlite3.connect(path, timeout=0.5, check_same_thread=False)
        except sqlite3.Error as error:
            raise Unreadable(f"{path}: {error}") from error
        try:
            self._saved = self._open(account_id)
        except (sqlite3.Error, Unreadable) as error:
            self._database.close()
            why = "another emulator has it" if str(error) == "database is locked" else error
            raise Unreadable(f"{path}: {why}") from error

    def _open(self, account_id: str) -> dict[Key, str]:
        self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
        (ours,) = self._database.execute("PRAGMA application_id").fetchone()
        (tables,) = self._database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables and ours != _OURS:
            raise Unreadable("a database of something else")
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute(f"PRAGMA application_id = {_OURS}")
        told = {("format", _SINGLE): json.dumps(FORMAT), ("account", _SINGLE): json.dumps(account_id)}
        with self._database:
            self._database.execute(_TABLE)
            held = {(field, id_): body for field, id_, body in self._database.execute(_ALL)}
            if not held:
                self._database.executemany(_UPSERT, [(*key, body) for key, body in told.items()])
                return told
        if held.get(("format", _SINGLE)) != told["format", _SINGLE]:
            raise Unreadable(f"not an account of {FORMAT}")
        check_account(json.loads(held.get(("account", _SINGLE), "null")), account_id)
        return held

    def load(self) -> Store | None:
        """The account as it was saved; None when nothing was."""
        fields: dict[str, object] = {}
        for (field, id_), body in self._saved.items():
            if field in ("format", "account"):
                continue
            if id_ == _SINGLE:
                fields[field] = json.loads(body)
            else:
                records = fields.setdefault(field, {})
                assert isinstance(records, dict)
                records[id_] = json.loads(body)
        return store_from(fields) if fields else None

    def save(self, store: Store) -> None:
        """Writes what differs from what was saved last."""
        now = dict(_rows(store))
        new = [(*key, body) for key, body in now.items() if self._saved.get(key) != body]
        gone = [key for key in self._saved.keys() - now.keys() if key[0] not in ("format", "account")]
        if new or gone:
            with self._database:
                self._database.executemany(_UPSERT, new)
                self._database.executemany("DELETE FROM record WHERE field = ? AND id = ?", gone)
            self._saved = {key: body for key, body in self._saved.items() if key not in gone} | now

    def close(self) -> None:
        """Lets go of the file."""
        self._database.close()


def _rows(store: Store) -> Iterator[tuple[Key, str]]:
    for field, value in plain(store).items():
        if isinstance(value, dict):
            yield from (((field, id_), json.dumps(record)) for id_, record in value.items())
        else:
            yield (field, _SINGLE), json.dumps(value)
