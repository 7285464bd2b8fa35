"""The page on exit codes says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from ai_scientist import errors
from ai_scientist.errors import EXIT_CODES, AIScientistError
from ai_scientist.phases.gates import Waiting

PAGE = Path(__file__).parents[2] / "docs" / "exit-codes.md"


def test_the_page_has_the_table() -> None:
    rows = re.findall(r"^\| (\d+) \| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {int(code): meaning for code, meaning in rows} == EXIT_CODES


def test_every_error_has_a_code_of_the_table_and_of_its_own() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, AIScientistError)]
    codes = [kind.exit_code for kind in (*kinds, Waiting)]
    assert len(set(codes)) == len(codes) > 9
    assert set(codes) <= set(EXIT_CODES)
