"""Write the paper, and hold every number of it against the measurements."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal, get_args

from ai_scientist.claims.verify import verify
from ai_scientist.errors import CheckFailed
from ai_scientist.figures import rounds
from ai_scientist.literature import bibtex
from ai_scientist.literature.base import ask
from ai_scientist.literature.check import exists
from ai_scientist.literature.identity import merged
from ai_scientist.phases import gates
from ai_scientist.phases.reading import read_figures, to_mend
from ai_scientist.records import Idea, Manuscript, Reference
from ai_scientist.runs.events import PhaseFinished
from ai_scientist.services import Services
from ai_scientist.topic import headline
from ai_scientist.writing.about import About, Material
from ai_scientist.writing.write import Written
from ai_scientist.writing.write import write_paper as write

WORKS = 4
"""Works asked for with each query."""
Verdict = Literal["PASS", "FAIL", "mend", "redraw"]
"""On a version: FAIL where a number does not hold, `mend` where the text says of a figure what it does not show, `redraw` where a
figure is not fit to be printed."""


def write_paper(services: Services) -> None:
    """Write the next version of the paper, where one is due: the first, or after a check, a review or a person asked for it."""
    run = services.run
    version = run.progress.rounds("write")
    if version and not another(services, version):
        return
    note = gates.rejection(run.progress, "paper", version) or objected(services, version)
    before = read(run.manuscript(version)) if version else None
    looked = verdict_of(services, version) in ("mend", "redraw")
    said = to_mend(services) if looked else ()
    version += 1
    idea, figures = services.idea, rounds.settled(run)
    references = gather(services, idea)
    given = run.manuscript(version)
    model = services.desk.model("writer", f"write-{version}")
    written = write(
        Material(
            idea=idea,
            claims=services.claims,
            experiments=run.experiments(),
            about=about(services, model.name),
            data=run.data,
        ),
        figures,
        {figure.name: (run.figure(figure.name) / "final.pdf").read_bytes() for figure in figures},
        references,
        bibtex.bibliography(references),
        model=model,
        hosts=services.hosts,
        config=services.config.writing,
        review=asked_for(services),
        note=note,
        given=read(given) or (before if looked else None),
        before=before,
        programs=program_of(services, services.claims.arms.proposed),
        objected=said,
    )
    for degradation in written.degradations:
        run.degrade(degradation.what, degradation.why, touches_claims=degradation.touches_claims)
    keep(services, version, written)
    run.append(PhaseFinished(phase="write", round=version))


def read(file: Path) -> Manuscript | None:
    return Manuscript.model_validate_json(file.read_text(encoding="utf-8")) if file.exists() else None


def program_of(services: Services, arm: str) -> dict[str, str]:
    """The program of an arm, by its id: what the writer describes a method from."""
    found = next(experiment for experiment in services.run.experiments() if experiment.id == arm)
    return {arm: services.run.program(found.folder).read_text(encoding="utf-8")}


def another(services: Services, version: int) -> bool:
    """Whether the version that is there is not to be the last."""
    progress = services.run.progress
    rejected = gates.rejection(progress, "paper", version) is not None
    revise = any((one.phase, one.verdict, one.round) == ("review", "revise", version) for one in progress.phases)
    return rejected or revise or verdict_of(services, version) in ("FAIL", "mend", "redraw")


def verdict_of(services: Services, version: int) -> str:
    """What came of checking a version; "" where it was not checked yet."""
    checks = (one for one in services.run.progress.phases if (one.phase, one.round) == ("check", version))
    return next((one.verdict for one in checks), "")


def objected(services: Services, version: int) -> str:
    """What did not hold when the version was checked."""
    checks = (done for done in services.run.progress.phases if (done.phase, done.round) == ("check", version))
    return next(
        (f"It did not hold against its measurements: {done.note}" for done in checks if done.verdict == "FAIL"), ""
    )


def keep(services: Services, version: int, written: Written) -> None:
    """Lay down the version's files; paper/paper.pdf comes last."""
    run, typeset = services.run, written.typeset
    files = {
        "manuscript.json": written.manuscript.model_dump_json(indent=1),
        "paper.tex": typeset.tex,
        "claims.tex": typeset.claims,
        "references.bib": typeset.bib,
        "compile.log": typeset.log,
        "paper.pdf": typeset.pdf,
    }
    for name, data in files.items():
        run.write(run.paper_file(version, name), data)
    for figure in written.figures:
        run.write(run.figure(figure.name) / "figure.json", figure.model_dump_json(indent=1))
    run.write(run.last_paper, typeset.pdf)


