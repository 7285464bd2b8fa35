"""`ai-scientist literature`: the shelf of works that comes with us, and checking its records again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

COLUMNS = {"agrees": "ok", "differs": "DIFFERS", "not found": "NOT FOUND", "could not be reached": "unknown"}


@click.group()
def literature() -> None:
    """The shelf of well-known works that comes with us."""


@literature.command()
@click.argument("keys", nargs=-1, metavar="[KEY]...")
@click.option(
    "--log",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Append each outcome here; what agreed is not asked for again.",
)
@click.option("--limit", type=click.IntRange(1), help="Records to check at most.")
@click.option("--contact", default="", help="Your mail address, which the services ask for.")
@click.option(
    "--pause", type=click.FloatRange(0), help="Seconds between two requests to a service. Default: 1, and 3 for arXiv."
)
@click.option(
    "--timeout", type=click.FloatRange(0.1), default=30.0, show_default=True, help="Seconds to wait for an answer."
)
@click.option("--crossref", metavar="URL", help="Another address of Crossref's API.")
@click.option("--arxiv", metavar="URL", help="Another address of arXiv's API.")
@click.option("--semantic-scholar", metavar="URL", help="Another address of Semantic Scholar's API.")
def check(
    keys: tuple[str, ...],
    log: Path | None,
    limit: int | None,
    contact: str,
    pause: float | None,
    timeout: float,
    crossref: str | None,
    arxiv: str | None,
    semantic_scholar: str | None,
) -> int:
    """Check the shelf's records against Crossref (by DOI), arXiv (by number) and, for the others, by title.

    Ends with 0 where all agree, 9 where one differs or is not found, 10 where some service could not be reached.
    """
    import os

    from ai_scientist.cli.tables import printable
    from ai_scientist.errors import InputError
    from ai_scientist.literature import registries
    from ai_scientist.literature.http import Client
    from ai_scientist.literature.recheck import recheck
    from ai_scientist.literature.semantic_scholar import SemanticScholar
    from ai_scientist.literature.shelf import Shelf

    entries = Shelf.bundled().entries
    if unknown := set(keys) - {entry.key for entry in entries}:
        raise InputError(f"The shelf has no record '{min(unknown)}'.")
    wanted = [entry.reference for entry in entries if not keys or entry.key in keys][:limit]
    seconds = 1.0 if pause is None else pause
    doi = registries.Crossref(Client(seconds, timeout, contact=contact), crossref or registries.CROSSREF)
    number = registries.Arxiv(
        Client(3.0 if pause is None else pause, timeout, contact=contact), arxiv or registries.ARXIV
    )
    scholar = SemanticScholar(
        api_key=os.environ.get("SEMANTIC_SCHOLAR_API_KEY", ""),
        api_url=semantic_scholar or "",
        timeout=timeout,
        pause=seconds,
        contact=contact,
    )
    counted = Counter[str]()
    wide = max((len(reference.key) for reference in wanted), default=0)
    for one in recheck(wanted, doi, number, (scholar, doi), log):
        counted[one.outcome] += 1
        click.echo(f"{COLUMNS[one.outcome]:10}{one.key:{wide}}  {one.outcome}: {printable(one.why)}")
    click.echo("")
    click.echo(
        f"{len(wanted)} records: {', '.join(f'{counted[outcome]} {outcome}' for outcome in COLUMNS if counted[outcome])}."
    )
    if counted["differs"] or counted["not found"]:
        return 9
    return 10 if counted["could not be reached"] else 0
