"""What points elsewhere: labels and references, citations, graphics, bibliographies, addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ai_scientist_reviewer.headings import HEADING
from ai_scientist_reviewer.latex.floats import in_float
from ai_scientist_reviewer.latex.marked import Marked
from ai_scientist_reviewer.latex.parts import heading
from ai_scientist_reviewer.latex.signs import one_line, text_of, worded
from ai_scientist_reviewer.latex.walk import Walker, handles
from ai_scientist_reviewer.source import Entry, Mention, Numbered

UNKNOWN = "??"
"""What LaTeX prints for a label that does not exist."""
_PLURAL = {"Figure": "Figures", "Table": "Tables", "Section": "Sections", "Equation": "Equations", "Appendix": "Appendices",
           "Algorithm": "Algorithms"}  # fmt: skip
_CITES = """cite citep citet citealp citealt citeauthor citeyear citeyearpar citenum citefullauthor parencite textcite
    footcite autocite smartcite supercite fullcite footfullcite citetitle shortcite citeA citeNP onlinecite newcite possessivecite
    Citep Citet Citealp Citealt Citeauthor Parencite Textcite Autocite Cite""".split()
_MANY = "cites parencites textcites autocites footcites smartcites supercites".split()
_ITEM_ENDS = re.compile(r"(?=\\bibitem(?![a-zA-Z@])|\\end\{thebibliography\})")


@handles("label")
def label(walker: Walker, command: str) -> None:
    spot, key = walker.spot, walker.word()
    if not key or not walker.visible:
        return
    walker.found.labels.append(Mention(key, spot, command))
    walker.found.numbers.setdefault(key, walker.state.target)
    in_float(walker, label=key)


@handles("ref", "eqref", "autoref", "cref", "Cref", "pageref", "subref", "nameref", "vref", "Vref", "fullref", "labelcref",
         "cpageref", "Cpageref", "autopageref", "cshref", "namecref", "nameCref", "lcnamecref", "vpageref", "Autoref")  # fmt: skip
def reference(walker: Walker, command: str) -> None:
    walker.star()
    spot = walker.spot
    keys = [key.strip() for key in walker.word().split(",")]
    if not walker.visible:
        return
    walker.found.references += (Mention(key, spot, command) for key in keys if key)
    walker.say(said_of(command, [walker.numbers.get(key) for key in keys if key]))


@handles("hyperref")
def linked(walker: Walker, command: str) -> None:
    spot, key = walker.spot, walker.option()
    if key is not None and walker.visible and not re.search(r"[\\#]", key.text):
        walker.found.references.append(Mention(key.text.strip(), spot, command))


@handles("crefrange", "Crefrange")
def range_of(walker: Walker, command: str) -> None:
    spot, keys = walker.spot, [walker.word(), walker.word()]
    walker.found.references += (Mention(key, spot, command) for key in keys)
    ends = [walker.numbers.get(key) for key in keys]
    kind = next((end.kind for end in ends if end), "")
    walker.say(f"{_PLURAL.get(kind, kind)} " + "–".join(end.number if end else UNKNOWN for end in ends))


def said_of(command: str, targets: Sequence[Numbered | None]) -> str:
    """What LaTeX would print, as far as it can be told; pages cannot."""
    if any(target is None for target in targets) or not targets:
        if command in ("cref", "Cref", "autoref", "vref") and any(targets):
            return ", ".join(f"{t.kind} {t.number}" if t else UNKNOWN for t in targets)
        return UNKNOWN
    known = [target for target in targets if target is not None]
    numbers = " and ".join(", ".join(target.number for target in known).rsplit(", ", 1))
    kind = known[0].kind
    match command:
        case "eqref":
            return f"({numbers})"
        case "autoref" | "cref" | "Cref" | "vref" | "Vref" | "fullref" | "Autoref":
            return f"{_PLURAL.get(kind, kind) if len(known) > 1 else kind} {numbers}".strip()
        case "nameref":
            return known[0].title
        case "namecref" | "nameCref" | "lcnamecref":
            return kind
        case "pageref" | "cpageref" | "Cpageref" | "autopageref" | "vpageref":
            return "[page]"
        case "subref":
            return f"({numbers[-1:]})"
        case _:
            return numbers


@handles(*_CITES, "nocite")
def citation(walker: Walker, command: str) -> None:
    walker.star()
    spot = walker.spot
    _cited(walker, command, Mention("", spot, command), walker.option(), walker.option())


@handles(*_MANY)
def citations(walker: Walker, command: str) -> None:
    spot = walker.spot
    while True:
        before, after = walker.option(), walker.option()
        if walker.following() != "{":
            return
        _cited(walker, command, Mention("", spot, command), before, after)


def _cited(walker: Walker, command: str, mention: Mention, before: Marked | None, after: Marked | None) -> None:
    if after is None:  # a single note stands behind
        before, after = None, before
    keys = [key.strip() for key in walker.word().split(",") if key.strip()]
    if not walker.visible and command != "nocite":
        return
    walker.found.citations += (mention._replace(key=key) for key in keys)
    if command == "nocite":
        return
    lower = command.lower()
    numbers = ", ".join(str(walker.order.index(key) + 1) if key in walker.order else "?" for key in keys)
    names = " and ".join(who(walker.works[key]) if key in walker.works else "?" for key in keys)
    if "author" in lower:
        walker.say(names)
        return
    if "year" in lower:
        walker.say(", ".join(walker.works[key].fields.get("year", "") if key in walker.works else "?" for key in keys))
        return
    if lower.startswith(("citet", "textcite", "citealt", "newcite")) and "title" not in lower:
        walker.say(names + " ")
    walker.say("[")
    if before is not None and before.text.strip():
        walker.walk(before)
        walker.say(" ")
    walker.say(numbers)
    if after is not None and after.text.strip():
        walker.say(", ")
        walker.walk(after)
    walker.say("]")


def who(work: Entry) -> str:
    """The authors as a text names them: "Ho et al."."""
    names = [name for name in work.fields.get("author", "").split(" and ") if name.strip()]
    last = [name.split(",")[0].strip() if "," in name else name.split()[-1] for name in names]
    if not last:
        return work.fields.get("label", work.key)
    return f"{last[0]} et al." if len(last) > 2 or "others" in last else " and ".join(last)


@handles("includegraphics", "includesvg", "includepdf", "epsfig", "psfig", "includestandalone")
def graphic(walker: Walker, command: str) -> None:
    walker.star()
    spot = walker.spot
    while walker.option() is not None:
        pass
    name = walker.word()
    if "=" in name:  # \epsfig{file=plot.eps,width=...}
        given = re.search(r"(?:file|figure)\s*=\s*([^,]+)", name)
        name = given[1].strip() if given else ""
    if name and walker.visible:
        walker.found.graphics.append(Mention(name, spot, command))
        in_float(walker, graphic=name)


@handles("graphicspath")
def graphics_folders(walker: Walker, _: str) -> None:
    walker.found.folders += re.findall(r"\{([^{}]*)\}", walker.word())


@handles("bibliography", "addbibresource", "printbibliography")
def databases(walker: Walker, command: str) -> None:
    spot = walker.spot
    walker.option()
    if command != "printbibliography":
        walker.found.databases += (
            Mention(name.strip(), spot, command) for name in walker.word().split(",") if name.strip()
        )
    if command != "addbibresource" and walker.visible:
        list_works(walker)


def list_works(walker: Walker) -> None:
    if isinstance(walker.listing, Marked):
        walker.walk(walker.listing)
    elif walker.listing:
        heading(walker, worded("References", walker.listing[0].spot, HEADING))
        walker.add(walker.listing)
        walker.say("\n\n")


@handles("bibitem")
def listed(walker: Walker, command: str) -> None:
    spot = walker.spot
    name = walker.option()
    key = walker.word()
    said = walker.seen(walker.until(_ITEM_ENDS))
    words = text_of(said)
    fields = {"text": words}
    if name is not None:
        fields["label"] = re.split(r"\(\d{4}", text_of(walker.seen(name)))[0].strip()
    walker.found.items.append(Entry(key, command, fields, spot))
    number = len(walker.found.items)
    walker.say("\n\n")
    walker.add(worded(f"[{number}] ", spot))
    walker.add(one_line(said))
    walker.say("\n\n")


@handles("url", "path", "nolinkurl")
def address(walker: Walker, _: str) -> None:
    if argument := walker.group():
        walker.add(walker.seen(argument))


@handles("href")
def named_address(walker: Walker, _: str) -> None:
    walker.option()
    walker.group()
