"""Numbers of the text against each other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ai_scientist_reviewer.checks.base import Subject, UncheckableError, rule
from ai_scientist_reviewer.checks.places import quoted
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.structure import prose, quote_around

_NUMBER = re.compile(r"(?<![\w.])[−-]?\d+(?:,\d{3})*(?:\.\d+)?(?![\w]|\.\d)")


@rule("abstract-number")
def abstract_numbers(subject: Subject) -> Iterator[Finding]:
    """Numbers of the abstract that stand nowhere else in the paper."""
    paper = subject.paper
    if not paper.abstract:
        raise UncheckableError("no abstract was recognised")
    abstract = prose(paper.abstract)
    rest = prose(paper.body).replace(abstract, " ")
    elsewhere = {match.group().replace(",", "") for match in _NUMBER.finditer(rest)}
    for match in _NUMBER.finditer(abstract):
        if match.group().replace(",", "") not in elsewhere and len(match.group()) > 1:
            quote = quote_around(abstract, match.start(), match.end())
            message = f"{match.group()} stands in the abstract and nowhere else in the text."
            yield quoted(
                paper, "abstract-number", "info", message, quote, "Say in the body where the number comes from."
            )
