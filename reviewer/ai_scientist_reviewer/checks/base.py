"""The seam of the checks: what a rule is given, and how it is registered. One rule, one function, one id."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from ai_scientist_reviewer.checks.drawings import Picture, pictures
from ai_scientist_reviewer.checks.works import Work, works
from ai_scientist_reviewer.document import PaperError
from ai_scientist_reviewer.evidence.beside import Beside
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.paper import Paper

if TYPE_CHECKING:
    from ai_scientist_reviewer.evidence.records import Compared
    from ai_scientist_reviewer.ports import Looked, Records
    from ai_scientist_reviewer.results import Results
    from ai_scientist_reviewer.venues import Venue


T = TypeVar("T")


class UncheckableError(Exception):
    """The rule does not apply to this paper or this kind of file; the message says why."""


@dataclass(frozen=True)
class Subject:
    """What is checked, and what it may be held against."""

    paper: Paper
    venue: Venue | None = None
    """What the venue asks of a submission; None: nothing is known of it, and its rules say so."""
    results: Results | None = None
    """The authors' own result files."""
    records: Records | None = None
    """Answers whether a cited work exists; None: nobody was asked."""
    compared: Compared | None = None
    """Each number of the paper beside the result files; None where none were given."""

    @cached_property
    def beside(self) -> Beside:
        """Each number of the prose beside the paper's own tables."""
        return Beside.of(self.paper)

    @cached_property
    def works(self) -> tuple[Work, ...]:
        """The reference list, entry by entry; empty where none was recognised."""
        return works(self.paper)

    @property
    def concealed(self) -> tuple[Finding, ...]:
        """What a reader does not see, and what speaks to reviewers.

        Raises:
            UncheckableError: the pages cannot be drawn.
        """
        return _given(self._concealed, "the pages cannot be drawn")

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Of the figures, as the pages show them or the source names them.

        Raises:
            UncheckableError: they cannot be read.
        """
        return _given(self._pictures, "the pictures cannot be read")

    # What failed once is not tried again by the next rule: it may have taken a minute.
    @cached_property
    def _concealed(self) -> tuple[Finding, ...] | PaperError:
        try:
            return self.paper.examined.findings
        except PaperError as error:
            return error

    @cached_property
    def _pictures(self) -> tuple[Picture, ...] | PaperError:
        try:
            return pictures(self.paper)
        except PaperError as error:
            return error

    @cached_property
    def answers(self) -> tuple[tuple[Work, Looked], ...]:
        """What the sources say of each entry: asked once, whichever rules want to know."""
        if self.records is None:
            return ()
        answers = self.records.look_up([work.cited for work in self.works])
        return tuple(zip(self.works, answers, strict=True))


def _given(found: tuple[T, ...] | PaperError, failed: str) -> tuple[T, ...]:
    if isinstance(found, PaperError):
        raise UncheckableError(f"{failed}: {str(found).rstrip('.')}") from found
    return found


Check = Callable[[Subject], Iterator[Finding]]


@dataclass(frozen=True)
class Rule:
    id: str
    """As `unresolved-reference`."""
    group: str
    """The module that holds it, as `references`: `--select references` takes all of them."""
    summary: str
    """One line: the first of the function's docstring."""
    apply: Check


RULES: dict[str, Rule] = {}
"""By id, in the order in which they are applied."""


def rule(name: str) -> Callable[[Check], Check]:
    """Registers a function as the rule of that id; its docstring's first line says what it looks for."""

    def register(check: Check) -> Check:
        told = (check.__doc__ or "").strip().partition("\n")[0]
        RULES[name] = Rule(name, check.__module__.rpartition(".")[2], told, check)
        return check

    return register
