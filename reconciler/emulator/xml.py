"""Bytes to elements, and nested dictionaries to bytes: the API's XML, hostile input refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lxml import etree

Tree = dict[str, Any]
"""A document below its root: text for a leaf, a Tree for a group, a list for a repeated element."""

_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Malformed(Exception):
    """The bytes are not an XML document, or one that declares a document type."""


def parse(data: bytes) -> etree._Element:
    """The root element, without comments and processing instructions.

    Raises Malformed for anything that is not well-formed, for nesting deeper than libxml2 allows,
    and for every DOCTYPE: the API has no use for one, and entity bombs need one.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Malformed(str(error)) from error
    if root.getroottree().docinfo.doctype:
        raise Malformed("a document type is not allowed")
    return root


def write(root: str, content: Tree | str | None) -> bytes:
    """The document as UTF-8 with a declaration; None, "" and {} make an empty element."""
    element = etree.Element(root)
    _fill(element, content)
    return etree.tostring(element, xml_declaration=True, encoding="UTF-8", standalone=True)


def _fill(element: etree._Element, content: object) -> None:
    if isinstance(content, Mapping):
        for name, value in content.items():
            for one in value if isinstance(value, list) else [value]:
                _fill(etree.SubElement(element, name), one)
    elif content is not None and content != "":
        text = str(content).lower() if isinstance(content, bool) else str(content)
        try:
            element.text = text
        except ValueError:  # a control character that came in by the path
            element.text = _UNWRITABLE.sub("\ufffd", text)
