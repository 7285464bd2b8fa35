import json
from pathlib import Path
from typing import Any

import pytest
from ai_scientist_reviewer.__main__ import main
from ai_scientist_reviewer.files import ReviewError, read_review, review_file
from ai_scientist_reviewer.offline import OfflineReferee
from ai_scientist_reviewer.paper import PaperError
from ai_scientist_reviewer.records import Review


class Broken:
    name = "broken"

    def fill(self, prompt, form, pictures=()):
        raise ConnectionError("the line | is *dead*")


def test_the_files_of_a_review(write_pdf, sample_pages, tmp_path: Path) -> None:
    last = "Table 1 lists all runs. The gain is largest at forty percent noise."
    paper = write_pdf(sample_pages({last: "Table 1 and Section ?? list all runs."}))
    out = tmp_path / "reviews"
    done = review_file(paper, [OfflineReferee(), OfflineReferee(1), Broken()], out)
    names = {path.name for path in out.iterdir()}
    assert names == {
        "referee-1.json",
        "referee-2.json",
        "review.json",
        "review.md",
        "review.html",
        "annotated.pdf",
        "paper.txt",
    }
    assert Review.model_validate_json((out / "review.json").read_text()) == done
    assert json.loads((out / "referee-2.json").read_text())["number"] == 2
    told = (out / "review.md").read_text()
    for line in (
        "# Review: Early Stopping Under Label Noise",
        "| Referees | offline × 2 |",
        "| Measured error of this reviewer | not measured |",
        "| Originality (1–4) | not assessed | | 0 | |",
        "| Clarity (1–4) | 2.00 | 0.00, 2 to 2 | 2 | fair |",
        "Some referees are the same model, so their agreement is no second opinion.",
        "`unresolved-reference`",
        "- Report 3 (broken) failed: ConnectionError: the line \\| is \\*dead\\*",
    ):
        assert line in told


def test_a_smaller_panel_leaves_nothing_of_a_larger_one(sample: Path, tmp_path: Path) -> None:
    review_file(sample, [OfflineReferee(), OfflineReferee(1)], tmp_path / "out")
    review_file(sample, [OfflineReferee()], tmp_path / "out")
    assert not (tmp_path / "out" / "referee-2.json").exists()


def test_a_review_is_read_back_with_the_text_it_is_about(sample: Path, tmp_path: Path) -> None:
    done = review_file(sample, [OfflineReferee()], tmp_path / "run" / "reviews")
    for place in (tmp_path / "run", tmp_path / "run" / "reviews", tmp_path / "run" / "reviews" / "review.json"):
        again, text = read_review(place)
        assert again == done
        assert "whether early stopping protects" in text


def test_a_review_of_the_first_format_is_read_and_one_of_a_newer_is_refused(sample: Path, tmp_path: Path) -> None:
    done = review_file(sample, [OfflineReferee()], tmp_path)
    old = json.loads((tmp_path / "review.json").read_text())
    first = (
        "title file sha256 pages form reports failures scores points dropped chair findings left_out measured_error"
    ).split()
    report = set(
        "number author lens summary strengths weaknesses questions limitations ethical_concerns scores decision".split()
    )
    kept: dict[str, Any] = {key: old[key] for key in first} | {"format": 1}
    kept["reports"] = [{key: value for key, value in one.items() if key in report} for one in kept["reports"]]
    (tmp_path / "review.json").write_text(json.dumps(kept))
    assert read_review(tmp_path)[0].scores == done.scores
    (tmp_path / "review.json").write_text(json.dumps(old | {"format": 99}))
    with pytest.raises(ReviewError, match="newer format"):
        read_review(tmp_path)
    with pytest.raises(ReviewError, match="no review in"):
        read_review(tmp_path / "nowhere")


def test_a_bad_paper_leaves_no_files(tmp_path: Path) -> None:
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"not a paper")
    with pytest.raises(PaperError):
        review_file(bad, [OfflineReferee()], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_command(sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(sample)]) == 0
    assert Path(capsys.readouterr().out.strip()).read_text().startswith("# Review")
    assert main([str(sample.with_name("none.pdf"))]) == 2
    assert "cannot be opened" in capsys.readouterr().err
