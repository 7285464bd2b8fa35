"""Commands whose arguments a reader does not see, or sees only in part: what each takes, as data."""

from __future__ import annotations

from collections.abc import Sequence

from ai_scientist_reviewer.latex.walk import Walker, handles

DROPPED = {
    1: """vspace hspace addvspace pagestyle thispagestyle pagenumbering includeonly hypersetup captionsetup geometry
       sisetup lstset urlstyle cline cmidrule cmidrulewidth addlinespace linespread selectlanguage setstretch hyphenation
       usetikzlibrary pgfplotsset tikzset newcounter stepcounter refstepcounter usepackage RequirePackage bibliographystyle
       date institute affil lhead chead rhead lfoot cfoot rfoot fancyhead fancyfoot markright enlargethispage setcitestyle
       bibdata bibstyle citation pdfinfo pdfbookmark InputIfFileExists input include subfile vskip pgfplotstableread
       icmlsetsymbol icmlkeywords PackageWarning newlength documentclass AtBeginDocument AtEndDocument
       IfFileExists CatchFileDef newsavebox usebox printAffiliationsAndNotice""",
    2: """setlength addtolength setcounter addtocounter addtocontents markboth newcolumntype settowidth newtcolorbox rule
       pgfmathsetmacro crefname Crefname counterwithin numberwithin DeclareUnicodeCharacter PassOptionsToPackage
       setbeamertemplate pdfbookmark icmlaffiliation icmlcorrespondingauthor""",
    3: "addcontentsline newenvironment renewenvironment PackageError titlespacing",
}
"""By the number of arguments; options and a star are passed over wherever they come."""
SECOND = "hyperlink hypertarget parbox raisebox foreignlanguage rotatebox"
"""Two arguments, of which the second is seen."""
FIRST = "texorpdfstring"
"""Two arguments, of which the first is seen."""


def passed_over(walker: Walker, count: int) -> None:
    walker.star()
    for _argument in range(count):
        while walker.option() is not None:
            pass
        walker.group()
    while walker.option() is not None:
        pass


def _dropping(count: int, names: Sequence[str]) -> None:
    @handles(*names)
    def drop(walker: Walker, _: str) -> None:
        passed_over(walker, count)


for _count, _names in DROPPED.items():
    _dropping(_count, _names.split())


@handles(*SECOND.split())
def second(walker: Walker, _: str) -> None:
    passed_over(walker, 1)


@handles(*FIRST.split())
def first(walker: Walker, _: str) -> None:
    shows = walker.group()
    walker.group()
    if shows is not None:
        walker.walk(shows)


@handles("multirow")
def several_rows(walker: Walker, _: str) -> None:
    passed_over(walker, 2)


@handles("multicolumn")
def several_columns(walker: Walker, _: str) -> None:
    passed_over(walker, 2)


@handles("left", "right", "middle", "displaystyle", "textstyle", "limits", "nolimits", "big", "Big", "bigg", "Bigg")
def unseen(walker: Walker, _: str) -> None:
    pass


@handles("linebreak", "pagebreak", "newpage", "clearpage", "par", "newline", "tabularnewline", "bigskip", "medskip", "smallskip", "cr")  # fmt: skip
def breaks(walker: Walker, command: str) -> None:
    walker.option()
    walker.say("\n\n" if command in ("par", "newpage", "clearpage") else "\n")


@handles("xspace")
def space(walker: Walker, _: str) -> None:
    if walker.following().isalnum():
        walker.say(" ")
