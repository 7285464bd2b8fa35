"""What tells a blind reviewer who the authors are.

Applied where the venue is blind, where `--anonymous` says so, or where the paper itself claims to be anonymous.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ai_scientist_reviewer.checks.base import Subject, UncheckableError, rule
from ai_scientist_reviewer.checks.places import at_line, at_spot, quoted
from ai_scientist_reviewer.checks.written import everything, parted
from ai_scientist_reviewer.document import Line
from ai_scientist_reviewer.findings import Finding
from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.source import Source, Spot
from ai_scientist_reviewer.structure import body_style, heading_of, prose, quote_around

_ANONYMOUS = re.compile(
    r"\banonym|double[- ]blind|\bblinded\b|author names? (?:withheld|removed)|under review", re.IGNORECASE
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\{[\w.,\s+-]+\}\s*@[\w.-]+\.\w+")
_NO_ONE = re.compile(
    r"anon|example\.(?:com|org|net)|@(?:email|domain|institution|affiliation)\b|^(?:email|author|name)\d*@",
    re.IGNORECASE,
)
_HOSTS = re.compile(
    r"(?:https?://)?(?:www\.)?(?:"
    r"(?:github|gitlab|bitbucket|huggingface)\.(?:com|org|co)/(?P<owner>[\w.-]+)"
    r"|[\w-]+\.(?:github|gitlab)\.io|drive\.google\.com|docs\.google\.com|dropbox\.com|sites\.google\.com|onedrive\.live\.com"
    r"|[\w.-]+\.(?:edu|ac\.\w\w)/~\w+|linkedin\.com/in/|orcid\.org/\d|scholar\.google\.\w+/citations|twitter\.com/\w+|x\.com/\w+)"
    r"[^\s)\]}>,]*",
    re.IGNORECASE,
)
_OURS = re.compile(
    r"\b(?:our|we|code|data|models?|implementation|repository|supplement\w*|project page|available|released?|provided|found)\b",
    re.IGNORECASE,
)
_THANKS = re.compile(r"acknowledge?ments?(?: and .{3,40})?|funding(?: sources?)?|author contributions?", re.IGNORECASE)
_FUNDED = re.compile(
    r"\b(?:this (?:work|research|project|study) (?:was|is|has been) (?:partially |partly |in part |financially )?(?:supported|funded)"
    r"|supported (?:in part )?by (?:the|an?) [^.]{0,60}\b(?:grants?|foundation|fellowship|council)"
    r"|\bgrants? (?:no\.?|number|agreement)\s*[\w-]*\d|we (?:would like to )?thank [A-Z])",
    re.IGNORECASE,
)
_SELF = re.compile(
    r"\b(?:our|my) (?:own )?(?:previous|prior|earlier|recent|past|preceding|last) (?:work|papers?|stud(?:y|ies)|results?|method|model|research|publications?)\b"
    r"|\b(?:we|I) (?:have )?(?:previously|earlier|recently) (?:showed|shown|proposed|introduced|presented|published|reported|found|developed|studied)\b"
    r"|\bin (?:our|my) (?:work|paper|study|article)\b(?= *[\[(])",
    re.IGNORECASE,
)
_CITED = re.compile(
    r"\[\d{1,3}(?:[,;–-]\s*\d{1,3})*\]|\((?:[^()]{0,80}\b)?(?:19|20)\d\d[a-z]?\)|\\cite\w*\s*(?:\[[^\]]*\])*\{"
)
_REACH = 90
"""Characters after the words within which the citation has to stand."""
_HOME = re.compile(r"(?:/(?:home|Users|mnt/[a-z]/Users)/|[A-Z]:\\+Users\\+)(?P<user>[A-Za-z][\w.-]+)")
_NOBODY = frozenset(
    ("user", "username", "users", "you", "me", "shared", "public", "ubuntu", "root", "default", "runner", "docker", "anonymous", "name", "admin", "student")
)  # fmt: skip


@rule("author-named")
def named_authors(subject: Subject) -> Iterator[Finding]:
    """Names or affiliations between the title and the abstract; in the source, an author block that the style prints."""
    paper = _blind(subject)
    fix = "Have the style hide the authors, or write Anonymous."
    if paper.source == "pdf":
        block = author_block(paper)
        if block is None:
            raise UncheckableError("no abstract was recognised, so the author block cannot be told")
        # "Under double-blind review" is printed by the venue's style, whoever is named above it.
        named = [line for line in block if not _ANONYMOUS.search(line.text)]
        if named and not any(re.search("anonym", line.text, re.IGNORECASE) for line in block):
            yield at_line(named[0], "author-named", "error", "The first page names authors.", fix)
    elif paper.latex is not None:
        yield from _author_command(paper.latex, fix)


def author_block(paper: Paper) -> list[Line] | None:
    """The lines with words between title and abstract; None where there is no abstract."""
    style = body_style(paper.lines)
    first = [line for line in paper.lines if line.page == 1]
    ends = next((i for i, line in enumerate(first) if line.text.strip().casefold().startswith("abstract")), None)
    if ends is None:
        return None
    title = re.sub(r"\W", "", paper.title).casefold()
    kept = [line for line in first[:ends] if heading_of(line, style) is None or line.size > style[0]]
    return [
        line
        for line in kept
        if (word := re.sub(r"\W", "", line.text).casefold())
        and len(word) > 2
        and word not in title
        and title not in word
        and not word.isdigit()
    ]


def _author_command(source: Source, fix: str) -> Iterator[Finding]:
    text = everything(source)
    hides = re.search(
        r"\\usepackage(?:\[(?P<how>[^\]]*)\])?\{[^}]*(?:neurips|nips|iclr|icml|aistats|uai|colm|acl|tmlr)[_\w]*", text
    )
    printed = re.search(r"\\iclrfinalcopy|\\usepackage\[[^\]]*(?:final|preprint|accepted)", text)
    if hides and not printed:
        return  # the venue's style prints "Anonymous authors" in their place
    for file, content in source.files.items():
        if not file.endswith((".tex", ".ltx")):
            continue
        for number, line in enumerate(content.splitlines(), start=1):
            found = re.search(r"\\(?:author|icmlauthor|name)\s*(?:\[[^\]]*\])?\{(?P<who>.*)", parted(line)[0])
            if found and not _ANONYMOUS.search(found["who"]) and re.search(r"[A-Za-z]{2}", found["who"] or "X"):
                yield at_spot(source, Spot(file, number), "author-named", "error", "The source prints authors.", fix)
                return


@rule("email-shown")
def emails(subject: Subject) -> Iterator[Finding]:
    """An e-mail address, which names a person or an institution."""
    for line in _blind(subject).lines:
        for match in _EMAIL.finditer(line.text):
            if not _NO_ONE.search(match.group()):
                message = f"{match.group()} tells who the authors are."
                yield at_line(line, "email-shown", "error", message, "Leave it out until the paper is accepted.")


@rule("acknowledgements")
def acknowledgements(subject: Subject) -> Iterator[Finding]:
    """Thanks, funders and grant numbers, which a blind submission leaves out."""
    paper = _blind(subject)
    told = False
    fix = "Leave it out until the paper is accepted."
    for section in paper.sections:
        if (
            _THANKS.fullmatch(section.title.rstrip("."))
            and section.text.strip()
            and not _ANONYMOUS.search(section.text)
        ):
            told = True
            quote = section.text.strip().splitlines()[0]
            message = f"There is a section of {section.title.casefold()}."
            yield quoted(paper, "acknowledgements", "error", message, quote, fix)
    body = prose(paper.text)
    if not told and (match := _FUNDED.search(body)):
        quote = quote_around(body, match.start(), match.end())
        yield quoted(paper, "acknowledgements", "error", "Support or thanks tell who the authors are.", quote, fix)


@rule("identity-link")
def links(subject: Subject) -> Iterator[Finding]:
    """A link to a repository, a drive or a page of somebody's, where the text offers it as the authors' own."""
    paper = _blind(subject)
    body = prose(paper.body)
    listed = prose("\n".join(entry.text for entry in paper.references))
    for match in _HOSTS.finditer(body):
        if "anonymous" in match.group().casefold() or match.group() in listed:
            continue
        before = body[max(0, match.start() - 120) : match.start()]
        ours = _OURS.search(before) is not None
        message = f"{match.group().rstrip('.')} leads to whoever owns it."
        quote = quote_around(body, match.start(), match.end())
        fix = "Use an anonymous copy if it is yours; a link to the work of others can stay."
        yield quoted(paper, "identity-link", "error" if ours else "info", message, quote, fix)


@rule("identity-metadata")
def metadata(subject: Subject) -> Iterator[Finding]:
    """An author in the PDF's metadata."""
    paper = _blind(subject)
    if paper.source != "pdf":
        return
    for key, value in paper.metadata.items():
        named = key.casefold() in ("author", "company", "manager") and re.search(r"[A-Za-z]{2}", value)
        if named and not _ANONYMOUS.search(value):
            message = f"The PDF's metadata have {key}: {value[:120]}."
            found = quoted(paper, "identity-metadata", "error", message, "", "Leave it empty (hyperref: pdfauthor={}).")
            yield found.model_copy(update={"page": 1})


