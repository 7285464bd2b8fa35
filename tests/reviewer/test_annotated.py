"""The points as comments in a copy of the PDF, at their places whatever way the page is turned."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as raw
import pytest
from ai_scientist_reviewer.document import PaperError
from ai_scientist_reviewer.files import write
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.forms import ChairSheet, Verdicts
from ai_scientist_reviewer.marks import Marks
from ai_scientist_reviewer.panel import review
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.ports import Prompt
from ai_scientist_reviewer.render import annotated as module
from ai_scientist_reviewer.render.annotated import annotated
from ai_scientist_reviewer.render.notes import Note, notes

QUOTE = "Networks fit wrong labels late in training [1], so stopping early may help."
EVIL = "</script><script>alert(1)</script> ) Tj /JavaScript (app.alert) \u202e\ud800 \x00<b>bold</b>"


class Referee:
    name = "model"

    def __init__(self, claim: str = "It is not shown.") -> None:
        self.claim = claim

    def fill(self, prompt: Prompt, form: Any, pictures: Sequence[bytes] = ()) -> Any:
        if form is Verdicts:
            return Verdicts.model_validate({"verdicts": [{"number": 1, "reason": "r", "answer": "holds"}]})
        if form is ChairSheet:
            return form(summary="Summed up.", decision="Reject")
        point = {"claim": self.claim, "quote": QUOTE, "severity": "major", "fix": "Show it."}
        return form(summary="s", weaknesses=[point])


def comments(data: bytes) -> list[dict[str, str]]:
    """Of each comment: page, kind, author and text, as another library than the writer's reads them."""
    found: list[dict[str, str]] = []
    document = pypdfium2.PdfDocument(data)
    for number, page in enumerate(document, start=1):
        for index in range(raw.FPDFPage_GetAnnotCount(page)):
            note = raw.FPDFPage_GetAnnot(page, index)
            kinds = {raw.FPDF_ANNOT_HIGHLIGHT: "highlight", raw.FPDF_ANNOT_TEXT: "text", raw.FPDF_ANNOT_POPUP: "popup"}
            kind = kinds.get(raw.FPDFAnnot_GetSubtype(note), "other")
            told = {"page": str(number), "kind": kind}
            for key, name in ((b"T", "author"), (b"Contents", "text"), (b"Subj", "subject")):
                size = raw.FPDFAnnot_GetStringValue(note, key, None, 0)
                buffer = (raw.FPDF_WCHAR * (size // 2 + 1))()
                raw.FPDFAnnot_GetStringValue(note, key, buffer, size)
                told[name] = bytes(buffer).decode("utf-16-le", "replace").split("\0")[0]
            raw.FPDFPage_CloseAnnot(note)
            found.append(told)
    document.close()
    return [one for one in found if one["kind"] != "popup"]


def coloured(data: bytes, number: int) -> tuple[float, float, float, float]:
    """Around what is coloured on a page as shown, in points from its top left."""
    document = pypdfium2.PdfDocument(data)
    page = document[number - 1]
    shown = page.render(scale=2, may_draw_forms=True).to_numpy()[..., :3].astype(int)
    document.close()
    ys, xs = np.nonzero(shown.max(axis=2) - shown.min(axis=2) > 40)
    return xs.min() / 2, ys.min() / 2, xs.max() / 2, ys.max() / 2


def test_each_point_and_finding_is_a_comment_of_its_author(sample_paper: Paper) -> None:
    paper = sample_paper
    finding = Finding(
        rule="r", severity="warn", message="Something is off.", page=2, quote="noise 0.4 14.2 9.6", fix="Mend it."
    )
    done = review(paper, [Referee()], findings=[finding])
    told = comments(annotated(paper, notes(done, Marks(paper))))
    assert [(one["page"], one["kind"], one["author"]) for one in told] == [
        ("1", "text", "Area chair"), ("1", "highlight", "Referee 1"), ("2", "highlight", "Check"),
    ]  # fmt: skip
    assert told[1]["subject"] == "Major weakness 1"
    assert "It is not shown." in told[1]["text"]
    assert "To mend it: Show it." in told[1]["text"]
    assert "Something is off. [r]" in told[2]["text"]


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_a_highlight_lies_over_its_words(write_pdf, sample_pages, turned: int) -> None:
    path = write_pdf(sample_pages(), extra=f"/Rotate {turned} /CropBox [30 40 600 780]")
    paper = Paper.read(path)
    marks = Marks(paper).of(QUOTE)
    assert len(marks) == 1
    note = Note(1, (marks[0].box,), "major", "Referee 1", "s", "t", "point-1")
    assert coloured(annotated(paper, [note]), 1) == pytest.approx(marks[0].box, abs=3)


def test_a_quote_over_two_lines_has_a_mark_for_each(sample_paper: Paper) -> None:
    quote = "so stopping early may help. Earlier work found the same for large images [2]"
    first, second = Marks(sample_paper).of(quote)
    assert first.page == second.page == 1
    assert first.box[3] < second.box[3]
    assert first.box[0] > second.box[0]


def test_the_papers_own_file_is_not_touched_and_its_words_stay_words(sample: Path, tmp_path: Path) -> None:
    before = hashlib.sha256(sample.read_bytes()).hexdigest()
    paper = Paper.read(sample)
    done = write(review(paper, [Referee(EVIL)], findings=()), tmp_path / "out", paper)
    assert done.unannotated == ""
    assert hashlib.sha256(sample.read_bytes()).hexdigest() == before
    data = (tmp_path / "out" / "annotated.pdf").read_bytes()
    (point,) = (one for one in comments(data) if one["author"] == "Referee 1")
    assert "<script>alert(1)</script> ) Tj /JavaScript (app.alert)" in point["text"]
    assert not re.search(rb"/S\s*/JavaScript|/OpenAction|/AA\b", data)
    page = (tmp_path / "out" / "review.html").read_text()
    assert "<script" not in page
    assert "<b>bold" not in page


def test_source_has_no_pages_to_write_on(tmp_path: Path) -> None:
    file = tmp_path / "paper.tex"
    file.write_text(rf"\documentclass{{article}}\begin{{document}}\section{{One}}{QUOTE}\end{{document}}")
    done = write(review(Paper.read(file), [Referee()]), tmp_path / "out", Paper.read(file))
    assert "LaTeX source" in done.unannotated
    assert "There is no annotated PDF" in (tmp_path / "out" / "review.md").read_text()
    assert not (tmp_path / "out" / "annotated.pdf").exists()


def test_a_pdf_that_cannot_be_written_on_costs_the_annotated_copy_alone(sample_paper: Paper, monkeypatch) -> None:
    from dataclasses import replace

    paper = replace(sample_paper, data=b"%PDF-1.4\n" + b"1 0 obj << /Kids [1 0 R] >>\n" * 50)
    with pytest.raises(PaperError, match="could not be written on"):
        annotated(paper, [])
    monkeypatch.setattr(module, "WALL", 0.001)
    with pytest.raises(PaperError, match="takes longer"):
        annotated(sample_paper, [])
