"""Track A: every twin through the checks, or before a panel, and what came of it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, get_args

from ai_scientist_reviewer.bench.checking import Checker, Conditions
from ai_scientist_reviewer.bench.compiling import Compiled, Compiler, Prepared, digest, main_log, prepared
from ai_scientist_reviewer.bench.items import Items
from ai_scientist_reviewer.bench.seeded.accepted import ACCEPTED
from ai_scientist_reviewer.bench.seeded.base import NoSite, Seeded, Where, seed_errors
from ai_scientist_reviewer.bench.seeded.hits import SAYS, Found, found, fresh, quoted
from ai_scientist_reviewer.bench.seeded.known import KnownWorks
from ai_scientist_reviewer.bench.seeded.project import Project
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.paper import Paper, PaperError
from ai_scientist_reviewer.records import Review

Medium = Literal["source", "pdf", "folder"]
"""How a paper is given: its LaTeX alone, its PDF alone, or the folder with both and the log, as a compilation leaves it."""
MEDIA: tuple[Medium, ...] = get_args(Medium)
UNDER: Mapping[str, Conditions] = {
    "identity-shown": Conditions(anonymous=True),
    "over-page-limit": Conditions(venue="iclr"),
    "section-dropped": Conditions(venue="neurips"),
}
"""Kinds that are errors under a venue's rules only, and under whose. The others are checked without a venue."""
AGAINST_RESULTS = frozenset(("number-not-in-results",))
AGAINST_RECORDS = frozenset(("wrong-year", "invented-reference"))
"""Kinds that only result files, or a registry of works, can tell: those alone are given for them. The papers as they are, are held
against both."""
OF_THE_WHOLE = frozenset(("over-page-limit",))
"""Kinds of error that a paper may have as it is, so that nothing new could be found in its twin."""
NO_PDF = "no PDF came of it"
ALREADY = "the clean paper has this error itself"
NO_CASE = frozenset((NO_PDF, ALREADY))
"""Why there is no case in a medium: that counts neither for nor against."""
Judge = Callable[[Path, str, bool], Review]
"""A panel's review of the paper at a path. The words name the review, for what keeps or counts calls; whether the referees are told what
the checks found."""


@dataclass
class Bench:
    """What track A works with."""

    check: Checker
    compiler: Compiler
    items: Items
    judge: Judge | None = None
    say: Callable[[str], object] = lambda words: None
    _known: dict[tuple[str, Medium, str], tuple[Finding, ...]] = field(default_factory=dict)

    def findings(self, project: Project, clean: Project, medium: Medium, kind: str = "") -> tuple[Finding, ...] | None:
        """What the checks say of the project; None where it has no PDF to be read. Each is asked once.

        `kind`: of the error that is looked for; "": none, everything is.
        """
        compiled = self.compiler(project.files) if medium != "source" else Compiled(b"", "")
        if medium != "source" and not compiled.pdf:
            return None
        results = clean.results if not kind or kind in AGAINST_RESULTS else None
        records = KnownWorks(clean) if not kind or kind in AGAINST_RECORDS else None
        conditions = replace(UNDER.get(kind, Conditions()), records=records, results=results)
        key = (digest(project.files), medium, repr(replace(conditions, records=None)) + str(records is not None))
        if key not in self._known:
            with laid_out(project, compiled, medium) as path:
                self._known[key] = self.check(path, conditions)
        return self._known[key]


class laid_out:  # noqa: N801 - a context manager, named as what it gives
    """The paper in a temporary folder, in one medium."""

    def __init__(self, project: Project, compiled: Compiled, medium: Medium) -> None:
        self._project, self._compiled, self._medium = project, compiled, medium

    def __enter__(self) -> Path:
        self._folder = Path(tempfile.mkdtemp(prefix="bench-"))
        if self._medium == "pdf":
            path = self._folder / "paper.pdf"
            path.write_bytes(self._compiled.pdf)
            return path
        self._project.write(self._folder)
        if self._medium == "folder":
            for name, data in main_log(self._compiled).items():
                (self._folder / name).write_bytes(data)
        return self._folder

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder)


def twins_of(
    project: Project, compiler: Compiler, seed: int, per_kind: int, kinds: Sequence[str] = ()
) -> tuple[Prepared, tuple[Seeded, ...], tuple[NoSite, ...]]:
    """The paper as it compiles here, and its twins."""
    ready = prepared(project, compiler)
    made, without = seed_errors(ready.project, seed, per_kind, kinds)
    return ready, made, without


def measure_clean(bench: Bench, ready: Prepared) -> None:
    """What the checks say of the paper itself, without a venue, in every medium."""
    project = ready.project
    for medium in MEDIA:

        def make(medium: Medium = medium) -> Mapping[str, Any]:
            try:
                said = bench.findings(project, project, medium)
            except PaperError as error:
                return {"paper": project.name, "medium": medium, "failed": str(error)}
            shown = None if said is None else [finding.model_dump(mode="json") for finding in said if finding.checked]
            return {"paper": project.name, "medium": medium, "notes": ready.notes, "findings": shown}

        bench.items.once(f"A/clean/{project.name}/{medium}", make)


