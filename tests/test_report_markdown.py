from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from plans import EXAMPLE, FEW, HOSTILE, NOTHING, PLANS, RELEASE, UPDATE

from reconciler.model import Address, Finding, Severity
from reconciler.plan import Plan
from reconciler.report.as_markdown import plan_markdown
from reconciler.report.words import apart, grouped

COMMONMARK = MarkdownIt("commonmark")
BLOCKS = {
    "heading_open",
    "paragraph_open",
    "bullet_list_open",
    "list_item_open",
    "inline",
    "fence",
    "html_block",
}
INLINE = {"text", "code_inline", "strong_open", "strong_close"}
OURS = re.compile(r"[A-Za-z0-9 ,.:;()…—+-]*")
HTML = {"<details><summary>Every field</summary>\n", "</details>\n"}
COMMENT = """\
### Plan: 1 to create, 1 to change, 1 to remove, 2 numbers to order

**Refused: apply will not start, for 1 reason.**

**Hazards, refused**

- `prod.yaml:7:5: mms.production/support: texts with pictures stop` — hint: `--allow-hazard \
'mms.production/support' lets it happen`

**Warnings**

- `location.production/support: it becomes the default location`

**Numbers**

- `numbers.production/support[toll_free=8**]`: 1 wanted, 3 there, \
2 too many (kept; to give them up for ever: --release +18885550102 --release +18885550101)

**Steps**

- `+ create application.support-sms`
- `~ update location.production/support`
- `- delete mms.production/support`
- `$ order numbers.production/support[area_code=919]: 2 numbers`

<details><summary>Every field</summary>

```diff
+ create application.support-sms
    inbound_callback_url: "https://example.com/sms"
    inbound_callback_creds.password: (secret, will be sent)
~ update location.production/support
    description: "a" -> "b"
    address.zip: "27601" -> "27606"
    calling_name.display: true -> (not set)
- delete mms.production/support
    protocol: "HTTP"
$ order numbers.production/support[area_code=919]: 2 numbers
    5 wanted, 2 there, 1 coming with open orders, 2 to order
```

</details>

Not in the manifest, left alone: 1 live object.

Account `9900000`, manifest `base.yaml, prod.yaml`.
"""


def tokens(text: str) -> Iterator[Token]:
    """Every token of a markdown text, those within lines included."""
    for block in COMMONMARK.parse(text):
        yield block
        yield from block.children or ()


def shown_and_left_out(text: str, noun: str, marker: str) -> int:
    """Count the list's items that begin so, and those that the text says are left out."""
    more = re.search(rf"^- … and ([0-9,]+) more {noun}s?$", text, re.MULTILINE)
    return text.count(marker) + (int(more[1].replace(",", "")) if more else 0)


def long_plan(steps: int, findings: int = 0) -> Plan:
    """Make a plan with so many steps, refusals and warnings, all with long names."""
    places = [Address("location", ("production", f"{n} " + "é" * 150)) for n in range(max(steps, findings))]
    return replace(
        EXAMPLE,
        steps=tuple(replace(UPDATE, id=f"{a}#update", address=a) for a in places[:steps]),
        refusals=tuple(Finding(Severity.REFUSAL, a, "no", "hint " * 99) for a in places[:findings]),
        warnings=tuple(Finding(Severity.WARNING, a, f"well, {n}") for n, a in enumerate(places[:findings])),
    )


def test_a_comment_reads_as_written_here() -> None:
    """What stops it comes first, every step has a line, its fields are folded away."""
    assert plan_markdown(EXAMPLE) == COMMENT


def test_hazards_come_first() -> None:
    """Whatever else is refused or warned of, hazards stand above it, those that were allowed too."""
    hazard, refusal = EXAMPLE.refusals[0], Finding(Severity.REFUSAL, UPDATE.address, "no")
    allowed = replace(hazard, message="calls stop")
    text = plan_markdown(replace(EXAMPLE, refusals=(refusal, hazard), warnings=(*EXAMPLE.warnings, allowed)))
    words = ("2 reasons", "Hazards, refused", "pictures stop", "Hazards, allowed", "calls stop",
             "**Refused**", ": no`", "**Warnings**", "it becomes", "**Steps**")  # fmt: skip
    places = [text.index(word) for word in words]
    assert places == sorted(places)


