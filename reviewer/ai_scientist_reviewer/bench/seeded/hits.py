"""Which findings count as having found an error, and whether they say where it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from ai_scientist_reviewer.bench.seeded.base import Where
from ai_scientist_reviewer.bench.seeded.comparisons import OPPOSITE
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.quotes import compact

NEAR = 2
"""Lines of source by which a finding may miss the place and still tell it."""
SHARED = 12
"""Characters in a row, white space aside, that a quote shares with the place's words."""


_DIRECTION = re.compile("|".join(sorted(OPPOSITE, key=len, reverse=True)))


class Found(NamedTuple):
    """What came of one error in one reading."""

    hit: bool
    """A finding of an accepted rule, error or warning, that the clean twin does not have."""
    mentioned: bool
    """The same, informative findings included."""
    quote: bool
    """Of the hit: its quote is of the place."""
    line: bool
    """Its file and line are."""
    page: bool
    """Its page is."""
    by: tuple[str, ...]
    """Rules that found it."""
    others: tuple[str, ...]
    """Rules, not accepted for the kind, that say something new about the mutated twin."""

    @property
    def placed(self) -> bool:
        return self.quote or self.line or self.page


def fresh(mutated: Iterable[Finding], clean: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that the clean twin does not have. Where they stand may have moved; and one that says the same of the same words
    but for a number or a direction was there before, and is no merit."""
    before = [finding for finding in clean if finding.checked]
    new = [finding for finding in mutated if finding.checked]
    for said in (_said, _masked):
        known = Counter(map(said, before))
        kept: list[Finding] = []
        for finding in new:
            if known[said(finding)]:
                known[said(finding)] -= 1
                before.remove(next(old for old in before if said(old) == said(finding)))
            else:
                kept.append(finding)
        new = kept
    return tuple(new)


def _said(finding: Finding) -> tuple[str, str]:
    """The rule and its quote, or where it has none the message without numbers of lines and pages."""
    told = finding.quote or re.sub(r"\b(line|page|lines|pages) [\d, –-]+", "", finding.message)
    return finding.rule, compact(told)[:80]


def _masked(finding: Finding) -> tuple[str, str]:
    rule, told = _said(finding)
    return rule, re.sub(r"[\d.,]+", "#", _DIRECTION.sub("~", told.casefold()))


def found(
    new: Sequence[Finding], where: Sequence[Where], accepted: frozenset[str], pages: Mapping[int, int] | None = None
) -> Found:
    """`pages`: by index of the place, the page on which its words stand."""
    mine = [finding for finding in new if finding.rule in accepted]
    loud = [finding for finding in mine if finding.severity != "info"]
    told = loud or mine
    places = list(enumerate(where))
    return Found(
        hit=bool(loud),
        mentioned=bool(mine),
        quote=any(quoted(finding.quote, place.words) for finding in told for _, place in places),
        line=any(_beside(finding, place) for finding in told for _, place in places),
        page=any(
            finding.page is not None and finding.page == (pages or {}).get(i) for finding in told for i, _ in places
        ),
        by=tuple(dict.fromkeys(finding.rule for finding in told)),
        others=tuple(dict.fromkeys(f.rule for f in new if f.rule not in accepted and f.severity != "info")),
    )


def quoted(quote: str, words: str) -> bool:
    """Whether a quote is of the place with these words: one holds the other, or they share a run of characters."""
    a, b = compact(quote).casefold(), compact(words).casefold()
    if not a or not b:
        return False
    if min(len(a), len(b)) <= SHARED:
        return a in b or b in a
    a, b = a[:600], b[:600]
    return SequenceMatcher(None, a, b, autojunk=False).find_longest_match().size >= SHARED


def _beside(finding: Finding, place: Where) -> bool:
    if finding.line is None:
        return False
    named = finding.file in ("", place.file) or finding.file.endswith(f"/{place.file}")
    return named and abs(finding.line - place.line) <= NEAR


# What a referee has to say for a weakness to count, where it does not quote the place: the error named, in other words.
SAYS: Mapping[str, re.Pattern[str]] = {
    kind: re.compile(pattern, re.IGNORECASE)
    for kind, pattern in {
        "number-not-in-table": r"(contradict|differ|inconsisten|disagree|mismatch|not match|does not agree).{0,80}(table|number|value)|table.{0,80}(contradict|differ|inconsisten|disagree|not match)",
        "number-not-in-results": r"(contradict|differ|inconsisten|disagree|not match).{0,80}(result file|log|measured)",
        "comparison-flipped": r"(contradict|opposite|reverse|wrong direction|inconsisten)",
        "percentage-off": r"(percent|%).{0,80}(wrong|inconsisten|not follow|incorrect|does not)|(wrong|inconsisten|incorrect).{0,80}(percent|%)",
        "wrong-bold": r"\bbold",
        "wrong-year": r"\b(year|dated?)\b",
        "invented-reference": r"(not exist|could not be found|cannot be found|fabricat|invented|unverifiable)",
        "undefined-citation": r"(undefined|unresolved|missing|broken).{0,40}(citation|reference)|\(\?\)|\[\?\]",
        "undefined-reference": r"(undefined|unresolved|missing|broken).{0,40}reference|\?\?",
        "captions-exchanged": r"caption.{0,80}(not|wrong|swap|exchang|mismatch)|(wrong|swap|exchang|mismatch).{0,80}caption",
        "figure-duplicated": r"(same|identical|duplicat|repeated).{0,40}(figure|image|picture|plot)|(figure|image|plot)s?.{0,60}(same|identical|duplicat)",
        "section-dropped": r"limitation",
        "p-value": r"p-?value|\bp\s*=",
        "grim": r"(mean|average).{0,80}(impossible|cannot|inconsisten)",
        "identity-shown": r"anonym|double-blind|reveal",
        "over-page-limit": r"page limit|too long|exceeds.{0,20}page",
        "placeholder": r"placeholder|TODO|left in|unfinished",
        "model-residue": r"language model|chat ?bot|AI assistant|left (in|over)",
        "float-unreferenced": r"(never|not) (referred|referenced|mentioned|discussed)",
        "percent-unescaped": r"(cut off|incomplete|breaks off|truncated|unfinished)",
        "figure-illegible": r"(illegible|too small|unreadable|cannot be read)",
        "overfull": r"(margin|overflow|runs (over|into|off))",
        "duplicate-label": r"(label|reference).{0,40}(wrong|twice|same)",
    }.items()
}
