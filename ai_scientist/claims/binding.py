"""What prose may not say of itself: a number, or a comparison, that no claim stands behind.

The same rules are kept when prose is written (over its markup) and when a paper is checked (over the text in the PDF). In both, what
a claim stands behind has been replaced by `BOUND` beforehand.

Strict parts (everything but the headings in LOOSE: abstract, results, ablation, conclusion, captions, tables) hold no
number but those in names (of datasets, arms and metrics) that the measurements themselves use. In the loose parts a number
may also stand that the idea states, as it was fixed before the search began, and a single digit ("layer 1", `x_2`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from ai_scientist.claims.latex import legible
from ai_scientist.records import Claims, Fault, Idea

CONVENTIONS = ("95% interval", "95% confidence interval")
"""The level at which every interval of a paper is computed (`claims.compute`): a convention, no result."""
BOUND = "\ufffc"
"""Stands for text that a claim, or a reference's number, stands behind."""
COMPARED = f"{BOUND}≷"
"""Stands for the clause of a comparison."""

LOOSE = frozenset(
    "introduction, related work, background, method, methods, experiments, experimental setup, limitations, "
    "discussion and limitations".split(", ")
)
"""Headings, in lower case, of the parts that report nothing."""

MADE = "How this paper was made"
AFTER = frozenset({"References", MADE})
"""Headings that end the paper proper: what follows reports the run, and holds claims by their links alone."""

WORDS = (
    "three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty "
    "forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million dozen percent twice thrice twofold threefold tenfold halved doubled tripled "
    "doubles triples quadruples quadrupled fourfold fivefold sixfold sevenfold eightfold ninefold hundredfold"
).split()  # fmt: skip
_UNIT = r"(?:\s(?:per\s?cent|percentage\s+points?|points?)\b)"
"""What makes a result of any number, a single digit's too."""
_TOKEN = re.compile(
    rf"(?<![A-Za-z0-9])[-+−]?(?:\d(?:[\d,]*\d)?(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?(?:\s?%|{_UNIT})?|\b(?:one|two|{'|'.join(WORDS)}){_UNIT}|"
    r"(?<=[A-Za-z])(?:\d*\.\d+%?|\d+%)"
    rf"|\b(?:{'|'.join(WORDS)}|orders? of magnitude|point (?:oh|zero|one|two)|half (?:of|the)|(?:a|one|two) (?:half|thirds?|quarters?|fifths?|tenths?) of)\b|{BOUND}\s*(?:%|percent|per cent)|(?:(?<=\s)|(?<=\()|^)[-−]{BOUND}",
    re.IGNORECASE,
)
_COMPARISON = re.compile(
    r"\b(?:outperform\w*|surpass\w*|exceed(?:s|ed)|superior|inferior|significant(?:ly)?|beats?|state[- ]of[- ]the[- ]art"
    r"|(?:better|worse|higher|lower|larger|smaller|more \w+|less \w+|fewer \w+) than)\b",
    re.IGNORECASE,
)
_FORESEEN = re.compile(
    r"\b(?:predict|expect|hypothe|would|could|might|may|asked|asks|whether|if|no claim|not be|cannot|rather than|"
    r"more than one|other than|require|need)",
    re.IGNORECASE,
)
_BORNE_OUT = re.compile(r"\bas\s+(?:\w+\s+){0,3}?(?:predict|expect|hypothe)\w*|\bthan\s+expected", re.IGNORECASE)
"""Not foreseen, but said to have come: "as expected"."""
_TURNED = re.compile(
    rf"\b(?:not|never|no|nor|hardly|false|untrue|wrong|incorrect|mistaken|doubt\w*|den(?:y|ies|ied)|contrary)\b[^.,;:{BOUND}]*\bthat\s+{BOUND}"
    rf"|\b(?:not|never)\s+{BOUND}"
    rf"|{BOUND}[^.;{BOUND}]*\b(?:is|was|proved)\s+(?:false|untrue|wrong|incorrect|not\s+(?:so|true|the\s+case|correct))\b",
    re.IGNORECASE,
)
"""A claim that its own sentence takes back. The clause holds its direction; nothing around it may turn it."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\ufffc“\"(\\$])")


@dataclass(frozen=True)
class Names:
    """What may carry a number without being one."""

    names: tuple[str, ...]
    """Datasets, arms and metrics, as the measurements and the experiments call them."""
    stated: str = ""
    """The idea's text: what was fixed beforehand."""
    title: str = ""


