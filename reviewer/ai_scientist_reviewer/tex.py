"""LaTeX source as one page of text: enough for reading and for the checks that need no layout."""

from __future__ import annotations

import re

from ai_scientist_reviewer.document import Glyph, Page, PaperError

_DROPPED = re.compile(
    r"\\(label|includegraphics|usepackage|bibliographystyle|vspace|hspace|maketitle)\*?(\[[^\]]*\])?(\{[^}]*\})?"
)
_ENVIRONMENT = re.compile(r"\\(begin|end)\{(?P<name>[a-zA-Z]+)\*?\}(\[[^\]]*\])?")
_HEADING = re.compile(r"\\(?P<kind>section|subsection|subsubsection)\*?\{(?P<title>[^}]*)\}")
_STYLED = re.compile(r"\\(textbf|textit|emph|texttt|underline|textsc|text)\{([^{}]*)\}")


def read_page(data: bytes, name: str) -> Page:
    """The document's text: headings and captions on lines of their own, formulas as they are written.

    Raises:
        PaperError: there is no LaTeX in the file.
    """
    source = data.decode("utf-8", "replace")
    if "\\" not in source:
        raise PaperError(f"{name} is not LaTeX source.")
    text = _plain(source)
    if not any(char.isalpha() for char in text):
        raise PaperError(f"{name} holds no text.")
    return Page(1, 0.0, 0.0, tuple(Glyph(char, None, 0.0, "", 0) for char in text))


def _plain(source: str) -> str:
    text = re.sub(r"(?<!\\)%.*", "", source)
    title = re.search(r"\\title\{([^}]*)\}", text)
    body = re.search(r"\\begin\{document\}(.*?)(\\end\{document\}|\Z)", text, re.DOTALL)
    text = body[1] if body else text
    text = re.sub(r"\\title\{[^}]*\}", "", text)
    text = _captions(text)
    text = _ENVIRONMENT.sub(lambda match: "\nAbstract\n" if match[0] == "\\begin{abstract}" else "\n", text)
    text = _bibliography(_headings(text))
    text = _DROPPED.sub("", text)
    for _ in range(4):
        text = _STYLED.sub(r"\2", text)
    text = text.replace("\\%", "%").replace("\\&", "&").replace("\\_", "_").replace("~", " ").replace("\\\\", "\n")
    text = re.sub(r"\n{3,}", "\n\n", text).strip()
    return f"{title[1].strip()}\n\n{text}" if title else text


def _headings(text: str) -> str:
    count = [0, 0, 0]

    def number(match: re.Match[str]) -> str:
        depth = ("section", "subsection", "subsubsection").index(match["kind"])
        count[depth] += 1
        count[depth + 1 :] = [0] * (2 - depth)
        return "\n{} {}\n".format(".".join(map(str, count[: depth + 1])), match["title"].strip())

    return _HEADING.sub(number, text)


def _captions(text: str) -> str:
    """Captions on lines of their own with their number; each `\\ref` as its label's number, ?? where it has none."""
    numbers = dict.fromkeys(re.findall(r"\\label\{([^}]*)\}", text), "0")
    for kind, environment in (("Figure", "figure"), ("Table", "table")):
        blocks = re.compile(rf"\\begin\{{{environment}\*?\}}.*?\\end\{{{environment}\*?\}}", re.DOTALL)
        for count, block in enumerate(blocks.findall(text), start=1):
            numbers.update(dict.fromkeys(re.findall(r"\\label\{([^}]*)\}", block), str(count)))
            # The last caption is the float's; those before it belong to its parts.
            head, found, tail = block.rpartition("\\caption{")
            if found:
                caption, after = _braced(tail)
                head = head.replace("\\caption{", "{")
                text = text.replace(block, f"{head}\n\n{kind} {count}: {caption}\n\n{after}", 1)
    return re.sub(r"\\(?:eq|auto|c|C)?ref\{([^}]*)\}", lambda match: numbers.get(match[1], "??"), text)


def _braced(text: str) -> tuple[str, str]:
    """What stands before the brace that closes, and what stands after it."""
    depth = 1
    for i, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return " ".join(text[:i].split()), text[i + 1 :]
    return text, ""


def _bibliography(text: str) -> str:
    items = re.split(r"\\bibitem(?:\[[^\]]*\])?\{([^}]*)\}", text)
    if len(items) == 1:
        return text
    keys = items[1::2]
    text = items[0] + "\nReferences\n" + "".join(f"\n[{n}] {' '.join(e.split())}" for n, e in enumerate(items[2::2], 1))

    def cite(match: re.Match[str]) -> str:
        wanted = [key.strip() for key in match[1].split(",")]
        return "[{}]".format(", ".join(str(keys.index(key) + 1) if key in keys else "?" for key in wanted))

    return re.sub(r"\\cite[tp]?\*?(?:\[[^\]]*\])*\{([^}]*)\}", cite, text)
