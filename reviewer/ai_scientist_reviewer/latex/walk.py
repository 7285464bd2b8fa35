"""Going through LaTeX from left to right: groups, arguments, macros of the paper's own, and what a reader would see of it.

What a command does stands with its kind: `style`, `parts`, `links`, `macros` register their handlers in `HANDLERS`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from ai_scientist_reviewer.document import MAX_GLYPHS, PaperError
from ai_scientist_reviewer.latex.flatten import shown
from ai_scientist_reviewer.latex.marked import Marked
from ai_scientist_reviewer.latex.signs import Sign
from ai_scientist_reviewer.source import Entry, Float, Mention, Numbered, Spot

MAX_EXPANSIONS = 100_000
"""Of the paper's own macros."""
MAX_EXPANDED = 3_000_000
"""Characters of all their expansions together."""
_DEEPEST = 50
_LONGEST_OPTION = 5000
"""Characters."""
_COMMAND = re.compile(r"\\([a-zA-Z@]+|.)", re.DOTALL)
_PLAIN = re.compile(r"[^\\{}$~&`'\-#^_]+")
_BLANK = re.compile(r"\s*")
_DASHES = {"---": "—", "--": "–", "``": "“", "''": "”", "`": "‘", "'": "’"}
_ESCAPED = {sign: sign for sign in "%&#$_{} "} | dict.fromkeys("\n;:>", " ") | dict.fromkeys(",!/-@", "") | {"|": "‖"}
"""Control signs that are no commands."""
_RELATIONS = frozenset("±∓×÷·≤≥≠≈∼≡∝≪≫→←∈∉⊂⊆∪∩")
_LIGATURE = re.compile(r"---?|``|''|`|'")


NOWHERE = Numbered("", "")


@dataclass(frozen=True)
class State:
    """What a group may change, and what its end restores."""

    font: str = ""
    hidden: str = ""
    """Why a reader would not see what is set now; "" where he would."""
    size: float = 0.0
    backed: bool = False
    """Whether it stands on a coloured ground, where white can be read."""
    math: bool = False
    environment: str = ""
    target: Numbered = NOWHERE
    """What a label would point to."""


@dataclass
class Found:
    """What a source defines and uses."""

    labels: list[Mention] = field(default_factory=list)
    references: list[Mention] = field(default_factory=list)
    citations: list[Mention] = field(default_factory=list)
    graphics: list[Mention] = field(default_factory=list)
    databases: list[Mention] = field(default_factory=list)
    items: list[Entry] = field(default_factory=list)
    """Of thebibliography."""
    floats: list[Float] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    """Of \\graphicspath."""
    numbers: dict[str, Numbered] = field(default_factory=dict)
    """Label to what it points to."""


