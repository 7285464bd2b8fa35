"""What is said of a paper's numbers beside its result files. `Compared` is part of the schema of `check --format json`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from ai_scientist_reviewer.document import Box, Number
from ai_scientist_reviewer.evidence.facts import Fact
from ai_scientist_reviewer.evidence.holding import Found
from ai_scientist_reviewer.numbers import Role

Word = Literal["matched", "derived", "unexplained", "contradicted"]
Part = Literal["table", "abstract", "text", "caption"]


class Verdict(BaseModel):
    """What the result files say of one number of the paper."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    """The number as written, with its ± and %."""
    verdict: Word
    part: Part
    where: str
    """The table's row and column, or the section."""
    role: Role
    """`value` for a finding; settings and counts are held against the files too, but nobody is blamed for not filing them."""
    quote: str
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    file: str = ""
    line: int | None = None
    evidence: tuple[str, ...] = ()
    """Files and places with what stands there, as "run_2/final_info.json: circle / means / kl_divergence = 0.347165"."""
    how: str = ""
    """What was computed from the evidence, "" for a value as it stands."""
    expected: float | None = None
    """Of a contradicted number: what the files say."""
    chance: float | None = None
    """How likely a wrong number of the same form would have been found among the values that were looked at."""
    against: bool = False
    """The place of the evidence is not the one that the words name."""


class Compared(BaseModel):
    """All numbers of a paper beside its result files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    numbers: tuple[Verdict, ...]
    values: int
    """Numbers in the result files."""
    unread: dict[str, str] = {}

    @property
    def counts(self) -> Counter[Word]:
        return Counter(one.verdict for one in self.numbers)

    def told(self) -> str:
        """How many there are of each kind, in a sentence: every number is of one."""
        if not self.values:
            return "No number was compared: the result files hold none that can be read."
        counts, n = self.counts, len(self.numbers)
        settings = sum(one.verdict == "unexplained" and one.role != "value" for one in self.numbers)
        return (
            f"Of the paper's {n} number{'' if n == 1 else 's'}, {counts['matched']} stand in the result files, {counts['derived']} follow "
            f"from them, {settings} are settings or counts that need not be there, {counts['contradicted']} are contradicted by them, "
            f"{counts['unexplained'] - settings} are not explained by them."
        )


@dataclass(frozen=True)
class Spot:
    """Where a number stands, and what it does there."""

    part: Part
    where: str
    role: Role
    quote: str
    page: int | None
    box: Box | None
    file: str
    line: int | None

    def matched(self, text: str, fact: Fact, chance: float | None = None) -> Verdict:
        """The number is a fact, or was computed as it says."""
        return self._verdict(
            text, "derived" if fact.how else "matched", evidence=(said(fact),), how=fact.how, chance=chance
        )

    def derived(self, text: str, how: str, *evidence: str) -> Verdict:
        return self._verdict(text, "derived", evidence=evidence, how=how)

    def contradicted(self, text: str, *facts: Fact, nearest: Fact) -> Verdict:
        """The facts say otherwise; `nearest` is what should stand there."""
        evidence = tuple(said(fact) for fact in facts)
        return self._verdict(text, "contradicted", evidence=evidence, expected=nearest.value, how=nearest.how)

    def found(self, text: str, found: Found) -> Verdict:
        if found.verdict == "unexplained":
            return self._verdict(text, "unexplained", chance=found.chance if found.facts else None)
        evidence = tuple(said(fact) for fact in found.facts)
        return self._verdict(
            text, found.verdict, evidence=evidence, how=found.how, chance=found.chance, against=found.against
        )

    def _verdict(self, text: str, verdict: Word, **more: Any) -> Verdict:
        return Verdict(
            text=text, verdict=verdict, part=self.part, where=self.where, role=self.role, quote=self.quote, page=self.page,
            box=self.box, file=self.file, line=self.line, **more,
        )  # fmt: skip


def said(fact: Fact) -> str:
    """A fact for people."""
    return f"{fact.where} = {fact.value:.6g}" if not fact.how else f"{fact.where}: {fact.how} = {fact.value:.6g}"


def written(number: Number) -> str:
    """A number as it stands in a table."""
    spread = f" ± {number.spread:g}" if number.spread is not None else ""
    return f"{number.text}{spread}{'%' if number.percent else ''}"
