"""The report stands by itself, shows what strangers wrote as text, and can be read however the run ended."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from ai_scientist_reviewer.records import PanelPoint, Review, Spread

from ai_scientist.claims.build import build
from ai_scientist.records import Experiment, Measurement
from ai_scientist.report import render, write_report
from ai_scientist.runs.events import PhaseFinished, RunStopped
from tests.ai_scientist.claims import study
from tests.ai_scientist.report.study_run import PIXEL, finished, record
from tests.ai_scientist.runs.making import experiment, make

HOSTILE = "<script>alert('in')</script><img src=\"http://127.0.0.1/x\" onerror=alert(1)>"


class Page(HTMLParser):
    """The tags of a page, its text, and where it points to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.points: list[str] = []
        self.ids: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.points += [value or "" for name, value in attrs if name in ("src", "href")]
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_data(self, data: str) -> None:
        self.text += data


def flat(text: str) -> str:
    return " ".join(text.split())


def test_what_was_found_is_shown_with_the_numbers_of_the_claims(tmp_path: Path) -> None:
    with finished(tmp_path) as run:
        text = flat(Page(render(run)).text)
    claims = build(study.IDEA, study.ARMS, study.experiments())
    for finding in claims.findings:
        assert finding.verdict in text
    for comparison in {finding.comparison for finding in claims.findings} - {None}:
        assert flat(next(c.text for c in claims.comparisons if c.id == comparison)) in text
    cell = claims.tables[0].rows[0].cells[0]
    assert " ± ".join(value.text for id in cell if (value := claims.value(id))) in text
    seeds = claims.value("count-seeds")
    assert seeds is not None
    assert f"Over {seeds.text} seeds, 95% intervals." in text, "the caption's markup is expanded"
    assert "done, with degradations that touch a claim" in text
    assert "a source was left out" in text
    assert "$0.25 + unknown" in text, "one call's price is known, the other's is not"


def test_every_experiment_is_there_once_and_no_claim_lacks_its_experiment(tmp_path: Path) -> None:
    done = study.experiments()
    with finished(tmp_path, done) as run:
        page = Page(render(run))
    assert len(page.ids) == len(set(page.ids))
    assert {id.removeprefix("experiment-") for id in page.ids if id.startswith("experiment-")} == {
        one.id for one in done if one.action != "repeat"
    }
    for arm in study.ARMS.all:
        assert f"#experiment-{arm}" in page.points


def test_the_page_needs_nothing_but_itself(tmp_path: Path) -> None:
    with finished(tmp_path) as run:
        html = render(run)
        page = Page(html)
    assert not page.tags & {"script", "link", "iframe", "object", "embed", "base", "form"}
    assert not [name for name in page.attributes if name.startswith("on")]
    for point in page.points:
        assert point.startswith("data:image/png;base64,") or not re.match(r"[a-z]+:|//|/", point), point
    assert {point[1:] for point in page.points if point.startswith("#")} <= set(page.ids)
    assert "default-src 'none'" in html
    assert "url(" not in html
    assert "@import" not in html


def test_what_others_wrote_stays_text(tmp_path: Path) -> None:
    with make(tmp_path, topic=f"topic {HOSTILE}") as run:
        wrong = experiment("0001").model_copy(
            update={
                "plan": f"plan {HOSTILE}",
                "change": f"change {HOSTILE}",
                "outcome": "failed",
                "fault": f"fault {HOSTILE}",
                "config": {f"name {HOSTILE}": f"value {HOSTILE}"},
                "measurements": (
                    Measurement(metric=HOSTILE, value=0.5, better="higher", dataset=f"data {HOSTILE}", split=HOSTILE),
                ),
            }
        )
        record(run, [wrong])
        assert f"topic {HOSTILE}" in flat(Page(render(run)).text)
        idea = study.IDEA.model_copy(update={"title": f"title {HOSTILE}", "hypothesis": f"hypothesis {HOSTILE}"})
        run.write(run.idea_json, idea.model_dump_json())
        run.write(run.review_json, hostile_review().model_dump_json())
        run.degrade(f"what {HOSTILE}", f"why {HOSTILE}")
        run.append(PhaseFinished(phase="check", verdict="FAIL", note=f"note {HOSTILE}"))
        run.append(RunStopped(why=f"stopped {HOSTILE}", exit_code=9))
        page = Page(render(run))
    assert not page.tags & {"script", "img"}
    assert "onerror" not in page.attributes
    for place in ("title", "hypothesis", "plan", "change", "fault", "value", "data", "what", "why", "note", "stopped",
                  "quote", "claim"):  # fmt: skip
        assert f"{place} {HOSTILE}"[:100] in flat(page.text), place


def hostile_review() -> Review:
    point = PanelPoint(
        claim=f"claim {HOSTILE}", quote=f"quote {HOSTILE}", severity="major", page=2, raised_by=(1, 3), verified=True
    )
    return Review(
        title="", file="paper.pdf", sha256="0" * 64, pages=3, form="neurips", reports=(), failures=(), points=(point,),
        scores={"overall": Spread(mean=4.25, sd=1.5, low=3, high=6, n=4), "clarity": None}, dropped=(), chair=None,
        findings=(),
    )  # fmt: skip


