"""The seam of the literature: who can be asked for works, and what an answer is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from pydantic import model_validator

from ai_scientist.literature.identity import merged
from ai_scientist.records import Record, Reference


class Found(Record):
    """An answer. Nothing found is PASS with no references; an outage is UNKNOWN, with its cause."""

    references: tuple[Reference, ...] = ()
    """The best first."""
    verdict: Literal["PASS", "UNKNOWN"] = "PASS"
    why: str = ""
    """What could not be asked, and for what cause. "" where all was."""

    @model_validator(mode="after")
    def _unknown_says_why(self) -> Found:
        if (self.verdict == "UNKNOWN") != bool(self.why):
            raise ValueError("an answer says why exactly where it is UNKNOWN")
        return self


class LiteratureSource(Protocol):
    """A place that keeps records of works. Asking it never raises for an outage: that is an answer."""

    @property
    def name(self) -> str:
        """As `Reference.source` gives it."""
        ...

    def search(self, query: str, limit: int = 10) -> Found:
        """The works, at most `limit`, that fit a few words."""
        ...

    def lookup(self, *, doi: str = "", arxiv: str = "", title: str = "") -> Found:
        """The work of that DOI, else of that arXiv number, else of that title: one reference or none."""
        ...


def ask(sources: Sequence[LiteratureSource], query: str, limit: int = 10) -> Found:
    """Ask each source in order, `limit` works each, and put together what is one work.

    The earlier source's record of a work stands; a later one fills in what it left empty. The answer is UNKNOWN where
    any source could not be asked, and still holds what the others gave.
    """
    answers = [(source.name, source.search(query, limit)) for source in sources]
    why = "; ".join(f"{name}: {answer.why}" for name, answer in answers if answer.verdict == "UNKNOWN")
    return Found(
        references=merged([reference for _, answer in answers for reference in answer.references]),
        verdict="UNKNOWN" if why else "PASS",
        why=why,
    )
