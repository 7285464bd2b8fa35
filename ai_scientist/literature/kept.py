"""A literature source whose answers are kept on disk, so that a resumed run reads what the run was told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from ai_scientist.literature.base import Found, LiteratureSource


class Kept:
    """Asks the source once for each question. An outage is not kept: it may have passed."""

    def __init__(
        self, source: LiteratureSource, place: Callable[[str], Path], write: Callable[[Path, str], None]
    ) -> None:
        """
        Args:
            place: where the answer of that name lies.
            write: writes a file whole or not at all.
        """
        self.name = source.name
        self._source, self._place, self._write = source, place, write

    def search(self, query: str, limit: int = 10) -> Found:
        return self._answer({"search": query, "limit": limit}, lambda: self._source.search(query, limit))

    def lookup(self, *, doi: str = "", arxiv: str = "", title: str = "") -> Found:
        asked = {"doi": doi, "arxiv": arxiv, "title": title}
        return self._answer(asked, lambda: self._source.lookup(doi=doi, arxiv=arxiv, title=title))

    def _answer(self, asked: Mapping[str, str | int], ask: Callable[[], Found]) -> Found:
        question = {"source": self.name, **asked}
        name = hashlib.sha256(json.dumps(question, sort_keys=True).encode()).hexdigest()[:16]
        place = self._place(name)
        if place.exists():
            try:
                return Found.model_validate(json.loads(place.read_text(encoding="utf-8"))["answer"])
            except (OSError, ValueError, KeyError, TypeError):  # damaged: ask again
                pass
        found = ask()
        if found.verdict == "PASS":
            kept = {"question": question, "answer": found.model_dump(mode="json")}
            self._write(place, json.dumps(kept, indent=1, ensure_ascii=False))
        return found
