"""docs/checks.md names every rule and option there is."""

from pathlib import Path

import click
from ai_scientist_reviewer.command import command
from ai_scientist_reviewer.formats.rules import renewed

DOCS = Path(__file__).parents[2] / "docs" / "checks.md"


def test_the_table_of_rules_is_that_of_today() -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert text == renewed(text), "run `.venv/bin/python -m ai_scientist_reviewer.formats.rules docs/checks.md`"


def test_every_option_is_told() -> None:
    text = DOCS.read_text(encoding="utf-8")
    options = [one for one in command(lambda online: None).params if isinstance(one, click.Option)]
    assert options
    assert not [one.opts[0] for one in options if f"`{one.opts[0]}" not in text]
