"""The offline model's prose has to pass the paper's own checks, whatever came out of the measurements."""

from __future__ import annotations

import hashlib
import random

import pytest

from ai_scientist.claims.build import build
from ai_scientist.config import Writing
from ai_scientist.figures.forms import DrawingsForm
from ai_scientist.ideas.forms import IdeaForm
from ai_scientist.literature.base import ask
from ai_scientist.literature.identity import merged
from ai_scientist.literature.shelf import Shelf
from ai_scientist.offline.model import OfflineModel
from ai_scientist.offline.studies import studies
from ai_scientist.prompts import render
from ai_scientist.records import Arms, Claims, Experiment, Figure, Idea, Measurement, Reference
from ai_scientist.writing.write import check, draft, known

SHELF = Shelf.bundled()
ARMS = Arms(baseline="0001", proposed="0002", ablations=("0003",))
EFFECTS = {"supported": 5.0, "refuted": -5.0, "no effect": 0.0}
"""The difference between proposed method and baseline, in units of what the primary prediction says matters."""


def idea_of(slug: str) -> Idea:
    prompt = render(
        "propose_idea", topic=studies()[slug].phrases[0], references=(), literature="", note="", earlier=None,
        limits={"wall": 60, "memory_mb": 1024}, confirm_seeds=8, data=(), packages={},
    )  # fmt: skip
    return OfflineModel().fill(prompt, IdeaForm).value.idea()


def experiments(idea: Idea, effect: float, noise: float) -> tuple[Experiment, ...]:
    """A draft, the study's last variant (of two parts), an ablation, and eight confirming runs of each."""
    study = studies()[idea.study]
    variant = study.explore[-1]
    primary = next(p for p in idea.predictions if p.role == "primary")
    sign = 1 if primary.direction == "higher" else -1
    heads = (("0001", "prototype", "draft", study.baseline.name, ()), ("0002", "explore", "improve", variant.change, variant.parts),
             ("0003", "ablate", "ablate", "without a part", variant.parts[:1]))  # fmt: skip
    found, number = [], 4

    def made(
        id: str, parent: str | None, stage: str, action: str, change: str, parts: object, seed: int, shift: float
    ) -> Experiment:
        rng = random.Random(f"{id}")
        split = "test" if stage == "confirm" else "validation"
        measurements = tuple(
            Measurement(metric=m.name, value=0.5 + shift + rng.gauss(0, noise), better=m.better, dataset=d, split=split)
            for m in (idea.metric, *idea.secondary)
            for d in idea.datasets
        )
        settings = {n: s.default for n, s in study.settings.items() if n in study.settings_of(parts)}  # type: ignore[arg-type]
        return Experiment.model_validate(
            {
                "id": id,
                "parent": parent,
                "stage": stage,
                "action": action,
                "change": change,
                "plan": "",
                "author": "ours",
                "seed": seed,
                "program": hashlib.sha256(b"").hexdigest(),
                "confirming": stage == "confirm",
                "outcome": "worked",
                "seeded": True,
                "settings": settings,
                "measurements": measurements,
            }
        )

    for id, stage, action, change, parts in heads:
        found.append(made(id, None if id == "0001" else "0001", stage, action, change, parts, 0, 0.0))
    for seed in range(500, 508):
        for id, _, _, change, parts in heads:
            shift = sign * effect * primary.at_least if id == "0002" else 0.0
            found.append(made(f"{number:04d}", id, "confirm", "repeat", change, parts, seed, shift))
            number += 1
    return tuple(found)


def figures_of(idea: Idea, claims: Claims) -> list[Figure]:
    arrays = [name.format(value=f"{v:g}") for figure in studies()[idea.study].figures for name in figure.get("arrays", ())
              for v in studies()[idea.study].conditions.values.values()]  # fmt: skip
    arms = [{"id": id, "label": label, "role": "ablation"} for id, label in claims.labels.items()]
    counts = [value for value in claims.values if value.statistic.rule == "count"]
    prompt = render(
        "draw_figures",
        data=(),
        idea=idea,
        arms=arms,
        arrays=arrays,
        shapes=dict.fromkeys(arrays, "(3,) float64"),
        program="",
        comparisons=claims.comparisons,
        counts=counts,
        every_seed=True,
    )
    drawn = OfflineModel().fill(prompt, DrawingsForm).value.figures
    assert len(drawn) == len(studies()[idea.study].figures)
    return [Figure(name=d.name, caption=d.caption, shows=d.shows, width=d.width, author="ours") for d in drawn]


def references_of(idea: Idea) -> list[Reference]:
    """What the shelf has on the idea, as a run gathers it."""
    found = [
        work.model_copy(update={"answers": (query,)})
        for query in idea.queries
        for work in ask([SHELF], query, 4).references
    ]
    return list(merged(found))


@pytest.mark.parametrize("slug", sorted(studies()))
@pytest.mark.parametrize(
    ("verdict", "noise"), [("supported", 0.0005), ("refuted", 0.0005), ("no effect", 0.0005), ("undecided", 0.2)]
)
def test_prose_follows_from_the_claims_and_passes_the_checks(slug: str, verdict: str, noise: float) -> None:
    idea = idea_of(slug)
    claims = build(idea, ARMS, experiments(idea, EFFECTS.get(verdict, 1.0), noise))
    primary = next(f for f in claims.findings if f.prediction.role == "primary")
    assert primary.verdict == verdict
    references = references_of(idea)
    themes = [theme for theme in studies()[slug].literature if theme.place == "related"]
    figures = figures_of(idea, claims)
    text = draft(idea, claims, figures, references, model=OfflineModel(), config=Writing())
    assert check(text, known(idea, claims, figures, references)) == ()
    sections = {section.heading: " ".join(section.paragraphs) for section in text.sections}
    assert f"\\compare{{{primary.comparison}}}" in text.abstract
    assert f"\\compare{{{primary.comparison}}}" in sections["Results"]
    assert sections["Related work"].count("\\cite") >= 2 * len(themes)
    assert all(theme.lead in sections["Related work"] for theme in themes), "a theme without any work"
    assert "\\cite" in sections["Experimental setup"]
    assert studies()[slug].outcomes[primary.verdict] in sections["Discussion and limitations"]
    opening = {
        "supported": "As predicted",
        "refuted": "Contrary",
        "no effect": "There is no effect",
        "undecided": "undecided",
    }
    assert opening[verdict] in text.abstract
    for part in studies()[slug].explore[-1].parts:  # what was proposed is described with the settings it ran with
        assert all(
            f"setting-proposed-{name.replace('_', '-')}" in sections["Method"]
            for name in studies()[slug].parts[part].settings
        )
