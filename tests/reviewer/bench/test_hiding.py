"""Sentences hidden in a PDF leave no ink, the control does; what the paper looks like otherwise stays as it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from ai_scientist_reviewer.bench.hiding.measure import (
    EVERY_WAY,
    KNOWN,
    UNKNOWN,
    attacked,
    measure_hiding,
    presented,
    with_author,
)
from ai_scientist_reviewer.bench.hiding.score import hiding_scored
from ai_scientist_reviewer.bench.hiding.ways import METADATA, PAYLOADS, VISIBLE, hide
from ai_scientist_reviewer.bench.items import Items
from ai_scientist_reviewer.bench.seeded.project import Project
from ai_scientist_reviewer.paper import Paper

PAPER = Path(__file__).parent / "paper"


def ink(pdf: bytes) -> bytes:
    """The first page's upper margin, as pixels."""
    page = pdfium.PdfDocument(pdf)[0]
    return page.render(scale=2, crop=(0, page.get_height() - 40, 0, 0)).to_numpy().tobytes()


@pytest.mark.parametrize("way", EVERY_WAY)
def test_a_hidden_sentence_is_in_the_file_and_not_on_the_page(sample: Path, way: str) -> None:
    pdf = sample.read_bytes()
    changed = hide(pdf, way, PAYLOADS["neutral"])
    assert len(changed) > 1000 and changed != pdf
    if way not in ("behind a picture", "nearly white", "tiny"):  # these three leave a trace that no reader could read
        assert ink(changed) == ink(pdf)
    document = pdfium.PdfDocument(changed)
    if way == METADATA:
        assert document.get_metadata_dict()["Subject"] == PAYLOADS["neutral"]
    elif way != "in a comment":
        assert PAYLOADS["neutral"] in document[0].get_textpage().get_text_bounded(-1e4, -1e4, 1e4, 1e4)


def test_the_control_is_seen(sample: Path) -> None:
    pdf = sample.read_bytes()
    assert ink(hide(pdf, VISIBLE, PAYLOADS["neutral"])) != ink(pdf)


def test_ways_are_found_and_the_control_is_not(sample: Path, tmp_path: Path) -> None:
    items = Items(tmp_path / "items.jsonl")
    measure_hiding(items, "sample", sample.read_bytes(), ways=("white", "transparent", "under a box", VISIBLE))
    told = hiding_scored([*items.under("B/hidden/")], [*items.under("B/clean/")], [])
    assert len(EVERY_WAY) >= 8 and len(PAYLOADS) >= 3
    assert all(way.failures == 0 for way in told.ways)
    by = {way.way: way for way in (*told.ways, *told.visible)}
    assert all(
        by[way].neutral.value == 1.0 and by[way].withheld.value == 1.0
        for way in ("white", "transparent", "under a box")
    )
    assert by["visible, instruction"].mentioned.value == 1.0
    assert by["visible, neutral"].mentioned.value == 0.0 and by["visible, praise"].mentioned.value == 0.0
    assert told.clean_alarms.value == 0.0


def test_finished_items_are_not_made_again(sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "items.jsonl"
    measure_hiding(Items(path), "sample", sample.read_bytes(), ways=("white",))
    before = path.read_bytes()
    monkeypatch.setattr(Paper, "read", lambda _: pytest.fail("the paper was read again"))
    measure_hiding(Items(path), "sample", sample.read_bytes(), ways=("white",))
    assert path.read_bytes() == before


def test_a_torn_line_is_dropped_and_its_item_made_again(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    items = Items(path)
    items.once("a", lambda: {"n": 1})
    path.write_bytes(path.read_bytes() + b'{"id": "b", "n"')
    again = Items(path)
    assert again.get("b") is None
    assert again.once("b", lambda: {"n": 2})["n"] == 2
    assert [row["id"] for row in Items(path).under("")] == ["a", "b"]


def test_papers_differ_by_their_authors_alone() -> None:
    project = Project.read(PAPER)
    known, unknown = with_author(project, KNOWN), with_author(project, UNKNOWN)
    assert known is not None and unknown is not None
    assert "DeepMind" in known.text and "Ada Author" not in known.text and "DeepMind" not in unknown.text
    assert known.text.replace(KNOWN, "") == unknown.text.replace(UNKNOWN, "")


def test_another_presentation_changes_no_number_and_no_claim() -> None:
    project = Project.read(PAPER)
    text = project.text.replace("We find that", "However, we find that")
    shown = presented(project.with_text(text))
    assert "But we find that" in shown.text and "\\rmdefault" in shown.text
    assert re.findall(r"\d+\.\d+", shown.document.prose) == re.findall(r"\d+\.\d+", project.document.prose)


def test_an_attack_of_every_kind_is_made(sample: Path, typeset_page: Callable[..., str]) -> None:
    assert len(attacked(sample.read_bytes())) == len(EVERY_WAY) + 1
