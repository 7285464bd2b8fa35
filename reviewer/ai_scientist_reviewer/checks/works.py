"""The works that a paper lists, taken apart: from the bibliography's fields, or from the words of a printed entry."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from ai_scientist_reviewer.checks.places import at_spot, quoted
from ai_scientist_reviewer.document import Reference
from ai_scientist_reviewer.findings import Finding, Severity
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.ports import Cited
from ai_scientist_reviewer.source import Entry, Source, Spot
from ai_scientist_reviewer.structure import prose

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>{}]+[^\s\"<>{}.,;)\]]")
_ARXIV = re.compile(
    r"(?:arxiv[.,:\s/]*(?:preprint\s*)?(?:arxiv[:\s]*)?(?:org/)?(?:abs/|pdf/)?|^abs/)(\d{4}\.\d{4,5})(?:v\d+)?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d./])((?:19|20)\d\d)[a-z]?(?![\d/])")
_STOP = re.compile(
    r"(?<![\s.-][A-Z])(?<!^[A-Z])(?<!\bal)(?<!\bJr)(?<!\beds)(?<!\bed)\.\s+(?=[\w“\"(])"  # not that of an initial
    r"|(?<=, [A-Z])\.\s+(?=[A-Z][\w-]*:?\s+(?!and\b|et\b)\w)"  # but that of "Abbeel, P. Denoising diffusion"
    r"|\bet al\.,?\s+(?=[A-Z])"
)
"""Where the authors end."""
_SHORTEST = 12
"""Letters of a title, at least."""
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "’": "'"})


@dataclass(frozen=True)
class Work:
    """One entry of the reference list."""

    cited: Cited
    key: str = ""
    """Of a bibliography's entry."""
    label: str = ""
    """ "7" in a numbered list that was printed."""
    spot: Spot | None = None
    """In the source."""
    quote: str = ""
    """Of what was printed."""
    entry: Entry | None = None


def works(paper: Paper) -> tuple[Work, ...]:
    """What the paper lists: of a bibliography database, what is cited of it."""
    if paper.latex is not None and paper.latex.entries:
        return of_source(paper.latex)
    return tuple(Work(of_text(entry), label=entry.label, quote=prose(entry.text)[:160]) for entry in paper.references)


def of_source(source: Source) -> tuple[Work, ...]:
    used = {mention.key for mention in source.citations}
    seen: set[str] = set()
    kept: list[Work] = []
    for entry in source.entries:
        if entry.key in seen or not (used & {entry.key, "*"} or entry.kind == "bibitem"):
            continue
        seen.add(entry.key)
        kept.append(Work(of_entry(entry), key=entry.key, spot=entry.spot, entry=entry))
    return tuple(kept)


def of_entry(entry: Entry) -> Cited:
    """From the fields, or from the words of a \\bibitem."""
    if "title" not in entry.fields:
        return of_words(entry.fields.get("text", ""))
    fields = {name: " ".join(value.split()) for name, value in entry.fields.items()}
    text = ", ".join(fields[name] for name in ("author", "title", "journal", "booktitle", "publisher", "howpublished", "note", "url", "year") if fields.get(name))  # fmt: skip
    year = _YEAR.search(fields.get("year", "") or fields.get("date", ""))
    numbers = " ".join(
        fields.get(name, "") for name in ("eprint", "journal", "volume", "note", "howpublished", "url", "doi")
    )
    arxiv = _ARXIV.search(numbers)
    eprint = re.fullmatch(r"(\d{4}\.\d{4,5})(v\d+)?", fields.get("eprint", ""))
    volume = re.fullmatch(r"abs/(\d{4}\.\d{4,5})", fields.get("volume", ""))
    doi = _DOI.search(fields.get("doi", "")) or _DOI.search(fields.get("url", ""))
    return Cited(
        text=text,
        title=fields["title"],
        authors=families(fields.get("author", "")),
        year=year[1] if year else "",
        doi=doi.group() if doi else "",
        arxiv=next((found[1] for found in (eprint, volume, arxiv) if found), ""),
    )


