"""What holds for the tests of the search."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def _no_power_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kills are what these tests play, and a killed process needs no fsync: it is what they would spend their time on."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)
