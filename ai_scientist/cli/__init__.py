"""The command line: a thin layer over `ai_scientist.api`. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ai_scientist.cli.bench import bench as bench_command
from ai_scientist.cli.check import check as check_command
from ai_scientist.cli.images import images as images_command
from ai_scientist.cli.literature import literature as literature_command
from ai_scientist.cli.reviews import options as review_options
from ai_scientist.errors import AIScientistError

RUNS = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)


def main() -> None:
    """The console script: one sentence and an exit code for what went wrong, a traceback only with --debug."""
    debug = "--debug" in sys.argv
    tell_progress()
    try:
        code = commands.main(
            args=[a for a in sys.argv[1:] if a != "--debug"], prog_name="ai-scientist", standalone_mode=False
        )
    except click.exceptions.Abort:
        code = 130
    except click.ClickException as error:
        error.show()
        code = 2
    except AIScientistError as error:
        if debug:
            raise
        click.echo(f"ai-scientist: {error}", err=True)
        code = error.exit_code
        how_to_go_on(error)
    except KeyboardInterrupt as error:
        code = 130
        how_to_go_on(error)
    except Exception as error:  # the last resort: a fault of ours is one sentence too, and says how to see all of it
        if debug:
            raise
        click.echo(
            f"ai-scientist: a fault of ours, {type(error).__name__}: {error}. Please report it with what --debug shows.",
            err=True,
        )
        code = 1
        how_to_go_on(error)
    sys.stdout.flush()
    sys.stderr.flush()
    if code in (130, 143):
        os._exit(code)  # a worker may be waiting for a reply that nobody will read
    sys.exit(code)


def tell_progress() -> None:
    """Building an image takes minutes: what is said of it goes to standard error."""
    progress = logging.getLogger("ai_scientist.progress")
    progress.setLevel(logging.INFO)
    progress.addHandler(logging.StreamHandler())


def how_to_go_on(error: BaseException) -> None:
    """What the display noted of the run, as the last lines: the sentence above them may be long."""
    sys.stderr.flush()
    for note in getattr(error, "__notes__", ()):
        if note.startswith(("report: ", "resume with: ")):  # LangGraph leaves notes of its own
            click.echo(note)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ai-scientist-lab")
def commands() -> None:
    """From a research topic to a reviewed paper whose every number traces to a measurement.

    --debug, anywhere, shows the traceback of what goes wrong.
    """


def launching(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that launching a run and reviewing a paper share."""
    for option in reversed(
        [
            click.option(
                "--runs", type=RUNS, default=Path("experiments"), show_default=True, help="Where runs are kept."
            ),
            click.option(
                "--config", metavar="FILE", type=Path, help="A YAML file with what differs, or a bare name: full, tiny."
            ),
            click.option("--model", help="offline; provider:model, as openai:gpt-5 or ollama:llama3.3; replay:RUN."),
            click.option("--sandbox", help="auto, docker, bubblewrap or process."),
            click.option("--budget", help="Hard limits: money=…,tokens=…,hours=… (US dollars)."),
            click.option("--seed", type=int, help="All randomness follows from it."),
        ]
    ):
        command = option(command)
    return command


def overrides(settings: tuple[str, ...], **options: Any) -> list[str]:
    """Options as the settings that they stand for."""
    found = list(settings)
    for key, value in (("models.default", options.get("model")), ("sandbox", options.get("sandbox")), ("seed", options.get("seed")),
                       ("workers", options.get("workers"))):  # fmt: skip
        if value is not None:
            found.append(f"{key}={value}")
    if options.get("approve"):
        found.append(f"approve=[{options['approve']}]")
    found += [f"data.{given}" for given in options.get("data") or ()]
    found += [f"budget.{limit.strip()}" for limit in (options.get("budget") or "").split(",") if limit.strip()]
    return found


@commands.command()
@click.argument("topic")
@click.argument("settings", nargs=-1, metavar="[KEY=VALUE]...")
@launching
@click.option("--workers", type=int, help="Experiments at a time.")
@click.option("--approve", help="Where to wait for your word: idea,plan,paper.")
@click.option("--data", metavar="NAME=FOLDER", multiple=True, help="Your own data, read-only to programs. Repeatable.")
def run(topic: str, settings: tuple[str, ...], runs: Path, config: Path | None, **options: Any) -> int:
    """Launch a run from TOPIC: a sentence in quotes, or a Markdown file."""
    from ai_scientist import api
    from ai_scientist.cli.display import Display

    with Display() as display:
        ended = api.run(
            topic,
            runs=runs,
            config=config,
            overrides=overrides(settings, **options),
            stop=display.stop,
            watch=display.watch,
        )
    return display.conclude(ended)


