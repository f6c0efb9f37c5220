"""XML bytes turned into `Node` values and back, without DTDs, entities, network or huge trees."""

from __future__ import annotations

from lxml import etree

from reconciler.api.errors import Unreadable
from reconciler.document import Node

_SPACE = " \t\r\n"  # XML's own; a no-break space is text


def parse(data: bytes) -> Node:
    """Read the document in `data`; comments, attributes, namespaces dropped, text stripped.

    Raises `Unreadable`: not well-formed, a DOCTYPE (the API never sends one), or beyond lxml's
    limits of depth and size.
    """
    # A parser for each call: lxml lets one parser work on one thread at a time.
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"XML that cannot be read: {error.msg}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("XML with a DOCTYPE, which is refused")
    return _node(root)


def _node(element: etree._Element) -> Node:
    texts = [element.text, *(child.tail for child in element)]
    return Node(
        etree.QName(element).localname,
        "".join(text for text in texts if text).strip(_SPACE),
        tuple(_node(child) for child in element if isinstance(child.tag, str)),
    )


def render(node: Node) -> bytes:
    """Write `node` as UTF-8 with an XML declaration.

    Raises ValueError, naming the element but not its text, for characters that XML cannot carry.
    """
    return etree.tostring(_element(node), encoding="UTF-8", xml_declaration=True)


def _element(node: Node) -> etree._Element:
    try:
        element = etree.Element(node.name)
        element.text = node.text or None
    except ValueError:
        raise ValueError(f"{node.name} holds characters that XML cannot carry") from None
    element.extend(_element(child) for child in node.children)
    return element
