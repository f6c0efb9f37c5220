"""A ledger's URL turned into a place for JSON objects: the one code path to directories and object stores.

Conditional create is the only promise that every store keeps, so what must happen once is a create. What is
torn (a power failure, a full disk) reads as missing.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import from_url

from reconciler.ledger.folder import Folder

if TYPE_CHECKING:
    from obstore.store import ObjectStore, RetryConfig

# Short, for the lease of the lock must outlast a slow store.
RETRIES: RetryConfig = {"max_retries": 3, "retry_timeout": timedelta(seconds=30)}
_FAILURES = (BaseError, OSError, ValueError)
_REMOTE_HINT = "check the URL, the network, and the credentials in the environment"
_WRITE = "_write"  # says which call made an object
VARIABLES = {
    "s3": ("AWS_", ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "REGION", "ENDPOINT_URL")),
    "gs": ("GOOGLE_", ("SERVICE_ACCOUNT", "SERVICE_ACCOUNT_KEY", "APPLICATION_CREDENTIALS")),
    "az": ("AZURE_", ("STORAGE_ACCOUNT_NAME", "STORAGE_ACCOUNT_KEY", "STORAGE_SAS_KEY", "ENDPOINT")),
}


class LedgerFailed(Exception):
    """The ledger could not be reached, read or written: `message` in one line, without secrets."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Store:
    """JSON objects by key ("locks/00000001") below one prefix of an object store.

    `url` is what the user called it; `local` its directory, None for a remote one. Every method raises
    `LedgerFailed`.
    """

    def __init__(self, objects: ObjectStore | Folder, url: str = "memory:", prefix: str = "") -> None:
        self.url = url
        self.local = objects.path if isinstance(objects, Folder) else None
        self._objects = objects
        self._prefix = prefix

    def below(self, prefix: str) -> Store:
        """The same store with keys relative to `prefix`."""
        return Store(self._objects, self.url, self._key(prefix) + "/")

    def create(self, key: str, value: Mapping[str, Any]) -> bool:
        """Make an object, durably; False if there is one. Of callers at the same moment one gets True."""
        write = secrets.token_hex(8)
        with self._writing():
            try:
                self._put(key, {**value, _WRITE: write}, "create")
            except AlreadyExistsError:
                # obstore repeats a PUT that was answered 5xx, so what is there may be this very write.
                return (self._read(key) or {}).get(_WRITE) == write
        return True

    def put(self, key: str, value: Mapping[str, Any]) -> None:
        """Make or replace an object, durably."""
        with self._writing():
            self._put(key, value, "overwrite")

    def get(self, key: str) -> dict[str, Any] | None:
        """Read an object; None for one that is missing, torn, or not a JSON object."""
        with self._reading():
            value = self._read(key)
        return value and {name: each for name, each in value.items() if name != _WRITE}

    def keys(self, prefix: str = "") -> list[str]:
        """Every key below `prefix` ("locks/"), sorted; what is still being written is not among them."""
        whole = self._key(prefix)
        with self._reading():
            objects = self._to_read()
            found = obstore.list(objects, whole or None).collect() if objects else ()
        return sorted(entry["path"].removeprefix(self._prefix) for entry in found)

    def modified(self, key: str) -> datetime | None:
        """When an object was written, by the store's clock; None if it is missing."""
        with self._reading():
            try:
                objects = self._to_read()
                return obstore.head(objects, self._key(key))["last_modified"] if objects else None
            except FileNotFoundError:
                return None

    def delete(self, key: str) -> None:
        """Remove an object if it is there."""
        with self._writing():
            try:
                if objects := self._to_read():
                    obstore.delete(objects, self._key(key))
            except FileNotFoundError:
                return

    def _key(self, key: str) -> str:
        return self._prefix + key

    def _to_read(self) -> ObjectStore | None:
        return self._objects.to_read() if isinstance(self._objects, Folder) else self._objects

    def _to_write(self) -> ObjectStore:
        return self._objects.to_write() if isinstance(self._objects, Folder) else self._objects

    def _put(self, key: str, value: Mapping[str, Any], mode: obstore.PutMode) -> None:
        obstore.put(self._to_write(), self._key(key), json.dumps(value).encode(), mode=mode)
        if isinstance(self._objects, Folder):
            self._objects.flush(self._key(key))

    def _read(self, key: str) -> dict[str, Any] | None:
        objects = self._to_read()
        try:
            text = bytes(obstore.get(objects, self._key(key)).bytes()) if objects else b""
        except FileNotFoundError:
            return None
        try:
            value = json.loads(text)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except _FAILURES as error:
            message = f"the ledger {self.url} cannot be read: {_why(error)}"
            raise LedgerFailed(message, self._hint()) from error

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except _FAILURES as error:
            message = f"the ledger {self.url} cannot be written: {_why(error)}"
            raise LedgerFailed(message, self._hint()) from error

    def _hint(self) -> str:
        return "make room or mend it, and run again with the same --ledger" if self.local else _REMOTE_HINT


def open_store(url: str, environ: Mapping[str, str]) -> Store:
    """The store of a path, `file://`, `s3://bucket/prefix`, `gs://…` or `az://container/prefix`.

    obstore itself reads its variables from the process's environment; those that matter most count as
    `environ` has them. Nothing is made or reached yet. Raises `LedgerFailed`.
    """
    scheme, separator, _ = url.partition("://")
    if url and not separator:
        return Store(Folder(Path(url)), url)
    if scheme == "file" and not urlsplit(url).netloc:
        return Store(Folder(Path(url2pathname(urlsplit(url).path))), url)
    if scheme not in VARIABLES:
        hint = "pass --ledger with a directory, file:///, s3://, gs:// or az://"
        raise LedgerFailed(f"the ledger {url} cannot be read: no store goes by such a URL", hint)
    prefix, names = VARIABLES[scheme]
    config: Any = {prefix + name: environ[prefix + name] for name in names if prefix + name in environ}
    http = environ.get(f"{prefix}ALLOW_HTTP", "").lower() == "true"
    client: Any = {"allow_http": True} if http else None
    try:
        remote = from_url(url, config=config, client_options=client, retry_config=RETRIES)
    except _FAILURES as error:
        message = f"the ledger {url} cannot be read: {_why(error)}"
        raise LedgerFailed(message, _REMOTE_HINT) from error
    return Store(remote, url)


def _why(error: Exception) -> str:
    """One line of it, without a body in XML and the parameters of a signed URL."""
    text = (isinstance(error, OSError) and error.strerror) or str(error).partition("\n")[0]
    return re.sub(r"^Generic \w+ error: |: <.*|\?\S*", "", text)
