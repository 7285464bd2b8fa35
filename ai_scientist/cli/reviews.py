"""`ai-scientist review`: one paper or any number of them, judged by a panel; what it will cost is told first."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ai_scientist.judging.batch import Batch
    from ai_scientist.reviewing.estimate import Estimate
    from ai_scientist.sittings import Outcome

SETTING = re.compile(r"[a-z_]+(\.[\w:-]+)*=.*", re.DOTALL)

OPTIONS = [
    click.option("--form", metavar="NAME|FILE", help="The venue's form: neurips, iclr, icml, workshop, or a YAML file of your own. Its rules for submissions are checked too."),
    click.option("--results", type=click.Path(path_type=Path), metavar="FOLDER", help="Your result files, which the paper's numbers are held against."),
    click.option("--related", metavar="auto|none|FILE.bib", help="Other work for the referees: searched for by the paper's words, none, or yours."),
    click.option("--panel", type=click.IntRange(1, 20), metavar="N", help="Referees."),
    click.option("--lenses", metavar="A,B", help="What each looks at with care, in turn: soundness, evidence, novelty, clarity, reproducibility, or Markdown files."),
    click.option("--models", metavar="A,B", help="Models of the referees, in turn, as openai:gpt-5.5,anthropic:claude-sonnet-5."),
    click.option("--online", is_flag=True, help="Also ask Crossref, arXiv and Semantic Scholar for the cited works. Sends their titles."),
    click.option("--since", type=click.Path(path_type=Path), metavar="REVIEW", help="An earlier review: what became of its points?"),
    click.option("--response", type=click.Path(path_type=Path), metavar="LETTER", help="With --since: your letter to the referees, held against the manuscript."),
    click.option("--jobs", type=click.IntRange(1, 16), default=2, show_default=True, help="Papers at a time."),
    click.option("--yes", is_flag=True, help="Do not ask whether it may cost what it will."),
    click.option("--json", "as_json", is_flag=True, help="What came of it as JSON."),
]  # fmt: skip


def options(command: Any) -> Any:
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def split(arguments: tuple[str, ...]) -> tuple[list[Path], tuple[str, ...]]:
    """The papers, and the settings among them: what reads KEY=VALUE and is no file."""
    settings = tuple(one for one in arguments if SETTING.fullmatch(one) and not Path(one).exists())
    return [Path(one) for one in arguments if one not in settings], settings


def wished(**options: Any) -> list[str]:
    """Options as the settings that they stand for."""
    found: list[str] = []
    if options["form"]:
        found += [f"review.form={options['form']}", "review.venue=form"]
    for key in ("results", "related", "since", "response"):
        if options[key] is not None:
            found.append(f"review.{key}={options[key]}")
    if options["panel"] is not None:
        found.append(f"review.referees={options['panel']}")
    for key in ("lenses", "models"):
        if options[key]:
            named = [one.strip() for one in options[key].split(",") if one.strip()]
            found.append(f"review.{key}={json.dumps(named)}")
    return [*found, "review.online=true"] if options["online"] else found


def agreeing(yes: bool) -> Any:
    """Says what it will cost, and asks where there is somebody to ask."""

    def agree(estimate: Estimate) -> bool:
        if estimate.free and not estimate.early:
            return True
        click.echo(estimate.told(), err=True)
        if yes or not estimate.ask or not sys.stdin.isatty():
            return True
        return click.confirm("Go on?", default=False, err=True)

    return agree


def one(paper: Path, runs: Path, config: Path | None, settings: list[str], yes: bool, as_json: bool) -> int:
    from ai_scientist import api
    from ai_scientist.cli.display import Display

    with Display(errors=as_json) as display:
        ended = api.review(
            paper,
            runs=runs,
            config=config,
            overrides=settings,
            stop=display.stop,
            watch=display.watch,
            agree=agreeing(yes),
        )
    if as_json:
        click.echo(json.dumps(told(ended), indent=1, ensure_ascii=False))
        return ended.exit_code
    return display.conclude(ended)


def several(
    papers: list[Path], runs: Path, config: Path | None, settings: list[str], jobs: int, yes: bool, as_json: bool
) -> int:
    from ai_scientist import api
    from ai_scientist.cli.display import Display

    with Display() as display:
        teller = Teller(as_json)
        with resumable(teller):
            batch = api.review_many(
                papers,
                jobs=jobs,
                runs=runs,
                config=config,
                overrides=settings,
                stop=display.stop,
                tell=teller,
                agree=agreeing(yes),
            )
    return concluded(batch, as_json)


def carried_on(path: Path, limits: list[str]) -> int:
    """`resume` of a batch."""
    from ai_scientist import api
    from ai_scientist.cli.display import Display

    with Display() as display:
        teller = Teller(False)
        with resumable(teller):
            batch = api.resume_batch(path, api.wanted_limits(limits), display.stop, teller)
    return concluded(batch, False)


class Teller:
    """The batch's folder as the first line printed, then a line on standard error whenever a paper has come to an end."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self.batch: Batch | None = None
        self.ended = 0

    def __call__(self, batch: Batch) -> None:
        if self.batch is None:
            self.batch = batch
            click.echo(str(batch.path), err=self.as_json)
            sys.stdout.flush()
        done = sum(paper.status in ("done", "partial", "refused", "failed") for paper in batch.papers)
        if done > self.ended:
            self.ended = done
            click.echo(f"{done} of {len(batch.files)} papers", err=True)


class resumable:  # noqa: N801 - read as a word: `with resumable(teller):`
    """Says how to go on, where the sitting was ended."""

    def __init__(self, teller: Teller) -> None:
        self.teller = teller

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is not None and self.teller.batch is not None:
            from ai_scientist.runs.layout import resuming

            error.add_note(f"resume with: {resuming(self.teller.batch.path)}")


def concluded(batch: Batch, as_json: bool) -> int:
    from ai_scientist.cli.tables import batch as table
    from ai_scientist.runs.layout import resuming

    if as_json:
        click.echo(batch.summary_json.read_text(encoding="utf-8").rstrip())
        return batch.exit_code
    click.echo(table(batch))
    click.echo(f"summary: {batch.summary}")
    if batch.message:
        click.echo(batch.message)
        if any(paper.status != "refused" for paper in batch.papers if paper.status != "done"):
            click.echo(f"resume with: {resuming(batch.path)}")
    return batch.exit_code


def told(ended: Outcome) -> dict[str, Any]:
    """What `--json` prints of one paper: where its files are, and the review itself."""
    from ai_scientist.runs.layout import Layout

    review = Layout(ended.path).review_json
    return {
        "run": str(ended.path),
        "exit_code": ended.exit_code,
        "files": {
            "json": str(review),
            "markdown": str(ended.review) if ended.review else None,
            "html": str(ended.page) if ended.page else None,
            "annotated": str(ended.annotated) if ended.annotated else None,
        },
        "review": json.loads(review.read_text(encoding="utf-8")),
    }