class Walker:
    """One way through a text. What it is given is what an earlier way found: the labels' numbers, the works cited."""

    def __init__(
        self,
        numbers: Mapping[str, Numbered] | None = None,
        works: Mapping[str, Entry] | None = None,
        order: Sequence[str] = (),
        listing: Marked | Sequence[Sign] = (),
    ) -> None:
        from ai_scientist_reviewer.latex.counters import Counters
        from ai_scientist_reviewer.latex.macros import Macros

        self.numbers: Mapping[str, Numbered] = numbers or {}
        self.works: Mapping[str, Entry] = works or {}
        self.order = order
        """Keys of the reference list, in its order."""
        self.listing = listing
        """The reference list, where it is no part of the source itself."""
        self.signs: list[Sign] = []
        self.found = Found()
        self.macros = Macros()
        self.counters = Counters()
        self.state = State()
        self.visible = False
        """Whether the document has begun: what stands before it is not printed."""
        self.front: list[Sign] = []
        """Title and authors."""
        self.notes: list[list[Sign]] = []
        """Footnotes that wait for the end of their section."""
        self._text = Marked("", ())
        self._at = 0
        self._outer: list[tuple[Marked, int]] = []
        """The texts within which this one stands, and where each goes on."""
        self._groups: list[State] = []
        self._depth = 0
        self._expansions = self._expanded = 0

    @property
    def spot(self) -> Spot:
        spots = self._text.spots
        return spots[min(max(self._at - 1, 0), len(spots) - 1)] if spots else Spot("", 1)

    def walk(self, text: Marked) -> None:
        """Goes through a text, and comes back to where it was.

        Raises:
            PaperError: it has no end.
        """
        if not text.text or self._depth > _DEEPEST:
            return
        outer, at, groups = self._text, self._at, len(self._groups)
        self._outer.append((outer, at))
        self._text, self._at, self._depth = text, 0, self._depth + 1
        while self._at < len(self._text.text):
            self._step()
        while len(self._groups) > groups:
            self.close()
        self._outer.pop()
        self._text, self._at, self._depth = outer, at, self._depth - 1

    def _step(self) -> None:
        text, i = self._text.text, self._at
        if plain := _PLAIN.match(text, i):
            self._at = plain.end()
            for char, spot in zip(plain.group(), self._text.spots[i : plain.end()], strict=True):
                self._put(char, spot)
            return
        char = text[i]
        if char == "\\":
            if match := _COMMAND.match(text, i):
                self._at = match.end()
                self._command(match[1])
            else:
                self._at += 1
            return
        self._at += 1
        if char == "{":
            self.open()
        elif char == "}":
            self.close()
        elif char == "$":
            self._at += text.startswith("$", self._at)
            self.state = replace(self.state, math=not self.state.math)
        elif char == "~":
            self.say(" ")
        elif char == "&":
            self.say(" " if self.state.math else " | ")
        elif char in "^_" and self.state.math:
            self._script(char)
        elif (match := _LIGATURE.match(text, i)) and not self.state.math:
            self._at = match.end()
            self.say(_DASHES.get(match.group(), match.group()))
        else:
            self._put("−" if self.state.math and char == "-" else char, self._text.spots[i])

    def _script(self, char: str) -> None:
        """An index or exponent, in braces where it is longer than a sign."""
        said = self.seen(self.group() or Marked("", ()))
        words = "".join(sign.char for sign in said).strip()
        self.say(char + (f"{{{words}}}" if len(words) > 1 else words))

    def _command(self, name: str) -> None:
        if name[0].isalpha() or name[0] == "@":
            self._at = self._skipped(paragraphs=False)
        if name in _ESCAPED:
            self.say(_ESCAPED[name])
        elif handler := HANDLERS.get(name):
            handler(self, name)
        elif name in self.macros.known:
            expansion = self.macros.expansion(self, name)
            self._expansions += 1
            self._expanded += len(expansion)
            if self._expansions > MAX_EXPANSIONS or self._expanded > MAX_EXPANDED:
                raise PaperError(f"{self.spot.file}:{self.spot.line}: the macros of the paper's source have no end.")
            self.walk(expansion)
        elif self.macros.turned(self, name):
            pass
        elif (symbol := symbol_of(name)) is not None:
            self.say(f" {symbol} " if self.state.math and symbol in _RELATIONS else symbol)
        else:
            while self.option() is not None:
                pass

    def _skipped(self, *, paragraphs: bool = True) -> int:
        """Where the white space ends; an empty line is kept unless `paragraphs` may be passed."""
        match = _BLANK.match(self._text.text, self._at)
        if match is None or (not paragraphs and match.group().count("\n") > 1):
            return self._at
        return match.end()

    # What handlers ask for.

    def star(self) -> bool:
        starred = self._text.text.startswith("*", self._at)
        self._at += starred
        return starred

    def option(self) -> Marked | None:
        """The argument in brackets that comes next, if one does."""
        text, at = self._text.text, self._skipped(paragraphs=False)
        if not text.startswith("[", at) or text.find("]", at, at + _LONGEST_OPTION) < 0:
            return None
        i, end = at + 1, min(len(text), at + _LONGEST_OPTION)
        while i < end and text[i] != "]":
            i = self._text.closing.get(i, i) + 1 if text[i] == "{" else i + 1 + (text[i] == "\\")
        if i >= end:
            return None
        self._at = i + 1
        return self._text[at + 1 : i]

    def group(self) -> Marked | None:
        """The argument that comes next, in braces or as one token; None at the end of the text."""
        text, at = self._text.text, self._skipped(paragraphs=False)
        if at >= len(text) or text[at] in "}\n":
            return None
        if text[at] == "{":
            end = self._text.closing.get(at)
            if end is None:
                return None
            self._at = end + 1
            return self._text[at + 1 : end]
        match = _COMMAND.match(text, at) if text[at] == "\\" else None
        self._at = match.end() if match else at + 1
        return self._text[at : self._at]

    def word(self) -> str:
        """The next argument as written."""
        argument = self.group()
        return shown(argument.text).strip() if argument else ""

    def following(self) -> str:
        """The next character, white space aside; "" at the end."""
        for text, at in ((self._text, self._at), *reversed(self._outer)):
            if found := re.compile(r"\S").search(text.text, at):
                return found.group()
        return ""

    def until(self, pattern: re.Pattern[str]) -> Marked:
        """What stands before the pattern's next match; goes on after it, or at the text's end."""
        match = pattern.search(self._text.text, self._at)
        start, self._at = self._at, match.end() if match else len(self._text)
        return self._text[start : match.start() if match else len(self._text)]

    def matched(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The pattern's match just here; goes on after it."""
        match = pattern.match(self._text.text, self._at)
        self._at = match.end() if match else self._at
        return match

    def seen(self, text: Marked, **state: str | float | bool) -> list[Sign]:
        """What a reader would see of a text, set apart from the page."""
        outer, shows, before = self.signs, self.visible, self.state
        self.signs, self.visible = [], True
        self.state = replace(self.state, **state)  # type: ignore[arg-type]
        self.walk(text)
        said, self.signs, self.visible, self.state = self.signs, outer, shows, before
        return said

    def open(self, environment: str = "") -> None:
        self._groups.append(self.state)
        if environment:
            self.state = replace(self.state, environment=environment)

    def close(self) -> None:
        if self._groups:
            self.state = self._groups.pop()

    def say(self, text: str) -> None:
        spot = self.spot
        for char in text:
            self._put(char, spot)

    def add(self, signs: Iterable[Sign]) -> None:
        if self.visible:
            self.signs += signs
            self._bounded()

    def _put(self, char: str, spot: Spot) -> None:
        if self.visible:
            state = self.state
            self.signs.append(Sign(char, spot, state.hidden or state.font, state.size, 3 if state.hidden else 0))
            self._bounded()

    def _bounded(self) -> None:
        if len(self.signs) > 2 * MAX_GLYPHS:
            raise PaperError(f"The paper has more than {MAX_GLYPHS:,} characters.")


Handler = Callable[[Walker, str], None]
HANDLERS: dict[str, Handler] = {}
"""By command, without the backslash."""


def handles(*names: str) -> Callable[[Handler], Handler]:
    """Registers a function for these commands."""

    def register(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(names, handler))
        return handler

    return register


@cache
def symbol_of(name: str) -> str | None:
    """The sign or the few letters that a command stands for, as \\alpha and \\log; None where it is no symbol."""
    from pylatexenc.latex2text import get_default_latex_context_db

    found = get_default_latex_context_db().get_macro_spec(name)
    shows = getattr(found, "simplify_repl", None) if found is not None and found.macroname == name else None
    return shows if isinstance(shows, str) and "%" not in shows and len(shows) <= 7 and name != "today" else None