def of_text(reference: Reference) -> Cited:
    text = prose(reference.text)
    return of_words(re.sub(r"^(\[\d{1,3}\]|\d{1,3}\.)\s*", "", text))


def of_words(text: str) -> Cited:
    """An entry as it is printed. What cannot be told is ""."""
    words = " ".join(text.split())
    doi, arxiv = _DOI.search(words), _ARXIV.search(words)
    authors, title = _parted(words)
    bare = _ARXIV.sub(" ", _DOI.sub(" ", re.sub(r"https?://\S+", " ", words)))
    years = _YEAR.findall(bare.replace(title, " ") if title else bare)
    return Cited(
        text=words,
        title=title,
        authors=families(authors),
        year=years[-1] if years else "",
        doi=doi.group() if doi else "",
        arxiv=arxiv[1] if arxiv else "",
    )


def _parted(words: str) -> tuple[str, str]:
    """Authors and title: the title in quotation marks, or the sentence after the authors (and the year)."""
    marked = re.search(r"[“\"](.{8,250}?)[,.?]?[”\"]", words)
    if marked:
        return words[: marked.start()], marked[1].strip(" ,.")
    dated = re.search(r"\((?:19|20)\d\d[a-z]?\)[.,]?\s+", words)
    if dated and dated.start() < 0.6 * len(words):
        authors, rest = words[: dated.start()], words[dated.end() :]
    else:
        stop = _STOP.search(words)
        if stop is None:
            return "", ""
        authors, rest = words[: stop.start()], words[stop.end() :]
    end = re.search(r"[.?!](?=\s|$)", rest)
    title = re.sub(r",\s*(?:volume \d+|(?:19|20)\d\d[a-z]?)$", "", rest[: end.start()] if end else rest)
    if sum(char.isalpha() for char in title) < _SHORTEST or _YEAR.fullmatch(title.strip()):
        return authors, ""
    return authors, title.strip(" ,")


def families(authors: str) -> tuple[str, ...]:
    """Family names: of "Ho, Jonathan and Jain, Ajay", of "Jonathan Ho, Ajay Jain", and of "Ho, J., Jain, A."."""
    text = re.sub(r"\bet\s+al\b\.?|\(?\beds?\.?\)?$", "", " ".join(authors.split())).replace("&", " and ")
    if not text:
        return ()
    people = [part.strip(" ,.") for part in re.split(r"\band\b", text) if part.strip(" ,.") not in ("", "others")]
    if people and all(len(person.split(",")) == 2 for person in people) and not _initials(people[0].split(",")[1]):
        return tuple(plain_name(person.split(",")[0]) for person in people)  # "Family, Given"
    parts = [part.strip() for person in people for part in person.split(",") if part.strip()]
    if sum(_initials(part) for part in parts) >= 0.3 * len(parts):
        return tuple(plain_name(part) for part in parts if not _initials(part))
    return tuple(plain_name(part.split()[-1]) for part in parts if part.casefold() not in ("jr.", "jr"))


def _initials(part: str) -> bool:
    return re.fullmatch(r"\s*(?:[A-Z]\.?[-~\s]*){1,4}", part) is not None


def plain_name(name: str) -> str:
    """Letters only, without accents."""
    folded = unicodedata.normalize("NFKD", name.translate(_PLAIN))
    return "".join(char for char in folded if char.isalpha() or char in "-' ").strip()


def at_work(paper: Paper, work: Work, rule: str, severity: Severity, message: str, fix: str) -> Finding:
    """A finding at an entry: in the source where it stands there, else in print."""
    if paper.latex is not None and work.spot is not None:
        return at_spot(paper.latex, work.spot, rule, severity, message, fix)
    return quoted(paper, rule, severity, message, work.quote, fix)
