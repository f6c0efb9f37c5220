"""The project's markdown to its blocks, code spans, tables and links; the code to its words and messages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click

from reconciler.cli import COMMANDS, cli

ROOT = Path(__file__).parents[1]
DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
_BLOCK = re.compile(
    r"(?:^<!-- (?P<marks>[^>]*) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
_SOURCES = [p for p in sorted((ROOT / "reconciler").rglob("*.py")) if "emulator" not in p.parts]


@dataclass(frozen=True)
class Block:
    """A fenced block. `marks` are what the comment above it says: `run`, `file: NAME`, `inside: KIND`."""

    document: Path
    line: int
    marks: tuple[str, ...]
    language: str
    text: str

    def mark(self, word: str) -> str:
        """What a mark `word: value` says; "" without one."""
        found = (mark.removeprefix(f"{word}: ") for mark in self.marks if mark.startswith(f"{word}: "))
        return next(found, "")

    def __str__(self) -> str:
        return f"{self.document.name}:{self.line}"


@cache
def blocks(document: Path) -> tuple[Block, ...]:
    """Every fenced block of a document, in order."""
    text = document.read_text(encoding="utf-8")
    return tuple(
        Block(
            document,
            text.count("\n", 0, found.start()) + 1,
            tuple(filter(None, (found["marks"] or "").split(", "))),
            found["language"],
            found["text"],
        )
        for found in _BLOCK.finditer(text)
    )


def all_blocks(*languages: str) -> list[Block]:
    """The blocks of every document in one of these languages."""
    return [block for document in DOCUMENTS for block in blocks(document) if block.language in languages]


def prose(document: Path) -> str:
    """A document without its fenced blocks."""
    return _BLOCK.sub("", document.read_text(encoding="utf-8"))


def spans(text: str) -> list[str]:
    """The code spans in some markdown, line breaks in them as spaces."""
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", text)]


def links(document: Path) -> list[str]:
    """Where a document's relative links lead, without anchors."""
    text = re.sub(r"`[^`]*`", "", prose(document))
    found = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text)
    return [link for link in found if "://" not in link]


def section(document: Path, heading: str) -> str:
    """What stands under a heading, up to the next heading of any level; without fenced blocks."""
    lines = prose(document).splitlines()
    start = next(i for i, line in enumerate(lines) if line.lstrip("#").strip() == heading)
    end = next((i for i in range(start + 1, len(lines)) if lines[i].startswith("#")), len(lines))
    return "\n".join(lines[start + 1 : end])


def rows(text: str) -> list[list[str]]:
    """The rows of the tables in some markdown, heads left out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    rules = {i for i, line in enumerate(lines) if set(line) <= set("|- ")}
    body = [line for i, line in enumerate(lines) if not {i, i + 1} & rules]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in body]


def template(node: ast.AST) -> str | None:
    """The text of a string or f-string, … for what is filled in; None for anything else."""
    if isinstance(node, ast.JoinedStr):
        return "".join(template(part) or "…" for part in node.values)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.sub(r"\{\w+\}", "…", node.value)
    return None


@cache
def said_by_the_code() -> frozenset[str]:
    """Every text in the program outside the emulator."""
    trees = (ast.walk(ast.parse(path.read_text(encoding="utf-8"))) for path in _SOURCES)
    return frozenset(text for tree in trees for node in tree if (text := template(node)))


def messages(*makers: str, stages: Sequence[str] = ("",)) -> Iterator[tuple[str, str]]:
    """The message of every call to one of these, with the severity it names ("" for none).

    `stages` limits the search to files whose path has one of these in it.

    The first sentence among the arguments is the message, hints come after it, the names of fields may
    come before it; what an address or a field begins a message with is left out.
    """
    for node in _nodes(stages):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in makers:
            texts = [text for argument in node.args if (text := template(argument)) and " " in text]
            words = [ast.unparse(argument) for argument in node.args]
            severity = next((word for word in words if word.startswith("Severity.")), "")
            if texts:
                yield texts[0].removeprefix("…: "), severity.removeprefix("Severity.")


def reasons(*stages: str) -> Iterator[str]:
    """The first of every two values that a rule yields, where it is a text: why, beside what passes."""
    for node in _nodes(stages):
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == 2:
            why = template(node.value.elts[0])
            if why:
                yield why


def _nodes(stages: Sequence[str]) -> Iterator[ast.AST]:
    for path in (p for p in _SOURCES if any(stage in str(p) for stage in stages)):
        yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def variables_read() -> set[str]:
    """The environment variables that the program's texts name."""
    return {name for text in said_by_the_code() for name in re.findall(r"BW_[A-Z_]+|NO_COLOR", text)}


def all_commands() -> dict[str, click.Command]:
    """Every command that there is, loaded."""
    context = click.Context(cli)
    found = {name: cli.get_command(context, name) for name in COMMANDS}
    return {name: command for name, command in found.items() if command}


def check_words(words: Sequence[str]) -> None:
    """Parse a command's words as the program would, without running it; raises for a wrong one."""
    command = all_commands()[words[0]]
    with command.make_context(words[0], list(words[1:]), obj={}):
        pass
