"""Plans and outcomes to make things from: one plan with some of everything, and random hostile ones."""

from __future__ import annotations

from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st

from reconciler.calls import Call
from reconciler.execute import Outcome, Result, State
from reconciler.kinds import KINDS
from reconciler.model import (
    Action,
    Address,
    FieldChange,
    Finding,
    Position,
    Severity,
    Source,
    Value,
)
from reconciler.plan import Options, Plan, Pool, Step, Unmanaged

APPLICATION = Address("application", ("support-sms",))
LOCATION = Address("location", ("production", "support"))
POOL = Address("numbers", ("production", "support"), "area_code=919")
TOLL_FREE = Address("numbers", ("production", "support"), "toll_free=8**")
SITES = "/accounts/9900000/sites"

CREATE = Step(
    "application.support-sms#create",
    APPLICATION,
    Action.CREATE,
    (),
    (
        FieldChange("inbound_callback_url", None, "https://example.com/sms"),
        FieldChange("inbound_callback_creds.password", None, "set", secret=True),
    ),
    (Call("POST", "/accounts/9900000/applications"),),
    {},
)
UPDATE = Step(
    "location.production/support#update",
    LOCATION,
    Action.UPDATE,
    (),
    (
        FieldChange("description", "a", "b"),
        FieldChange("address", {"city": "Raleigh", "zip": "27601"}, {"city": "Raleigh", "zip": "27606"}),
        FieldChange("calling_name", {"display": True}, None),
    ),
    (Call("PUT", f"{SITES}/1/sippeers/2"),),
    {"id": "2", "description": "a", "zones": (1, 2), "address": {"city": "Raleigh", "zip": "27601"}},
)
DELETE = Step(
    "mms.production/support#delete",
    LOCATION.sibling("mms"),
    Action.DELETE,
    ("location.production/support#update",),
    (FieldChange("protocol", "HTTP", None),),
    (Call("DELETE", f"{SITES}/1/sippeers/2/products/messaging/features/mms"),),
    {"protocol": "HTTP"},
)
ORDER = Step(
    "numbers.production/support[area_code=919]#order",
    POOL,
    Action.ORDER,
    (),
    (FieldChange("count", 3, 5),),
    (Call("POST", "/accounts/9900000/orders"),),
    {"present": 2, "pending": 1, "orders": 1},
    quantity=2,
)
TOO_MANY = ("+18885550102", "+18885550101", "+18775550100")
RELEASE = Step(
    f"{TOLL_FREE}#release",
    TOLL_FREE,
    Action.RELEASE,
    (),
    (FieldChange("present", 3, 2),),
    (Call("POST", "/accounts/9900000/disconnects"),),
    {"numbers": ("+18775550100",)},
    released=("+18775550100",),
)
GONE = Step(
    "location.production/old#delete",
    Address("location", ("production", "old")),
    Action.DELETE,
    (),
    (FieldChange("name", "old", None),),
    (Call("DELETE", f"{SITES}/1/sippeers/3"),),
    {"id": "3", "name": "old"},
)
EXAMPLE = Plan(
    account="9900000",
    source=Source((Path("base.yaml"), Path("prod.yaml")), "5" * 64),
    steps=(CREATE, UPDATE, DELETE, ORDER),
    pools=(Pool(POOL, 5, 2, 1, 2, ("order-1",)), Pool(TOLL_FREE, 1, 3, 0, 0, numbers=TOO_MANY)),
    unmanaged=(Unmanaged(Address("application", ("old one",)), "93de"),),
    warnings=(Finding(Severity.WARNING, LOCATION, "it becomes the default location"),),
    refusals=(
        Finding(
            Severity.HAZARD,
            DELETE.address,
            "texts with pictures stop",
            "--allow-hazard 'mms.production/support' lets it happen",
            Position("prod.yaml", 7, 5),
        ),
    ),
    options=Options(only=("location.production/support",)),
)
NOTHING = Plan(EXAMPLE.account, EXAMPLE.source)

