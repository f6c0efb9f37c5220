"""Settings whose reads say nothing, and removals whose answers are lost."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from creates import MANIFEST, account_with, ended

from reconciler.api.errors import Refused
from reconciler.execute import State

SETTINGS = {
    "sms": "features/sms",
    "mms": "features/mms",
    "messaging_application": "messaging/applicationSettings",
    "voice_application": "origination/settings",
}
OFF = (
    "sub_accounts: {main: {locations: {desk: "
    "{features: {sms: false, mms: false}, messaging_application: null}}}}"
)


@pytest.mark.parametrize("path", SETTINGS.values(), ids=SETTINGS)
def test_a_refusal_without_a_document_is_not_a_setting_that_was_never_made(path: str, tmp_path: Path) -> None:
    """No source shows a 400 without a document for a setting: there is no plan made of it."""
    account = account_with(tmp_path)
    assert account.apply(MANIFEST).code == 0
    account.emulator.faults.add(f"error-before=400 GET {path} body=x")
    with pytest.raises(Refused):
        account.plan(MANIFEST)


@pytest.mark.parametrize("kind", ["sms", "mms", "messaging_application"])
@pytest.mark.parametrize("gone", [True, False], ids=["gone", "still there"])
def test_a_removal_whose_repeat_is_refused_is_done_if_it_is_gone(
    kind: str, gone: bool, tmp_path: Path
) -> None:
    """What counts after a lost removal is whether the setting is there, not what the repeat was told."""
    account = account_with(tmp_path)
    assert account.apply(MANIFEST).code == 0
    served = account.transport.handle_request
    path = "/" + SETTINGS[kind]

    def refusing(request: httpx.Request) -> httpx.Response:
        if request.method == "GET" or not request.url.path.endswith(path):
            return served(request)
        if gone:
            served(request)
        return httpx.Response(400, text="<R><ErrorCode>1016</ErrorCode><Description>No.</Description></R>")

    account.transport = httpx.MockTransport(refusing)
    result = ended(account.apply(MANIFEST, OFF), f"{kind}.main/desk")
    assert result.state is (State.DONE if gone else State.FAILED)
