"""Bibliography databases: their entries, and the list of references that BibTeX would roughly make of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ai_scientist_reviewer.latex.marked import Marked
from ai_scientist_reviewer.latex.signs import Sign, text_of, worded
from ai_scientist_reviewer.latex.walk import Walker
from ai_scientist_reviewer.source import Entry, Spot

MAX_ENTRIES = 20_000
_VENUE = ("journal", "journaltitle", "booktitle", "school", "institution", "publisher", "howpublished", "archiveprefix")
_ADDRESS = ("doi", "eprint", "url")
_RAW = ("url", "doi", "eprint", "file", "crossref")
"""Fields in which %, _ and the like mean themselves."""


def entries_of(database: Marked) -> Iterator[Entry]:
    """The entries of a .bib file, each at the line of its @. What BibTeX itself would pass over is passed over.

    An entry's first field of a name counts, as with BibTeX; of entries with one key all are given.
    """
    from pybtex.database.input.bibtex import LowLevelParser, month_names

    def passed_over(error: Exception) -> None:
        """A broken entry ends where its fault stands; reading goes on at the next @."""

    parser: Any = LowLevelParser(database.text, macros=dict(month_names), handle_error=passed_over)
    count = 0
    for kind, content in parser:
        if kind.lower() in ("string", "preamble", "comment") or len(content) != 2 or not content[0]:
            continue
        count += 1
        if count > MAX_ENTRIES:
            return
        fields: dict[str, str] = {}
        for name, parts in content[1]:
            fields.setdefault(name.lower(), _resolved(name.lower(), "".join(parts)))
        spot = database.spots[parser.command_start or 0] if database.spots else Spot("", 1)
        yield Entry(content[0], kind.lower(), fields, spot)


def _resolved(name: str, value: str) -> str:
    value = " ".join(value.split())
    if name in _RAW or ("\\" not in value and not re.search(r"[{}$~`%&^_-]", value)):
        return value.replace("{", "").replace("}", "").replace("\\_", "_").replace("\\%", "%")
    walker = Walker()
    return text_of(walker.seen(Marked.at(value, Spot("", 1))))


def cited(citations: Sequence[str], entries: Mapping[str, Entry]) -> list[str]:
    """Keys in the order in which they are first cited; \\nocite{*} takes the rest too."""
    keys = list(dict.fromkeys(key for key in citations if key in entries))
    return list(dict.fromkeys([*keys, *entries])) if "*" in citations else keys


def listing(keys: Sequence[str], entries: Mapping[str, Entry]) -> list[Sign]:
    """A list of references, each on a line of its own with its number."""
    signs: list[Sign] = []
    for number, key in enumerate(keys, start=1):
        entry = entries[key]
        signs += worded(f"\n\n[{number}] {reference(entry)}", entry.spot)
    return signs


def reference(entry: Entry) -> str:
    """Authors. Title. Venue, volume(number):pages, year. Address."""
    fields = entry.fields
    if "text" in fields:
        return fields["text"]
    names = [_in_order(name) for name in re.split(r"\s+and\s+", fields.get("author", fields.get("editor", ""))) if name]
    names = ["et al." if name == "others" else name for name in names]
    who = names[0] if len(names) == 1 else ", ".join(names[:-1]) + f" and {names[-1]}" if names else ""
    venue = next((fields[name] for name in _VENUE if fields.get(name)), "")
    if fields.get("booktitle") == venue and venue:
        venue = f"In {venue}"
    place = fields.get("volume", "") + (f"({fields['number']})" if fields.get("number") else "")
    place += f":{fields['pages']}" if fields.get("pages") and place else fields.get("pages", "")
    year = fields.get("year", fields.get("date", "")[:4])
    address = next((f"{name}:{fields[name]}" if name == "doi" else fields[name] for name in _ADDRESS if fields.get(name)), "")  # fmt: skip
    parts = [who, fields.get("title", ""), ", ".join(part for part in (venue, place, year) if part), address]
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)


def _in_order(name: str) -> str:
    """ "Ho, Jonathan" as "Jonathan Ho"."""
    last, comma, first = name.strip().partition(",")
    return f"{first.rpartition(',')[2].strip()} {last.strip()}".strip() if comma else name.strip()
