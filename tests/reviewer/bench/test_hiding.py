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
    measure_panel,
    presented,
    with_author,
)
from ai_scientist_reviewer.bench.hiding.score import hiding_scored
from ai_scientist_reviewer.bench.hiding.ways import METADATA, PAYLOADS, VISIBLE, hide
from ai_scientist_reviewer.bench.items import Items
from ai_scientist_reviewer.bench.seeded.project import Project
from ai_scientist_reviewer.records import Report, Review, Spread

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
    measure_hiding(items, "sample", sample.read_bytes(), ways=("transparent", VISIBLE))
    told = hiding_scored([*items.under("B/hidden/")], [*items.under("B/clean/")], [])
    assert len(EVERY_WAY) >= 8 and len(PAYLOADS) >= 3
    assert all(way.failures == 0 for way in told.ways)
    by = {way.way: way for way in (*told.ways, *told.visible)}
    assert by["transparent"].neutral.value == 1.0 and by["transparent"].withheld.value == 1.0
    assert by["visible, instruction"].mentioned.value == 1.0
    assert by["visible, neutral"].mentioned.value == 0.0 and by["visible, praise"].mentioned.value == 0.0
    assert told.clean_alarms.value == 0.0


def test_what_should_not_matter_moves_a_score_by_a_difference(sample: Path, tmp_path: Path) -> None:
    seen: list[str] = []

    def judge(path: Path, name: str, told: bool) -> Review:
        """Likes a known author, and anything that is not clean."""
        seen.append(name)
        score = {"authors: known": 7, "authors: unknown": 5, "clean": 4}.get(name.partition("/")[2], 6)
        report = Report(
            number=1, author="m", summary="", strengths=(), weaknesses=(), questions=(), limitations=(), ethical_concerns=False,
            scores={"overall": score}, decision="not assessed",
        )  # fmt: skip
        spread = Spread(mean=score, sd=None, low=score, high=score, n=1)
        return Review(
            title="", file="", sha256="", pages=1, form="neurips", reports=(report,), failures=(), scores={"overall": spread},
            points=(), dropped=(), chair=None, findings=(),
        )  # fmt: skip

    items = Items(tmp_path / "items.jsonl")
    variants: dict[str, bytes] = dict.fromkeys(
        ("clean", "authors: known", "authors: unknown", "attack: white"), sample.read_bytes()
    )
    for _ in range(2):  # the second time everything is there
        measure_panel(items, judge, "p", variants)
    assert len(seen) == 4
    shifts = {
        shift.change: shift.difference.value for shift in hiding_scored([], [], [*items.under("B/panel/")]).shifts
    }
    assert shifts == {"authors: known less unknown": 2.0, "attack: white": 2.0}


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