@rule("self-citation")
def self_citations(subject: Subject) -> Iterator[Finding]:
    """ "Our previous work [3]": a citation that says it is the authors' own."""
    paper = _blind(subject)
    body = prose(paper.body)
    for match in _SELF.finditer(body):
        if _CITED.search(body[match.start() : match.end() + _REACH]):
            quote = quote_around(body, match.start(), min(len(body), match.end() + 40))
            message = f"“{match.group()}” tells that the cited work is the authors' own."
            yield quoted(paper, "self-citation", "error", message, quote, "Cite it in the third person.")


@rule("user-path")
def paths(subject: Subject) -> Iterator[Finding]:
    """A path with the name of a user, as it stands in logs and in screenshots of code."""
    paper = _blind(subject)
    for line in paper.lines:
        for match in _HOME.finditer(line.text):
            if match["user"].casefold() not in _NOBODY:
                message = f"{match.group()} has the name of a user in it."
                yield at_line(line, "user-path", "error", message, "Write a path relative to the project.")


def _blind(subject: Subject) -> Paper:
    """The paper, where its authors may not be told.

    Raises:
        UncheckableError: nothing says that the review is blind.
    """
    claims = any(
        re.search(r"anonymous authors?|double[- ]blind", line.text, re.IGNORECASE) for line in subject.paper.lines[:15]
    )
    if subject.venue is None and not claims:
        raise UncheckableError("nothing says that the review is blind (--venue, --anonymous)")
    if subject.venue is not None and not subject.venue.anonymous and not claims:
        raise UncheckableError(f"{subject.venue.name} is not known to be blind (--anonymous)")
    return subject.paper
