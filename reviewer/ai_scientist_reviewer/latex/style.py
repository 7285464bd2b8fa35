"""How text is set: accents, formulas, sizes, and colours in which no reader would see it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from ai_scientist_reviewer.latex.flatten import shown
from ai_scientist_reviewer.latex.walk import Walker, handles

LEAST_SIZE = 1.5
"""Points: what is set smaller cannot be read."""
_ACCENTS = dict(zip("`'^\"~=.ucvHrdbk", "\u0300\u0301\u0302\u0308\u0303\u0304\u0307\u0306\u0327\u030c\u030b\u030a\u0323\u0331\u0328", strict=True))  # fmt: skip
_LENGTH = re.compile(r"\s*(-?\d*\.?\d+)\s*(pt|bp|mm|cm|in|em|ex|sp|pc|dd|cc)?")
_POINTS = {"pt": 1.0, "bp": 1.0, "mm": 2.845, "cm": 28.45, "in": 72.27, "em": 10.0, "ex": 4.3, "sp": 1e-5, "pc": 12.0, "dd": 1.07, "cc": 12.8}  # fmt: skip
_RENDERING = re.compile(r"(?<![\d.])([37])\s+Tr\b")


@handles(*_ACCENTS)
def accent(walker: Walker, command: str) -> None:
    signs = walker.seen(walker.group() or walker.until(re.compile("")))
    words = "".join(sign.char for sign in signs).strip().replace("ı", "i").replace("ȷ", "j")
    walker.say(unicodedata.normalize("NFC", words[:1] + _ACCENTS[command]) + words[1:] if words else "")


@handles("(", ")", "[", "]", "ensuremath")
def formula(walker: Walker, command: str) -> None:
    if command == "ensuremath":
        walker.add(walker.seen(walker.group() or walker.until(re.compile("")), math=True))
        return
    walker.state = replace(walker.state, math=command in "([")
    if command in "[]":
        walker.say("\n")


@handles("frac", "dfrac", "tfrac", "nicefrac", "sfrac")
def fraction(walker: Walker, _: str) -> None:
    parts = []
    for _side in range(2):
        part = walker.group()
        words = "".join(sign.char for sign in walker.seen(part)).strip() if part else ""
        parts.append(words if re.fullmatch(r"\w*", words) else f"({words})")
    walker.say("/".join(parts))


@handles("sqrt")
def root(walker: Walker, _: str) -> None:
    walker.option()
    walker.say("√")


@handles("num", "SI", "qty", "si", "unit", "ang", "SIrange", "numrange")
def quantity(walker: Walker, command: str) -> None:
    walker.option()
    for index in range({"SI": 2, "qty": 2, "numrange": 2, "SIrange": 3}.get(command, 1)):
        if part := walker.group():
            walker.say(" " if index else "")
            walker.walk(part)


@handles("textcolor", "color")
def colour(walker: Walker, command: str) -> None:
    model = walker.option()
    named = walker.word()
    pale = white(model.text if model else "", named, walker) and not walker.state.backed
    hidden = "white" if pale else ""
    if command == "textcolor":
        _set(walker, hidden)
    else:
        walker.state = replace(walker.state, hidden=hidden)


def white(model: str, named: str, walker: Walker) -> bool:
    """Whether a colour is hardly another than white paper's."""
    named = walker.macros.colours.get(named, named).strip().lower()
    if ":" in named:
        model, _, named = named.partition(":")
    if not model:
        name, _, share = named.partition("!")
        return name == "white" or (share.partition("!")[0].isdigit() and int(share.partition("!")[0]) <= 3)
    kind = model.strip().lower()
    if kind == "html":
        parts = [int(named[i : i + 2], 16) / 255 for i in (0, 2, 4)] if re.fullmatch(r"[0-9a-f]{6}", named) else []
    else:
        numbers = re.findall(r"\d*\.?\d+", named)
        most = 255 if kind == "rgb" and model.strip() == "RGB" else 1
        parts = [float(number) / most for number in numbers]
    if kind == "cmyk":
        return bool(parts) and max(parts) <= 0.06
    return bool(parts) and min(parts) >= 0.94


@handles("definecolor", "colorlet", "providecolor")
def new_colour(walker: Walker, command: str) -> None:
    name = walker.word()
    if command == "colorlet":
        walker.option()
        value = walker.word()
        walker.macros.colours[name] = walker.macros.colours.get(value, value)
    else:
        walker.macros.colours[name] = f"{walker.word()}:{walker.word()}"


@handles("phantom", "hphantom", "vphantom")
def phantom(walker: Walker, _: str) -> None:
    if not walker.state.math:
        _set(walker, "phantom")
    else:
        walker.group()


@handles("transparent", "texttransparent")
def transparent(walker: Walker, command: str) -> None:
    opacity = walker.word()
    clear = re.fullmatch(r"0?\.?0*[0-5]?", opacity) is not None and opacity != ""
    if command == "texttransparent":
        _set(walker, "transparent" if clear else "")
    elif clear:
        walker.state = replace(walker.state, hidden="transparent")


@handles("pdfliteral", "special")
def literal(walker: Walker, _: str) -> None:
    walker.matched(re.compile(r"\s*(direct|page|shipout)\s*"))
    if _RENDERING.search(walker.word()):
        walker.state = replace(walker.state, hidden="in invisible mode")


@handles("fontsize")
def size(walker: Walker, _: str) -> None:
    points = _points(walker.word())
    walker.word()
    if points is not None:
        walker.state = replace(
            walker.state, size=points, hidden="too small" if points < LEAST_SIZE else walker.state.hidden
        )


@handles("scalebox", "resizebox")
def scaled(walker: Walker, command: str) -> None:
    walker.star()
    given = walker.word()
    walker.option()
    if command == "resizebox":
        wide, high = _points(given), _points(walker.word())
        small = any(side is not None and 0 <= side < LEAST_SIZE for side in (wide, high))
    else:
        small = re.fullmatch(r"\d*\.?\d+", given) is not None and float(given) * 10 < LEAST_SIZE
    _set(walker, "too small" if small else "")


@handles("colorbox", "fcolorbox", "cellcolor", "rowcolor", "columncolor", "pagecolor")
def ground(walker: Walker, command: str) -> None:
    walker.option()
    walker.word()
    if command == "fcolorbox":
        walker.word()
    if command.endswith("box"):
        _set(walker, "", backed=True)
    else:
        walker.state = replace(walker.state, backed=True)


def _set(walker: Walker, hidden: str, *, backed: bool | None = None) -> None:
    """Sets the next argument so; what is hidden around it stays hidden."""
    argument = walker.group()
    if argument is None:
        return
    before = walker.state
    walker.state = replace(before, hidden=hidden or before.hidden, backed=before.backed if backed is None else backed)
    walker.walk(argument)
    walker.state = before


def _points(length: str) -> float | None:
    match = _LENGTH.fullmatch(shown(length).strip())
    return float(match[1]) * _POINTS[match[2] or "pt"] if match else None
