"""Other work that a paper is judged against: searched for by its own words, or taken from a user's .bib file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from ai_scientist_reviewer.checks.works import works as listed_works
from ai_scientist_reviewer.hidden import Examined
from ai_scientist_reviewer.instructions import REMOVED
from ai_scientist_reviewer.latex.bibliography import entries_of
from ai_scientist_reviewer.latex.marked import Marked
from ai_scientist_reviewer.outside import without_addresses
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.records import Work
from ai_scientist_reviewer.source import Spot
from ai_scientist_reviewer.structure import prose
from pydantic import BaseModel, ConfigDict, Field

from ai_scientist.errors import InputError, ModelError, cause
from ai_scientist.literature.base import LiteratureSource
from ai_scientist.literature.identity import merged, plain
from ai_scientist.models.base import ChatModel, whole
from ai_scientist.prompts import render
from ai_scientist.records import Reference

EACH = 6
"""Works that a search may bring."""
SHARED = 2
"""Telling words of a work's title and abstract that the paper's have to hold too: an index always answers something."""
WHOLE = 4
"""Words of a title's beginning that tell the work, where a reference list broke it off."""
LARGEST_BIB = 4 * 1024 * 1024
"""Bytes."""
MOST_ABSTRACT = 1500
"""Characters of an abstract that are kept."""
_WORD = re.compile(r"[a-z][a-z0-9]+(?:-[a-z0-9]+)*")
_SMALL = frozenset(
    "a about above across after against all also an and any are as at be been before being below between both but by can could do does during "
    "each for from further has have here how however if in into is it its may more most no not of on one only or other our out over own same "
    "several since some such than that the their them then there these they this those through to towards two under up use used using various "
    "via was we well were what when where which while with within would".split()
)
"""Words that say nothing of what a text is about."""
_COMMON = _SMALL | frozenset(
    "approach approaches based compared data dataset datasets demonstrate different effect effective existing experiment experiments figure "
    "first high large learning low method methods model models new novel number paper performance present problem propose proposed result "
    "results section setting show shows significant significantly small state-of-the-art study table task tasks training validation test work "
    "improve improved improvement improvements".split()
)
"""And those that stand in every paper of the field."""


class QueriesForm(BaseModel):
    """Searches for the works closest to a paper."""

    model_config = ConfigDict(json_schema_extra=whole)

    queries: list[str] = Field(default_factory=list, description="At most four, each three to seven words.")


def queries(paper: Paper) -> list[str]:
    """Searches told from the paper by rule: its title, the phrases it turns on, and the works that it leans on most."""
    phrases = list(_phrases(paper))
    title = [word for word in _WORD.findall(prose(paper.title).lower()) if word not in _SMALL]
    found = [" ".join(title[:10]), " ".join(phrases[:2]), " ".join(phrases[2:4]), *_leaned_on(paper)]
    return [one for one in dict.fromkeys(found) if len(one.split()) >= 2]


def asked_of(model: ChatModel, examined: Examined, named: Sequence[str]) -> list[str]:
    """Further searches that a model names. `named`: those that rules have named.

    Raises:
        ModelError, BudgetSpent, Stopped: as any call.
    """
    paper = examined.paper
    prompt = render(
        "related_queries", title=prose(paper.title), abstract=prose(paper.abstract)[:6000], named=list(named)
    )
    told = model.fill(prompt, QueriesForm).value.queries
    return [" ".join(re.findall(r"[\w-]+", query)[:10]) for query in told[:4]]


def searched(
    examined: Examined, sources: Sequence[LiteratureSource], most: int, model: ChatModel | None = None
) -> tuple[tuple[Work, ...], tuple[str, ...]]:
    """The works that the searches bring, those first that come first in some search; and what is to be said of the search."""
    paper = examined.paper
    named = queries(paper)
    notes: list[str] = []
    if model is not None:
        try:
            named = list(dict.fromkeys((*named, *asked_of(model, examined, named))))
        except ModelError as error:
            notes.append(f"{model.name} named no searches ({error}).")
    answers: list[list[Reference]] = []
    silent: dict[str, str] = {}
    for query in named:
        for source in sources:
            if source.name in silent:
                continue  # it would be asked in vain, for as long again
            answer = source.search(query, EACH)
            answers.append(list(answer.references))
            if answer.verdict == "UNKNOWN":
                silent[source.name] = answer.why
    ranked = [answer[rank] for rank in range(EACH) for answer in answers if rank < len(answer)]
    own, words = plain(prose(paper.title)), set(_telling(prose(f"{paper.title} {paper.abstract}")))
    cited = _cited(paper)
    works = tuple(
        _work(one, _among(one.title, cited))
        for one in merged(ranked)
        if plain(one.title) != own and len(words & set(_telling(f"{one.title} {one.abstract}"))) >= SHARED
    )[:most]
    asked = ", ".join(source.name for source in sources if source.name not in silent)
    notes.append(
        f"Searched by {len(named)} queries in {asked}: {'; '.join(named)}." if asked else "No index could be searched."
    )
    notes += [f"{name} could not be asked ({why}): what it knows is missing here." for name, why in silent.items()]
    return works, tuple(notes)


