"""Where an account comes from and where it is kept: a document to begin with, a data file, or memory."""

from __future__ import annotations

from reconciler.emulator import beginning
from reconciler.emulator.data_file import DataFile
from reconciler.emulator.records import Unreadable
from reconciler.emulator.settings import Settings
from reconciler.emulator.store import Store


class Keeper:
    """The account's document and file, as the settings name them. Raises Unreadable.

    `start` is the account to go on with: what the file held, else the first one.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._file = DataFile(settings.data, settings.account_id) if settings.data else None
        try:
            held = self._file.load() if self._file else None
            if held and settings.load:
                raise Unreadable(
                    f"{settings.data} holds an account already: begin it with {settings.load} in another file"
                )
            self.start = held or self.first()
        except Unreadable:
            self.close()
            raise

    def first(self) -> Store:
        """The account at its beginning: that of the document, or an empty one."""
        path = self._settings.load
        if path is None:
            return Store(self._settings.seed)
        try:
            return beginning.read(path.read_text(encoding="utf-8"), self._settings.account_id)
        except (OSError, UnicodeDecodeError, Unreadable) as error:
            raise Unreadable(f"{path}: {error}") from error

    def last(self) -> Store:
        """The account as it was kept last."""
        return (self._file.load() if self._file else None) or self.first()

    def keep(self, store: Store) -> None:
        """Writes what has changed to the file, if there is one."""
        if self._file:
            self._file.save(store)

    def close(self) -> None:
        """Lets go of the file."""
        if self._file:
            self._file.close()
