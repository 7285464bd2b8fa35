"""What LaTeX counts: sections, floats, equations, theorems, items."""

from __future__ import annotations

from dataclasses import dataclass, field

from ai_scientist_reviewer.source import Float, Spot


@dataclass
class OpenFloat:
    """A float that has not ended."""

    kind: str
    spot: Spot
    done: list[Float] = field(default_factory=list)
    graphics: list[str] = field(default_factory=list)
    parts: int = 0
    labels: dict[int, list[str]] = field(default_factory=dict)
    """By how many captions came before."""


@dataclass
class Counters:
    sections: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    appendix: bool = False
    chapters: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    theorems: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Environment to what it is called and whose counter it uses."""
    items: list[int] = field(default_factory=list)
    floats: list[OpenFloat] = field(default_factory=list)

    def step(self, kind: str) -> str:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return str(self.counts[kind])

    def section(self, level: int) -> str:
        self.sections[level] += 1
        self.sections[level + 1 :] = [0] * (3 - level)
        lowest = 0 if self.chapters else 1
        numbers = [str(number) for number in self.sections[lowest : level + 1]]
        if self.appendix and numbers and numbers[0] != "0":
            numbers[0] = chr(ord("A") + (int(numbers[0]) - 1) % 26)
        return ".".join(numbers)