FEW = settings(max_examples=50, deadline=None)
"""For laws over whole plans: each is large, and deepdiff is imported on the way."""

HOSTILE = (
    "\n", "\r\n", "\x1b[2J", "\x9b31m", "\x00", "\u2028", "\u202e", "\u2066", "\u200b", "\xa0", "\t", " ",
    "`", "```", "~~~", "</details>", "<script>", "<!--", "-->", "|", "@everyone", "#123", "[x](javascript:x)",
    "https://example.org", "![i](http://e)", "**", "# ", "- ", "> ", "---", "\\", '"', "'", "/", "]", "[",
    "No changes. The account matches the manifest.", "  + create application.x", "refused: x", "…",
    "\N{LATIN SMALL LETTER E WITH ACUTE}", "\N{HEBREW LETTER ALEF}", "\N{PILE OF POO}", "&lt;",
    "www.example.org", "x" * 400, "`" * 90,
)  # fmt: skip
TEXT = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=4), max_size=5).map("".join)
COUNTS = st.integers(0, 10_000)
NUMBERS = st.lists(st.from_regex(r"\A\+1[2-9][0-9]{9}\Z"), max_size=8, unique=True).map(tuple)
ADDRESSES = st.builds(
    Address,
    st.sampled_from([kind.name for kind in KINDS]),
    st.lists(TEXT, min_size=1, max_size=2).map(tuple),
    st.just("") | TEXT,
)
VALUES: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
SECRETS = st.builds(FieldChange, TEXT, st.sampled_from([None, "set"]), st.sampled_from([None, "set"]),
                    st.just(value=True))  # fmt: skip
CHANGES = st.builds(FieldChange, TEXT, VALUES, VALUES) | SECRETS
CALLS = st.builds(Call, st.sampled_from(["POST", "PUT", "PATCH", "DELETE"]), TEXT, conditional=st.booleans())
POSITIONS = st.builds(Position, TEXT, st.integers(1, 999), st.integers(1, 999))
FINDINGS = st.builds(Finding, st.sampled_from(Severity), ADDRESSES, TEXT, TEXT, st.none() | POSITIONS)


@st.composite
def steps(draw: st.DrawFn) -> Step:
    """Draw one step whose id is that of its address and action."""
    address, action = draw(ADDRESSES), draw(st.sampled_from(Action))
    released = draw(NUMBERS) if action is Action.RELEASE else ()
    return Step(
        f"{address}#{action}",
        address,
        action,
        tuple(draw(st.lists(TEXT, max_size=2))),
        tuple(draw(st.lists(CHANGES, max_size=3, unique_by=lambda change: change.path))),
        tuple(draw(st.lists(CALLS, max_size=2))),
        draw(st.dictionaries(TEXT, VALUES, max_size=3)),
        draw(COUNTS) if action is Action.ORDER else 0,
        released,
    )


def _few(of: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(of, max_size=3).map(tuple)


POOLS = st.builds(Pool, ADDRESSES, COUNTS, COUNTS, COUNTS, COUNTS, _few(TEXT), numbers=NUMBERS)
OPTIONS = st.builds(Options, _few(TEXT), _few(TEXT), _few(TEXT), _few(TEXT))
PLANS = st.builds(
    Plan,
    account=TEXT,
    source=st.builds(Source, _few(TEXT.map(Path)), TEXT),
    steps=st.lists(steps(), max_size=3, unique_by=lambda step: step.id).map(tuple),
    pools=st.lists(POOLS, max_size=2, unique_by=lambda pool: pool.address).map(tuple),
    unmanaged=_few(st.builds(Unmanaged, ADDRESSES, TEXT)),
    warnings=_few(FINDINGS),
    refusals=_few(FINDINGS),
    options=OPTIONS,
)
RESULTS = st.builds(
    Result, TEXT, ADDRESSES, st.sampled_from(Action), st.sampled_from(State), TEXT, TEXT, TEXT,
    st.booleans(), COUNTS,
)  # fmt: skip
OUTCOMES = st.builds(Outcome, _few(RESULTS), st.booleans())
