"""What a run is doing, on stderr: a bar where there is a terminal, a line per step where there is none."""

from __future__ import annotations

import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Self

from reconciler.chain import Order
from reconciler.commands.inputs import Inputs
from reconciler.commands.speaking import say
from reconciler.execute import Result
from reconciler.model import Address
from reconciler.plan import Plan, Step
from reconciler.report.words import safe

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID


class Progress:
    """Hears of steps and orders as they go on; its methods may be called from any thread."""

    def __init__(self, plan: Plan, inputs: Inputs) -> None:
        self._total = len(plan.steps)
        self._done = 0
        self._bars = _bars(inputs) if sys.stderr and sys.stderr.isatty() and plan.steps else None
        self._steps: TaskID | None = None
        self._orders: dict[str, TaskID] = {}
        self._seen: dict[str, tuple[str, int]] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        if self._bars:
            self._bars.start()
            self._steps = self._bars.add_task("steps", total=self._total)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bars:
            self._bars.stop()

    def step(self, step: Step, result: Result | None) -> None:
        """A step begins, or has ended."""
        if result is None:
            return
        with self._lock:
            self._done += 1
            if self._bars and self._steps is not None:
                self._bars.update(self._steps, completed=self._done)
            else:
                say(f"[{self._done}/{self._total}] {result.state}: {safe(step.id)}\n", err=True)

    def order(self, address: Address, order: Order) -> None:
        """An order that is waited for was looked at."""
        delivered = len(order.delivered)
        with self._lock:
            if self._bars:
                task = self._orders.get(order.id)
                if task is None:
                    task = self._bars.add_task(f"order {safe(str(address))}", total=max(1, order.quantity))
                    self._orders[order.id] = task
                self._bars.update(task, completed=delivered)
            elif self._seen.get(order.id) != (order.status, delivered):
                self._seen[order.id] = (order.status, delivered)
                state = f"{order.status}, {delivered} of {order.quantity}"
                say(f"order {order.id} for {safe(str(address))}: {state}\n", err=True)


def _bars(inputs: Inputs) -> Bars:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, no_color=not inputs.color)
    text = TextColumn("{task.description}", markup=False)
    return Progress(
        text,
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
