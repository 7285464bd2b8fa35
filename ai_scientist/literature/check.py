"""A citation's three verdicts: the work exists, its metadata are right, and it supports the sentence."""

from __future__ import annotations

from collections.abc import Sequence

from ai_scientist.literature.base import LiteratureSource
from ai_scientist.literature.identity import family, identities, plain, plain_arxiv, plain_doi
from ai_scientist.records import Record, Reference, Verdict


class Check(Record):
    verdict: Verdict
    why: str


class Judgement(Record):
    """What a judge, a model for instance, said on whether a work supports a sentence."""

    supports: bool
    span: str
    """The words of the work that decide it, verbatim."""
    judge: str
    """Who says so."""


class Verdicts(Record):
    """On one citation: a work cited for a sentence."""

    key: str
    exists: Check
    metadata: Check
    supports: Check


def check(
    reference: Reference, sources: Sequence[LiteratureSource], sentence: str = "", judgement: Judgement | None = None
) -> Verdicts:
    """Ask the sources for the work, compare what they hold with the reference, and weigh the judgement."""
    record, found = exists(reference, sources)
    compared = metadata(reference, record) if record else Check(verdict="UNKNOWN", why="no record to compare with")
    judged = supports(reference, sentence, judgement)
    return Verdicts(key=reference.key, exists=found, metadata=compared, supports=judged)


def exists(reference: Reference, sources: Sequence[LiteratureSource]) -> tuple[Reference | None, Check]:
    """The first source's record of the work. FAIL only where every source answered and none has it."""
    outages = list[str]()
    for source in sources:
        # The title first: a wrong DOI must not bring up another work where the one that is meant can be found.
        for names in ({"title": reference.title}, {"doi": reference.doi}, {"arxiv": reference.arxiv}):
            if not any(names.values()):
                continue
            answer = source.lookup(**names)
            for record in answer.references:
                if identities(record) & identities(reference) or plain(record.title) == plain(reference.title):
                    return record, Check(verdict="PASS", why=f"{source.name} has a record of it")
            if answer.verdict == "UNKNOWN":
                outages.append(f"{source.name}: {answer.why}")
                break
    if outages or not sources:
        return None, Check(verdict="UNKNOWN", why="; ".join(outages) or "no source was asked")
    asked = ", ".join(source.name for source in sources)
    return None, Check(verdict="FAIL", why=f"no source has a record of it ({asked})")


def metadata(reference: Reference, record: Reference) -> Check:
    """Compare title, authors, year, DOI and arXiv number with a source's record of the work."""
    ours, theirs = ([family(author) for author in r.authors] for r in (reference, record))
    pairs = {
        "title": (plain(reference.title), plain(record.title)),
        "authors": (", ".join(ours), ", ".join(theirs)),
        "year": (str(reference.year), str(record.year)),
    }
    for name, read in (("doi", plain_doi), ("arxiv", plain_arxiv)):
        left, right = read(getattr(reference, name)), read(getattr(record, name))
        if left and right:  # a number that one side does not have is no contradiction
            pairs[name] = (left, right)
    different = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    wrong = [f"{name}: '{left}', where {record.source} has '{right}'" for name, (left, right) in different.items()]
    if wrong:
        return Check(verdict="FAIL", why="; ".join(wrong))
    return Check(verdict="PASS", why=f"{', '.join(pairs)} agree with {record.source}")


def supports(reference: Reference, sentence: str, judgement: Judgement | None) -> Check:
    """The judgement, where there is one and its quotation is in the record; else UNKNOWN."""
    if judgement is None or not sentence:
        return Check(verdict="UNKNOWN", why="nobody judged it")
    span = " ".join(judgement.span.split())
    if not span or span.casefold() not in " ".join(reference.abstract.split()).casefold():
        return Check(verdict="UNKNOWN", why=f"{judgement.judge} quotes words that the record does not hold")
    return Check(verdict="PASS" if judgement.supports else "FAIL", why=f'{judgement.judge}: "{span}"')
