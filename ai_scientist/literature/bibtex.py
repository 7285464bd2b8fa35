"""References as BibTeX. Whatever a record holds, what comes out is text and never a command."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Sequence

from ai_scientist.literature.identity import plain
from ai_scientist.records import Reference

_SKIPPED = frozenset(
    {"a", "an", "and", "are", "for", "from", "how", "in", "is", "of", "on", "the",
     "to", "towards", "what", "when", "why", "with"}
)  # fmt: skip
_MARKS = {  # combining mark: the accent command
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
    "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d", "\u0327": "c", "\u0328": "k",
}  # fmt: skip
_LETTERS = {
    "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}", '"': "''",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
    "ł": r"{\l}", "Ł": r"{\L}", "ø": r"{\o}", "Ø": r"{\O}", "ß": r"{\ss}", "æ": r"{\ae}", "Æ": r"{\AE}", "œ": r"{\oe}",
    "Œ": r"{\OE}", "ı": r"{\i}", "đ": "d", "Đ": "D", "ð": "d", "þ": "th", "–": "--", "—": "---", "−": "-", "‐": "-",
    "‑": "-", "‘": "`", "’": "'", "“": "``", "”": "''", "…": "...", "×": "x",
}  # fmt: skip
_ADDRESS = frozenset(string.ascii_letters + string.digits + ":/?#@!$&'()*+,;=._~%-")


def key(reference: Reference) -> str:
    """The key that follows from the record alone: `guo2017calibration`."""
    first = reference.authors[0].split()[-1:] if reference.authors else []
    names = plain("".join(first)).split() or ["anonymous"]
    words = [word for word in plain(reference.title).split() if word not in _SKIPPED]
    return _safe("".join((names[0], str(reference.year), *words[:1])))


def keyed(references: Sequence[Reference]) -> tuple[Reference, ...]:
    """The references with keys of their own: a second of the same key gets `b`, the next `c`."""
    taken = set[str]()
    out = list[Reference]()
    for reference in references:
        stem = _safe(reference.key) or key(reference)
        endings = ("", *string.ascii_lowercase[1:], f"x{len(out)}")
        name = next(stem + ending for ending in endings if stem + ending not in taken)
        taken.add(name)
        out.append(reference.model_copy(update={"key": name}))
    return tuple(out)


def entry(reference: Reference) -> str:
    """One BibTeX entry. The title's capitals stay as the record has them."""
    kind, holder = _kind(reference.venue)
    fields = {
        # A second pair of braces: no style may then lower the capitals of "Bayesian" or "CutMix".
        "title": "{" + text(reference.title) + "}",
        "author": " and ".join(_author(author) for author in reference.authors),
        holder: text(reference.venue),
        "year": str(reference.year),
        "doi": _address(reference.doi, also="<>"),
        "url": _address(reference.url) if _is_needed(reference.url, reference.doi) else "",
    }
    if reference.arxiv:
        fields |= {"eprint": _address(reference.arxiv), "archiveprefix": "arXiv"}
        if kind == "misc":
            fields["howpublished"] = "arXiv preprint arXiv:" + text(reference.arxiv)
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@{kind}{{{_safe(reference.key) or key(reference)},\n{body}}}\n"


def bibliography(references: Sequence[Reference]) -> str:
    """The text of a .bib file."""
    return "\n".join(entry(reference) for reference in references)


def text(value: str) -> str:
    """Plain text as LaTeX: specials escaped, accents as commands, and "?" for a letter that neither has."""
    out = list[str]()
    for char in unicodedata.normalize("NFC", " ".join(value.split())):
        base, *marks = unicodedata.normalize("NFD", char)
        if char in _LETTERS:
            out.append(_LETTERS[char])
        elif char.isascii():
            out.append(char if char.isprintable() else "")
        elif len(marks) == 1 and base.isascii() and marks[0] in _MARKS:
            out.append("{\\" + _MARKS[marks[0]] + "{" + {"i": r"\i", "j": r"\j"}.get(base, base) + "}}")
        else:
            out.append("?")
    return "".join(out)


def _safe(key: str) -> str:
    return re.sub(r"[^A-Za-z0-9:-]", "", key)


def _author(name: str) -> str:
    escaped = text(name)
    # BibTeX reads " and " and a comma as its own; in braces they are a part of the name.
    return "{" + escaped + "}" if re.search(r",|\band\b", name, re.IGNORECASE) else escaped


def _address(value: str, also: str = "") -> str:
    """An address or a number for \\url: what could end the argument or start a command is percent-encoded."""
    return "".join(c if c in _ADDRESS or c in also else "".join(f"%{b:02X}" for b in c.encode()) for c in value.strip())


def _is_needed(url: str, doi: str) -> bool:
    """Whether an address is one, and says more than the DOI beside it."""
    return bool(re.match(r"https?://", url)) and not (doi and url.lower().endswith("doi.org/" + doi.lower()))


def _kind(venue: str) -> tuple[str, str]:
    """The type of entry that a venue calls for, and the field that holds it."""
    name = venue.lower()
    if re.search(r"arxiv|preprint|repository", name) or not name:
        return "misc", "howpublished"
    if re.search(r"proceedings of the ieee$|transactions|journal", name):
        return "article", "journal"
    if re.search(r"proceedings|conference|symposium|workshop|neural information processing", name):
        return "inproceedings", "booktitle"
    if re.search(r"^advances in|lecture notes|handbook", name):
        return "incollection", "booktitle"
    return "article", "journal"
