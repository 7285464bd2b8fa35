"""The rules as a list for the terminal and as a table for the documentation.

`python -m ai_scientist_reviewer.formats.rules docs/checks.md` renews the table in a file, between its two marks.
"""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

from ai_scientist_reviewer.checks import RULES, Rule

BEGIN, END = "<!-- rules: begin -->", "<!-- rules: end -->"


def listed() -> str:
    width, group = max(map(len, RULES)), max(len(one.group) for one in RULES.values())
    return "\n".join(f"{one.id:{width}}  {one.group:{group}}  {one.summary}" for one in RULES.values())


def explained(one: Rule) -> str:
    """Its whole docstring: what it looks for, and what it cannot tell."""
    return f"{one.id} ({one.group})\n\n{inspect.getdoc(one.apply) or one.summary}"


def table() -> str:
    rows = [f"| `{one.id}` | `{one.group}` | {_cell(one.summary)} |" for one in RULES.values()]
    return "\n".join(["| rule | group | what it looks for |", "| --- | --- | --- |", *rows])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("[", "\\[")


def renewed(text: str) -> str:
    """A file's text with the table of today between the marks."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")
