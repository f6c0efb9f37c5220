"""A plan to markdown for a pull-request comment: whole counts, never too long, names unable to break out.

Every name, value and message stands in a code span or a code block, whose fence is longer than any run
of backticks inside (CommonMark 0.31, sections 4.5 and 6.1): there it is no markup, HTML, link or mention.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from reconciler.model import Finding
from reconciler.plan import Plan, Pool, Step
from reconciler.report.words import (
    MOST_NAMED,
    apart,
    counted,
    cut,
    finding_words,
    grouped,
    headline,
    noteworthy,
    pool_words,
    prose,
    refused,
    safe,
    step_heading,
    step_lines,
)

LIMIT = 65_000
"""Bytes; a comment on GitHub holds 65,536 characters, and whoever posts it may add a line."""
LONGEST = 300
"""Characters of a name, a message or a line of details."""
ENDS = 6_000
"""Bytes kept free for what closes a page: titles, counts of what is left out, fences, the account."""

T = TypeVar("T")


def plan_markdown(plan: Plan, limit: int = LIMIT) -> str:
    """The plan in less than `limit` bytes (8,000 or more); what does not fit is counted."""
    page = _Page(limit - ENDS)
    page.add(f"### {headline(plan)}")
    stopping, refusals = apart(plan.refusals)
    allowed, warnings = apart(plan.warnings)
    if plan.refusals:
        page.add(f"**{refused(plan)}**")
    page.items("Hazards, refused", list(zip(stopping)), _finding, "hazard")
    page.items("Hazards, allowed", list(zip(allowed)), _finding, "hazard")
    page.items("Refused", list(zip(refusals)), _finding, "refusal")
    page.items("Warnings", grouped(warnings), _finding, "warning", share=0.5)
    page.items("Numbers", noteworthy(plan), _pool, "pool", share=0.5)
    page.items("Steps", plan.steps, _step, "step")
    page.details(plan)
    if plan.unmanaged:
        page.add(f"Not in the manifest, left alone: {counted(len(plan.unmanaged), 'live object')}.")
    files = ", ".join(map(str, plan.source.files))
    page.add(f"Account {_code(plan.account)}, manifest {_code(files)}.")
    return "\n\n".join(page.blocks) + "\n"


@dataclass
class _Page:
    """Blocks of markdown, and how many bytes there is room for yet."""

    room: int
    blocks: list[str] = field(default_factory=list)

    def add(self, block: str) -> None:
        self.blocks.append(block)

    def items(
        self, title: str, things: Sequence[T], words: Callable[[T], str], noun: str, share: float = 1
    ) -> None:
        """A list of things, as many as fit into `share` of the room."""
        if not things:
            return
        shown = self._fitting((f"- {words(thing)}" for thing in things), share)
        left_out = len(things) - len(shown)
        if left_out:
            shown.append(f"- … and {counted(left_out, f'more {noun}')}")
        self.add(f"**{title}**\n\n" + "\n".join(shown))

    def details(self, plan: Plan) -> None:
        """What each step changes, folded, as many whole steps as fit."""
        if not plan.steps:
            return
        pools = {pool.address: pool for pool in plan.pools}
        shown = self._fitting(_detail(step, pools.get(step.address)) for step in plan.steps)
        left_out = counted(len(plan.steps) - len(shown), "more step")
        if not shown:
            self.add("The fields of the steps do not fit here.")
            return
        text = "\n".join(shown)
        if len(shown) < len(plan.steps):
            text += f"\n… and the fields of {left_out}"
        fence = "`" * max(3, _longest_run(text) + 1)
        summary = "<details><summary>Every field</summary>"
        self.add(f"{summary}\n\n{fence}diff\n{text}\n{fence}\n\n</details>")

    def _fitting(self, texts: Iterable[str], share: float = 1) -> list[str]:
        """The first texts that fit. They are asked for one by one: a long plan is not written out."""
        kept = self.room * (1 - share)
        fitting: list[str] = []
        for text in texts:
            size = len(text.encode()) + 1
            if self.room - size < kept:
                break
            self.room -= size
            fitting.append(text)
        return fitting


def _finding(alike: Sequence[Finding]) -> str:
    hint = f" — hint: {_code(prose(alike[0].hint))}" if alike[0].hint else ""
    return _code(finding_words(*alike)) + hint


def _pool(pool: Pool) -> str:
    return f"{_code(str(pool.address))}: {pool_words(pool)}"


def _step(step: Step) -> str:
    """The step in short; numbers that go for ever are told before anything is unfolded."""
    more = len(step.released) - MOST_NAMED
    gone = ", ".join(map(_code, step.released[:MOST_NAMED])) + (f" and {more:,} more" if more > 0 else "")
    return _code(step_heading(step)) + (f" — {gone}" if gone else "")


def _detail(step: Step, pool: Pool | None) -> str:
    lines = step_lines(step, pool)
    return "\n".join([cut(step_heading(step), LONGEST), *(f"    {cut(line, LONGEST)}" for line in lines)])


def _code(text: str) -> str:
    """The text as a code span."""
    shown = cut(safe(text), LONGEST) or "(empty)"
    fence = "`" * (_longest_run(shown) + 1)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
