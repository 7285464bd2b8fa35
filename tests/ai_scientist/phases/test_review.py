"""Each version is reviewed once, and a review may ask for as many revisions as the configuration has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ai_scientist.config import Config, Review
from ai_scientist.phases import review
from ai_scientist.runs import RunDirectory
from ai_scientist.runs.events import PhaseFinished


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A run whose papers all have a major weakness; the panel itself is not asked."""
    judged = SimpleNamespace(points=(SimpleNamespace(severity="major"),), failures=())
    monkeypatch.setattr(review, "read", lambda _: None)
    monkeypatch.setattr(review, "of_references", lambda *_: ())
    monkeypatch.setattr(review, "written", lambda *_: judged)
    config = Config(review=Review(revisions=1))
    with RunDirectory.create(tmp_path, topic="t", slug="t", config=config) as run:
        yield SimpleNamespace(run=run, config=config, references=())


def written(services: Any, version: int, checked: str) -> None:
    services.run.append(PhaseFinished(phase="write", round=version))
    services.run.append(PhaseFinished(phase="check", round=version, verdict=checked))


def test_a_version_that_a_check_had_mended_takes_no_revision_up(services: Any) -> None:
    written(services, 1, "mend")
    written(services, 2, "PASS")
    assert review.review_paper(services) == "revise"
    written(services, 3, "PASS")
    assert review.review_paper(services) == "done"


def test_a_version_is_reviewed_once(services: Any) -> None:
    written(services, 1, "mend")
    written(services, 2, "PASS")
    for _ in range(2):
        assert review.review_paper(services) == "revise"
    assert services.run.progress.rounds("review") == 1
