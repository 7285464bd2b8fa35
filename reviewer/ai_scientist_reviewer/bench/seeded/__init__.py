"""Seeded errors: a clean paper and its twin with one known error, for each kind of error that a check may look for."""

from ai_scientist_reviewer.bench.seeded import (  # noqa: F401  (they register what spoils a paper)
    citations,
    comparisons,
    floats,
    identity,
    numbers,
    residue,
    sections,
    statistics_told,
)
from ai_scientist_reviewer.bench.seeded.base import MUTATORS, NoSite, Seeded, Where, seed_errors
from ai_scientist_reviewer.bench.seeded.project import MAIN, Project, ProjectError

__all__ = ["MAIN", "MUTATORS", "NoSite", "Project", "ProjectError", "Seeded", "Where", "seed_errors"]