def names_of(idea: Idea, claims: Claims) -> Names:
    metrics = [metric.title for metric in (idea.metric, *idea.secondary)]
    every = {*idea.datasets, *claims.labels.values(), *metrics}
    every |= {legible(name) for name in every}
    lettered = tuple(sorted((name for name in every if sum(map(str.isalpha, name)) >= 3), key=len, reverse=True))
    predictions = " ".join(f"{prediction.text} {prediction.at_least:g}" for prediction in idea.predictions)
    texts = (
        idea.title,
        idea.question,
        idea.hypothesis,
        predictions,
        *idea.datasets.values(),
        idea.baseline,
        idea.proposal,
    )
    return Names((*lettered, *CONVENTIONS), " ".join((*texts, *idea.risks)), idea.title)


def is_strict(heading: str) -> bool:
    return heading.strip().lower() not in LOOSE


def squeeze(text: str) -> tuple[str, list[int]]:
    """The text without spaces and hyphens, in which line breaks leave no trace, and where each character stood."""
    kept = [
        (character.lower(), place)
        for place, character in enumerate(text)
        if not character.isspace() and character != "-"
    ]
    return "".join(character for character, _ in kept), [place for _, place in kept]


def without_names(text: str, names: Iterable[str]) -> str:
    """The text with each character of a known name turned into a letter."""
    out = list(text)
    squeezed, places = squeeze(text)
    for name in names:
        wanted, _ = squeeze(name)
        start = squeezed.find(wanted)
        while wanted and start >= 0:
            end = start + len(wanted)
            ahead = squeezed[start - 1 : start].isdigit() and wanted[0].isdigit()
            behind = squeezed[end : end + 1].isdigit() and wanted[-1].isdigit()
            if not ahead and not behind:  # "digits, 20" does not cover "digits, 200"
                for place in places[start:end]:
                    if out[place].isdigit() or out[place] in "%.":
                        out[place] = "n"
            start = squeezed.find(wanted, start + 1)
    return "".join(out)


def sentences(text: str) -> list[str]:
    return [sentence for sentence in _SENTENCE.split(text) if sentence.strip()]


def numbers(text: str, names: Names, strict: bool) -> list[str]:
    """Each number in the text that nothing stands behind."""
    plain = unicodedata.normalize(
        "NFKC", without_names(text, names.names)
    )  # ½, ² and full-width digits are numbers too
    found = [match.group().strip() for match in _TOKEN.finditer(plain)]
    if strict:
        return found
    stated = {match.group().strip("+-−%.,").lower() for match in _TOKEN.finditer(names.stated)}
    measured = re.compile(_UNIT, re.IGNORECASE)
    return [
        token for token in found
        if not re.fullmatch(r"\d", token) and token.strip("+-−%.,").lower() not in stated
        and (measured.search(token) or not token.replace(" ", "").isalpha())
    ]  # fmt: skip


def unbound(text: str, names: Names, strict: bool, where: str) -> tuple[Fault, ...]:
    """Bare numbers, claims turned round, and in strict parts bare comparisons, each with the sentence it stands in."""
    faults = []
    for sentence in sentences(text):
        quoted = " ".join(sentence.replace(COMPARED, BOUND).replace(BOUND, "[…]").split())[:300]
        for token in numbers(sentence, names, strict):
            message = f"Bare number '{token.replace(BOUND, '[…]')}' in: {quoted}"
            faults.append(Fault(rule="bare-number", message=message, where=where))
        compared = _COMPARISON.search(without_names(sentence, names.names))
        if strict and compared and COMPARED not in sentence and not _FORESEEN.search(_BORNE_OUT.sub("", sentence)):
            message = f"Comparison '{compared.group()}' without \\compare in: {quoted}"
            faults.append(Fault(rule="bare-comparison", message=message, where=where))
        if _TURNED.search(sentence):
            message = f"What is claimed is taken back in its own sentence: {quoted}"
            faults.append(Fault(rule="turned-claim", message=message, where=where))
    return tuple(faults)
