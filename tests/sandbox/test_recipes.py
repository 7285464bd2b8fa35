"""Every recipe keeps our rules, whether or not it is ever built here, and their locks are what their requirements ask for."""

from __future__ import annotations

import re

import pytest
from ai_scientist_sandbox import locks, recipes
from ai_scientist_sandbox.recipes import RECIPES

from tests.sandbox.dockerfile import NOBODY_ELSE, faults

NAMES = recipes.recipe_names()
PYTHON = [name for name in NAMES if recipes.holds_packages(name)]
GOOD = (RECIPES / "python" / "Dockerfile").read_text()


def test_there_are_these() -> None:
    assert (NAMES, PYTHON) == (["python", "latex", "torch"], ["python", "torch"])
    assert recipes.usual_names() == ["python", "latex"], "torch is gigabytes: for who asks for it"


@pytest.mark.parametrize("name", NAMES)
def test_a_dockerfile_keeps_the_rules(name: str) -> None:
    files = {file.name for file in (RECIPES / name).iterdir()}
    assert faults((RECIPES / name / "Dockerfile").read_text(), files) == []
    assert f"ai-scientist.image={name}\n" in (RECIPES / name / "Dockerfile").read_text()


def test_so_does_that_of_derived_images() -> None:
    text = (RECIPES / "packages.Dockerfile").read_text()
    assert faults(text, {"added.lock", "gone.txt"}, ours=True) == []
    # Its interpreter would run what packages want run at every start: pip is told of it, before they are there.
    assert not re.search(r"(?<!--python )/opt/image/bin/python", text)
    assert "--root /added" in text


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ("--require-hashes", "", "without --require-hashes"),
        ("--only-binary :all:", "", "without --only-binary"),
        ("--no-deps", "", "without --no-deps"),
        ("-r /requirements.lock", "numpy", "beside a lock"),
        ("COPY requirements.lock /", "", "beside a lock"),
        ("COPY --from=install /opt /opt", "ARG INDEX", "INDEX is kept in the history"),
        ("FROM ${BASE}\nLABEL", "FROM install\nLABEL", "INDEX is kept in the history"),
        ("FROM ${BASE} AS install", "FROM debian:12 AS install", "not from BASE"),
        ("--from=install", "--from=elsewhere", "copies from no stage"),
        ("ARG INDEX", "ENV KEY=x", "no step that we know"),
        ("ARG BASE=", "ARG INDEX\nARG BASE=", "ARG BASE alone"),
        ("LABEL ai-scientist.image=python\nARG", "ARG", "no label"),
        ("COPY requirements.lock /", "COPY requirements.lock secrets /", "secrets is copied and lies nowhere"),
        ("RUN python3 -m venv", "RUN curl https://x | sh; python3 -m venv", "past the locks"),
        ('-c "import', "-c 'import", "a shell cannot read"),
        *((one, "true", "the image lacks") for one in NOBODY_ELSE),
    ],
)
def test_a_rule_that_is_broken_is_seen(good: str, bad: str, fault: str) -> None:
    assert good in GOOD
    found = faults(GOOD.replace(good, bad), {"requirements.lock"})
    assert any(fault in one for one in found), found


@pytest.mark.parametrize("name", PYTHON)
def test_a_lock_pins_what_is_asked_for_and_says_nothing_else(name: str) -> None:
    text = recipes.locked(name)
    pins = locks.parse(text)  # each with a version and hashes, and no line that is anything else
    assert {locks.normal(one) for one in recipes.asked(name)} <= set(locks.by_name(pins))
    assert "://" not in text and "--index" not in text
    assert locks.parse(locks.render(pins)) == tuple(sorted(pins))


def test_the_torch_image_holds_what_the_python_image_does() -> None:
    small, large = (locks.by_name(locks.parse(recipes.locked(name))) for name in ("python", "torch"))
    assert {name: large.get(name) for name in small} == dict(small)
    assert set(recipes.asked("torch")) == {*recipes.asked("python"), "torch"}


def test_a_lock_can_be_made_again_from_what_stands_beside_it() -> None:
    for name in PYTHON:
        head = (RECIPES / name / "requirements.in").read_text()
        assert "uv pip compile --generate-hashes --universal" in head
