"""Does every number in the paper follow from the measurements? Answered item by item, from the files alone.

1. The measurements are what left the sandbox, and the programs are what was run.
2. The run's log agrees with what lies there: no experiment left out or added, every arm on every seed, the idea as it was when
   the search began, the packages that programs saw (`claims.history`).
3. The claims are built again from them and compared with claims.json.
4. The PDF's links to claims are read, and the text under each is compared with what was built again; tables are compared
   row by row, labels and headings included; what no link covers may hold no number (`claims.binding`).

What is not read: numbers drawn inside figures, and what follows the references (its links aside).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from ai_scientist.claims.build import build
from ai_scientist.claims.evidence import Evidence, Item, gather, read_files
from ai_scientist.claims.history import ENVIRONMENT, LOG, check_history, check_lock
from ai_scientist.claims.paper import check_paper
from ai_scientist.claims.words import RULES
from ai_scientist.errors import NothingFound
from ai_scientist.records import Arms, Claims, Experiment, Record


class Report(Record):
    """What was checked. UNKNOWN is never PASS."""

    items: tuple[Item, ...]

    @property
    def ok(self) -> bool:
        return bool(self.items) and all(item.verdict == "PASS" for item in self.items)

    @property
    def failed(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.verdict != "PASS")


def verify(path: Path) -> Report:
    """Check a run's folder, or a bundle's folder or zip file.

    Raises:
        InputError: there is nothing to check at that path.
    """
    files = read_files(path)
    evidence = gather(files)
    items = list(evidence.items)
    arms = evidence.claims.arms if evidence.claims is not None else None
    items += check_history(files.get(LOG, b""), evidence.idea, arms, evidence.experiments)
    items += check_lock(files.get(LOG, b""), files.get(ENVIRONMENT, b""))
    if evidence.claims is not None and evidence.claims.rules != RULES:
        why = (
            f"they were made by rules {evidence.claims.rules}, and this version has rules {RULES}; verify with the version that "
            "made them, which run.json names"
        )
        return Report(items=(*items, Item(verdict="UNKNOWN", what="claims", where="claims.json", why=why)))
    rebuilt = again(evidence, items)
    if rebuilt is not None and evidence.claims is not None:
        items += compare_claims(evidence.claims, rebuilt)
    if rebuilt is not None and evidence.idea is not None and evidence.paper:
        items += check_paper(evidence.paper, rebuilt, evidence.idea)
    return Report(items=tuple(items))


def again(evidence: Evidence, items: list[Item]) -> Claims | None:
    """The claims, built from the measurements as they are now."""
    if evidence.idea is None or evidence.claims is None:
        return None
    items += list(check_arms(evidence.claims.arms, evidence.experiments))
    try:
        return build(evidence.idea, evidence.claims.arms, evidence.experiments)
    except NothingFound as error:
        items.append(Item(verdict="FAIL", what="claims", where="claims.json", why=str(error)))
        return None


def check_arms(arms: Arms, experiments: Sequence[Experiment]) -> Iterable[Item]:
    """Each arm is an experiment of the stage that makes such arms, so that none can pass for another."""
    stages = {experiment.id: experiment.stage for experiment in experiments}
    wanted = {arms.baseline: ("prototype", "tune"), arms.proposed: ("explore",)} | dict.fromkeys(
        arms.ablations, ("ablate",)
    )
    if len(set(arms.all)) < len(arms.all):
        yield Item(verdict="FAIL", what="arms", where="claims.json", why="one experiment stands for two arms")
    for arm, allowed in wanted.items():
        if stages.get(arm) not in allowed:
            why = f"experiment {arm} is of the stage {stages.get(arm)}, and not of {' or '.join(allowed)}"
            yield Item(verdict="FAIL", what="arms", where="claims.json", why=why)


def compare_claims(stated: Claims, rebuilt: Claims) -> list[Item]:
    """What claims.json says, item by item, with what follows from the measurements."""
    items = []
    for kind in ("values", "comparisons", "tables"):
        ours, theirs = ({one.id: one for one in getattr(claims, kind)} for claims in (rebuilt, stated))
        for id in dict.fromkeys((*theirs, *ours)):
            why = (
                "nothing in the measurements gives it" if id not in ours
                else "it is missing" if id not in theirs
                else differs(theirs[id], ours[id])
            )  # fmt: skip
            items.append(item(f"{kind[:-1]} {id}", why))
        if [one.id for one in getattr(stated, kind)] != list(ours):
            items.append(item(kind, "their order or number is another"))
    items.append(item("labels", differs(dict(stated.labels), dict(rebuilt.labels))))
    items.append(item("findings", differs(list(stated.findings), list(rebuilt.findings))))
    return items


def item(what: str, why: str) -> Item:
    return Item(verdict="FAIL" if why else "PASS", what=what, where="claims.json", why=why)


def differs(stated: Any, computed: Any, where: str = "") -> str:
    """The first place at which two records say different things; "" where they agree."""
    if isinstance(stated, BaseModel) and isinstance(computed, BaseModel):
        stated = {name: getattr(stated, name) for name in type(stated).model_fields}
        computed = {name: getattr(computed, name) for name in type(computed).model_fields}
    if isinstance(stated, dict) and isinstance(computed, dict):
        pairs = [(f"{where}.{key}", stated.get(key), computed.get(key)) for key in dict.fromkeys((*stated, *computed))]
    elif isinstance(stated, list | tuple) and isinstance(computed, list | tuple) and len(stated) == len(computed):
        pairs = [(f"{where}[{place}]", *pair) for place, pair in enumerate(zip(stated, computed, strict=True))]
    elif isinstance(stated, float) and isinstance(computed, float):
        # Machines may differ in the last place of a float; nothing that is printed may differ at all.
        return "" if math.isclose(stated, computed, rel_tol=1e-9, abs_tol=1e-12) else says(where, stated, computed)
    else:
        return "" if stated == computed else says(where, stated, computed)
    return next((found for place, left, right in pairs if (found := differs(left, right, place))), "")


def says(where: str, stated: object, computed: object) -> str:
    """Long ones from shortly before they part, so that what differs is seen."""
    left, right = str(stated), str(computed)
    shared = next((place for place, (one, other) in enumerate(zip(left, right, strict=False)) if one != other), 160)
    begin = max(0, shared - 60) if max(len(left), len(right)) > 160 else 0
    left, right = (("…" if begin else "") + text[begin : begin + 160] for text in (left, right))
    return f"{where.lstrip('.') or 'it'} says {left!r}; the measurements give {right!r}"
