"""The page to read: it needs no network, and shows the points beside the pages."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from ai_scientist_reviewer.cards import Card
from ai_scientist_reviewer.marks import Marks
from ai_scientist_reviewer.offline import OfflineReferee
from ai_scientist_reviewer.panel import review
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.render.html import html
from ai_scientist_reviewer.render.notes import notes

from tests.reviewer.conftest import paper_pages, pdf_bytes

VOID = {"meta", "img", "br", "link", "input", "hr"}


class Page(HTMLParser):
    """What a page is made of; raises where tags do not close each other."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str, name: str) -> list[str]:
        return [value for kind, attributes in self.tags if kind == tag and (value := attributes.get(name))]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    last = "Table 1 lists all runs. The gain is largest at forty percent noise."
    path = tmp_path_factory.mktemp("html") / "paper.pdf"
    path.write_bytes(pdf_bytes(paper_pages({last: "Table 1 and Section ?? list all runs. TODO write more."})))
    paper = Paper.read(path)
    done = review(paper, [OfflineReferee(), OfflineReferee(1)])
    return Page(html(done, notes(done, Marks(paper)), paper))


def test_it_stands_alone(page: Page) -> None:
    assert all(source.startswith("data:image/") for source in page.all("img", "src"))
    assert all(target.startswith("#") for target in page.all("a", "href"))
    assert not [tag for tag, _ in page.tags if tag in ("script", "link", "iframe", "object")]
    assert "default-src 'none'" in page.all("meta", "content")[0]


def test_links_and_labels_lead_somewhere(page: Page) -> None:
    ids = [value for _, attributes in page.tags if (value := attributes.get("id"))]
    assert len(ids) == len(set(ids))
    assert {target[1:] for target in page.all("a", "href")} <= set(ids)
    assert {label for tag, attributes in page.tags if (label := attributes.get("aria-labelledby"))} <= set(ids)
    assert all(text for text in page.all("img", "alt"))
    assert len(page.all("img", "alt")) == 2
    assert [tag for tag, _ in page.tags if tag == "h1"] == ["h1"]


def test_a_box_stands_where_the_words_are(write_pdf, sample_pages) -> None:
    paper = Paper.read(
        write_pdf(
            sample_pages({"Table 1 lists all runs. The gain is largest at forty percent noise.": "See Section ??."})
        )
    )
    done = review(paper, [OfflineReferee()])
    mark = done.points[0].marks[0]
    made = Page(html(done, notes(done, Marks(paper)), paper))
    style = next(a["style"] for tag, a in made.tags if tag == "a" and a.get("href") == "#point-1" and a.get("style"))
    assert style is not None
    left, top = (float(part.split(":")[1].rstrip("%")) for part in style.split(";")[:2])
    assert (left * 6.12, top * 7.92) == pytest.approx((mark.box[0], mark.box[1]), abs=3)


def test_source_and_old_reviews_have_a_page_too(tmp_path: Path) -> None:
    file = tmp_path / "paper.tex"
    file.write_text(
        r"\documentclass{article}\begin{document}\section{A}We win by a lot, see ?? for all of it.\end{document}"
    )
    done = review(Paper.read(file), [OfflineReferee()])
    card = Card(model="offline", date="2026-11-20", tracks={"A": {"recall": 0.97123, "n": 120}})
    carried = done.model_copy(update={"cards": {"offline": card, "other": None}})
    text = html(carried, notes(carried, Marks(Paper.read(file))), Paper.read(file))
    Page(text)
    assert "measured 2026-11-20" in text
    assert "A, recall" in text
    assert "0.9712" in text
    assert "<b>other</b> was not measured" in text
