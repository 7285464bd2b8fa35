"""What was left in or lost while writing: placeholders, a chat model's voice, sentences cut off."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ai_scientist_reviewer.checks.base import Subject, rule
from ai_scientist_reviewer.checks.places import at_line, at_spot
from ai_scientist_reviewer.checks.written import written
from ai_scientist_reviewer.document import Line
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.source import Source
from ai_scientist_reviewer.structure import body_style, heading_of

_PLACEHOLDER = re.compile(
    r"\b(TODO|FIXME|TBD|XXX)\b|lorem ipsum|\[?citation needed\]?"
    r"|\[(insert|add|your|fill in)\b[^\]]{0,60}\]"
    r"|\b(conclusions?|abstract|introduction|results?|title|text|caption) (goes |go )?here\b"
    r"|<(insert|placeholder)[^>]{0,60}>"
    r"|\bplaceholder (text|figure|table|citation)\b",
    re.IGNORECASE,
)


@rule("placeholder")
def placeholders(subject: Subject) -> Iterator[Finding]:
    """TODO, "[insert ...]", "text goes here": what was to be replaced and was not."""
    paper = subject.paper
    for line in paper.lines:
        for match in _PLACEHOLDER.finditer(line.text):
            if match.group().isalpha() and match.group() != match.group().upper() and " " not in match.group():
                continue  # "todo" in running text is a word like any other
            message = f'"{match.group()}" looks like a placeholder that was left in.'
            yield at_line(line, "placeholder", "error", message, "Write what belongs there, or remove it.")


_RESIDUE = re.compile(
    r"\bas an? (AI|large) language model\b|\bI (cannot|can't) (assist|help) with\b|\bI hope this helps\b"
    r"|^\s*(certainly|sure)[,!] here (is|are)\b|\bknowledge cut-?off\b.{0,30}\bmy\b"
    r"|\bmy (last )?knowledge (update|cut-?off)\b"
    r"|^\s*here is (the|a) (revised|updated|rewritten|improved) (version|paragraph|section)\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"\\(cite[tp]?|ref|label|section|textbf|textit|begin|end)\s*\{|\*\*\w[^*]{2,60}\*\*|^```")


@rule("model-residue")
def model_residue(subject: Subject) -> Iterator[Finding]:
    """What chat models leave behind, and markup that was not turned into print."""
    paper = subject.paper
    for line in paper.lines:
        if match := _RESIDUE.search(line.text):
            message = f'"{match.group().strip()}" is the voice of a chat model.'
            yield at_line(line, "model-residue", "error", message, "Remove it and read the passage again.")
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
        joined = _beside(before, line) and line.box.top - before.box.bottom < before.size and len(before.text) > 60
        # Paragraphs are set flush: a line that stops before the margin is its paragraph's last.
        margin = max(other.box.right for other in lines if other.box is not None and _beside(other, line))
        ends = after is None or after.page != line.page or heading_of(after, style) is not None or _apart(line, after)
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
