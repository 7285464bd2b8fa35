"""Tables of a PDF page, told from the rules above and below them and from where their words stand."""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from ai_scientist_reviewer.document import Box, Cell, Glyph, Line, Page, Table
from ai_scientist_reviewer.grids.frames import Frame, frames_of
from ai_scientist_reviewer.grids.tabular import headings_of
from ai_scientist_reviewer.structure import lines_of

_GAP = 0.5
"""Font sizes between two cells of a row, at least: words of one cell are closer."""
_BOLD = re.compile(
    r"bold|black|heavy|demi|medi(?:um)?(?:ital)?$|cmbx|cmb\d|cmmib|cmbsy|sfbx|ecbx|-b$|\bbx", re.IGNORECASE
)
_CAPTION = re.compile(r"Tab(?:le|\.)\s*(?P<number>[A-Z]?\.?\d{1,3}(?:\.\d{1,2})?|[IVX]{1,5})\s*[:.|]")


class _Chunk(NamedTuple):
    """Words of one row that stand together."""

    text: str
    box: Box
    bold: bool

    @property
    def middle(self) -> float:
        return (self.box.left + self.box.right) / 2


class _Placed(NamedTuple):
    """A character of a table."""

    glyph: Glyph
    box: Box
    spaced: bool
    """White space stands before it."""


def tables_of(page: Page, captions: Sequence[tuple[str, str]]) -> Iterator[Table]:
    """The page's tables. `captions`: number and text of the table captions on this page."""
    lines = list(lines_of(page))
    frames = list(frames_of(page, lines))
    bold = frozenset(glyph.font for glyph in page.glyphs if _BOLD.search(glyph.font))
    body = _body_font(page)
    named = _captions_at(lines, captions)
    found = [table for frame in frames if (table := _table(page, lines, frame, bold - {body})) is not None]
    for table, (number, text) in zip(found, _assigned(found, named), strict=True):
        yield Table(table.cells, table.headings, page.number, number, text, table.box)


def _body_font(page: Page) -> str:
    fonts = [glyph.font for glyph in page.glyphs if glyph.box is not None]
    return statistics.mode(fonts) if fonts else ""


def _table(page: Page, lines: Sequence[Line], frame: Frame, bold: frozenset[str]) -> Table | None:
    rows = _rows(page, lines, frame.box, bold)
    if len(rows) < 2:
        return None
    ruled = _ruled(rows, frame.rules)
    body = [row for row, below in zip(rows, ruled, strict=True) if below > 0] or rows[1:]
    columns = _columns(body)
    if len(columns) < 2:
        return None
    heads = [row for row, below in zip(rows, ruled, strict=True) if below == 0]
    labels = _aside(rows, len(heads), columns)
    grid = [row for i, row in enumerate(rows) if i not in labels]
    cells = [
        cell
        for index, row in enumerate(grid)
        for cell in _row_cells(row, index, columns, frame.partial if index < len(heads) else [])
    ]
    blocks = [ruled[i] for i in range(len(rows)) if i not in labels]
    cells += [_spanning(rows[i][0], [ruled[i] == block for block in blocks], grid, cells) for i in sorted(labels)]
    cells = _spread(cells, blocks, len(heads))
    cells.sort(key=lambda cell: (cell.row, cell.column))
    starts = [i > 0 and blocks[i] != blocks[i - 1] for i in range(len(blocks))]
    return Table(tuple(cells), headings_of(cells, starts), page.number, box=frame.box)


def _rows(page: Page, lines: Sequence[Line], box: Box, bold: frozenset[str]) -> list[list[_Chunk]]:
    """Rows from the top; in each its chunks from the left."""
    pieces: list[list[_Placed]] = []
    for line in lines:
        # A line of the text layer holds one baseline, of which a part may belong to another column of the page.
        piece: list[_Placed] = []
        spaced = False
        for glyph in page.glyphs[line.start : line.start + len(line.text)]:
            if glyph.char.isspace() or glyph.box is None:
                spaced = True
            elif _within(glyph.box, box):
                piece.append(_Placed(glyph, glyph.box, spaced))
                spaced = False
        if piece:
            pieces.append(piece)
    size = statistics.median([placed.glyph.size for piece in pieces for placed in piece]) if pieces else 0.0
    # Larger letters are no part of a table: a watermark, a drop capital.
    pieces = [kept for piece in pieces if (kept := [placed for placed in piece if placed.glyph.size <= 1.5 * size])]
    rows: list[tuple[float, float, list[list[_Placed]]]] = []
    for piece in sorted(pieces, key=lambda piece: statistics.median(placed.box.bottom for placed in piece)):
        top, bottom = _band(piece)
        least = min(rows[-1][1] - rows[-1][0], bottom - top) if rows else 0.0
        if rows and min(rows[-1][1], bottom) - max(rows[-1][0], top) > 0.5 * least:
            rows[-1][2].append(piece)
        else:
            rows.append((top, bottom, [piece]))
    return [
        sorted((chunk for piece in row for chunk in _chunks(piece, bold)), key=lambda chunk: chunk.box.left)
        for _, _, row in rows
    ]


