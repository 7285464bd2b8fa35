"""A paper's PDF against the claims: every link, every table, and the text that no link covers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ai_scientist.claims import pdf
from ai_scientist.claims.binding import AFTER, Names, is_strict, names_of, unbound
from ai_scientist.claims.evidence import Item
from ai_scientist.claims.latex import legible
from ai_scientist.claims.macros import link_texts
from ai_scientist.claims.words import slug
from ai_scientist.records import Claims, Idea, Table

FILE = "paper/paper.pdf"
HEADING, TITLE, SMALL = 11.5, 15.0, 10.5
"""Points: headings are larger than the first, the title than the second; captions and tables are smaller than the third."""
ROW = 16.0
"""Points: a standard deviation may stand below its mean, and a row is no higher than that."""
FLOAT = re.compile(r"^\s*(Figure|Table) \d{1,2}\s*[.:]\s")


def check_paper(data: bytes, claims: Claims, idea: Idea) -> list[Item]:
    try:
        reading = pdf.read(data)
    except pdf.UnreadablePDF as error:
        return [Item(verdict="FAIL", what="paper", where=FILE, why=f"the PDF cannot be read: {error}")]
    texts = link_texts(claims)
    uses = pdf.uses(reading, texts)
    if not any(use.destination.startswith("claim.") for use in uses):
        return [Item(verdict="FAIL", what="paper", where=FILE, why="no number in it is bound to a claim")]
    return [
        *check_uses(uses, texts),
        *(check_table(table, uses, reading, claims) for table in claims.tables),
        *check_references(reading.links),
        *check_text(reading.lines, names_of(idea, claims)),
    ]


def check_uses(uses: Sequence[pdf.Use], texts: dict[str, str]) -> list[Item]:
    """One item for each claim that the paper uses, and one for each use that says something else."""
    items, pages = [], {}
    for use in uses:
        where = f"{FILE}, page {use.page}"
        if use.destination not in texts:
            items.append(Item(verdict="FAIL", what=use.destination, where=where, why="there is no such claim"))
        elif pdf.normal(use.text) != pdf.normal(texts[use.destination]):
            why = f"the paper says '{use.text.strip()}'; the measurements give '{texts[use.destination]}'"
            items.append(Item(verdict="FAIL", what=use.destination, where=where, why=why))
        else:
            pages.setdefault(use.destination, []).append(use.page)
    for destination, found in pages.items():
        listed = ", ".join(str(page) for page in sorted(set(found)))
        items.append(Item(verdict="PASS", what=destination, where=f"{FILE}, page {listed}"))
    return items


def check_table(table: Table, uses: Sequence[pdf.Use], reading: pdf.Reading, claims: Claims) -> Item:
    """Headings, labels and cells stand in the order in which the claims have them, below the table's own caption."""
    head = [f"data.{slug(column)}" for column in table.columns[1:]]
    rows = [[f"arm.{row.arm}", *(f"claim.{id}" for ids in row.cells for id in ids)] for row in table.rows]
    wanted = head + [one for row in rows for one in row]
    what = f"table {table.id} in the paper"
    names = [use.destination for use in uses]
    start = next((i for i in range(len(names)) if names[i : i + len(wanted)] == wanted), None)
    if start is None:
        return Item(
            verdict="FAIL", what=what, where=FILE, why="its headings, rows and cells do not stand there in this order"
        )
    found = uses[start : start + len(wanted)]
    where = f"{FILE}, page {found[0].page}"
    if why := misplaced(found, len(head), [len(row) for row in rows]):
        return Item(verdict="FAIL", what=what, where=where, why=why)
    captions = {one.id: caption_place(one, reading, claims) for one in claims.tables}
    here = found[0]
    above = [
        (place[1], id) for id, place in captions.items() if place and place[0] == here.page and place[1] <= here.top
    ]
    if not above or max(above)[1] != table.id:
        return Item(
            verdict="FAIL",
            what=what,
            where=where,
            why=f"its caption does not stand above it: {caption_text(table, claims)}",
        )
    return Item(verdict="PASS", what=what, where=where)