def test_numbers_that_go_are_told_unfolded() -> None:
    """A step that gives numbers up names the first of them in its line, and all of them among the fields."""
    seven = tuple(f"+1919555010{n}" for n in range(7))
    line = "- `! release numbers.production/support[toll_free=8**]: 1 number` — `+18775550100`\n"
    assert line in plan_markdown(replace(NOTHING, steps=(RELEASE,)))
    text = plan_markdown(replace(NOTHING, steps=(replace(RELEASE, released=seven),)))
    assert ": 7 numbers` — `+19195550100`, " in text
    assert "`+19195550104` and 2 more\n" in text
    assert "\n    +19195550106\n" in text


def test_no_changes_is_one_line() -> None:
    """A plan with nothing to do says so, and for which account."""
    assert plan_markdown(NOTHING) == (
        "### No changes. The account matches the manifest.\n\n"
        "Account `9900000`, manifest `base.yaml, prod.yaml`.\n"
    )


@FEW
@given(PLANS)
def test_nothing_breaks_out(plan: Plan) -> None:
    """Outside of code there are only our own words, and no link, image, HTML or heading but ours."""
    found = list(tokens(plan_markdown(plan)))
    opened = {t.type for t in found if not t.type.endswith("_close")}
    assert opened <= BLOCKS | INLINE
    assert all(OURS.fullmatch(t.content) for t in found if t.type == "text")
    assert {t.content for t in found if t.type == "html_block"} <= HTML
    assert sum(t.type == "heading_open" for t in found) == 1
    assert sum(t.type == "fence" for t in found) == bool(plan.steps)
    assert all(line.isprintable() for t in found for line in t.content.split("\n"))


@given(st.sampled_from(HOSTILE), st.sampled_from(HOSTILE), st.sampled_from(HOSTILE))
def test_a_code_span_holds_all_of_a_name(first: str, second: str, third: str) -> None:
    """Every account id, however spelt, comes out of the code span as it went in, escapes and cuts aside."""
    text = first + second + third
    spans = [
        t.content for t in tokens(plan_markdown(replace(NOTHING, account=text))) if t.type == "code_inline"
    ]
    assert len(spans) == 2
    if text.isprintable() and len(text) <= 300 and text.strip():
        assert spans[0] == text


@FEW
@given(PLANS, st.integers(1, 300), st.integers(8_000, 65_000))
def test_a_comment_is_never_too_long(plan: Plan, times: int, limit: int) -> None:
    """However much there is of everything, the text stays under the limit, in bytes."""
    large = replace(
        plan, steps=plan.steps * times, warnings=plan.warnings * times, refusals=plan.refusals * times,
        pools=plan.pools * times,
    )  # fmt: skip
    text = plan_markdown(large, limit)
    assert len(text.encode()) < limit
    listed = [t for t in tokens(text) if t.type == "list_item_open"]
    left_out = sum(
        int(n.replace(",", "")) for n in re.findall(r"^- … and ([0-9,]+) more", text, re.MULTILINE)
    )
    told = {step.address for step in large.steps}
    pools = sum(p.address not in told and bool(p.pending or p.surplus) for p in large.pools)
    allowed, warnings = apart(large.warnings)
    counted = len(listed) - len(re.findall(r"^- … and ", text, re.MULTILINE)) + left_out
    found = len(allowed) + len(grouped(warnings)) + len(large.refusals)
    assert counted == len(large.steps) + found + pools


def test_two_thousand_steps_are_counted_exactly() -> None:
    """2,000 steps make a comment under GitHub's limit with whole counts."""
    text = plan_markdown(long_plan(2_000))
    assert len(text.encode()) < 65_536
    assert text.startswith("### Plan: 2,000 to change\n")
    assert shown_and_left_out(text, "step", "- `~ update location.") == 2_000


def test_some_fields_are_shown_when_not_all_fit() -> None:
    """The steps' fields stop at a whole step, and the rest is counted."""
    text = plan_markdown(long_plan(100), 50_000)
    more = re.search(r"^… and the fields of ([0-9]+) more steps$", text, re.MULTILINE)
    assert more is not None
    assert text.count("\n~ update location.") + int(more[1]) == 100


def test_refusals_are_never_dropped_silently() -> None:
    """When not even the refusals fit, they come first, and those left out are counted exactly."""
    text = plan_markdown(long_plan(3_000, 3_000))
    assert len(text.encode()) < 65_536
    refusals, _, rest = text.partition("**Warnings**")
    assert "for 3,000 reasons" in refusals
    assert shown_and_left_out(refusals, "refusal", "- `location.") == 3_000
    assert shown_and_left_out(rest, "warning", "- `location.") == 3_000
    assert shown_and_left_out(rest, "step", "- `~ update location.") == 3_000