def _within(at: Box, box: Box) -> bool:
    x, y = (at.left + at.right) / 2, (at.top + at.bottom) / 2
    return box.left - 2 <= x <= box.right + 2 and box.top < y < box.bottom


def _band(piece: Sequence[_Placed]) -> tuple[float, float]:
    """Top and bottom of a row, descenders and signs aside."""
    solid = [placed.box for placed in piece if placed.glyph.char.isalnum()] or [placed.box for placed in piece]
    return statistics.median(box.top for box in solid), statistics.median(box.bottom for box in solid)


def _chunks(piece: Sequence[_Placed], bold: frozenset[str]) -> Iterator[_Chunk]:
    """The words of a line, those that stand together in one; tight boxes, so that only a space parts two of them."""
    run: list[_Placed] = []
    size = max(placed.glyph.size for placed in piece)
    for placed in piece:
        far = bool(run) and placed.box.left - run[-1].box.right > _GAP * size
        back = bool(run) and placed.box.left < run[0].box.left - size
        if (far and placed.spaced) or back:
            yield _chunk(run, bold)
            run = []
        run.append(placed)
    if run:
        yield _chunk(run, bold)


def _chunk(run: Sequence[_Placed], bold: frozenset[str]) -> _Chunk:
    box = Box.around(placed.box for placed in run)
    assert box is not None
    text = "".join((" " if placed.spaced and i else "") + _written(run, i) for i, placed in enumerate(run))
    first = re.search(r"\d[\d.,]*", "".join(placed.glyph.char for placed in run))
    part = run[first.start() : first.end()] if first else run
    return _Chunk(text, box, sum(placed.glyph.font in bold for placed in part) > 0.5 * len(part))


def _written(run: Sequence[_Placed], i: int) -> str:
    """A character; one that stands high after a number as an exponent."""
    placed = run[i]
    full = max(other.glyph.size for other in run)
    high = (
        placed.glyph.size < 0.85 * full
        and i > 0
        and placed.box.bottom < max(other.box.bottom for other in run) - 0.15 * full
    )
    if not high or placed.glyph.char not in "−–-0123456789":
        return placed.glyph.char
    starts = not (run[i - 1].glyph.size < 0.85 * full)
    ends = i + 1 == len(run) or not run[i + 1].glyph.size < 0.85 * full
    return ("^{" if starts else "") + placed.glyph.char + ("}" if ends else "")


def _ruled(rows: Sequence[Sequence[_Chunk]], rules: Sequence[Box]) -> list[int]:
    """For each row, how many rules below the first stand above it."""
    tops = [statistics.median(chunk.box.top for chunk in row) for row in rows]
    return [sum(1 for rule in rules[1:] if rule.top < top) for top in tops]


def _columns(rows: Sequence[Sequence[_Chunk]]) -> list[tuple[float, float]]:
    """Left and right of each column: where no row but a few has words, a column ends."""
    widest = max((len(row) for row in rows), default=0)
    full = [row for row in rows if len(row) >= max(2, 0.6 * widest)]
    spans = sorted((chunk.box.left, chunk.box.right) for row in full for chunk in row)
    columns: list[tuple[float, float]] = []
    for left, right in spans:
        if columns and left < columns[-1][1] + 0.5:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    lone = [(row[0].box.left, row[0].box.right) for row in rows if len(row) == 1]
    before = [(left, right) for left, right in lone if columns and right < columns[0][0] - 2]
    if before:  # labels of several rows each, set between two of them
        columns.insert(0, (min(left for left, _ in before), max(right for _, right in before)))
    return columns


def _aside(rows: Sequence[Sequence[_Chunk]], heads: int, columns: Sequence[tuple[float, float]]) -> frozenset[int]:
    """Rows that hold but a label which stands at the height between two others: it names all rows around it."""
    heights = [statistics.median(chunk.box.bottom for chunk in row) for row in rows]
    steps = [b - a for a, b in itertools.pairwise(heights)]
    usual = statistics.median(steps) if steps else 0.0
    found: set[int] = set()
    for i in range(max(1, heads), len(rows) - 1):
        alone = len(rows[i]) == 1 and rows[i][0].box.left < columns[0][1] + 1
        squeezed = heights[i + 1] - heights[i - 1] < 1.6 * usual or heights[i + 1] - heights[i] < 0.75 * usual
        if alone and squeezed and len(rows[i - 1]) > 1:
            found.add(i)
    return frozenset(found)


def _row_cells(
    row: Sequence[_Chunk], index: int, columns: Sequence[tuple[float, float]], partial: Sequence[Box]
) -> Iterator[Cell]:
    """The chunks of a row, each in its column; those of one column put together."""
    placed: dict[tuple[int, int], list[_Chunk]] = {}
    for chunk in row:
        placed.setdefault(_span(chunk, columns, partial), []).append(chunk)
    for (first, last), chunks in sorted(placed.items()):
        text = " ".join(chunk.text for chunk in chunks)
        box = Box.around(chunk.box for chunk in chunks)
        yield Cell(text, index, first, chunks[0].bold, box, None, 1, last - first + 1)


