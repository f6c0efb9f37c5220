"""A directory turned into an object store whose objects outlive a power failure."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from obstore.store import LocalStore


class Folder:
    """A directory that the first write makes, and that no read makes."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._lasting: set[Path] = set()  # folders whose names are on the disk

    def to_read(self) -> LocalStore | None:
        """The objects in it; None where there is no such directory yet. Raises `OSError`."""
        if self.path.is_dir():
            return LocalStore(self.path)
        if os.path.lexists(self.path):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        return None

    def to_write(self) -> LocalStore:
        """The objects in it, after making it. Raises `OSError`."""
        if not self._lasting:
            self._lasting.add(next(path for path in (self.path, *self.path.parents) if path.exists()))
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return LocalStore(self.path)

    def flush(self, key: str) -> None:
        """Wait until what was written as `key` is on the disk, with its name and its folders' names.

        The local store of obstore writes a file beside the object and links or renames it, without fsync.
        """
        file = self.path / key
        _flush(file)
        _flush(file.parent)
        for folder in file.parents:
            if folder in self._lasting:
                break
            _flush(folder.parent)
            self._lasting.add(folder)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
