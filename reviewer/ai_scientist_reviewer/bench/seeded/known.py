"""A registry that knows the works of one clean paper and no others, so that looking works up needs no network."""

from __future__ import annotations

from collections.abc import Sequence

from ai_scientist_reviewer.bench.seeded.bibliography import entries
from ai_scientist_reviewer.bench.seeded.project import Project
from ai_scientist_reviewer.ports import Cited, Looked
from ai_scientist_reviewer.quotes import compact


class KnownWorks:
    """`ports.Records` over the bibliography of a clean twin."""

    def __init__(self, clean: Project) -> None:
        self._works = [(compact(one.title).casefold(), one) for one in entries(clean) if one.title]

    def look_up(self, cited: Sequence[Cited]) -> tuple[Looked, ...]:
        return tuple(self._looked(one) for one in cited)

    def _looked(self, cited: Cited) -> Looked:
        text = compact(cited.title or cited.text).casefold()
        if len(text) < 8:
            return Looked("unknown", source="the clean twin", why="the entry does not tell its title")
        whole = compact(cited.text).casefold()
        # The title itself before one that it holds: "Deep learning" stands in many entries.
        near = [one for one in self._works if one[0] in whole or (len(text) > 20 and text in one[0])]
        best = max(near, key=lambda one: (one[0] == text, len(one[0])), default=None)
        if best is None:
            return Looked("absent", source="the clean twin", why="the clean twin cites no such work")
        return Looked("found", "the clean twin", best[1].title, best[1].authors, best[1].year)
