import json
from pathlib import Path

import pytest
from ai_scientist_reviewer.__main__ import main
from ai_scientist_reviewer.files import review_file
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
    assert names == {"referee-1.json", "referee-2.json", "review.json", "review.md"}
    assert Review.model_validate_json((out / "review.json").read_text()) == done
    assert json.loads((out / "referee-2.json").read_text())["number"] == 2
    told = (out / "review.md").read_text()
    for line in (
        "# Review: Early Stopping Under Label Noise",
        "| Referees | offline × 2 |",
        "| Measured error of this reviewer | not measured |",
        "| Originality (1–4) | not assessed | | 0 | |",
        "| Presentation (1–4) | 2.00 | 0.00, 2 to 2 | 2 | fair |",
        "Some referees are the same model, so their agreement is no second opinion.",
        "`unresolved-reference`",
        "- Report 3 (broken) failed: ConnectionError: the line \\| is \\*dead\\*",
    ):
        assert line in told


def test_a_smaller_panel_leaves_nothing_of_a_larger_one(sample: Path, tmp_path: Path) -> None:
    review_file(sample, [OfflineReferee(), OfflineReferee(1)], tmp_path / "out")
    review_file(sample, [OfflineReferee()], tmp_path / "out")
    assert not (tmp_path / "out" / "referee-2.json").exists()


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
