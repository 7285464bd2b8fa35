"""What a child that reads a PDF may do, and what we make of it: always one sentence, and nothing of it survives."""

import time
from pathlib import Path

import pytest
from ai_scientist_reviewer import pdf
from ai_scientist_reviewer.paper import Paper, PaperError
from ai_scientist_reviewer.reader import process
from ai_scientist_reviewer.reader.wire import page_bytes

from tests.reviewer import hostile

HANDS_ON = (
    "import sys; from ai_scientist_reviewer.reader.wire import *; send(sys.stdout.buffer, {}, {}); sys.stdout.flush()"
)


@pytest.mark.parametrize(
    ("child", "says"),
    [
        ("import os; os.abort()", r"damaged, or swells beyond 2 GiB of memory: what reads it crashed \(SIGABRT\)"),
        ("import sys; sys.exit(3)", r"crashed \(exit 3\)"),
        ("print('no frame at all, only words' * 9)", "crashed|out of form"),
        ("import sys; sys.stdout.buffer.write(b'P' + b'\\xff' * 4)", "crashed"),  # a frame of four gigabytes
        (HANDS_ON.format("b'X'", "b''"), "out of form"),
        (HANDS_ON.format("b'D'", "b'[]'"), "out of form"),
        (HANDS_ON.format("b'D'", 'b\'{"metadata": {}, "attachments": []}\''), "out of form"),  # no page came before
        (HANDS_ON.format("b'P'", "b'\\x02\\0\\0\\0{}'"), "out of form"),
        (HANDS_ON.format("b'E'", "b'\\x1b[2J rm -rf\\n\\n' * 900"), "cannot be read: .2J rm -rf"),
    ],
)
def test_whatever_the_child_does_ends_in_a_sentence(child: str, says: str, sample: Path, monkeypatch) -> None:
    path = "import sys; sys.path[:0] = sys.argv[1:]; "
    monkeypatch.setattr(process, "_START", path + child)
    with pytest.raises(PaperError, match=says) as caught:
        Paper.read(sample)
    assert str(caught.value).startswith("paper.pdf ")
    assert len(str(caught.value)) < 700
    assert str(caught.value).isprintable()


def test_a_child_that_hangs_is_ended(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_START", "import time; time.sleep(600)")
    monkeypatch.setattr(process, "_GRACE", 0.5)
    monkeypatch.setattr(pdf, "READ_SECONDS", 0.5)
    start = time.monotonic()
    with pytest.raises(PaperError, match="takes longer than"):
        Paper.read(sample)
    assert time.monotonic() - start < 30


def test_the_child_knows_no_key_of_ours(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "secret")
    told = "import os; v = os.environ.get('SOME_API_KEY', 'nothing').encode()"
    monkeypatch.setattr(
        process, "_START", f"import sys; sys.path[:0] = sys.argv[1:]; {told}; " + HANDS_ON.format("b'E'", "v")
    )
    with pytest.raises(PaperError, match="nothing"):
        Paper.read(sample)


def test_a_page_passes_unchanged(sample: Path) -> None:
    from ai_scientist_reviewer.reader.wire import page_of

    page = Paper.read(sample).pages[0]
    again = page_of(page_bytes(page), 1, 10_000)
    assert again == page


SHORT = 4.0
"""Seconds for a file here: some take whatever they are given."""
HARMFUL = [
    "page tree that holds itself", "a million pages told", "two thousand pages", "arrays in arrays", "content swells to a gigabyte",
    "form that draws itself", "forms that draw each other ten times ten times", "picture of a terapixel", "page as large as a field",
    "encrypted by nobody", "only a head", "letters at the end of the world",
]  # fmt: skip


@pytest.mark.parametrize("name", HARMFUL)
def test_files_built_to_harm_do_none(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "READ_SECONDS", SHORT)
    read_or_refused(tmp_path, hostile.builders()[name]())


def test_damaged_files_are_read_or_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample; `make bench ONLY=reviewer` reads hundreds."""
    monkeypatch.setattr(pdf, "READ_SECONDS", SHORT)
    sources = [hostile.written(), hostile.packed(), hostile.plotted()]
    ends = [read_or_refused(tmp_path, data) for _, data in hostile.damaged(sources, 20, seed=7)]
    assert {"read", "refused"} == set(ends)


def read_or_refused(folder: Path, data: bytes) -> str:
    path = folder / "hostile.pdf"
    path.write_bytes(data)
    try:
        paper = Paper.read(path)
    except PaperError as error:
        assert str(error).startswith("hostile.pdf")
        return "refused"
    assert all(page.text for page in paper.pages if page.glyphs)
    return "read"
