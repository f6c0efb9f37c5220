"""How the same thing is spelled under another answer to an open question: a table, in and out.

The emulator keeps and checks the documented spelling. Answers are respelled on their way out, and a
request may use either spelling where the table says that both are in use.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from reconciler.emulator.settings import Settings
from reconciler.emulator.xml import Tree

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Spelling:
    """One other spelling: the answer that brings it, the documents that have it, and what is renamed.

    roots: of answers (of requests, too, where `taken`); empty for all. elements: documented name to the
    other. words: by element, documented text to the other. methods: whose answers are respelled.
    taken: when requests may use it, "always" or "answered" (only under that answer) or "never".
    """

    reading: str
    answer: str
    roots: frozenset[str] = frozenset()
    elements: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    methods: frozenset[str] = frozenset({"GET", "POST", "PUT", "PATCH"})
    taken: str = "answered"

    def concerns(self, root: str) -> bool:
        """Whether documents with this root have it."""
        return not self.roots or root in self.roots

    def spelled(self, value: Any, element: str = "") -> Any:
        """A Tree, or a part of one, in this spelling; what was there is left as it is."""
        if isinstance(value, Mapping):
            return {self.elements.get(n, n): self.spelled(v, n) for n, v in value.items()}
        if isinstance(value, list):
            return [self.spelled(each, element) for each in value]
        return self.words.get(element, NOTHING).get(value, value)


_APPLICATION = frozenset({"Application", "ApplicationProvisioningResponse"})
SPELLINGS = (
    Spelling(
        "service_type",
        "plain",
        _APPLICATION,
        words={"ServiceType": {"Messaging-V2": "Messaging", "Voice-V2": "Voice"}},
        # samples of requests in numbers.yml have it
        taken="always",
    ),
    Spelling(
        "callback_types",
        "upper",
        _APPLICATION,
        words={
            "CallbackType": {
                word: word.upper().replace("-", "_")
                for word in ("message-delivered", "message-failed", "message-sending")
            }
        },
    ),
    Spelling(
        "a2p_words",
        "upper",
        words={"A2pLongCode": {"DefaultOn": "DEFAULT_ON", "DefaultOff": "DEFAULT_OFF"}},
    ),
    Spelling(
        "assignment_root",
        "application",
        elements={
            "ApplicationsSettings": "ApplicationSettings",
            "ApplicationsSettingsResponse": "ApplicationSettingsResponse",
        },
    ),
    Spelling(
        "termination_root",
        "origination",
        elements={
            "SipPeerTerminationSettingsResponse": "SipPeerOriginationSettingsResponse",
            "SipPeerTerminationSettings": "SipPeerOriginationSettings",
        },
        methods=frozenset({"GET"}),
        taken="never",
    ),
    Spelling(
        "mms_case",
        "lower",
        frozenset({"MmsFeatureResponse"}),
        elements={"Protocol": "protocol", "ProxyPeerId": "proxyPeerId"},
        methods=frozenset({"GET"}),
        taken="never",  # the table of the document has both
    ),
    Spelling(
        "mms_case",
        "lower_everywhere",
        frozenset({"MmsFeatureResponse"}),
        elements={"Protocol": "protocol", "ProxyPeerId": "proxyPeerId"},
        taken="never",
    ),
    Spelling(
        "routes_name",
        "capitals",
        elements={"AvailableNnRoutes": "AvailableNNRoutes", "AssignedNnRoute": "AssignedNNRoute"},
    ),
    Spelling("country_word", "us", words={"Country": {"United States": "US"}}, taken="never"),
)


def shown(method: str, root: str, content: Tree, settings: Settings) -> tuple[str, Tree]:
    """The root and the content of an answer, spelled as the readings want it."""
    for spelling in SPELLINGS:
        if method in spelling.methods and spelling.concerns(root) and _holds(spelling, settings):
            root, content = spelling.elements.get(root, root), spelling.spelled(content)
    return root, content


def respell(root: etree._Element, settings: Settings) -> None:
    """Puts a request's other spellings into the documented one, in place, where they are in use."""
    for spelling in SPELLINGS:
        if spelling.concerns(str(root.tag)) and _is_taken(spelling, settings):
            for element in root.iter(*_names(spelling)):
                _document(spelling, element)


def _holds(spelling: Spelling, settings: Settings) -> bool:
    return settings.answer(spelling.reading) == spelling.answer


def _is_taken(spelling: Spelling, settings: Settings) -> bool:
    return spelling.taken == "always" or (spelling.taken == "answered" and _holds(spelling, settings))


def _names(spelling: Spelling) -> Iterator[str]:
    yield from spelling.elements.values()
    yield from spelling.words


def _document(spelling: Spelling, element: etree._Element) -> None:
    names = {other: documented for documented, other in spelling.elements.items()}
    element.tag = names.get(str(element.tag), element.tag)
    for documented, other in spelling.words.get(str(element.tag), NOTHING).items():
        if (element.text or "").strip() == other:
            element.text = documented
