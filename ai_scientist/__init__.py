"""An AI scientist whose every number traces to a measurement and every reference to a record.

`run`, `resume`, `review` and `verify` are the library; `ai-scientist --help` is the same from a shell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ai_scientist.api import Outcome, resume, review, run, verify

__all__ = ["Outcome", "resume", "review", "run", "verify"]


def __getattr__(name: str) -> Any:
    """What the library offers is imported when it is used, so that importing the package costs nothing."""
    if name in __all__:
        from ai_scientist import api

        return getattr(api, name)
    raise AttributeError(f"module 'ai_scientist' has no attribute '{name}'")
