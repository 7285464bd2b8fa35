"""Draw the figures, look at them, and draw again what is objected to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Literal

from ai_scientist.figures import rounds
from ai_scientist.figures.data import drawable
from ai_scientist.figures.draw import draw
from ai_scientist.figures.forms import Drawing, DrawingsForm, RedrawForm
from ai_scientist.figures.look import look
from ai_scientist.phases.reading import give_up, left, said_of, unmended
from ai_scientist.prompts import render
from ai_scientist.records import Author
from ai_scientist.runs import Progress
from ai_scientist.runs.events import PhaseFinished
from ai_scientist.services import Services
from ai_scientist.writing.markup import check
from ai_scientist.writing.write import known


def draw_figures(services: Services) -> None:
    """Draw every figure that is not settled, once."""
    run = services.run
    if not due(run.progress):
        return
    round = run.progress.rounds("draw") + 1
    work = first_round(services) if round == 1 else next_round(services, round)
    idea, claims = services.idea, services.claims
    data = drawable(idea, claims.arms, claims.labels, run)
    todo = [(drawing, author) for drawing, author in work if rounds.drawn(run, drawing.name, round) is None]
    pool = ThreadPoolExecutor(services.config.workers)
    try:
        for done in pool.map(lambda one: draw(one[0], one[1], data.files, services.hosts, run.image), todo):
            rounds.keep(run, round, done)
    finally:  # who asked for an end does not wait for a drawing: its sandbox dies with the process
        pool.shutdown(wait=not services.stop.is_set(), cancel_futures=True)
    run.append(PhaseFinished(phase="draw", round=round))


def due(progress: Progress) -> bool:
    """Whether a round of drawing is next: nothing was drawn yet, or what was looked at last is to be drawn again."""
    steps = [done for done in progress.phases if done.phase in ("draw", "critique", "check")]
    return not steps or steps[-1].verdict == "redraw"


def first_round(services: Services) -> list[tuple[Drawing, Author]]:
    idea, claims = services.idea, services.claims
    data = drawable(idea, claims.arms, claims.labels, services.run)
    prompt = render(
        "draw_figures",
        idea=idea,
        arms=data.arms,
        arrays=data.arrays,
        shapes=data.shapes,
        every_seed=data.every_seed,
        program=data.program,
        comparisons=claims.comparisons,
        counts=[value for value in claims.values if value.statistic.rule == "count"],
        data=services.run.data,
    )
    reply = services.desk.model("coder", "draw-1").fill(prompt, DrawingsForm)
    drawings = list({drawing.name: drawing for drawing in reply.value.figures}.values())
    rounds.keep_order(services.run, drawings)
    return [(drawing, reply.author) for drawing in drawings]


def next_round(services: Services, round: int) -> list[tuple[Drawing, Author]]:
    run, work = services.run, []
    for name in rounds.names(run):
        number = rounds.last(run, name, round)
        before = rounds.drawn(run, name, number)
        faults = rounds.objections(run, name, number)
        if before is None or not faults:
            continue
        prompt = render("redraw_figure", drawing=before.drawing, faults=faults, idea=services.idea, round=round)
        reply = services.desk.model("coder", f"draw-{round}-{name}").fill(prompt, RedrawForm)
        drawing = reply.value.figure.model_copy(update={"name": name})
        author: Author = "model" if "model" in (reply.author, before.author) else "ours"
        work.append((drawing, author))
    return work


def critique_figures(services: Services) -> Literal["redraw", "PASS"]:
    """Look at what was drawn last. What nobody objects to is settled; so is what is left when the rounds are used up."""
    run = services.run
    round = run.progress.rounds("draw")
    looked = run.progress.last("critique")
    if looked is not None and looked.round == round:
        return "redraw" if looked.verdict == "redraw" else "PASS"
    points = known(services.idea, services.claims, (), ())
    again = False
    for name in rounds.names(run):
        drawn = rounds.drawn(run, name, round)
        if drawn is None:
            continue
        drawing = drawn.drawing
        said = said_of(services, drawing.name, drawing.caption, drawing.shows)
        seen = look(drawn, said, services.desk.model("vision", f"look-{round}-{name}"))
        wrong = check(drawing.caption, points, True, f"caption of {name}")
        rounds.keep_look(run, name, round, seen.model_copy(update={"faults": (*seen.faults, *wrong)}))
        if not (seen.faults or wrong) or not left(services):
            finish(services, name, round)
        else:
            again = True
    verdict: Literal["redraw", "PASS"] = "redraw" if again else "PASS"
    run.append(PhaseFinished(phase="critique", round=round, verdict=verdict))
    return verdict


def finish(services: Services, name: str, round: int) -> None:
    """Settle a figure on the last round that gave a picture, or leave it out. No placeholder takes its place."""
    run = services.run
    for number in range(round, 0, -1):
        drawn = rounds.drawn(run, name, number)
        if drawn is None or not drawn.png or drawn.faults:
            continue
        faults = rounds.objections(run, name, number)
        rounds.settle(run, number, drawn, faults)
        if faults:
            give_up(services, unmended(name), "; ".join(fault.message for fault in faults))
        return
    failed = rounds.objections(run, name, round)
    run.degrade(f"figure {name} is left out", failed[0].message if failed else "it was never drawn")
