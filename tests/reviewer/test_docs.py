"""What is generated in docs/ is of today, and docs/checks.md names every option."""

import json
from pathlib import Path

import click
from ai_scientist_reviewer.command import command
from ai_scientist_reviewer.formats.rules import renewed
from ai_scientist_reviewer.schema import schema

FOLDER = Path(__file__).parents[2] / "docs"
DOCS = FOLDER / "checks.md"
STALE = "run `make docs`"


def test_the_table_of_rules_is_that_of_today() -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert text == renewed(text), STALE


def test_the_schema_of_reviews_is_that_of_the_records() -> None:
    assert json.loads((FOLDER / "review.schema.json").read_text(encoding="utf-8")) == schema(), STALE


def test_every_option_is_told() -> None:
    text = DOCS.read_text(encoding="utf-8")
    options = [one for one in command(lambda online: None).params if isinstance(one, click.Option)]
    assert options
    assert not [one.opts[0] for one in options if f"`{one.opts[0]}" not in text]
