"""`ai-scientist bench`: how good the reviewer is."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import click

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def bench() -> None:
    """Measure how good the reviewer is."""


@bench.command()
@click.argument("settings", nargs=-1, metavar="[KEY=VALUE]...")
@click.option(
    "--track",
    metavar="A,B,C,D",
    help="A seeded errors, B hidden text, C agreement with people, D repeats. Default: what can be measured.",
)
@click.option(
    "--papers",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="A run, a folder of LaTeX, or a PDF. Repeatable.",
)
@click.option(
    "--results", type=FOLDER, help="Result files, a folder for each paper by its name. Default: the paper's own folder."
)
@click.option(
    "--model", help="Measure a panel of this model too: offline, provider:model. Without it: the checks alone."
)
@click.option("--panel", type=click.IntRange(1), help="Referees.")
@click.option("--human", type=FILE, help="A table of people's ratings and decisions, for track C.")
@click.option("--scores", multiple=True, type=FILE, help="A table of a reviewer's scores, for track C. Repeatable.")
@click.option("--texts", type=FOLDER, help="The papers' texts, <id>.txt: for the leak audit and its baselines.")
@click.option("--labels", multiple=True, type=FILE, help="What people said of findings on clean papers. Repeatable.")
@click.option("--kind", "kinds", multiple=True, help="Only this kind of seeded error. Repeatable.")
@click.option(
    "--per-kind",
    type=click.IntRange(1),
    default=2,
    show_default=True,
    help="Errors of each kind for each paper, at most.",
)
@click.option("--way", "ways", multiple=True, help="Only this way of hiding text. Repeatable.")
@click.option(
    "--repeats", type=click.IntRange(2), default=3, show_default=True, help="Times that track D has each paper judged."
)
@click.option("--seed", type=int, help="All randomness follows from it.")
@click.option("--budget", help="Hard limits: money=…,tokens=…,hours=… (US dollars).")
@click.option("--config", metavar="FILE", type=Path, help="A YAML file with what differs.")
@click.option("--yes", is_flag=True, help="Do not ask before a hosted model is paid for.")
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where everything goes; the same command goes on there.",
)
def reviewer(
    settings: tuple[str, ...], track: str | None, config: Path | None, out: Path, yes: bool, **options: Any
) -> int:
    """Measure the checks and, with --model, a panel: card.md, card.html and card.json in --out.

    Ends with 0 where everything was measured, 10 where something could not be.
    """
    from ai_scientist_reviewer.bench.hiding.ways import EVERY_WAY
    from ai_scientist_reviewer.bench.seeded import MUTATORS

    from ai_scientist import api
    from ai_scientist.cli import overrides
    from ai_scientist.cli.reviews import agreeing
    from ai_scientist.judging.bench import Asked, bench_reviewer

    given = overrides(settings, model=options["model"], seed=options["seed"], budget=options["budget"])
    given += [f"review.referees={options['panel']}"] if options["panel"] else []
    asked = Asked(
        tracks=tracks(track),
        papers=options["papers"],
        results=options["results"],
        human=options["human"],
        scores=options["scores"],
        texts=options["texts"],
        labels=options["labels"],
        kinds=known(options["kinds"], MUTATORS, "--kind"),
        ways=known(options["ways"], EVERY_WAY, "--way"),
        per_kind=options["per_kind"],
        repeats=options["repeats"],
        panel=options["model"] is not None,
    )

    chosen = api.settings(config, given)
    say = partial(click.echo, err=True)
    measured = bench_reviewer(asked, chosen, out, say=say, agree=agreeing(yes))
    click.echo((out / "card.md").read_text(encoding="utf-8"))
    click.echo(f"card: {out / 'card.html'}")
    return 10 if any("not compile" in note or "no LaTeX" in note for note in measured.notes) else 0


def tracks(text: str | None) -> Any:
    """Raises click.BadParameter: there is no such track."""
    named = tuple(dict.fromkeys(one.strip().upper() for one in (text or "").split(",") if one.strip()))
    if unknown := [one for one in named if one not in ("A", "B", "C", "D")]:
        raise click.BadParameter(f"there is no track {unknown[0]}: A, B, C, D.", param_hint="--track")
    return named


def known(named: tuple[str, ...], there: Iterable[str], option: str) -> tuple[str, ...]:
    """Raises click.BadParameter: something is not there."""
    listed = sorted(there)
    if unknown := [one for one in named if one not in listed]:
        said = f"there is no {unknown[0]}: {', '.join(listed)}."
        raise click.BadParameter(said, param_hint=option)
    return named
