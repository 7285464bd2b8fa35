"""The run directory: events, the fold over them, and the files they point to."""

from ai_scientist.runs.directory import RunDirectory
from ai_scientist.runs.progress import Progress, Spent

__all__ = ["Progress", "RunDirectory", "Spent"]