@commands.command()
@click.argument("path", metavar="RUN", type=Path)
@click.option("--accept", is_flag=True, help="Go on with what the run asked about.")
@click.option("--reject", metavar="WHY", help="Have it done again; the reason is passed on.")
@click.option("--edit", type=FILE, help="Go on with this file in its place.")
@click.option("--budget", help="New hard limits for the whole run: money=…,tokens=…,hours=….")
def resume(path: Path, accept: bool, reject: str | None, edit: Path | None, budget: str | None) -> int:
    """Carry a run on from where it stands."""
    from ai_scientist import api
    from ai_scientist.cli.display import Display

    limits = [limit.strip() for limit in (budget or "").split(",") if limit.strip()]
    if api.is_batch(path):
        from ai_scientist.cli.reviews import carried_on

        return carried_on(path, limits)
    with Display() as display:
        ended = api.resume(
            path, accept=accept, reject=reject, edit=edit, budget=limits, stop=display.stop, watch=display.watch
        )
    return display.conclude(ended)


@commands.command()
@click.argument("arguments", nargs=-1, required=True, metavar="PAPER... [KEY=VALUE]...")
@launching
@review_options
def review(
    arguments: tuple[str, ...], runs: Path, config: Path | None, jobs: int, yes: bool, as_json: bool, **options: Any
) -> int:
    """Review papers, yours or anybody's: PDFs, LaTeX files, or folders of LaTeX.

    Each gets a folder with review.html, review.md, review.json and the PDF with the points as comments. What it will cost is told, and asked about on a terminal,
    before anything is spent; --budget holds for all papers together.
    """
    from ai_scientist.cli import reviews as reviewing

    papers, given = reviewing.split(arguments)
    settings = [*overrides(given, **options), *reviewing.wished(**options)]
    if not papers:
        raise click.UsageError("Name a paper: a PDF, LaTeX, or a folder of LaTeX.")
    if len(papers) == 1:
        return reviewing.one(papers[0], runs, config, settings, yes, as_json)
    return reviewing.several(papers, runs, config, settings, jobs, yes, as_json)


@commands.command()
@click.argument("path", metavar="RUN|BUNDLE", type=Path)
@click.option("--rerun", is_flag=True, help="Also run the winning experiments again and compare what they measure.")
@click.option("--data", metavar="NAME=FOLDER", multiple=True, help="With --rerun: your data that the programs need.")
@click.option("--json", "as_json", is_flag=True, help="The answer per item as JSON.")
def verify(path: Path, rerun: bool, data: tuple[str, ...], as_json: bool) -> int:
    """Hold every number of the paper against the measurements."""
    from ai_scientist import api
    from ai_scientist.cli import tables
    from ai_scientist.config import load

    report = api.verify(path, rerun=rerun, data=load(None, overrides((), data=data)).data)
    click.echo(report.model_dump_json(indent=1) if as_json else tables.verification(report))
    return 0 if report.ok else 9


@commands.command()
@click.argument("path", metavar="RUN", type=Path)
@click.option("--json", "as_json", is_flag=True, help="The folded state as JSON.")
def show(path: Path, as_json: bool) -> int:
    """Show where a run stands."""
    import json

    from ai_scientist.cli import tables
    from ai_scientist.runs import RunDirectory
    from ai_scientist.runs.progress import summary

    state = summary(RunDirectory.read(path))
    click.echo(json.dumps(state, indent=1, ensure_ascii=False) if as_json else tables.state(state))
    return 0


@commands.command(name="list")
@click.option("--runs", type=RUNS, default=Path("experiments"), show_default=True, help="Where runs are kept.")
def list_runs(runs: Path) -> int:
    """List the runs."""
    from ai_scientist.cli import tables

    click.echo(tables.runs(runs))
    return 0


@commands.command()
@click.argument("slug", required=False)
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
def topics(slug: str | None, as_json: bool) -> int:
    """What the offline model can study; with SLUG, one study whole."""
    from ai_scientist.cli.topics import answer

    click.echo(answer(slug, as_json))
    return 0


@commands.command()
@click.option(
    "--probe",
    is_flag=False,
    flag_value="",
    metavar="[MODEL]",
    help="Also ask MODEL, or else each provider's that has a key, for one word. Costs a fraction of a cent.",
)
def doctor(probe: str | None) -> int:
    """Say what is present, what is missing, and how to get it."""
    from ai_scientist.cli.doctor import examine

    return examine(probe)


commands.add_command(check_command)
commands.add_command(bench_command)
commands.add_command(images_command)
commands.add_command(literature_command)
