"""Bodies as they were on the wire to text that a person may see: laid out, bounded, without secrets.

Secrets are passwords, passcodes and PINs (elements of numbers.yml, such as `Password` of callback
credentials and of SMPP accounts, `PortOutPasscode`), tokens, and what URLs carry of them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from lxml import etree

MASK = "••••••"
MOST_SHOWN = 200_000
"""Characters of one body that are shown."""

_SECRET_NAME = re.compile("password|passcode|secret|signature|api_?key|token$|^pin(number)?$", re.IGNORECASE)
# The same in running text. Lengths have bounds, so that no hostile text makes the search a long one.
_PART = r"[\w.:-]{0,60}"
_NAME = rf"(?:{_PART}(?:password|passcode|secret|signature|api_?key){_PART}|{_PART}token|pin(?:number)?)"
# What may stand in any text. Each pattern keeps its first group, and masks the rest.
_IN_TEXT = (
    re.compile(r"(://[^/?#\s:@]*:)[^/?#\s@]+(?=@)"),
    re.compile(rf"((?:^|(?<=[?&;])){_NAME}=)[^&;#\s<\"']+", re.IGNORECASE),
    re.compile(r"()(?<![\w-])eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?"),
)
# What may stand in a document that does not parse, whose end may be missing.
_IN_RUINS = (
    re.compile(r"(://[^/?#\s:@<]*:)(?!\d{1,5}\Z)[^/?#\s@<]+\Z"),
    re.compile(rf"(<{_NAME}(?:\s[^<>]*)?(?<!/)>\s*).+?(?=</{_NAME}|\Z)", re.IGNORECASE | re.DOTALL),
    re.compile(
        rf"([\"']{_NAME}[\"']\s*:\s*)(?:\"(?:[^\"\\]|\\.)*\"?|[^\s,\"}}\]]+)", re.IGNORECASE | re.DOTALL
    ),
    re.compile(rf"((?<![\w.:-]){_NAME}\s*=\s*)(?:\"[^\"]*\"?|'[^']*'?)", re.IGNORECASE),
)


@dataclass(frozen=True)
class Shown:
    """A body as it is shown. bytes: how long it was; left_out: characters that do not stand in text."""

    text: str
    bytes: int
    left_out: int = 0


def shown(body: bytes) -> Shown:
    """The body laid out, without secrets, and cut."""
    text = _laid_out(body)
    return Shown(text[:MOST_SHOWN], len(body), max(len(text) - MOST_SHOWN, 0))


def without_secrets(text: str) -> str:
    """A line of text, as a URL or a query, with the secrets in it masked."""
    return _masked(text, _IN_TEXT)


def _laid_out(body: bytes) -> str:
    try:
        if body.lstrip()[:1] in (b"{", b"["):
            return json.dumps(_of_json(json.loads(body)), indent=2, ensure_ascii=False)
        return _of_xml(body)
    except (ValueError, RecursionError, etree.XMLSyntaxError):
        return _of_ruins(body)


def _of_ruins(body: bytes) -> str:
    """Not a document, or only a part of one; as it is, but for secrets."""
    if b"\0" in body:
        return "(binary)"
    # Cut before it is searched: a value is masked to the end where its end is missing.
    text = body[: 4 * MOST_SHOWN].decode("utf-8", "backslashreplace")
    return without_secrets(_masked(text, _IN_RUINS))


def _masked(text: str, patterns: tuple[re.Pattern[str], ...]) -> str:
    for pattern in patterns:
        text = pattern.sub(rf"\1{MASK}", text)
    return text


def _of_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: MASK if _is_secret(key) and one else _of_json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_of_json(one) for one in value]
    return without_secrets(value) if isinstance(value, str) else value


def _is_secret(name: str) -> bool:
    return _SECRET_NAME.search(name) is not None


def _of_xml(body: bytes) -> str:
    # Not `xml.parse`, which refuses a document type: here its entities, as comments, are left out.
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=True,
    )
    root = etree.fromstring(body, parser)
    for element in list(root.iter("*")):
        _mask_element(element)
    etree.indent(root, "  ")
    return etree.tostring(root, encoding="unicode")


def _mask_element(element: etree._Element) -> None:
    for name, value in element.attrib.items():
        masked = MASK if _is_secret(etree.QName(name).localname) else without_secrets(str(value))
        element.set(name, masked)
    if _is_secret(etree.QName(element).localname) and (len(element) or element.text):
        element.clear(keep_tail=True)
        element.text = MASK
    elif element.text:
        element.text = without_secrets(element.text)
    if element.tail:
        element.tail = without_secrets(element.tail)
