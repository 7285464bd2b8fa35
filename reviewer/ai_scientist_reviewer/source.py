"""LaTeX source as a project: its files, and what they define and use, each with file and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple


class Spot(NamedTuple):
    """A place in the source."""

    file: str
    """Path below the project's folder."""
    line: int
    """From 1."""


class Mention(NamedTuple):
    """A key (a label, a citation key, a file's name) where it is defined or used."""

    key: str
    spot: Spot
    command: str
    """Without the backslash: "ref", "citep", "label", "includegraphics"."""


class Numbered(NamedTuple):
    """What a label points to, as LaTeX would number it."""

    kind: str
    """"Section", "Figure", "Table", "Equation", "Algorithm", …; "" where a label points to nothing that has a number."""
    number: str
    title: str = ""
    """Of a section."""


class Entry(NamedTuple):
    """One entry of a bibliography: of a .bib file, a filecontents block or a thebibliography."""

    key: str
    kind: str
    """"article", "inproceedings", "bibitem"."""
    fields: Mapping[str, str]
    """By lower-case name, braces and LaTeX markup resolved. Of a bibitem: {"text": ...}."""
    spot: Spot


class Float(NamedTuple):
    """A figure or table environment."""

    kind: Literal["Figure", "Table"]
    number: str
    caption: str
    labels: tuple[str, ...]
    graphics: tuple[str, ...]
    """As named in \\includegraphics."""
    spot: Spot


@dataclass(frozen=True)
class Source:
    """What a LaTeX project holds. Comments are no part of it."""

    main: str
    """The file with \\documentclass."""
    files: Mapping[str, str]
    """Text of each .tex, .bib, .bbl, .sty that the main file leads to, by path, as read."""
    labels: tuple[Mention, ...] = ()
    numbers: Mapping[str, Numbered] = field(default_factory=dict)
    """By label; of one that is defined twice, the first."""
    references: tuple[Mention, ...] = ()
    """Uses of labels."""
    citations: tuple[Mention, ...] = ()
    entries: tuple[Entry, ...] = ()
    graphics: tuple[Mention, ...] = ()
    floats: tuple[Float, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """The graphics files that are there, by the path that \\includegraphics names."""
    missing: tuple[Mention, ...] = ()
    """Files that the source names and that are not there."""
    outside: tuple[Mention, ...] = ()
    """Those of `missing` that are named by a path out of the folder: they were not looked for, so they may well be there."""
    log: str = ""
    """Of the last compilation, where it lies beside."""
