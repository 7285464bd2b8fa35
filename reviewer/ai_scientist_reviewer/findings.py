"""What a check without a model has to say."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Severity = Literal["error", "warn", "info"]


class Finding(BaseModel):
    """One remark of one rule."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str
    """The rule's id, as `unresolved-reference`."""
    severity: Severity
    message: str
    page: int | None = None
    box: tuple[float, float, float, float] | None = None
    """Left, top, right, bottom in points from the page's top left; None where the place is not known."""
    file: str = ""
    """Where the source was read: the file's path below the paper's folder."""
    line: int | None = None
    """From 1, in `file`."""
    quote: str = ""
    """Word for word from the paper."""
    fix: str = ""
    """What would mend it."""
    checked: bool = True
    """False where the rule could not be applied: that is not the same as nothing found."""


class OptionError(ValueError):
    """What was asked of the checks does not exist or cannot be read. The message is one sentence for the person who asked."""
