"""Numbers of a paper held against its result files."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from ai_scientist_reviewer import checks, panel
from ai_scientist_reviewer.evidence.records import Compared, Verdict
from ai_scientist_reviewer.evidence.verdicts import compare
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.results import Results

from tests.reviewer.test_panel import Scripted, point, sheet

Write = Callable[..., Paper]


def of(compared: Compared, text: str, part: str) -> Verdict:
    found = [one for one in compared.numbers if one.text == text and one.part == part]
    assert len(found) == 1, [(one.text, one.part) for one in compared.numbers]
    return found[0]


def test_every_cell_is_matched_with_its_file_though_no_file_names_the_methods(
    write_paper: Write, results: Results
) -> None:
    compared = compare(write_paper(), results)
    cells = [one for one in compared.numbers if one.part == "table"]
    assert len(cells) == 12
    assert {one.verdict for one in cells} == {"matched"}
    assert of(compared, "0.3716", "table").evidence == (
        "run_2/final_info.json: spirals / means / eval_loss_mean = 0.37158",
    )


def test_prose_is_matched_and_derived(write_paper: Write, results: Results) -> None:
    compared = compare(write_paper(), results)
    assert of(compared, "0.9426", "abstract").verdict == "matched"
    assert "run_2" in of(compared, "0.3716", "text").evidence[0]
    change = of(compared, "6.3%", "text")
    assert (change.verdict, "change" in change.how) == ("derived", True)


@pytest.mark.parametrize(
    ("old", "new"), [("0.9237", "0.9247"), ("0.3318 \\\\", "0.3381 \\\\"), ("0.8714", "0.8174"), ("0.4011", "0.4611")]
)
def test_a_cell_with_a_digit_wrong_is_contradicted_with_what_the_file_says(
    old: str, new: str, write_paper: Write, results: Results
) -> None:
    compared = compare(write_paper({old: new}), results)
    wrong = [one for one in compared.numbers if one.verdict == "contradicted"]
    assert [one.text for one in wrong] == [new.removesuffix(" \\\\")]
    assert wrong[0].expected == pytest.approx(float(old.removesuffix(" \\\\")), abs=1e-4)
    assert wrong[0].line is not None


def test_a_wrong_number_of_the_text_is_contradicted_where_its_sentence_names_the_value(
    write_paper: Write, results: Results
) -> None:
    compared = compare(write_paper({"spirals is 0.3716": "spirals is 0.3776"}), results)
    wrong = of(compared, "0.3776", "text")
    assert (wrong.verdict, wrong.expected) == ("contradicted", pytest.approx(0.37158))


def test_a_number_that_no_file_holds_is_unexplained_and_not_contradicted(write_paper: Write, results: Results) -> None:
    more = "Training took 17.25 seconds in all. The loss of Mixup on spirals withstands the test (adjusted p = 0.388)."
    compared = compare(write_paper(more=more), results)
    assert of(compared, "17.25", "text").verdict == "unexplained"
    assert of(compared, "0.388", "text").verdict == "unexplained"


def test_the_files_of_another_study_explain_next_to_nothing(write_paper: Write, tmp_path: Path) -> None:
    other = tmp_path / "other"
    for run in range(6):
        (other / f"run_{run}").mkdir(parents=True)
        info = {
            name: {"means": {"train_time": 31.7 + 7.3 * run + i, "perplexity": 1.13 + 0.217 * run * (i + 1)}}
            for i, name in enumerate(("alpha", "beta", "gamma"))
        }
        (other / f"run_{run}" / "final_info.json").write_text(json.dumps(info), encoding="utf-8")
    compared = compare(write_paper(), Results.read(other))
    assert compared.counts["matched"] + compared.counts["derived"] <= 1  # the change in percent follows from the text
    assert compared.counts["contradicted"] == 0


def test_a_deviation_that_the_runs_do_not_have_is_contradicted_and_the_true_one_is_not(
    write_paper: Write, tmp_path: Path
) -> None:
    folder = tmp_path / "runs"
    folder.mkdir()
    data = {
        "moons": {"test_acc": [0.9302, 0.9418, 0.9558], "eval_loss": [0.3061, 0.2984, 0.2916]},
        "spirals": {"test_acc": [0.8961, 0.9057, 0.9156], "eval_loss": [0.3795, 0.3702, 0.3651]},
    }
    (folder / "mixup.json").write_text(json.dumps(data), encoding="utf-8")
    table = {  # mean 0.9426 and 0.9058, sample standard deviations 0.0128 and 0.0098
        "& moons & \\textbf{0.9426}": "& moons & 0.9426 $\\pm$ 0.0128",
        "& spirals & \\textbf{0.9058}": "& spirals & 0.9058 $\\pm$ 0.0311",
    }
    compared = compare(write_paper(table), Results.read(folder))
    assert of(compared, "±0.0128", "table").verdict == "derived"
    assert of(compared, "±0.0128", "table").how.startswith("standard deviation over [0]")
    assert of(compared, "±0.0311", "table").verdict == "contradicted"


def test_a_value_with_a_deviation_is_a_mean_and_not_another_studys_single_run(
    write_paper: Write, tmp_path: Path
) -> None:
    folder = tmp_path / "runs"
    single = [{"test_acc": value, "eval_loss": value - 0.6} for value in (0.9301, 0.9426, 0.9533)]  # deviation 0.0116
    told: dict[str, dict[str, dict[str, object]]] = {"run_2": {name: {"all": single} for name in ("moons", "spirals")}}
    for run, acc, error in (("run_0", 0.9112, 0.0031), ("run_1", 0.9426, 0.0274)):
        means, errors = {"test_acc": acc, "eval_loss": 0.31}, {"test_acc": error, "eval_loss": 0.002}
        told[run] = {name: {"means": means, "stderrs": errors} for name in ("moons", "spirals")}
    for name, data in told.items():
        (folder / name).mkdir(parents=True)
        (folder / name / "final_info.json").write_text(json.dumps(data), encoding="utf-8")
    table = {
        "& moons & \\textbf{0.9426}": "& moons & 0.9426 $\\pm$ 0.0116",
        "loss of three": "loss beside the baseline's of three",
    }
    compared = compare(write_paper(table), Results.read(folder))
    assert "means" in of(compared, "0.9426 ± 0.0116", "table").evidence[0]
    assert of(compared, "±0.0116", "table").verdict == "contradicted"


def test_seconds_and_fractions_are_known_in_other_units(write_paper: Write, tmp_path: Path) -> None:
    folder = tmp_path / "timing"
    folder.mkdir()
    (folder / "timing.json").write_text(json.dumps({"inference": {"latency": 0.01273}, "share": {"accuracy": 0.8417}}))
    more = "The inference latency is 12.73 ms. The accuracy is 84.17\\%."
    compared = compare(write_paper(more=more), Results.read(folder))
    assert (
        of(compared, "12.73 ms" if any(o.text == "12.73 ms" for o in compared.numbers) else "12.73", "text").how
        == "s as ms"
    )
    assert of(compared, "84.17%", "text").how == "as a percentage"


def test_an_estimate_with_its_interval_is_matched_as_one(write_paper: Write, tmp_path: Path) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    data = {
        f"{name} {i}": {
            "difference": 0.0031 * i - shift,
            "low": 0.0031 * i - shift - 0.006,
            "high": 0.0031 * i - shift + 0.007,
        }
        for name, shift in (("moons", 0.005), ("spirals", 0.012))
        for i in range(8)
    }
    (folder / "comparisons.json").write_text(json.dumps(data), encoding="utf-8")
    true = "They differ by $-$0.005 [$-$0.011, 0.002] there."
    compared = compare(write_paper(more=true), Results.read(folder))
    for text in ("−0.011", "0.002"):
        assert of(compared, text, "text").verdict == "matched"
    wrong = compare(write_paper(more=true.replace("0.011", "0.019")), Results.read(folder))
    assert of(wrong, "−0.019", "text").verdict == "unexplained"


def test_a_number_in_the_name_of_a_row_is_a_setting(write_paper: Write, results: Results) -> None:
    named = {"{Dropout} &": "{Dropout, keep 0.35} &", "For Dropout on": "For Dropout, keep 0.35, on"}
    compared = compare(write_paper(named), results)
    assert of(compared, "0.35", "text").role == "setting"


def test_a_number_with_a_deviation_is_no_setting(write_paper: Write, results: Results) -> None:
    more = "With 5 images per class it is higher (0.943 $\\pm$ 0.011) than before."
    assert of(compare(write_paper(more=more), results), "0.943 ± 0.011", "text").role == "value"


def test_referees_and_checkers_are_told_how_the_numbers_came_out(
    write_paper: Write, results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = write_paper({"0.9237": "0.9247"}, more="Training took 17.25 seconds in all.")
    runs: list[Paper] = []

    def counted(paper: Paper, against: Results) -> Compared:
        runs.append(paper)
        return compare(paper, against)

    monkeypatch.setattr(panel, "compare", counted)
    monkeypatch.setattr(checks, "compare", counted)
    quote = "The loss of Mixup on spirals is 0.3716."
    referee = Scripted("a", sheet(point(quote)))
    panel.review(wrong, [referee], results=results)
    assert len(runs) == 1
    asked = {prompt.name: prompt.text for prompt, _ in referee.asked}
    told = compare(runs[0], results).told()
    counts = [int(n) for n in re.findall(r"\d+", told)]
    assert counts[0] == sum(counts[1:])
    assert counts[3:] == [1, 1, 1]  # the seeds, the cell, the time
    for name in ("referee", "verify_points"):
        assert told in asked[name]
        assert asked[name].count("0.92368") > 1  # beside the result file itself, what contradicts the cell
    assert told not in asked["area_chair"]
