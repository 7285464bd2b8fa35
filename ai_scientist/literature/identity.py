"""When two records are of one work: by DOI, by arXiv number, or by title and first author."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from ai_scientist.records import Reference

_ARXIV_DOI = "10.48550/arxiv."


def plain(text: str) -> str:
    """Letters and digits in lower case without accents, single spaces between words."""
    folded = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("ø", "o").replace("ß", "ss").casefold())
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", bare))


def plain_doi(doi: str) -> str:
    """A DOI without the ways of writing it: "https://doi.org/10.1/AB" is "10.1/ab"."""
    return re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", doi.strip().lower())


def plain_arxiv(arxiv: str) -> str:
    """An arXiv number without prefix and version: "arXiv:1706.04599v2" is "1706.04599"."""
    return re.sub(r"v\d+$", "", re.sub(r"^(https?://arxiv\.org/(abs|pdf)/|arxiv:\s*)", "", arxiv.strip().lower()))


def family(author: str) -> str:
    """The family name of "Given Family" in plain letters, particles left out."""
    words = plain(author.split()[-1] if author.split() else "").split()
    return "".join(words)


def named(authors: Sequence[str]) -> str:
    """The authors as a sentence names them: "Breiman", "Hansen and Salamon", "Ben-David et al."."""
    families = [re.sub(r"^.*?((?:\b[a-zà-ÿ]+ )*\S+)$", r"\1", author.strip()) for author in authors]
    return f"{families[0]} et al." if len(families) > 2 else " and ".join(families)


def identities(reference: Reference) -> frozenset[str]:
    """Every name that the work goes by. Two records that share one are of one work."""
    names = set[str]()
    doi, arxiv = plain_doi(reference.doi), plain_arxiv(reference.arxiv)
    if doi.startswith(_ARXIV_DOI):
        names.add("arxiv:" + plain_arxiv(doi.removeprefix(_ARXIV_DOI)))
    elif doi:
        names.add("doi:" + doi)
    if arxiv:
        names.add("arxiv:" + arxiv)
    if reference.title and reference.authors:
        # With the first author, since titles such as "Learning with Noisy Labels" are used more than once.
        names.add(f"title:{plain(reference.title)}|{family(reference.authors[0])}")
    return frozenset(names)


def merged(references: Iterable[Reference]) -> tuple[Reference, ...]:
    """One record a work, in the order in which the works first come."""
    works: list[Reference] = []
    names: list[frozenset[str]] = []
    for reference in references:
        own = identities(reference)
        shared = [i for i, known in enumerate(names) if known & own]
        if not shared:
            works.append(reference)
            names.append(own)
            continue
        first, *others = shared
        works[first] = _filled(works[first], reference)
        names[first] |= own
        for i in reversed(others):  # this record shows that works seen as two are one
            works[first] = _filled(works[first], works.pop(i))
            names[first] |= names.pop(i)
    return tuple(works)


def _filled(record: Reference, other: Reference) -> Reference:
    """The record, with what it leaves empty taken from another of the same work, which is then named."""
    gaps = {name: getattr(other, name) for name in ("doi", "arxiv", "url", "abstract") if not getattr(record, name)}
    gaps = {name: value for name, value in gaps.items() if value}
    answers = tuple(dict.fromkeys((*record.answers, *other.answers)))
    if not gaps:
        return record if answers == record.answers else record.model_copy(update={"answers": answers})
    named = dict.fromkeys((*record.checked_against, other.source, *other.checked_against))
    return record.model_copy(update={**gaps, "checked_against": tuple(named), "answers": answers})
