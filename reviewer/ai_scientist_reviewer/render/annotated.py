"""The paper with the review's points as comments at their places: a copy, written by a program that is held to limits."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ai_scientist_reviewer.document import PaperError
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.render.notes import COLOURS, Note

WALL = 90
"""Seconds; the program itself sets its limits on processor time, memory and what it writes."""


def annotated(paper: Paper, notes: Sequence[Note]) -> bytes:
    """The PDF with the notes as highlights and comments. The paper's own file is not touched.

    Raises:
        PaperError: LaTeX source has no pages, or the copy could not be made within the limits; says why.
    """
    if paper.source != "pdf":
        raise PaperError("the paper is LaTeX source, which has no pages to write on.")
    given = json.dumps(
        [
            {
                "page": note.page,
                "boxes": note.boxes,
                "colour": COLOURS[note.kind],
                "author": _plain(note.author),
                "subject": _plain(note.subject),
                "text": _plain(note.text),
                "name": f"{note.anchor}-{i}",
            }
            for i, note in enumerate(notes)
        ]
    )
    with tempfile.TemporaryDirectory(prefix="annotating-") as folder:
        source, target = Path(folder, "in.pdf"), Path(folder, "out.pdf")
        source.write_bytes(paper.data)
        command = [sys.executable, "-P", "-m", "ai_scientist_reviewer.render.annotating", str(source), str(target)]
        try:
            ended = subprocess.run(command, input=given, capture_output=True, text=True, timeout=WALL)
        except subprocess.TimeoutExpired:
            raise PaperError(f"writing on this PDF takes longer than {WALL} s.") from None
        if ended.returncode != 0 or not target.exists():
            why = ended.stderr.strip().splitlines()[-1:] or [f"the writer ended with {ended.returncode}"]
            raise PaperError(f"this PDF could not be written on ({why[0][:300]}).")
        return target.read_bytes()


def _plain(text: str) -> str:
    """Without characters that no viewer shows or that a PDF's strings cannot hold."""
    return "".join(char for char in text if char in "\n\t" or char.isprintable())
