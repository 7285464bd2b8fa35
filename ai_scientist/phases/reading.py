"""Figures beside the paper: what it says of each, and whether that is what the picture shows."""

from __future__ import annotations

import json
import re
from typing import Literal

from ai_scientist.figures import rounds
from ai_scientist.figures.look import Look, Said, look
from ai_scientist.records import Fault, Figure, Manuscript
from ai_scientist.services import Services
from ai_scientist.writing.said import as_read, numbering, sentences_on


def read_figures(services: Services) -> tuple[Literal["PASS", "mend", "redraw"], str]:
    """Look at each figure beside the sentences of the paper's last version, once for each picture and what is said of it.

    What is to be done, and why. What was given up is not objected to again: the next version says it in its appendix.
    """
    run = services.run
    version = run.progress.rounds("write")
    redraw, mend = [], []
    for figure in rounds.settled(run):
        seen = known_look(services, figure)
        drawn = rounds.drawn(run, figure.name, figure.round)
        if seen is None and drawn is not None:
            said = said_of(services, figure.name, figure.caption, figure.shows)
            seen = look(drawn, said, services.desk.model("vision", f"read-{version}-{figure.name}"))
            rounds.keep_look(run, figure.name, figure.round, seen, version=version)
        if seen is not None and seen.faults and not given_up(services, unmended(figure.name)):
            redraw.append(f"figure {figure.name}: {told(seen.faults)}")
        if seen is not None and seen.misstated and not given_up(services, misstated(figure.name)):
            mend.append(f"what is said of figure {figure.name}: {told(seen.misstated)}")
    note = "; ".join((*redraw, *mend))
    if redraw and left(services):
        return "redraw", note
    return "mend" if note else "PASS", note


def known_look(services: Services, figure: Figure) -> Look | None:
    """What came of looking at a figure beside what is said of it now, where that was done."""
    said = said_of(services, figure.name, figure.caption, figure.shows)
    return next((one for one in rounds.looks(services.run, figure.name, figure.round) if one.said == said), None)


def to_mend(services: Services) -> tuple[Fault, ...]:
    """What the text says of figures and has to say otherwise. What no round is left for is given up, and that is said."""
    run = services.run
    manuscript = last_version(services)
    asked = sum(done.phase == "check" and done.verdict == "mend" for done in run.progress.phases)
    faults: list[Fault] = []
    for figure in rounds.settled(run):
        seen = known_look(services, figure)
        if seen is None or manuscript is None:
            continue
        if seen.faults and not left(services):
            give_up(services, unmended(figure.name), told(seen.faults))
        if not seen.misstated:
            continue
        if asked <= services.config.figures.rounds:
            parts = dict.fromkeys(heading for heading, _ in sentences_on(manuscript, figure.name))
            faults += [fault.model_copy(update={"where": ", ".join(parts)}) for fault in seen.misstated]
        else:
            give_up(services, misstated(figure.name), told(seen.misstated), touches_claims=True)
    return tuple(faults)


def said_of(services: Services, name: str, caption: str, shows: str) -> Said:
    """What the last version of the paper says of a figure; before there is one, what the figure is meant to show."""
    claims, manuscript = services.claims, last_version(services)
    if manuscript is None:
        return Said(caption=as_read(caption, claims), sentences=(as_read(shows, claims),))
    numbers = numbering(manuscript, [figure.name for figure in rounds.settled(services.run)])
    return Said(
        caption=as_read(caption, claims, numbers),
        sentences=tuple(as_read(sentence, claims, numbers) for _, sentence in sentences_on(manuscript, name)),
        written=True,
        number=numbers.get(name),
        referees=referees_on(services, numbers.get(name)),
    )


def last_version(services: Services) -> Manuscript | None:
    version = services.run.progress.rounds("write")
    file = services.run.manuscript(version)
    return Manuscript.model_validate_json(services.read(file)) if version else None


def referees_on(services: Services, number: int | None) -> tuple[str, ...]:
    """The points of the last review that name a figure of the paper, by its number."""
    file = services.run.review_json
    if number is None or not file.exists():
        return ()
    points = json.loads(file.read_text(encoding="utf-8"))["points"]
    texts = (" ".join(filter(None, (point["claim"], point["fix"]))) for point in points)
    return tuple(text for text in texts if re.search(rf"\bFig(?:ure|\.)?\s*{number}\b", text))


def left(services: Services) -> bool:
    """Whether there is a round left to draw in."""
    return services.run.progress.rounds("draw") < services.config.figures.rounds


def unmended(name: str) -> str:
    return f"figure {name} was still objected to when its rounds were used up"


def misstated(name: str) -> str:
    return f"the text was still said to claim of figure {name} what it does not show when the rounds were used up"


def given_up(services: Services, what: str) -> bool:
    return any(degradation.what == what for degradation in services.run.progress.degradations)


def give_up(services: Services, what: str, why: str, *, touches_claims: bool = False) -> None:
    """Say, once, that something stays as it is."""
    if not given_up(services, what):
        services.run.degrade(what, why, touches_claims=touches_claims)


def told(faults: tuple[Fault, ...]) -> str:
    return "; ".join(fault.message for fault in faults)
