"""What it takes to describe a kind of resource: its fields, where the manifest has it, how the API serves it.

A kind is data. The few rules that a table cannot say are pure functions in the kind's own file:
`shorthand` (a manifest value to fields), `check` (offline rules), `review` (rules that take the account
to see) and `replace` (the body of a full replace).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.document import Node
from reconciler.kinds.fields import Field, Schema
from reconciler.model import Change, Fields, Finding, Problem, Resource, Value, World

Plain = Mapping[str, Value]  # fields whose references are ids and whose secrets are passwords


@dataclass(frozen=True)
class Collection:
    """Served as a list with members that have ids: POST to the list, PUT or PATCH to a member.

    `answers` are the roots that a list may come in; a list in any other root is not understood.
    `read_only` elements are left out of a full replace.
    """

    path: str
    member: str
    id_element: str
    answers: tuple[str, ...]
    update: str
    read_only: tuple[str, ...] = ()

    @property
    def settings(self) -> tuple[Setting, ...]:
        """A collection has no settings documents."""
        return ()


@dataclass(frozen=True)
class Setting:
    """One settings document at a fixed path: POST or PUT creates it, PUT changes it.

    `blank` is what a new document has besides its fields.
    """

    name: str
    path: str
    root: str
    create: str = "POST"
    blank: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Settings:
    """Served as one or more settings documents.

    `remove` is the method that takes them away, with `removal` as its body; where sources disagree on
    the body, the next form is sent when one is refused. Where `partial` is true a PUT says only what
    changes, and nothing is read before it.
    """

    settings: tuple[Setting, ...]
    remove: str = "DELETE"
    removal: tuple[Node, ...] = ()
    partial: bool = False


@dataclass(frozen=True)
class Orders:
    """Served by orders that take time; what is there is a list of numbers, given up by `disconnects`."""

    path: str = "/accounts/{account}/orders"
    disconnects: str = "/accounts/{account}/disconnects"
    numbers: str = "/accounts/{account}/sites/{sub_account}/sippeers/{location}/tns"
    settings: tuple[Setting, ...] = ()


Serving = Collection | Settings | Orders


def as_fields(value: Any) -> tuple[bool, Fields]:
    """The usual manifest value: a mapping of fields, lists as tuples."""
    lists = {name: tuple(each) for name, each in value.items() if isinstance(each, list)}
    return True, {**value, **lists}


def nothing_to_check(resource: Resource, world: World) -> Iterable[Problem]:
    """No rule of its own, offline."""
    del resource, world
    return ()


def nothing_to_review(change: Change, world: World) -> Iterable[Finding]:
    """No rule of its own, with the account at hand."""
    del change, world
    return ()


def nothing_to_add(resource: Resource, world: World) -> Fields:
    """A create says what the manifest says."""
    del resource, world
    return {}


def goes_last(change: Change) -> bool:
    """A change that comes after those of the kinds that it names in `after`."""
    del change
    return False


def nothing_beside(fields: Fields) -> tuple[str, ...]:
    """Its rules look at nothing beside it."""
    del fields
    return ()


def nothing_in_the_way(document: Node) -> Node:
    """Nothing in its document keeps the API from deleting it."""
    return document


def edited(kind: Kind, document: Node, fields: Plain) -> Node:
    """The body of a full replace: the document as read, the named fields edited, read-only ones out.

    So are fields that read back as empty elements: the text of many is checked, and "" is none of theirs.
    """
    read_only = kind.serving.read_only if isinstance(kind.serving, Collection) else ()
    blank = (each.element for each in kind.fields if each.codec.plain and each.is_blank(document))
    for element in (*read_only, *blank):
        document = document.put(element, None)
    for each in kind.rows(fields):
        document = each.put(document, fields[each.name], kind.order)
    return document


@dataclass(frozen=True)
class Kind:
    """One kind of resource.

    `where` is its place in the manifest, `*` standing for a name. `order` is the documented order of
    its document's outermost elements. `after` names kinds of the same location that must be in place
    before this one, and outlive it. `create_needs` lists fields of which one must be given for the
    API to create it; `on_create` is sent with a create unless the manifest says otherwise. `first`
    names a flag that one of several under one parent has: who gets it goes first, who gives it up last.
    `goes_first` tells of a change that comes before those of the kinds in `after`, not behind them.
    `beside` names settings of a location that its own rules have to know, given its fields.
    `removal_asks_numbers` has the location's numbers read before it is taken away; `strip` is the
    document without what the API would not delete it with. `criterion` tells apart several of one
    location.
    """

    name: str
    where: tuple[str, ...]
    description: str
    serving: Serving
    fields: tuple[Field, ...] = ()
    order: tuple[str, ...] = ()
    parent: str = ""
    identity: tuple[str, ...] = ("name",)
    refers_to: tuple[str, str] | None = None  # the kind and the service type of what it names
    after: tuple[str, ...] = ()
    create_needs: tuple[tuple[str, ...], ...] = ()
    first: str = ""
    goes_first: Callable[[Change], bool] = goes_last
    beside: Callable[[Fields], tuple[str, ...]] = nothing_beside
    removal_asks_numbers: bool = False
    strip: Callable[[Node], Node] = nothing_in_the_way
    block: Schema | None = None  # the manifest's schema, where it is not just a mapping of the fields
    criterion: Callable[[Fields], str] = lambda _: ""
    shorthand: Callable[[Any], tuple[bool, Fields]] = as_fields
    on_create: Callable[[Resource, World], Fields] = nothing_to_add
    check: Callable[[Resource, World], Iterable[Problem]] = nothing_to_check
    review: Callable[[Change, World], Iterable[Finding]] = nothing_to_review
    replace: Callable[[Kind, Node, Plain], Node] = edited

    @property
    def is_object(self) -> bool:
        """Whether it is a thing with a name and an id of its own."""
        return isinstance(self.serving, Collection)

    def called(self, fields: Fields) -> tuple[str, ...]:
        """What tells it apart from others of its kind under one parent, such as name and service type."""
        return tuple(str(fields.get(name)) for name in self.identity)

    def rows(self, fields: Fields) -> tuple[Field, ...]:
        """The rows that apply to these fields and are among them, in the table's order."""
        service = fields.get("service_type")
        return tuple(r for r in self.applicable(service) if r.name in fields)

    def applicable(self, service: Value) -> tuple[Field, ...]:
        """The rows of one service type (all rows, for kinds without)."""
        sent = (r for r in self.fields if not r.local)
        return tuple(r for r in sent if not r.services or service in r.services)

    def fit(self, fields: Plain, *, partial: bool = False) -> Plain:
        """The fields without those that the API refuses because what they belong to is not there.

        In a `partial` document that is only what is named and cleared; else what is left out, too.
        """
        owners = {row.name: row.of for row in self.rows(fields) if row.of}
        return {
            name: value
            for name, value in fields.items()
            if name not in owners
            or fields.get(owners[name]) is not None
            or (partial and owners[name] not in fields)
        }

    def decode(self, document: Node, setting: str = "") -> dict[str, Value]:
        """Every field that a document of this kind shows."""
        rows = [row for row in self.fields if row.setting == setting and not row.local]
        service = next((r.read(document) for r in rows if r.name == "service_type"), None)
        return {r.name: r.read(document) for r in rows if not r.services or service in r.services}

    def encode(self, fields: Plain, root: str, setting: str = "", blank: tuple[Node, ...] = ()) -> Node:
        """A document that says these fields, and `blank`."""
        node = Node(root, children=blank)
        for row in self.rows(fields):
            if row.setting == setting:
                node = row.put(node, fields[row.name], self.order)
        return node
