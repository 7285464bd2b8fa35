"""report.html: one self-contained file in which a person reads what a run did, whether it ended well or not."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from ai_scientist.records import Claims, Idea, Manuscript, Row
from ai_scientist.report.ledger import by_role
from ai_scientist.report.markup import expand
from ai_scientist.report.pictures import pictures
from ai_scientist.report.tree import arms_of, grid, lines, share
from ai_scientist.runs import RunDirectory
from ai_scientist.runs.progress import summary
from ai_scientist.topic import headline

if TYPE_CHECKING:
    from ai_scientist_reviewer.records import Review
    from jinja2 import Environment


def write_report(run: RunDirectory) -> None:
    """Write the report from what the run directory holds now."""
    run.write(run.report_html, render(run))


def render(run: RunDirectory) -> str:
    """The page. Whatever a run has not come to is said to be missing."""
    experiments = run.experiments()
    idea = Idea.model_validate_json(run.idea_json.read_bytes()) if run.idea_json.exists() else None
    claims = Claims.model_validate_json(run.claims_json.read_bytes()) if run.claims_json.exists() else None
    tree = lines(experiments, idea, claims)
    return (
        environment()
        .get_template("report.html")
        .render(
            state=summary(run),
            headline=headline(run.topic),
            progress=run.progress,
            info=run.info,
            data=run.data,
            config=run.config_yaml.read_text("utf-8"),
            idea=idea,
            claims=claims,
            manuscript=manuscript(run),
            draft=draft(run),
            tree=tree,
            share=share(len(tree)),
            grid=grid,
            arms=arms_of(claims),
            count=len(experiments),
            ledger=by_role(run.progress),
            pictures=pictures(run),
            review=review(run),
            prose=partial(expand, claims=claims),
            cells=cells,
        )
    )


@cache
def environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    found = Environment(
        loader=PackageLoader("ai_scientist.report", "pages"),
        undefined=StrictUndefined,
        autoescape=True,  # what a model or a program wrote is text here, never markup
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {"duration": duration, "dollars": dollars}
    return found


def duration(seconds: float) -> str:
    """Seconds as people say them: 41 s, 3 min 20 s, 2 h 5 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s" if 0.05 <= seconds < 10 else f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def dollars(money: float) -> str:
    """US dollars: two decimals, and as many more as a small sum needs to be seen at all."""
    return f"${money:.2f}" if money == 0 or money >= 0.01 else f"${money:.2g}" if money >= 1e-4 else "< $0.0001"


def cells(row: Row, claims: Claims) -> list[str]:
    """A row of a table of the claims, column by column: "0.950 ± 0.003"; "" where nothing was measured."""
    return [" ± ".join(value.text for id in cell if (value := claims.value(id))) for cell in row.cells]


def manuscript(run: RunDirectory) -> Manuscript | None:
    """The last version of the paper's text."""
    version = run.progress.rounds("write")
    file = run.manuscript(version)
    return Manuscript.model_validate_json(file.read_bytes()) if version and file.exists() else None


def draft(run: RunDirectory) -> str:
    """The last version's PDF, within the run, where no version became the paper; "" where there is none."""
    file = run.paper_file(run.progress.rounds("write"), "paper.pdf")
    return str(file.relative_to(run.path)) if file.exists() and not run.last_paper.exists() else ""


def review(run: RunDirectory) -> Review | None:
    if not run.review_json.exists():
        return None
    from ai_scientist_reviewer.records import Review

    return Review.model_validate_json(run.review_json.read_bytes())
