"""A gate asks once, waits, and reads the answer out of the run."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from ai_scientist.config import Config, Models
from ai_scientist.phases import gates
from ai_scientist.phases.gates import Waiting
from ai_scientist.runs import RunDirectory
from ai_scientist.runs.events import ApprovalGiven
from ai_scientist.services import Services, open_services


@pytest.fixture
def services(tmp_path: Path) -> Services:
    config = Config(models=Models(default="offline"), approve=("idea",))
    run = RunDirectory.create(tmp_path, topic="label noise", slug="label-noise", config=config)
    return open_services(run, threading.Event())


def ask(services: Services, round: int = 1) -> None:
    gates.ask(services, "idea", round, services.run.idea_json)


def test_it_asks_once_and_goes_on_waiting(services: Services) -> None:
    for _ in range(2):
        with pytest.raises(Waiting, match="--accept"):
            ask(services)
    assert services.run.progress.waiting_for == ("idea", 1)
    assert services.run.progress.events == 1


def test_it_lets_through_what_was_accepted(services: Services) -> None:
    with pytest.raises(Waiting):
        ask(services)
    services.run.append(ApprovalGiven(gate="idea", round=1, accepted=True))
    ask(services)
    assert gates.rejection(services.run.progress, "idea", 1) is None


def test_a_rejection_without_a_reason_still_is_one(services: Services) -> None:
    with pytest.raises(Waiting):
        ask(services)
    services.run.append(ApprovalGiven(gate="idea", round=1, accepted=False))
    assert gates.rejection(services.run.progress, "idea", 1)


def test_the_next_one_is_asked_about_anew(services: Services) -> None:
    with pytest.raises(Waiting):
        ask(services)
    services.run.append(ApprovalGiven(gate="idea", round=1, accepted=False, note="narrower"))
    with pytest.raises(Waiting):
        ask(services, round=2)
    assert services.run.progress.waiting_for == ("idea", 2)


def test_nobody_is_asked_who_did_not_want_to_be(services: Services) -> None:
    gates.ask(services, "paper", 1, services.run.last_paper)
    assert services.run.progress.events == 0
