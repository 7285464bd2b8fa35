"""Text that remembers, for every character, where in the source it came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ai_scientist_reviewer.source import Spot


@dataclass(frozen=True, eq=False)
class Marked:
    text: str
    spots: Sequence[Spot]
    """One for each character."""

    @classmethod
    def at(cls, text: str, spot: Spot) -> Marked:
        """All of it from one place."""
        return cls(text, [spot] * len(text))

    @classmethod
    def of_file(cls, file: str, text: str, first: int = 1) -> Marked:
        """A file's text, or a part of it that begins in line `first`."""
        spots: list[Spot] = []
        for line, content in enumerate(text.split("\n"), start=first):
            spots += [Spot(file, line)] * (len(content) + 1)
        return cls(text, spots[: len(text)])

    @classmethod
    def joined(cls, parts: Iterable[Marked]) -> Marked:
        texts, spots = [], []
        for part in parts:
            texts.append(part.text)
            spots += part.spots
        return cls("".join(texts), spots)

    def __len__(self) -> int:
        return len(self.text)

    def __getitem__(self, cut: slice) -> Marked:
        return Marked(self.text[cut], self.spots[cut])

    @cached_property
    def closing(self) -> dict[int, int]:
        """Where the brace that opens at an index is closed; what is never closed is not in it."""
        closed: dict[int, int] = {}
        opened: list[int] = []
        escaped = False
        for i, char in enumerate(self.text):
            if escaped:
                escaped = False
            elif char == "\\":
                escaped = True
            elif char == "{":
                opened.append(i)
            elif char == "}" and opened:
                closed[opened.pop()] = i
        return closed