def test_scores_come_with_their_spread_and_what_was_not_assessed_is_said(tmp_path: Path) -> None:
    with make(tmp_path) as run:
        run.write(run.review_json, hostile_review().model_dump_json())
        text = flat(re.sub(r"<[^>]*>", " ", render(run)))
    assert "overall 4.25 1.5 3 to 6 4" in text
    assert "clarity not assessed" in text
    assert "not measured" in text


def test_a_run_that_died_at_once_can_be_read(tmp_path: Path) -> None:
    with make(tmp_path, topic="noise") as run:
        run.append(RunStopped(why="The key was refused.", exit_code=5))
        write_report(run)
        text = flat(Page(run.report_html.read_text("utf-8")).text)
    assert "The key was refused." in text
    assert "exit code 5" in text
    assert "There is no idea yet." in text
    assert "No experiment was finished." in text


def test_a_large_run_gives_a_page_that_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = tuple(bulky(number) for number in range(1, 2001))
    with make(tmp_path) as run:
        monkeypatch.setattr(run, "experiments", lambda: many)
        html = render(run)
    assert html.count("<details id=") == len(many)
    assert len(html) < 8_000_000


MANY = tuple(
    Measurement(metric=f"m{k % 20}", value=0.5, better="higher", dataset=f"data {k // 20}", split="validation")
    for k in range(200)
)


def bulky(number: int) -> Experiment:
    """One of a chain that is deeper than Python's stack, which measured and complained far too much."""
    made = experiment(f"{number:04d}", f"{number - 1:04d}" if number > 1 else None)
    return made.model_copy(update={"measurements": MANY, "outcome": "failed", "fault": "no\n" * 3000})


@pytest.mark.full
@pytest.mark.parametrize("width", [1200, 420])
def test_a_browser_shows_it_without_scrolling_sideways(tmp_path: Path, width: int) -> None:
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    browser = next((name for name in found if name), None)
    assert browser, "`make browser` installs one"
    with finished(tmp_path / "runs") as run:
        report = tmp_path / "report.html"
        # Opened in a frame, since a browser's window cannot be as narrow as a telephone; a script of ours measures it.
        html = render(run).replace("<details", "<details open")
    report.write_text(re.sub(r"<meta http-equiv[^>]*>", "", html), "utf-8")
    (tmp_path / "frame.html").write_text(
        f"<iframe id=f src=report.html style='width:{width}px;height:900px;border:0'></iframe><p id=said></p><script>"
        "onload = () => { const page = f.contentDocument; said.textContent = `seen ${page.documentElement.scrollWidth} "
        "${page.body.innerText.length} ${page.images[0].naturalWidth}`; }</script>"
    )
    quiet = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
             "--disable-background-networking", "--disable-component-update", "--allow-file-access-from-files")  # fmt: skip
    shown = subprocess.run(
        [browser, *quiet, f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=5000", "--dump-dom",
         f"file://{tmp_path / 'frame.html'}"],
        capture_output=True, text=True, timeout=120, check=True,
    ).stdout  # fmt: skip
    said = re.search(r"seen (\d+) (\d+) (\d+)", shown)
    assert said, shown[-2000:]
    across, letters, picture = map(int, said.groups())
    assert across <= width
    assert letters > 2000
    assert picture == 1, "the figure is drawn"


def test_every_round_of_a_figure_is_shown_with_what_was_objected(tmp_path: Path) -> None:
    with finished(tmp_path) as run:

        def look(name: str, file: str, *, shows: str = "", fault: str = "", misstated: str = "") -> None:
            form = {"shows": shows, "as_said": True, "faults": [], "redraw": False} if shows else None
            kept = {"seen": form, "faults": [{"message": fault}] if fault else []}
            run.write(
                run.figure(name) / file,
                json.dumps({**kept, "misstated": [{"message": misstated}] if misstated else []}),
            )

        for name, round in (("effect", 1), ("lost", 1), ("lost", 2)):
            run.write(run.figure(name) / f"{round}.json", "{}")
        run.write(run.figure("effect") / "1.png", PIXEL)
        look("effect", "1-critique.json", shows=f"Dots {HOSTILE}", fault="The legend hides a dot.")
        look("effect", "1-read-2.json", shows="Dots and bars.", misstated="It falls, and does not rise.")
        look("lost", "1-critique.json", fault="The script ended as 'exited'.")
        look("lost", "2-critique.json", fault="NameError")
        page = Page(render(run))
    text = flat(page.text)
    assert "script" not in page.tags
    assert "The legend hides a dot." in text
    assert (
        "Beside version 2 of the paper, seen: Dots and bars. The text said otherwise: It falls, and does not rise."
        in text
    )
    assert "Still objected to: It falls, and does not rise." in text
    assert "Lost is not in the paper: no round gave a picture to print." in text
    assert "2 rounds: what was seen, and what was objected" in text
