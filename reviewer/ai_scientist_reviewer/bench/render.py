"""Sections of text and tables, as Markdown and as a self-contained HTML page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from jinja2 import Environment, PackageLoader, StrictUndefined


@dataclass(frozen=True)
class Table:
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Section:
    title: str
    text: tuple[str, ...] = ()
    tables: tuple[Table, ...] = field(default=())


def markdown(title: str, summary: str, sections: Sequence[Section]) -> str:
    lines = [f"# Reviewer card: {_plain(title)}", "", _plain(summary), ""]
    for section in sections:
        lines += [f"## {section.title}", ""]
        for paragraph in section.text:
            lines += [_plain(paragraph), ""]
        for table in section.tables:
            lines += [_line(table.head), _line(["---"] * len(table.head))]
            lines += [_line([_plain(cell) for cell in row]) for row in table.rows]
            lines += ["", *([_plain(table.note), ""] if table.note else [])]
    return "\n".join(lines).rstrip() + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """Names of papers and messages are not ours: nothing in them is markup."""
    one = " ".join(text.split())
    return "".join(f"\\{char}" if char in "\\`*_[]<>|#" else char for char in one)


def html(title: str, summary: str, sections: Sequence[Section]) -> str:
    pages = Environment(
        loader=PackageLoader("ai_scientist_reviewer.bench", "pages"), autoescape=True, undefined=StrictUndefined
    )
    pages.filters["kept"] = _kept
    return pages.get_template("card.html").render(title=title, summary=summary, sections=sections)


def _kept(cell: str) -> str:
    """An interval stays on one line."""
    return re.sub(r"\[[^\]]{1,30}\]", lambda found: found[0].replace(" ", "\u00a0"), cell)
