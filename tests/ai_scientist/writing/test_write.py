"""The loop: what is objected goes back to the model, and what still cannot stand is taken out and said."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from pydantic import BaseModel

from ai_scientist.claims.verify import verify
from ai_scientist.config import Writing
from ai_scientist.errors import CheckFailed
from ai_scientist.models.base import Reply
from ai_scientist.records import Author, Prompt
from ai_scientist.writing.forms import MendForm, PaperForm
from ai_scientist.writing.write import Written, check, known, write_paper
from tests.ai_scientist.claims import study
from tests.ai_scientist.writing import paper
from tests.ai_scientist.writing.plain_host import PlainHost

BAD = [*paper.FORM.results, "It reaches 0.99. The copies do the work."]


class Writer:
    """Answers with the paper of the tests, parts of it replaced, and mends as it is told to."""

    name = "scripted"

    def __init__(self, parts: Mapping[str, object], mends: Sequence[MendForm]) -> None:
        self.parts, self.mends, self.asked = parts, list(mends), list[Prompt]()

    def write(self, prompt: Prompt, pictures: Sequence[bytes] = ()) -> Reply[str]:
        raise AssertionError("the writer fills in forms")

    def fill(self, prompt: Prompt, form: type[BaseModel], pictures: Sequence[bytes] = ()) -> Reply:
        self.asked.append(prompt)
        answer = self.mends.pop(0) if form is MendForm else paper.FORM.model_copy(update=self.parts)
        return Reply(answer, "model", self.name)


class Hosts:
    def __init__(self) -> None:
        self.asked: list[Author] = []

    def for_author(self, author: Author) -> PlainHost:
        self.asked.append(author)
        return PlainHost()


def write(writer: Writer, hosts: Hosts | None = None) -> Written:
    return write_paper(
        paper.material(), paper.FIGURES, paper.pictures(), paper.REFERENCES, paper.BIBTEX, model=writer,
        hosts=hosts or Hosts(), config=Writing(),
    )  # fmt: skip


def test_the_paper_of_the_tests_has_no_fault() -> None:
    assert not check(paper.written(), known(study.IDEA, paper.CLAIMS, paper.FIGURES, paper.REFERENCES))


def test_a_bare_number_goes_back_to_the_model_which_mends_it(tmp_path: Path) -> None:
    writer, hosts = Writer({"results": BAD}, [MendForm(results=paper.FORM.results)]), Hosts()
    written = write(writer, hosts)
    assert [prompt.name for prompt in writer.asked] == ["write_paper", "mend_paper"]
    assert "It reaches 0.99." in writer.asked[1].text
    assert not written.degradations
    assert not written.typeset.faults
    assert set(hosts.asked) == {"model"}  # a model wrote the LaTeX, as far as it did
    study.save(tmp_path / "run", paper.CLAIMS, paper.EXPERIMENTS)
    (tmp_path / "run" / "paper").mkdir()
    (tmp_path / "run" / "paper" / "paper.pdf").write_bytes(written.typeset.pdf)
    assert verify(tmp_path / "run").ok


def test_what_is_not_mended_is_taken_out_and_said() -> None:
    written = write(Writer({"results": BAD}, [MendForm(), MendForm()]))
    results = next(section for section in written.manuscript.sections if section.heading == "Results")
    assert results.paragraphs[-1] == "The copies do the work."
    assert [(d.what, d.touches_claims) for d in written.degradations] == [
        ("a sentence was taken out of the Results", True)
    ]
    assert "a sentence was taken out" in written.typeset.tex


def test_a_paper_of_which_nothing_can_stand_is_no_paper() -> None:
    with pytest.raises(CheckFailed, match="abstract"):
        write(Writer({"abstract": ["We reach 0.99."]}, [MendForm()]))


def test_what_latex_objects_to_is_read_from_its_log() -> None:
    assert shutil.which("latexmk")
    long = "A" * 200
    writer = Writer({"conclusion": [f"The end {long}."]}, [MendForm(conclusion=paper.FORM.conclusion)])
    written = write(writer)
    assert "overfull" in writer.asked[1].text
    assert not written.degradations
    assert PaperForm.model_validate(paper.FORM.model_dump()) == paper.FORM