def measure_twins(bench: Bench, twins: Sequence[Seeded]) -> None:
    for name, twin in numbered(twins):
        bench.say(name)
        bench.items.once(f"A/checks/{name}", lambda twin=twin: _checked(bench, twin))


def numbered(twins: Sequence[Seeded]) -> Iterator[tuple[str, Seeded]]:
    """Each with a name of its own: paper, kind and ordinal."""
    counts: dict[tuple[str, str], int] = {}
    for twin in twins:
        key = (twin.clean.name, twin.kind)
        counts[key] = counts.get(key, 0) + 1
        yield f"{key[0]}/{key[1]}/{counts[key]}", twin


def _checked(bench: Bench, twin: Seeded) -> Mapping[str, Any]:
    media: dict[str, Any] = {}
    accepted = ACCEPTED.get(twin.kind, frozenset())
    pages: dict[int, int] | None = None
    for medium in MEDIA:
        try:
            before = bench.findings(twin.clean, twin.clean, medium, twin.kind)
            after = bench.findings(twin.mutated, twin.clean, medium, twin.kind)
            if before is None or after is None:
                media[medium] = {"failed": NO_PDF}
                continue
            if twin.kind in OF_THE_WHOLE and any(one.checked and one.rule in accepted for one in before):
                media[medium] = {"failed": ALREADY}
                continue
            new = fresh(after, before)
            if pages is None and any(finding.page for finding in new if finding.rule in accepted):
                pages = _pages(bench.compiler(twin.mutated.files).pdf, twin.where)
        except PaperError as error:
            media[medium] = {"failed": str(error)}
            continue
        result: Found = found(new, twin.where, accepted, pages)
        shown = [one.model_dump(mode="json", exclude_defaults=True) for one in new[:12]]
        media[medium] = {**result._asdict(), "placed": result.placed, "new": shown}
    if any(one.get("failed") == ALREADY for one in media.values()):
        media = {medium: {"failed": ALREADY} for medium in MEDIA}
    return {"paper": twin.clean.name, **twin_told(twin), "media": media}


def twin_told(twin: Seeded) -> dict[str, Any]:
    """What a twin is, as it is written down."""
    return {
        "kind": twin.kind,
        "variant": twin.variant,
        "changed": twin.changed,
        "where": [place._asdict() for place in twin.where],
        "clean": digest(twin.clean.files),
        "mutated": digest(twin.mutated.files),
    }


def _pages(pdf: bytes, where: Sequence[Where]) -> dict[int, int]:
    """By index of the place, the page on which its words stand."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        path = folder / "paper.pdf"
        path.write_bytes(pdf)
        paper = Paper.read(path)
    finally:
        shutil.rmtree(folder)
    placed = {i: paper.locate(place.words[:160]) for i, place in enumerate(where) if place.words}
    return {i: place.page for i, place in placed.items() if place is not None}


def measure_panel(bench: Bench, project: Project, twins: Sequence[Seeded]) -> None:
    """The same twins before a panel: a weakness counts that quotes the place or names the error, and that the panel does not
    raise of the paper itself."""
    clean = bench.items.once(
        f"A/panel-clean/{project.name}",
        lambda: {"paper": project.name, **_weaknesses(bench, f"{project.name}/clean", project)},
    )
    for name, twin in numbered(twins):
        bench.say(name)
        bench.items.once(f"A/panel/{name}", lambda name=name, twin=twin: _judged(bench, name, twin, clean))


def _judged(bench: Bench, name: str, twin: Seeded, clean: Mapping[str, Any]) -> Mapping[str, Any]:
    mine = _weaknesses(bench, name, twin.mutated)
    known = [point["quote"] for point in clean.get("points", [])]
    hits = [
        point
        for point in mine.get("points", [])
        if not any(quoted(point["quote"], quote) for quote in known)
        and (_at(point, twin.where) or SAYS[twin.kind].search(point["claim"]))
    ]
    placed = any(_at(point, twin.where) for point in hits)
    return {"paper": twin.clean.name, **twin_told(twin), **mine, "hit": bool(hits), "placed": placed}


def _at(point: Mapping[str, Any], where: Sequence[Where]) -> bool:
    return any(quoted(point["quote"], place.words) for place in where)


def _weaknesses(bench: Bench, name: str, project: Project) -> dict[str, Any]:
    if bench.judge is None:
        raise ValueError("there is no panel")
    compiled = bench.compiler(project.files)
    with laid_out(project, compiled, "pdf" if compiled.pdf else "source") as path:
        try:
            review = bench.judge(path, name, False)
        except PaperError as error:
            return {"failed": str(error), "points": []}
    points = [point.model_dump(mode="json", include={"claim", "quote", "severity", "page"}) for point in review.points]
    return {"points": points, "failures": [failure.model_dump(mode="json") for failure in review.failures]}
