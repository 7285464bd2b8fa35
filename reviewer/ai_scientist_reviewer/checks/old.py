"""Checks without a model: one rule, one function. A rule says what it found, or raises `UncheckableError`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ai_scientist_reviewer.document import Caption, Line
from ai_scientist_reviewer.findings import Finding, Severity
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.ports import Records
from ai_scientist_reviewer.results import Results
from ai_scientist_reviewer.structure import body_style, heading_of, prose, quote_around
from ai_scientist_reviewer.venues import Venue

Check = Callable[[Paper], Iterator[Finding]]
RULES: dict[str, Check] = {}
"""Rule id to the function that applies it."""


class UncheckableError(Exception):
    """The rule does not apply to this paper or this kind of file; the message says why."""


def rule(name: str) -> Callable[[Check], Check]:
    def register(check: Check) -> Check:
        RULES[name] = check
        return check

    return register


def check(
    paper: Paper,
    *,
    venue: Venue | None = None,
    results: Results | None = None,
    records: Records | None = None,
    ignore: frozenset[str] = frozenset(),
) -> tuple[Finding, ...]:
    """What the rules say about the paper, by page; a rule that could not be applied says so with `checked=False`."""
    findings: list[Finding] = []
    for name, apply in RULES.items():
        if name in ignore:
            continue
        try:
            findings += apply(paper)
        except UncheckableError as why:
            findings.append(Finding(rule=name, severity="info", message=f"Could not be checked: {why}.", checked=False))
    return tuple(sorted(findings, key=lambda finding: (finding.page or 0, finding.rule)))


def _finding(paper: Paper, rule: str, severity: Severity, message: str, quote: str, fix: str) -> Finding:
    """A finding placed where its quote stands."""
    place = paper.locate(quote) if quote else None
    page, box = (place.page, place.box) if place else (None, None)
    return Finding(rule=rule, severity=severity, message=message, page=page, box=box, quote=quote, fix=fix)


def _at_line(line: Line, rule: str, severity: Severity, message: str, fix: str) -> Finding:
    quote = line.text.strip()[:300]
    return Finding(rule=rule, severity=severity, message=message, page=line.page, box=line.box, quote=quote, fix=fix)


_POINTER = (
    r"(?:Figures?|Figs?\.|Tables?|Tabs?\.|Sections?|Secs?\.|Equations?|Eqs?\.|Appendix|Algorithms?|Theorems?|Lemmas?)"
)
_UNRESOLVED = re.compile(rf"{_POINTER}\s*\(?\?\?|\[\s*\?(?:\s*[,;]\s*\?)*\s*\]|\(\s*\?\s*\)|(?<![\w?!])\?\?(?![\w?!])")


@rule("unresolved-reference")
def unresolved_references(paper: Paper) -> Iterator[Finding]:
    """LaTeX prints ?? and (?) where a label or a citation key does not exist."""
    for line, before, after in _neighbours(paper):
        joined = f"{before} {line.text} {after}" if before else f"{line.text} {after}"
        offset = len(before) + 1 if before else 0
        for match in _UNRESOLVED.finditer(joined):
            if offset <= match.end() - 1 < offset + len(line.text):
                quote = quote_around(joined, match.start(), match.end())
                cites = "citation" if "??" not in match.group() else "cross-reference"
                message = f'"{match.group()}" is a {cites} that points to nothing.'
                fix = "Define the label or bibliography key, or correct its spelling."
                yield _at_line(line, "unresolved-reference", "error", message, fix).model_copy(update={"quote": quote})


def _neighbours(paper: Paper) -> Iterator[tuple[Line, str, str]]:
    """Each line with the text of the lines before and after it."""
    lines = paper.lines
    for i, line in enumerate(lines):
        before = lines[i - 1].text if i else ""
        yield line, before, lines[i + 1].text if i + 1 < len(lines) else ""


_PLACEHOLDER = re.compile(
    r"\b(TODO|FIXME|TBD|XXX)\b|lorem ipsum|\[?citation needed\]?"
    r"|\[(insert|add|your|fill in)\b[^\]]{0,60}\]"
    r"|\b(conclusions?|abstract|introduction|results?|title|text|caption) (goes |go )?here\b"
    r"|<(insert|placeholder)[^>]{0,60}>"
    r"|\bplaceholder (text|figure|table|citation)\b",
    re.IGNORECASE,
)


@rule("placeholder")
def placeholders(paper: Paper) -> Iterator[Finding]:
    for line in paper.lines:
        for match in _PLACEHOLDER.finditer(line.text):
            if match.group().isalpha() and match.group() != match.group().upper() and " " not in match.group():
                continue  # "todo" in running text is a word like any other
            message = f'"{match.group()}" looks like a placeholder that was left in.'
            yield _at_line(line, "placeholder", "error", message, "Write what belongs there, or remove it.")


_RESIDUE = re.compile(
    r"\bas an? (AI|large) language model\b|\bI (cannot|can't) (assist|help) with\b|\bI hope this helps\b"
    r"|^\s*(certainly|sure)[,!] here (is|are)\b|\bknowledge cut-?off\b.{0,30}\bmy\b"
    r"|\bmy (last )?knowledge (update|cut-?off)\b"
    r"|^\s*here is (the|a) (revised|updated|rewritten|improved) (version|paragraph|section)\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"\\(cite[tp]?|ref|label|section|textbf|textit|begin|end)\s*\{|\*\*\w[^*]{2,60}\*\*|^```")


@rule("model-residue")
def model_residue(paper: Paper) -> Iterator[Finding]:
    """What chat models leave behind, and markup that was not turned into print."""
    for line in paper.lines:
        if match := _RESIDUE.search(line.text):
            message = f'"{match.group().strip()}" is the voice of a chat model.'
            yield _at_line(line, "model-residue", "error", message, "Remove it and read the passage again.")
        elif paper.source == "pdf" and (match := _MARKUP.search(line.text)):
            message = f'"{match.group().strip()}" is markup that was printed instead of applied.'
            yield _at_line(line, "model-residue", "warn", message, "Repair the source around it.")


@rule("missing-limitations")
def missing_limitations(paper: Paper) -> Iterator[Finding]:
    if not paper.sections:
        raise UncheckableError("no headings were recognised")
    if any("limitation" in section.title.casefold() for section in paper.sections):
        return
    told = re.search(r"\blimitations?\b|\blimited (to|by)\b|\bthreats? to validity\b", paper.body, re.IGNORECASE)
    if told:
        quote = quote_around(paper.body, told.start(), told.end())
        message = "Limitations are mentioned but have no section of their own."
        yield _finding(paper, "missing-limitations", "info", message, quote, "Give them a heading; venues ask for it.")
    else:
        message = "Nothing is said about limitations."
        yield _finding(paper, "missing-limitations", "warn", message, "", "Say where the findings may not hold.")


@rule("figure-unreferenced")
def unreferenced_figures(paper: Paper) -> Iterator[Finding]:
    """Figures and tables that the text never points to."""
    pointed = _pointed(paper)
    for caption in paper.captions:
        if caption.number != "??" and (caption.kind, caption.number) not in pointed:
            yield Finding(
                rule="figure-unreferenced",
                severity="warn",
                message=f"{caption.kind} {caption.number} is never referred to in the text.",
                page=caption.page,
                box=caption.box,
                quote=f"{caption.kind} {caption.number}: {caption.text}"[:160],
                fix="Refer to it where its content matters, or leave it out.",
            )


@rule("figure-missing")
def missing_figures(paper: Paper) -> Iterator[Finding]:
    """Figures and tables that the text points to and that are not there."""
    if not paper.captions:
        raise UncheckableError("no captions were recognised")
    there = {(caption.kind, caption.number) for caption in paper.captions}
    for (kind, number), quote in _pointed(paper).items():
        if (kind, number) not in there:
            message = f"The text points to {kind} {number}, for which no caption was found."
            yield _finding(paper, "figure-missing", "warn", message, quote, "Add it, or correct the number.")


def _pointed(paper: Paper) -> dict[tuple[str, str], str]:
    """(kind, number) of each figure and table that the text names outside the caption itself, with a quote."""
    pointed: dict[tuple[str, str], str] = {}
    text = prose(paper.text)
    for match in re.finditer(
        r"\b(Fig(?:ure|\.)?|Tab(?:le|\.)?)s?\.?\s*([A-Z]?\d{1,3})((?:\s*(?:,\s*and|,|and|&|to|[–-])\s*[A-Z]?\d{1,3}\b)*)",
        text,
    ):
        kind = "Table" if match[1].startswith("Tab") else "Figure"
        if re.match(r"\s*[:|]|\.\s+[A-Z]", text[match.end() :]) and _is_caption(
            paper, kind, match[2], text[match.end() :]
        ):
            continue
        numbers = [match[2], *re.findall(r"[A-Z]?\d{1,3}", match[3])]
        if re.search(r"to|[–-]", match[3]) and numbers[0].isdigit() and numbers[-1].isdigit():
            numbers += [str(n) for n in range(int(numbers[0]), min(int(numbers[-1]), int(numbers[0]) + 50))]
        for number in numbers:
            pointed.setdefault((kind, number), quote_around(text, match.start(), match.end()))
    return pointed


def _is_caption(paper: Paper, kind: str, number: str, after: str) -> bool:
    def begins(caption: Caption) -> bool:
        return after.lstrip(":.| ").startswith(prose(caption.text)[:20])

    return any(c.kind == kind and c.number == number and begins(c) for c in paper.captions)


_GROUP = re.compile(r"\[(\d{1,3}(?:\s*(?:,|;|[–-])\s*\d{1,3})*)\]")
_AUTHOR_YEAR = re.compile(
    r"(?P<who>[A-Z][\w’'-]+(?:-[A-Z]\w+)?)"
    r"(?P<more>\s+et al\.?|\s+(?:and|&)\s+[A-Z][\w’'-]+)?"
    r",?\s*[(\[]?(?P<year>(?:19|20)\d\d)[a-z]?\b"
)


@rule("reference-uncited")
def uncited_references(paper: Paper) -> Iterator[Finding]:
    """Entries of the reference list that the text never cites."""
    body = prose(paper.body)
    labelled = _listed(paper)
    cited = _cited_numbers(body)
    for entry in paper.references:
        if labelled:
            used = entry.label in cited
        elif entry.surname and entry.year:
            used = re.search(rf"{re.escape(entry.surname)}.{{0,80}}?{entry.year}", body) is not None
        else:
            continue
        if not used:
            message = "This reference is listed and never cited."
            yield _finding(paper, "reference-uncited", "warn", message, prose(entry.text)[:160], "Cite it or drop it.")


@rule("citation-absent")
def absent_citations(paper: Paper) -> Iterator[Finding]:
    """Citations of works that the reference list does not hold."""
    body = prose(paper.body)
    fix = "Add the reference, or correct the citation."
    if _listed(paper):
        labels = {entry.label for entry in paper.references}
        for number, quote in _cited_numbers(body).items():
            if number not in labels and 0 < int(number) <= 3 * len(labels):
                message = f"[{number}] is cited and not in the reference list."
                yield _finding(paper, "citation-absent", "error", message, quote, fix)
        return
    known = {(entry.surname.casefold(), entry.year) for entry in paper.references}
    seen: set[tuple[str, str]] = set()
    for match in _AUTHOR_YEAR.finditer(body):
        key = (match["who"].casefold(), match["year"])
        cites = match["more"] and (
            match["more"].strip().startswith("et al") or body[match.end() : match.end() + 1] == ")"
        )
        if cites and key not in known and key not in seen and not any(match["who"] in e.text for e in paper.references):
            seen.add(key)
            quote = quote_around(body, match.start(), match.end())
            message = f"{match['who']} {match['year']} is cited and not in the reference list."
            yield _finding(paper, "citation-absent", "warn", message, quote, fix)


def _listed(paper: Paper) -> bool:
    """Whether the reference list is numbered."""
    if not paper.references:
        raise UncheckableError("no reference list was recognised")
    return all(entry.label for entry in paper.references)


def _cited_numbers(body: str) -> dict[str, str]:
    """Number to a quote of where it is first cited, ranges written out."""
    cited: dict[str, str] = {}
    for match in _GROUP.finditer(body):
        for part in re.split(r"[,;]", match[1]):
            ends = [int(number) for number in re.findall(r"\d+", part)]
            for number in range(ends[0], min(ends[-1], ends[0] + 50) + 1):
                cited.setdefault(str(number), quote_around(body, match.start(), match.end()))
    return cited


_NUMBER = re.compile(r"(?<![\w.])[−-]?\d+(?:,\d{3})*(?:\.\d+)?(?![\w]|\.\d)")


@rule("abstract-number")
def abstract_numbers(paper: Paper) -> Iterator[Finding]:
    """Numbers of the abstract that stand nowhere else in the paper."""
    if not paper.abstract:
        raise UncheckableError("no abstract was recognised")
    abstract = prose(paper.abstract)
    rest = prose(paper.body).replace(abstract, " ")
    elsewhere = {match.group().replace(",", "") for match in _NUMBER.finditer(rest)}
    for match in _NUMBER.finditer(abstract):
        if match.group().replace(",", "") not in elsewhere and len(match.group()) > 1:
            quote = quote_around(abstract, match.start(), match.end())
            message = f"{match.group()} stands in the abstract and nowhere else in the text."
            yield _finding(
                paper, "abstract-number", "info", message, quote, "Say in the body where the number comes from."
            )


@rule("sentence-cut")
def cut_sentences(paper: Paper) -> Iterator[Finding]:
    """A paragraph that breaks off at a number: an unescaped percent sign hides the rest of its line from LaTeX."""
    if paper.source != "pdf":
        raise UncheckableError("it shows in print only")
    style = body_style(paper.lines)
    lines = [line for line in paper.lines if line.box is not None and abs(line.size - style[0]) <= 0.6]
    for before, line, after in zip(lines, lines[1:], [*lines[2:], None], strict=False):
        if before.box is None or line.box is None or not re.search(r"(^|[a-z] )\d+(\.\d+)?$", line.text.strip()):
            continue
        if " " not in line.text.strip() and before.text.rstrip().endswith((".", ":")):
            continue  # a lone number after a full sentence: a page number or a table's cell
        joined = _beside(before, line) and line.box.top - before.box.bottom < before.size and len(before.text) > 60
        # Paragraphs are set flush: a line that stops before the margin is its paragraph's last.
        margin = max(other.box.right for other in lines if other.box is not None and _beside(other, line))
        ends = after is None or after.page != line.page or heading_of(after, style) is not None or _apart(line, after)
        if (joined or len(line.text) > 60) and line.box.right < margin - 6 and ends:
            message = "The paragraph breaks off after a number; an unescaped % in the source would do that."
            fix = "Write \\% in the source, and look at what was lost."
            start = before.text.strip()[-80:].split(" ", 1)[-1] + "\n" if joined else ""
            quote = {"quote": start + line.text.strip()}
            yield _at_line(line, "sentence-cut", "error", message, fix).model_copy(update=quote)


def _beside(other: Line, line: Line) -> bool:
    """Whether two lines of a page begin at the same margin."""
    if other.box is None or line.box is None or other.page != line.page:
        return False
    return abs(other.box.left - line.box.left) < 1


def _apart(line: Line, after: Line) -> bool:
    return line.box is not None and after.box is not None and after.box.top - line.box.bottom > 0.5 * line.size
