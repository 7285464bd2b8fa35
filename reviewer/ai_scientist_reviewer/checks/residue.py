"""What was left in or lost while writing: placeholders, a chat model's voice, sentences cut off."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ai_scientist_reviewer.checks.base import Subject, rule
from ai_scientist_reviewer.checks.places import at_line, at_spot, with_next
from ai_scientist_reviewer.checks.written import written
from ai_scientist_reviewer.document import Line
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.source import Source
from ai_scientist_reviewer.structure import body_style, heading_of, quote_around

_PLACEHOLDER = re.compile(
    r"\b(?P<capitals>TODO|FIXME|TBD|TBA|XXX)\b|lorem ipsum|dolor sit amet|\[?citation needed\]?"
    r"|\[(insert|add|your|fill in|to be (added|written|filled))\b[^\]]{0,60}\]"
    r"|\[(cite|ref|citation|reference|figure|table|todo)\]"
    r"|\b(conclusions?|abstract|introduction|results?|title|text|captions?|content|discussion|summary) (goes |go )?here\b"
    r"|<(insert|placeholder|todo)[^>]{0,60}>"
    r"|\bplaceholder (text|figure|table|citation|value|number|image|for)\b|\bthis is (a|some) (placeholder|dummy text)\b"
    r"|\bto be (filled in|completed|written) (later|here|soon)\b|\bfirstname lastname\b",
    re.IGNORECASE,
)
_BLANKS = re.compile(
    r"(?<![\w.])(X{1,3}\.X{1,3}|X{2,3})\s?(%|percent\b|points?\b)|(?<![\w.])X{1,3}\.X{1,3}(?![\w.])|\?\?\.\?\?|\?\?\s?%"
)
"""Numbers that were to be filled in."""
_NOTES = re.compile(
    r"\\(?:todo|fixme|TODO|FIXME|missingfigure)(?:\[[^\]]*\])?\{(?P<note>[^{}]{0,80})|\\includegraphics(?:\[[^\]]*\])?\{(?P<picture>example-(?:image|grid)[\w-]*)\}"
)


@rule("placeholder")
def placeholders(subject: Subject) -> Iterator[Finding]:
    """TODO, "[insert ...]", "XX.X %", "text goes here", \\todo{}: what was to be replaced and was not."""
    paper = subject.paper
    fix = "Write what belongs there, or remove it."
    for line, text in with_next(paper):
        for match in (*_PLACEHOLDER.finditer(text), *_BLANKS.finditer(text)):
            if match.start() >= len(line.text):
                continue
            capitals = match.groupdict().get("capitals")
            if capitals and capitals != capitals.upper():
                continue  # "todo" in running text is a word like any other
            message = f'"{match.group()}" looks like a placeholder that was left in.'
            # Three crosses may name a variable.
            severity = "warn" if match.group() == "XXX" else "error"
            yield at_line(line, "placeholder", severity, message, fix, _quote(line, text, match))
            break  # one a line
    if paper.latex is not None:
        for line in written(paper.latex):
            for match in _NOTES.finditer(line.text):
                message = f'"{match["note"] or match["picture"]}" looks like a placeholder that was left in.'
                yield at_spot(paper.latex, line.spot, "placeholder", "error", message, fix, match.group())


def _quote(line: Line, text: str, match: re.Match[str]) -> str:
    """The words around a match, of its own line where it ends there."""
    return quote_around(line.text if match.end() <= len(line.text) else text, match.start(), match.end())


_RESIDUE = re.compile(
    r"\bas an? (AI|large) language model\b|\bas an AI( assistant)?,|\bI (cannot|can['’]t|am unable to) (assist|help|browse|access)\b"
    r"|\bI hope this helps\b|\bI(['’]m| am) sorry, but I\b|\b(let me know|feel free to ask) if you (need|have|would like)\b"
    r"|(^|[.!] )(certainly|sure|of course|absolutely)[,!] (here (is|are)|I can|I['’]ll)\b|\bknowledge cut-?off\b.{0,30}\bmy\b"
    r"|\bmy (last )?(knowledge|training) (update|cut-?off|data)\b|\bregenerate response\b"
    r"|(^|[.!] )here is (the|a|your) (revised|updated|rewritten|improved|polished) (version|paragraph|section|abstract|text)\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"\\(cite[tp]?|ref|label|section|textbf|textit|begin|end)\s*\{|\*\*\w[^*]{2,60}\*\*|^```")


@rule("model-residue")
def model_residue(subject: Subject) -> Iterator[Finding]:
    """What chat models leave behind ("As an AI language model"), and markup that was not turned into print."""
    paper = subject.paper
    for line, text in with_next(paper):
        match = _RESIDUE.search(text)
        if match and match.start() < len(line.text):
            message = f'"{match.group().strip()}" is the voice of a chat model.'
            fix = "Remove it and read the passage again."
            yield at_line(line, "model-residue", "error", message, fix, _quote(line, text, match))
        elif paper.source == "pdf" and (match := _MARKUP.search(line.text)):
            message = f'"{match.group().strip()}" is markup that was printed instead of applied.'
            yield at_line(line, "model-residue", "warn", message, "Repair the source around it.")


@rule("sentence-cut")
def cut_sentences(subject: Subject) -> Iterator[Finding]:
    """A paragraph that breaks off at a number: an unescaped percent sign hides the rest of its line from LaTeX."""
    paper = subject.paper
    if paper.latex is not None:
        yield from _swallowed(paper.latex)
        return
    style = body_style(paper.lines)
    lines = [line for line in paper.lines if line.box is not None and abs(line.size - style[0]) <= 0.6]
    for before, line, after in zip(lines, lines[1:], [*lines[2:], None], strict=False):
        if before.box is None or line.box is None or not re.search(r"(^|[a-z] )\d+(\.\d+)?$", line.text.strip()):
            continue
        if " " not in line.text.strip() and before.text.rstrip().endswith((".", ":")):
            continue  # a lone number after a full sentence: a page number or a table's cell
        if ". . ." in before.text + line.text:
            continue  # a table of contents
        joined = _beside(before, line) and line.box.top - before.box.bottom < before.size and len(before.text) > 60
        # Paragraphs are set flush: a line that stops before the margin is its paragraph's last.
        margin = max(other.box.right for other in lines if other.box is not None and _beside(other, line))
        ends = after is None or after.page != line.page or heading_of(after, style) is not None
        ends = ends or (after is not None and (_apart(line, after) or (joined and _indented(line, after))))
        if (joined or len(line.text) > 60) and line.box.right < margin - 6 and ends:
            message = "The paragraph breaks off after a number; an unescaped % in the source would do that."
            fix = "Write \\% in the source, and look at what was lost."
            start = before.text.strip()[-80:].split(" ", 1)[-1] + "\n" if joined else ""
            quote = start + line.text.strip()
            yield at_line(line, "sentence-cut", "error", message, fix, quote)


_PERCENT = re.compile(r"\d\s?$")
_GOES_ON = re.compile(r"%[\s,.;:)]*\w+(\s+\S+){2,}")


def _swallowed(source: Source) -> Iterator[Finding]:
    """A percent sign after a number with a sentence behind it: LaTeX takes it for a comment, and prints neither."""
    for line in written(source):
        if _PERCENT.search(line.text) and len(line.text.split()) >= 4 and _GOES_ON.match(line.comment):
            message = "LaTeX takes what follows the number for a comment, and does not print it."
            about = f"{line.text[-12:]}{line.comment[:12]}".strip()
            yield at_spot(source, line.spot, "sentence-cut", "error", message, "Write \\% for a percent sign.", about)


def _beside(other: Line, line: Line) -> bool:
    """Whether two lines of a page begin at the same margin."""
    if other.box is None or line.box is None or other.page != line.page:
        return False
    return abs(other.box.left - line.box.left) < 1


def _apart(line: Line, after: Line) -> bool:
    return line.box is not None and after.box is not None and after.box.top - line.box.bottom > 0.5 * line.size


def _indented(line: Line, after: Line) -> bool:
    """Whether a new paragraph begins below, by its indent."""
    if line.box is None or after.box is None:
        return False
    begins = re.match(r"[A-Z“\"(]", after.text.strip()) is not None
    return begins and 0.6 * line.size < after.box.left - line.box.left < 4 * line.size
