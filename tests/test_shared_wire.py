"""Every document that Bandwidth published for the calls that are served, read in place where it is at hand.

Known gaps are in `shared_wire_gaps.yaml`, each with its reason; a gap that has closed fails too.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatch
from typing import Any

import pytest
import wire_score
from lxml import etree
from wire_client import decoded
from wire_documents import IDS, exchanges, parse
from wire_oracle import says
from wire_published import (
    DOCUMENTS,
    GAPS,
    GROUPS,
    PUBLISHED,
    SERVED_GROUPS,
    SHARED,
    Published,
    is_served,
    lacking,
    reason,
    rows,
    shape,
)

if not SHARED.is_dir():
    pytest.skip("the published documents are not beside this repository", allow_module_level=True)
# what the client tells besides, and no single element of a document says
DERIVED = {"callback_url", "callback_creds", "criterion", "finished", "pending", "next", "recommends"}
READ_CALLS = {
    shape(row.call) for row in exchanges().values() if not row.client_only and not row.emulator_only
}
READ = [
    one for one in DOCUMENTS if one.answer and shape(one.call) in READ_CALLS and one.file.endswith(".xml")
]
SIDES = {"client": READ, "emulator": list(DOCUMENTS)}


def by_file(documents: list[Published]) -> pytest.MarkDecorator:
    """One test for each document, named after it."""
    return pytest.mark.parametrize("published", documents, ids=[one.file for one in documents])


@by_file(READ)
def test_client_decodes(published: Published) -> None:
    """The client makes of a published answer what the answer says, unless that is a known gap."""
    assert _client_agrees(published) is not bool(reason("client", published.file))


@by_file(list(DOCUMENTS))
def test_emulator(published: Published) -> None:
    """The emulator takes a published request, and gives a published answer, unless that is a known gap."""
    found = lacking(published)
    assert (found == ()) is not bool(reason("emulator", published.file)), found


@pytest.mark.parametrize("side", SIDES)
def test_gaps_are_counted(side: str) -> None:
    """The gaps are as many as the list says, and each of its patterns is of a document that is there."""
    patterns = [pattern for known in GAPS[side]["known"] for pattern in known["files"]]
    found = {pattern: [one.file for one in SIDES[side] if fnmatch(one.file, pattern)] for pattern in patterns}
    assert all(found.values()), found
    assert len({file for files in found.values() for file in files}) == GAPS[side]["count"]


def test_groups_are_served_or_left_out() -> None:
    """A group without a call that is served is left out with a reason, and only such a group is."""
    served = {one.group for one in PUBLISHED if is_served(one.call)}
    assert set(SERVED_GROUPS) == served
    assert set(GAPS["groups"]) == set(GROUPS) - served


def test_score(capsys: pytest.CaptureFixture[str]) -> None:
    """The command that counts finds enough, and says how many in its last line."""
    assert wire_score.main([]) == 0
    passed = sum(lacking(one) == () for one in DOCUMENTS)
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith(f"{passed} of {len(DOCUMENTS)} documents of the served groups pass")


@pytest.mark.parametrize(
    "row",
    [row for row in rows("empty-success.json") if is_served(row["call"])],
    ids=lambda row: f"{row['api']} {row['call']}",
)
def test_success_without_a_body(row: Mapping[str, Any]) -> None:
    """A success that is published without a body is among the project's own exchanges, without one too."""
    own = [
        one for one in exchanges().values() if shape(one.call) == shape(row["call"]) and one.response is None
    ]
    assert row["status"] in {one.status for one in own}


def _client_agrees(published: Published) -> bool:
    root = parse(published.document)
    mine = decoded(published.exchange, etree.tostring(root), _ids_in(root))
    theirs = says(published.exchange, root)
    if isinstance(theirs, Mapping) and isinstance(mine, Mapping):
        return _same(mine, theirs)
    if isinstance(theirs, list) and isinstance(mine, list) and all(isinstance(one, dict) for one in theirs):
        return len(mine) == len(theirs) and all(map(_same, mine, theirs))
    return bool(mine == theirs)


def _same(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    return all(mine.get(name) == theirs.get(name) for name in mine.keys() | theirs.keys()
               if name in theirs or name not in DERIVED)  # fmt: skip


def _ids_in(root: etree._Element) -> Mapping[str, str]:
    """The ids under which a number's details show it, so that it is where it was looked for."""
    paths = {"accountId": "AccountId", "siteId": "Site/Id", "sipPeerId": "SipPeer/PeerId"}
    return {**IDS, **{name: text for name, path in paths.items() if (text := root.findtext(f"*/{path}"))}}
