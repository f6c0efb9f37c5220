"""Manifests drawn at random, each a small edit of the one before, and what somebody else does meanwhile.

A manifest is drawn as plain data, each object under a key that it keeps, whatever its name becomes;
`telling` makes it right and writes it down.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from drawn import ALWAYS, OBJECTS, PARTS, Fields, Manifest, Objects, some
from hypothesis import strategies as st

Place = tuple[str, ...]
NOT_IGNORED = {"sms", "mms", "messaging_application", "voice_application", "numbers"}  # not of the object
ALIASES: Mapping[str, str] = {**PARTS["aliases"], **{old: new for new, old in PARTS["aliases"].items()}}
DRIFTS = [(call, body) for call, body in PARTS["drifts"]]
RELEASE = ("release", "")


@dataclass(frozen=True)
class Turn:
    """Something that somebody else does (or nothing), the manifest after it, and what is said with it.

    `gives_up`: how many of the numbers that may go are named, -1 for one that may not. `daring`:
    hazards are allowed.
    """

    drift: tuple[str, str] | None
    manifest: Manifest
    gives_up: int = 0
    daring: bool = False


@st.composite
def stories(draw: st.DrawFn, turns: int = 2) -> list[Turn]:
    """A manifest and up to `turns` small edits of it."""
    manifest = draw(st.one_of(st.just(PARTS["whole"]), _beginnings()))
    told = [Turn(None, manifest)]
    for _ in range(draw(st.integers(1, turns))):
        drift = draw(st.one_of(st.none(), st.sampled_from((*DRIFTS, RELEASE))))
        for _ in range(draw(st.integers(1, 4))):
            manifest = draw(edited(manifest))
        told.append(Turn(drift, manifest, draw(st.sampled_from([0, 0, 1, 99, 99, -1])), draw(st.booleans())))
    return told


@st.composite
def _beginnings(draw: st.DrawFn) -> Manifest:
    """A manifest with some of all objects, each with some of its fields."""
    manifest: Manifest = {"version": 1}
    for place, fields in OBJECTS.items():
        if draw(st.booleans()) and _inside(manifest, place[:-2]) is not None:
            _put(manifest, place, draw(some(fields)))
    return manifest


@dataclass(frozen=True)
class _Object:
    """An object of a manifest that is being edited: its place, what is said of it, what may be said."""

    manifest: Manifest
    place: Place
    fields: Fields

    @property
    def said(self) -> Any:
        """What the manifest says of it; None where it does not."""
        return _inside(self.manifest, self.place)

    @property
    def siblings(self) -> dict[str, Any]:
        """Its collection."""
        found: dict[str, Any] = _inside(self.manifest, self.place[:-1])
        return found


def _forget(draw: st.DrawFn, it: _Object) -> None:
    del draw, it.siblings[it.place[-1]]


def _doom_or_spare(draw: st.DrawFn, it: _Object) -> None:
    del draw
    it.said["state"] = "present" if it.said.get("state") == "absent" else "absent"


def _rename(draw: st.DrawFn, it: _Object) -> None:
    del draw
    it.said["renamed_from"] = it.said.get("name", it.place[-1])
    it.said["name"] = ALIASES[it.said["renamed_from"]]


def _pin(draw: st.DrawFn, it: _Object) -> None:
    del draw
    it.said["id"] = not it.said.get("id")


def _make_default(draw: st.DrawFn, it: _Object) -> None:
    if "locations" not in it.place:
        return _change_field(draw, it)
    for key, location in it.siblings.items():
        location["is_default_peer"] = key == it.place[-1]
    return None


def _ignore(draw: st.DrawFn, it: _Object) -> None:
    names = st.sampled_from([name for name in it.fields if name not in NOT_IGNORED])
    it.said["ignore"] = draw(st.lists(names, unique=True, max_size=2))


def _recount(draw: st.DrawFn, it: _Object) -> None:
    counted = [pool for pool in it.said.get("numbers", ()) if "count" in pool]
    if not counted:
        return _change_field(draw, it)
    draw(st.sampled_from(counted))["count"] = draw(st.integers(0, 3))
    return None


def _change_field(draw: st.DrawFn, it: _Object) -> None:
    """One field set, changed or taken out."""
    name = draw(st.sampled_from(list(it.fields)))
    it.said[name] = draw(it.fields[name])
    if name not in ALWAYS and draw(st.integers(0, 3)) == 0:
        del it.said[name]


EDITS: tuple[Callable[[st.DrawFn, _Object], None], ...] = (
    _forget, _doom_or_spare, _rename, _pin, _make_default, _ignore, _recount, *[_change_field] * 6,
)  # fmt: skip


@st.composite
def edited(draw: st.DrawFn, before: Manifest, objects: Objects = OBJECTS) -> Manifest:
    """The manifest with one object added, taken out or doomed, or something of it changed."""
    manifest = copy.deepcopy(before)
    place = draw(st.sampled_from([p for p in objects if _inside(manifest, p[:-2]) is not None]))
    it = _Object(manifest, place, objects[place])
    if it.said is None:
        _put(manifest, place, {**draw(some(it.fields)), "renamed_from": ALIASES[place[-1]]})
    else:
        draw(st.sampled_from(EDITS))(draw, it)
    return manifest


def _inside(manifest: Manifest, place: tuple[str, ...]) -> Any:
    found: Any = manifest
    for key in place:
        found = (found or {}).get(key)
    return found


def _put(manifest: Manifest, place: tuple[str, ...], fields: dict[str, Any]) -> None:
    for key in place[:-1]:
        manifest = manifest.setdefault(key, {})
    manifest[place[-1]] = fields
