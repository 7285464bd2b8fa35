from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest

from tests.sandbox.red_team.attacks import BOUNDS, HERE, Attack
from tests.sandbox.red_team.declared.all import ATTACKS, GROUPS, table

README = Path(__file__).parents[3] / "sandbox" / "README.md"


def test_every_attack_that_is_written_is_made() -> None:
    written = {
        path for folder, kind in (("programs", "py"), ("latex", "tex")) for path in (HERE / folder).glob(f"*.{kind}")
    }
    assert {attack.path for attack in ATTACKS} == written - {HERE / "programs" / "other.py"}
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
    assert all(attack.group == group.ATTACKS[0].group for group in GROUPS for attack in group.ATTACKS)


@pytest.mark.parametrize("what", ATTACKS, ids=[what.name for what in ATTACKS])
def test_an_attack_says_what_it_is_and_its_control_is_bounded(what: Attack) -> None:
    head = what.path.read_text()[:1000]
    assert "Attacked: " in head and "Won: " in head
    limits = replace(what.limits, **what.control.limits)
    assert [one.name for one in fields(limits) if getattr(limits, one.name) > getattr(BOUNDS, one.name)] == []


def test_the_readme_lists_them() -> None:
    assert table() in README.read_text(), f"the table in {README} is to be:\n{table()}"