def misplaced(found: Sequence[pdf.Use], columns: int, lengths: Sequence[int]) -> str:
    """Whether what comes one after the other in the file also lies so on the page."""
    if len({use.page for use in found}) > 1:
        return "it is torn over two pages"
    heading, rest = found[:columns], list(found[columns:])
    lefts = [use.left for use in heading]
    top = max(use.top for use in heading)
    for length in lengths:
        row, rest = rest[:length], rest[length:]
        in_line = max(use.top for use in row) - min(use.top for use in row) < ROW
        ordered = all(left.left < right.left for left, right in pairwise(row))
        if not in_line or not ordered or min(use.top for use in row) <= top:
            return f"the row of {row[0].text.strip()!r} does not lie where its place in the order says"
        top = max(use.top for use in row)
    return "" if lefts == sorted(lefts) else "its headings do not lie in their order"


def caption_text(table: Table, claims: Claims) -> str:
    def value(match: re.Match[str]) -> str:
        found = claims.value(match[1])
        return found.text if found else ""

    return legible(re.sub(r"\\val\{([^{}]*)\}", value, table.caption))


def caption_place(table: Table, reading: pdf.Reading, claims: Claims) -> tuple[int, float] | None:
    """Page and top of the line with which a table's caption begins."""
    wanted = pdf.normal(caption_text(table, claims)).replace("-", "")
    for number, line in enumerate(reading.lines):
        if not FLOAT.match(line.text) or not line.text.lstrip().startswith("Table"):
            continue
        text = "".join(FLOAT.sub("", one.raw) for one in reading.lines[number : number + 8])
        if pdf.normal(text).replace("-", "").startswith(wanted):
            return line.page, line.top
    return None


def check_references(links: Iterable[pdf.Link]) -> list[Item]:
    """Links to references, figures and tables say a running number and nothing else, always the same one."""
    items, numbers = [], {}
    for link in links:
        if not pdf.OTHER.match(link.destination) or not any(map(str.isdigit, link.text)):
            continue
        digits = re.findall(r"\d+", link.text)
        cited = link.destination.startswith("cite.")
        plain = (cited and re.fullmatch(r"\D*\d{1,3}\]?", link.text.strip())) or re.fullmatch(
            r"(?:(?:Figure|Table|Section) ?)?(?:\d{1,2}|[A-Z])(?:\.\d)?", link.text.strip()
        )
        known = numbers.setdefault(link.destination, digits[-1])
        if not plain or known != digits[-1]:
            why = f"the link says '{link.text.strip()}'" + ("" if known == digits[-1] else f", and elsewhere {known}")
            items.append(Item(verdict="FAIL", what=link.destination, where=f"{FILE}, page {link.page}", why=why))
    return items


def check_text(lines: Sequence[pdf.Line], names: Names) -> list[Item]:
    """Numbers and comparisons that no link covers, from the title to the references."""
    items: list[Item] = []
    heading, place = "", ""
    gathered: list[pdf.Line] = []
    seen: set[str] = set()

    def close() -> None:
        if gathered and (place or gathered[0].size > TITLE):
            strict = bool(place) and (is_strict(place) or gathered[0].size < SMALL)
            text = FLOAT.sub("", join(line.text for line in gathered))
            for fault in unbound(text, names, strict, f"{FILE}, page {gathered[0].page}"):
                items.append(
                    Item(verdict="FAIL", what=fault.rule.replace("-", " "), where=fault.where, why=fault.message)
                )
        gathered.clear()

    for line in lines:
        name = re.sub(r"^\d+(\.\d+)*\s+", "", line.text.strip())
        titled = line.bold and (HEADING < line.size < TITLE or name == "Abstract")
        if titled:
            close()
            heading = name
            seen.add(name.lower())
            if name in AFTER:
                place = ""
                break
            place = heading
            if any(map(str.isdigit, name)):
                items += [
                    Item(verdict="FAIL", what=fault.rule, where=FILE, why=fault.message)
                    for fault in unbound(name, names, False, "heading")
                ]
            continue
        if gathered and (abs(gathered[-1].size - line.size) > 0.6 or FLOAT.match(line.text)):
            close()
        gathered.append(line)
    close()
    missing = [wanted for wanted in ("abstract", "results") if wanted not in seen]
    if missing:
        why = f"no heading '{missing[0].capitalize()}' was found, so that the text could not be told apart"
        items.append(Item(verdict="UNKNOWN", what="text", where=FILE, why=why))
    elif not items:
        items.append(Item(verdict="PASS", what="text without unbound numbers", where=FILE))
    return items


def join(lines: Iterable[str]) -> str:
    """Lines as running text, words that were hyphenated at a line's end put together."""
    text = ""
    for line in lines:
        line = line.strip()
        if text.endswith("-") and line[:1].islower() and text[-2:-1].isalpha():
            text = text[:-1] + line
        else:
            text = f"{text} {line}" if text else line
    return text