def from_bib(paper: Paper, file: Path, most: int) -> tuple[tuple[Work, ...], tuple[str, ...]]:
    """The works of a .bib file that have most words in common with the paper's title and abstract.

    Raises:
        InputError: it cannot be read, or holds no work.
    """
    try:
        with file.open("rb") as handle:
            data = handle.read(LARGEST_BIB + 1)
    except OSError as error:
        raise InputError(f"The bibliography {file} cannot be read ({cause(error)}).") from None
    if len(data) > LARGEST_BIB:
        raise InputError(f"The bibliography {file} is larger than {LARGEST_BIB >> 20} MiB.")
    entries = entries_of(Marked.at(data.decode("utf-8", "replace"), Spot(file.name, 1)))
    works = [work for entry in entries if (work := _of_entry(entry.fields, file.name)) is not None]
    if not works:
        raise InputError(f"The bibliography {file} holds no entry with a title.")
    works = list({plain(work.title): work for work in reversed(works)}.values())[::-1]
    words = set(_telling(prose(f"{paper.title} {paper.abstract}")))
    cited = _cited(paper)
    best = sorted(works, key=lambda work: -len(words & set(_telling(f"{work.title} {work.abstract}"))))[:most]
    marked = tuple(work.model_copy(update={"cited": _among(work.title, cited)}) for work in best)
    left = f", the {most} closest of {len(works)}" if len(works) > most else ""
    return marked, (f"From {file.name}{left}; nothing was searched for.",)


def of_references(paper: Paper, references: Iterable[Reference]) -> tuple[Work, ...]:
    """The works that a run found, of which its own paper cites some."""
    cited = _cited(paper)
    return tuple(_work(one, _among(one.title, cited)) for one in references)


def _telling(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.lower()) if word not in _COMMON and len(word) > 2]


def _phrases(paper: Paper, most: int = 4) -> Iterator[str]:
    """Pairs and triples of telling words that stand side by side in title or abstract and come back in the text."""
    head = prose(f"{paper.title}. {paper.abstract}")
    times: Counter[tuple[str, ...]] = Counter()
    for text in (head, prose(paper.body)):
        for part in re.split(r"[.,;:()\[\]]", text.lower()):
            words = _WORD.findall(part)
            for size in (2, 3):
                for i in range(len(words) - size + 1):
                    phrase = tuple(words[i : i + size])
                    if not _COMMON & set(phrase) and all(len(word) > 2 for word in phrase):
                        times[phrase] += 1
    lower = " ".join(_WORD.findall(head.lower()))
    best = [p for p, n in times.most_common(200) if n >= 3 and " ".join(p) in lower]
    best.sort(key=lambda phrase: -times[phrase] * len(phrase))
    kept: list[tuple[str, ...]] = []
    for phrase in best:
        if not any(set(phrase) & set(other) for other in kept):
            kept.append(phrase)
    return (" ".join(phrase) for phrase in kept[:most])


def _leaned_on(paper: Paper, most: int = 2) -> Iterator[str]:
    """The titles of the listed works that the text names most often: by their key, their number, or author and year."""
    text = prose(paper.body)
    counts: list[tuple[int, str]] = []
    keys = Counter(mention.key for mention in paper.latex.citations) if paper.latex is not None else Counter[str]()
    for work in listed_works(paper):
        if not work.cited.title:
            continue
        if work.key:
            n = keys[work.key]
        elif work.label:
            n = len(re.findall(rf"\[[^\]]*\b{re.escape(work.label)}\b[^\]]*\]", text))
        else:
            name = re.escape(work.cited.authors[0]) if work.cited.authors else "(?!)"
            n = len(re.findall(rf"\b{name}\b[^.]{{0,40}}?{work.cited.year or '(?!)'}", text))
        title = without_addresses(work.cited.title)  # of a bibliography's file, which nobody has examined
        if REMOVED not in title:
            counts.append((n, " ".join(_WORD.findall(title.lower())[:10])))
    counts.sort(key=lambda pair: -pair[0])
    return (title for n, title in counts[:most] if n >= 2)


def _cited(paper: Paper) -> set[str]:
    return {plain(work.cited.title) for work in listed_works(paper) if work.cited.title}


def _among(title: str, cited: set[str]) -> bool:
    """Whether a title is one of those cited, which a list may break off at a question mark or a colon."""
    whole = plain(title)
    return whole in cited or any(len(one.split()) >= WHOLE and whole.startswith(f"{one} ") for one in cited)


def _work(reference: Reference, cited: bool) -> Work:
    number = f"https://arxiv.org/abs/{reference.arxiv}" if reference.arxiv else reference.url
    return Work(
        title=reference.title,
        authors=reference.authors,
        year=reference.year,
        venue=reference.venue,
        url=f"https://doi.org/{reference.doi}" if reference.doi else number,
        abstract=reference.abstract[:MOST_ABSTRACT],
        source=reference.source,
        cited=cited,
    )


def _of_entry(told: Mapping[str, str], source: str) -> Work | None:
    if not told.get("title"):
        return None
    year = re.search(r"\d{4}", told.get("year") or told.get("date") or "")
    return Work(
        title=told["title"][:500],
        authors=tuple(name.strip() for name in re.split(r"\s+and\s+", told.get("author", "")) if name.strip())[:20],
        year=int(year.group()) if year else None,
        venue=(told.get("journal") or told.get("booktitle") or "")[:200],
        abstract=told.get("abstract", "")[:MOST_ABSTRACT],
        source=source,
    )
