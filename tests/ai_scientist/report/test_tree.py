"""The tree as lines: nothing is lost, and means are over distinct seeds of the right split."""

from __future__ import annotations

import pytest

from ai_scientist.records import Experiment, Measurement
from ai_scientist.report.tree import grid, lines
from tests.ai_scientist.claims import study
from tests.ai_scientist.runs.making import experiment

IDEA = study.IDEA.model_copy(update={"datasets": {"digits": "", "noise": ""}})


def run(id: str, parent: str | None, action: str, values: tuple[float, float], **changes: object) -> Experiment:
    split = "test" if changes.get("confirming") else "validation"
    measured = tuple(
        Measurement(metric=IDEA.metric.name, value=value, better=IDEA.metric.better, dataset=name, split=split)
        for name, value in zip(IDEA.datasets, values, strict=True)
    )
    return experiment(id, parent).model_copy(update={"action": action, "measurements": measured, **changes})


def test_what_was_made_from_a_seed_repeat_stands_with_what_that_repeats() -> None:
    tree = lines(
        [
            run("0001", None, "draft", (0.2, 0.4)),
            run("0002", "0001", "repeat", (0.4, 0.6)),
            run("0003", "0002", "improve", (0.5, 0.5)),
            run("0004", "9999", "improve", (0.5, 0.5)),
        ],
        IDEA,
        None,
    )
    assert [(line.experiment.id, line.depth) for line in tree] == [("0001", 0), ("0003", 1), ("0004", 0)]


def test_a_mean_is_over_distinct_seeds_of_the_validation_split() -> None:
    (line,) = lines(
        [
            run("0001", None, "draft", (0.2, 0.4)),  # 0.3
            run("0002", "0001", "repeat", (0.4, 0.6)),  # 0.5
            run("0003", "0001", "repeat", (0.9, 0.9), seed=2),  # a seed that was there
            run("0004", "0001", "repeat", (0.9, 0.9), seeded=False),  # no seed of its own
            run("0005", "0001", "repeat", (0.9, 0.9), confirming=True),
        ],
        IDEA,
        None,
    )
    assert line.seeds == 2
    digits = IDEA.metric.digits
    assert line.value == f"{0.4:.{digits}f} ± {0.1 * 2**0.5:.{digits}f}"
    assert [r.experiment.id for r in line.confirming] == ["0005"]


def test_a_missing_data_set_gives_no_mean() -> None:
    whole = run("0001", None, "draft", (0.2, 0.4))
    half = whole.model_copy(update={"measurements": whole.measurements[:1]})
    curve = whole.model_copy(
        update={"measurements": tuple(m.model_copy(update={"step": 3}) for m in whole.measurements)}
    )
    for one in (half, curve):
        assert lines([one], IDEA, None)[0].value == ""


@pytest.mark.parametrize(("most", "rows", "left_out"), [(40, 2, 0), (1, 1, 1)])
def test_a_grid_says_what_it_leaves_out(most: int, rows: int, left_out: int) -> None:
    shown = grid(run("0001", None, "draft", (0.2, 0.4)), most)
    assert (len(shown.rows), shown.left_out) == (rows, left_out)
