"""The numbers of a paper beside its result files, for people at a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from textwrap import shorten

from ai_scientist_reviewer.evidence.records import Compared, Verdict

_ORDER = ("contradicted", "unexplained", "derived", "matched")
_WIDE = 100
"""Characters of the evidence."""


def numbers(compared: Compared) -> Iterator[str]:
    """A heading with the counts, then one line per number: verdict, number, place, evidence.

    Settings and counts that no file holds are counted and not listed; the JSON output has them.
    """
    if compared.values:
        yield from _listed(compared)
    else:
        yield "No number was compared: the result files hold none that can be read."
    for file, why in compared.unread.items():
        yield f"  not read: {file}: {why}"


def _listed(compared: Compared) -> Iterator[str]:
    listed = [one for one in compared.numbers if one.verdict != "unexplained" or one.role == "value"]
    counts = Counter(one.verdict for one in listed)
    told = ", ".join(f"{counts[word]} {word}" for word in _ORDER)
    yield f"Numbers beside {compared.values:,} values of the result files: {told}."
    rows = [(one.verdict, one.text, _place(one), _evidence(one)) for one in listed]
    widths = [max((len(row[i]) for row in rows), default=0) for i in range(3)]
    for row in rows:
        yield (
            "  " + "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]).rstrip()
        )
    if left := len(compared.numbers) - len(listed):
        yield f"  and {left} settings and counts that no file holds, which need not be there"


def _place(one: Verdict) -> str:
    where = shorten(one.where.replace("“", "").replace("”", ""), 64, placeholder="…")
    if one.file:
        return f"{one.file}:{one.line} {where}"
    return f"p. {one.page} {where}" if one.page else where


def _evidence(one: Verdict) -> str:
    if one.verdict == "unexplained":
        return ""
    if one.verdict == "contradicted":
        return shorten(f"files: {one.evidence[0]}", _WIDE, placeholder="…")
    how = f"{one.how}: " if one.how else ""
    chance = f" (by chance {one.chance:.1%})" if one.chance is not None and one.chance >= 0.01 else ""
    return shorten(how + "; ".join(one.evidence), _WIDE, placeholder="…") + chance
