"""Tables and figures of a paper as PyLaTeX parts."""

from __future__ import annotations

from collections.abc import Sequence

from pylatex import Command, Figure, LongTable, NoEscape, Package, Table, Tabular
from pylatex.base_classes import Environment

from ai_scientist.claims.words import slug
from ai_scientist.records import Figure as FigureRecord
from ai_scientist.records import Table as TableRecord
from ai_scientist.writing.markup import latex

WIDEST = 5.9
"""Inches of text width."""
GAP = 0.01
"""Half the space between columns, as a share of the line: `SPACING` sets it."""
SPACING = NoEscape(rf"\setlength{{\tabcolsep}}{{{GAP}\linewidth}}")


class Abstract(Environment):
    _latex_name = "abstract"


class Center(Environment):
    _latex_name = "center"


def raggedright(width: float) -> str:
    # A word is broken only where it is wider than its column.
    return rf">{{\RaggedRight\hyphenpenalty=9999\arraybackslash\hspace{{0pt}}}}p{{{width:.3f}\linewidth}}"


def centred(width: float) -> str:
    return rf">{{\Centering\arraybackslash\hspace{{0pt}}}}p{{{width:.3f}\linewidth}}"


def claims_table(table: TableRecord) -> Table:
    """A table of the paper. Every heading, label and cell is a link, so that none can change places unseen."""
    count = len(table.columns) - 1
    labels = 0.30 if count <= 4 else 0.22
    each = (1 - labels) / count - 2 * GAP
    float_ = Table(position="htbp")
    float_.append(Command("centering"))
    float_.append(NoEscape(rf"\caption{{{latex(table.caption)}}}"))
    float_.append(NoEscape(rf"\label{{tab:{table.id}}}"))
    float_.append(NoEscape(r"\small" if count <= 4 else r"\footnotesize"))
    float_.append(SPACING)
    spec = "@{}" + raggedright(labels) + centred(each) * count + "@{}"
    body = Tabular(NoEscape(spec), booktabs=True, width=count + 1, row_height=1.1)
    body.packages.add(Package("array"))
    size = r"\scriptsize" if count > 4 else ""
    headings = [NoEscape(rf"{size}\data{{{slug(column)}}}") for column in table.columns[1:]]
    body.add_row([table.columns[0], *headings])
    body.append(Command("midrule"))
    for row in table.rows:
        body.add_row([NoEscape(rf"\arm{{{row.arm}}}"), *(NoEscape(cell(ids, stacked=count > 4)) for ids in row.cells)])
    float_.append(body)
    return float_


def cell(ids: Sequence[str], stacked: bool) -> str:
    """A mean with its standard deviation behind it, or below it where columns are narrow."""
    if not ids:
        return "--"
    return (r"\newline$\pm$\," if stacked else r"\,$\pm$\,").join(rf"\val{{{id}}}" for id in ids)


def picture(figure: FigureRecord, file: str) -> Figure:
    """A figure. The picture is a link to what drew it, which also marks its place in the PDF."""
    float_ = Figure(position="htbp")
    float_.append(Command("centering"))
    width = min(figure.width, WIDEST)
    float_.append(NoEscape(rf"\hyperlink{{art.{figure.name}}}{{\includegraphics[width={width:.2f}in]{{{file}}}}}"))
    float_.append(NoEscape(rf"\caption{{{latex(figure.caption)}}}"))
    float_.append(NoEscape(rf"\label{{fig:{figure.name}}}"))
    float_.packages.add(Package("graphicx"))
    return float_


def long_table(widths: Sequence[float], headings: Sequence[str], rows: Sequence[Sequence[str]]) -> LongTable:
    """A table of the appendix, over as many pages as it takes. Cells are LaTeX; widths are shares of the line."""
    room = 1 - 2 * GAP * (len(widths) - 1)
    spec = "@{}" + "".join(raggedright(width * room / sum(widths)) for width in widths) + "@{}"
    table = LongTable(NoEscape(spec), booktabs=True, width=len(widths), row_height=1.15)
    table.add_row([NoEscape(rf"\textbf{{{heading}}}") for heading in headings])
    table.append(Command("midrule"))
    table.end_table_header()
    for row in rows:
        table.add_row([NoEscape(one) for one in row])
    return table
