"""`check`, the command: a linter of papers. Heavy imports happen when it runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ai_scientist_reviewer.checking import Checks
    from ai_scientist_reviewer.ports import Records

FOUND = 9
"""The exit code where something was found at or above --fail-on."""
BAD = 2
FORMATS = ("text", "json", "sarif", "github")

OpenRecords = Callable[[bool], "Records | None"]
"""From whether --online was given to those who know which works exist."""


Locate = Callable[[Path], "tuple[Path, Path | None]"]
"""From a path as it was given to the paper that it means, and the result files that are its own (None: it has none)."""


def command(records: OpenRecords, locate: Locate = lambda path: (path, None)) -> click.Command:
    """The command, over sources of works that whoever builds it brings, and over what may stand for a paper."""

    @click.command(name="check")
    @click.argument("papers", nargs=-1, metavar="PAPER...", type=click.Path(path_type=Path))
    @click.option(
        "--venue",
        default="",
        metavar="NAME|FILE",
        help="What the venue asks: neurips, iclr, icml, workshop, article, or a YAML file.",
    )
    @click.option(
        "--results",
        type=click.Path(path_type=Path),
        metavar="FOLDER",
        help="Your result files (JSON, JSON Lines, CSV, NPY, NPZ, a run): every number of the paper is held against them.",
    )
    @click.option(
        "--select",
        multiple=True,
        metavar="RULES",
        help="Only these rules or groups of rules, with commas between. Repeatable.",
    )
    @click.option("--ignore", multiple=True, metavar="RULES", help="Not these rules or groups of rules. Repeatable.")
    @click.option("--anonymous", is_flag=True, help="The review is blind: look for what tells the authors.")
    @click.option(
        "--online",
        is_flag=True,
        help="Ask Crossref, arXiv and Semantic Scholar for the cited works. Sends their titles.",
    )
    @click.option(
        "--isolated",
        is_flag=True,
        help="Do not heed `check: ignore` comments and check.yaml: for the paper of somebody else.",
    )
    @click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
    @click.option(
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Write there; the summary is still printed.",
    )
    @click.option(
        "--fail-on",
        type=click.Choice(["error", "warn", "info", "never"]),
        default="error",
        show_default=True,
        help="The least severity that ends with code 9.",
    )
    @click.option("--list-rules", is_flag=True, help="Every rule with its group, and end.")
    @click.option("--explain", metavar="RULE", help="What a rule looks for and what it cannot tell, and end.")
    def check(
        papers: tuple[Path, ...], venue: str, results: Path | None, select: tuple[str, ...], ignore: tuple[str, ...], anonymous: bool,
        online: bool, isolated: bool, form: str, output: Path | None, fail_on: str, list_rules: bool, explain: str | None,
    ) -> int:  # fmt: skip
        """Check papers without a model: PDFs, LaTeX files, or folders of LaTeX.

        Each finding has a rule, a severity, a place, a quote and a fix. What could not be checked is listed apart.
        Ends with 0 where nothing was found at or above --fail-on, 9 where something was, 2 where a paper cannot be read.
        """
        if list_rules or explain:
            click.echo(_explained(explain) if explain else _listed())
            return 0
        if not papers:
            raise click.UsageError("Missing argument 'PAPER...'.")
        from ai_scientist_reviewer.checking import FAIL_ON, Wanted, check_files
        from ai_scientist_reviewer.findings import OptionError
        from ai_scientist_reviewer.results import Results, ResultsError

        if online:
            click.echo("Asking Crossref, arXiv and Semantic Scholar for the cited works, one at a time.", err=True)
        located = [locate(path) for path in papers]
        papers = tuple(path for path, _ in located)
        if results is None and len(located) == 1:
            results = located[0][1]
        try:
            wanted = Wanted(
                results=Results.read(results) if results is not None else None,
                select=_names(select),
                ignore=_names(ignore),
                venue=venue,
                anonymous=anonymous,
                records=records(online),
                heed=not isolated,
            )
            done = check_files(papers, wanted)
        except (OptionError, ResultsError) as error:
            raise click.UsageError(str(error)) from error
        _write(done, form, output)
        if any(paper.error for paper in done.papers):
            return BAD
        return FOUND if done.worst() >= FAIL_ON[fail_on] else 0

    return check


def main(arguments: list[str]) -> int:
    """The command on its own, with nobody to ask for works: `python -m ai_scientist_reviewer check`."""

    def nobody(online: bool) -> None:
        if online:
            from ai_scientist_reviewer.findings import OptionError

            raise OptionError("--online asks sources that this library does not bring; use `ai-scientist check`.")

    try:
        return command(nobody).main(arguments, prog_name="check", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return BAD
    except click.exceptions.Abort:
        return 130


def _names(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.strip() for names in given for name in names.split(",") if name.strip())


def _write(done: Checks, form: str, output: Path | None) -> None:
    from ai_scientist_reviewer.formats.text import summary, unread

    written = _formatted(done, form)
    if output is None:
        click.echo(written, nl=False)
        return
    part = output.with_name(f".{output.name}.part")
    try:
        part.write_text(written, encoding="utf-8")
        part.replace(output)
    except OSError as error:
        raise click.UsageError(f"--output: {output} cannot be written: {error.strerror or error}.") from error
    for paper in done.papers:
        if paper.error:
            click.echo(unread(paper), err=True)
    click.echo(f"{output}: {summary(done)}")


def _formatted(done: Checks, form: str) -> str:
    match form:
        case "json":
            return done.model_dump_json(indent=1) + "\n"
        case "sarif":
            from ai_scientist_reviewer.formats.sarif import sarif

            return sarif(done)
        case "github":
            from ai_scientist_reviewer.formats.github import github

            return github(done)
        case _:
            from ai_scientist_reviewer.formats.text import text

            return text(done)


def _listed() -> str:
    from ai_scientist_reviewer.formats.rules import listed

    return listed()


def _explained(name: str) -> str:
    from ai_scientist_reviewer.checks import RULES
    from ai_scientist_reviewer.formats.rules import explained

    if name not in RULES:
        raise click.UsageError(f"There is no rule '{name}'; --list-rules lists them.")
    return explained(RULES[name])
