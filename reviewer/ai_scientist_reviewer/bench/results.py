"""All that one bench measured. `Results` is the schema of results.json, and the card is made from it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from ai_scientist_reviewer.bench.agreement.agree import Agreement
from ai_scientist_reviewer.bench.hiding.score import Hiding
from ai_scientist_reviewer.bench.repeats import Repeats
from ai_scientist_reviewer.bench.seeded.score import Seeded


class Missing(BaseModel):
    """A kind of error that a paper offered no place for."""

    model_config = ConfigDict(frozen=True)

    paper: str
    kind: str
    why: str


class Results(BaseModel):
    model_config = ConfigDict(frozen=True)

    format: int = 1
    model: str
    """Of the panel; "" where the checks alone were measured, or scores were replayed."""
    panel: int = 0
    """Referees."""
    form: str = ""
    date: str
    """As 2026-11-26."""
    prompts: str
    """Version of prompts and forms: see `version`."""
    checks: str
    """Version of the checks."""
    seed: int
    papers: tuple[str, ...]
    manifest: str = ""
    """SHA-256 of manifest.json."""
    seeded: tuple[Seeded, ...] = ()
    """Track A: the checks, in each medium."""
    missing: tuple[Missing, ...] = ()
    seeded_panel: Seeded | None = None
    hiding: Hiding | None = None
    agreement: Agreement | None = None
    repeats: dict[str, Repeats] = {}
    """By model, or by table of replayed scores."""
    notes: tuple[str, ...] = ()
    """What could not be measured, and what stood in for what."""
    cost: float | None = None
    """US dollars; None: not known."""