def gather(services: Services, idea: Idea) -> tuple[Reference, ...]:
    """The works that the paper may cite: asked for once, kept, each with a record that its source has."""
    run, limit = services.run, services.config.literature.references
    if not run.references_json.exists():
        found: list[list[Reference]] = []
        for query in idea.queries or (headline(run.topic),):
            answer = ask(services.sources, query, WORKS)
            if answer.verdict != "PASS":
                run.degrade("not all literature sources could be asked", answer.why)
            found.append([work.model_copy(update={"answers": (query,)}) for work in answer.references])
        # The best answer to each query before the second best to any, so that the limit cuts no query off.
        ranked = [work for rank in zip_longest(*found) for work in rank if work is not None]
        works = [work for work in merged(ranked) if exists(work, services.sources)[1].verdict == "PASS"]
        kept = [work.model_dump(mode="json") for work in bibtex.keyed(works[:limit])]
        run.write(run.references_json, json.dumps(kept, indent=1, ensure_ascii=False))
        if not kept:
            run.degrade("the paper cites nothing", "no literature source knew a work on its subject")
    return services.references


def asked_for(services: Services) -> Mapping[str, Any] | None:
    """The points of the last review, where it asked for a revision."""
    last = services.run.progress.last("review")
    if last is None or last.verdict != "revise":
        return None
    review = json.loads(services.run.review_json.read_text(encoding="utf-8"))
    return {"points": [{k: point[k] for k in ("claim", "quote", "severity", "fix")} for point in review["points"]]}


def about(services: Services, writer: str) -> About:
    """What the paper says of its own making."""
    run = services.run
    progress, spent = run.progress, run.progress.spent
    day = datetime.datetime.fromisoformat(run.info["created"])
    known = f"${spent.money:.2f}" + (" and an unknown part" if spent.money_unknown else "")
    tasks = {role: services.desk.model(role, "about").name for role in ("ideas", "coder", "judge", "vision")}
    tasks["writer"] = writer
    return About(
        date=f"{day.day} {day:%B %Y}",
        run=run.path.name,
        models=tasks if len(set(tasks.values())) > 1 else {},
        people=people(services),
        seed=services.config.seed,
        spent={
            "wall-clock": f"{progress.seconds():.0f} s",
            "programs (summed)": f"{spent.compute:.0f} s",
            "model calls": f"{spent.calls:,} ({spent.tokens:,} tokens, {known})",
        },
        degradations=tuple(progress.degradations),
        unverified=("Whether each cited work supports the sentence that cites it was not judged.",),
    )


def people(services: Services) -> str:
    """What people did after the topic was given."""
    answers = [answer for answer in services.run.progress.approvals.values() if answer is not None]
    if not answers:
        return "No person took part between the topic and this document."
    said = [
        f"{answer.gate}: {'accepted' if answer.accepted else 'sent back'}{f' ({answer.note})' if answer.note else ''}"
        for answer in answers
    ]
    return "A person was asked on the way: " + "; ".join(said) + "."


def check_paper(services: Services) -> Verdict:
    """Recompute every number of the paper from the measurements, read them in the PDF, and look at the figures beside the text.

    Raises:
        CheckFailed: no version held within the attempts that there are.
    """
    run = services.run
    version = run.progress.rounds("write")
    known = next((one for one in get_args(Verdict) if one == verdict_of(services, version)), None)
    if known is not None:
        return known
    report = verify(run.path)
    failed = [item for item in report.items if item.verdict == "FAIL"]
    for item in report.items:
        if item.verdict == "UNKNOWN":
            run.degrade(f"a check of the paper could not be made: {item.what}", item.why, touches_claims=True)
    verdict, note = "FAIL", "; ".join(f"{item.what}: {item.why}" for item in failed[:5])
    if not failed:
        verdict, note = read_figures(services)
    run.append(PhaseFinished(phase="check", round=version, verdict=verdict, note=note))
    failures = sum(one.phase == "check" and one.verdict == "FAIL" for one in run.progress.phases)
    if failed and failures % services.config.writing.attempts == 0:
        raise CheckFailed(
            f"The paper does not hold against its measurements: {note}. It is kept in {run.paper(version)}."
        )
    return verdict