def _span(chunk: _Chunk, columns: Sequence[tuple[float, float]], partial: Sequence[Box]) -> tuple[int, int]:
    for rule in partial:
        if 0 < rule.top - chunk.box.bottom < 12 and rule.left - 4 <= chunk.middle <= rule.right + 4:
            under = [
                i for i, (left, right) in enumerate(columns) if rule.left - 4 <= (left + right) / 2 <= rule.right + 4
            ]
            if under:
                return under[0], under[-1]
    touched = [i for i, (left, right) in enumerate(columns) if chunk.box.left < right and chunk.box.right > left]
    if len(touched) == 1:
        return touched[0], touched[0]
    if len(touched) > 1:
        inner = [i for i in touched if columns[i][0] > chunk.box.left - 2 and columns[i][1] < chunk.box.right + 2]
        nearest = min(touched, key=lambda i: abs(sum(columns[i]) / 2 - chunk.middle))
        centred = abs(sum(columns[nearest]) / 2 - chunk.middle) < 3
        return (nearest, nearest) if centred or len(inner) < 2 else (touched[0], touched[-1])
    nearest = min(
        range(len(columns)), key=lambda i: min(abs(columns[i][0] - chunk.middle), abs(columns[i][1] - chunk.middle))
    )
    return nearest, nearest


def _spanning(chunk: _Chunk, block: Sequence[bool], grid: Sequence[Sequence[_Chunk]], cells: Sequence[Cell]) -> Cell:
    """A label between two rows, over the rows of its block that have none of their own and are as near above as below."""
    taken = {cell.row for cell in cells if cell.column == 0}
    middle = (chunk.box.top + chunk.box.bottom) / 2
    heights = [statistics.median((c.box.top + c.box.bottom) / 2 for c in row) for row in grid]
    free = [i for i, same in enumerate(block) if same and i not in taken]
    above = sorted((i for i in free if heights[i] < middle), reverse=True)
    below = sorted(i for i in free if heights[i] >= middle)
    count = min(len(above), len(below))
    rows = sorted([*above[:count], *below[:count]])
    first = rows[0] if rows else min(range(len(grid)), key=lambda i: abs(heights[i] - middle))
    return Cell(chunk.text, first, 0, chunk.bold, chunk.box, None, max(1, len(rows)), 1)


def _spread(cells: Sequence[Cell], blocks: Sequence[int], heads: int) -> list[Cell]:
    """A label that stands beside the middle row of several: it names all of them."""
    labelled = {cell.row: cell for cell in cells if cell.column == 0 and cell.row >= heads}
    grown: dict[int, Cell] = {}
    for block in sorted(set(blocks)):
        rows = [i for i, other in enumerate(blocks) if other == block and i >= heads]
        if not rows or rows[0] in labelled or len(rows) < 3:
            continue
        start = rows[0]
        for row in (row for row in rows if row in labelled):
            count = 2 * (row - start) + 1
            if start + count - 1 > rows[-1] or any(
                start <= other < start + count and other != row for other in labelled
            ):
                break
            grown[row] = replace(labelled[row], row=start, rows=count)
            start += count
    return [grown.get(cell.row, cell) if cell.column == 0 else cell for cell in cells]


def _captions_at(lines: Sequence[Line], captions: Sequence[tuple[str, str]]) -> list[tuple[Box, str, str]]:
    texts = dict(captions)
    found: list[tuple[Box, str, str]] = []
    for line in lines:
        match = _CAPTION.match(line.text.strip())
        if match is not None and line.box is not None and match["number"] in texts:
            found.append((line.box, match["number"], texts[match["number"]]))
    return found


def _assigned(tables: Sequence[Table], captions: Sequence[tuple[Box, str, str]]) -> list[tuple[str, str]]:
    """The caption of each table: the nearest pairs first; two tables share one only where they stand side by side."""
    pairs: list[tuple[float, int, int]] = []
    for t, table in enumerate(tables):
        for c, (at, _, _) in enumerate(captions):
            assert table.box is not None
            gap = max(table.box.top - at.bottom, at.top - table.box.bottom)
            if -6 < gap < 120 and at.left < table.box.right and at.right > table.box.left:
                pairs.append((gap, t, c))
    chosen: dict[int, int] = {}
    for _, t, c in sorted(pairs):
        others = [other for other, taken in chosen.items() if taken == c]
        if t not in chosen and all(_beside(tables[t], tables[other]) for other in others):
            chosen[t] = c
    return [captions[chosen[t]][1:] if t in chosen else ("", "") for t in range(len(tables))]


def _beside(one: Table, other: Table) -> bool:
    assert one.box is not None
    assert other.box is not None
    return one.box.top < other.box.bottom and other.box.top < one.box.bottom
