"""What prose may not say of itself: a number, or a comparison, that no claim stands behind.

The same rules are kept when prose is written (over its markup) and when a paper is checked (over the text in the PDF). In both, what
a claim stands behind has been replaced by `BOUND` beforehand.

Strict parts (everything but the headings in LOOSE: abstract, results, ablation, conclusion, captions, tables) hold no
number but those in names (of datasets, arms and metrics) that the measurements themselves use. In the loose parts a number
may also stand that the idea states, as it was fixed before anything was measured, and a single digit ("layer 1", `x_2`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ai_scientist.claims.latex import legible
from ai_scientist.records import Claims, Fault, Idea

CONVENTIONS = ("95% interval", "95% confidence interval")
"""The level at which every interval of a paper is computed (`claims.compute`): a convention, no result."""
BOUND = "\ufffc"
"""Stands for text that a claim, or a reference's number, stands behind."""

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
    "forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million dozen percent twice thrice twofold threefold tenfold halved doubled tripled"
).split()  # fmt: skip
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9])[-+−]?(?:\d(?:[\d,]*\d)?(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?%?|(?<=[A-Za-z])\d*\.\d+%?"
    rf"|\b(?:{'|'.join(WORDS)})\b|{BOUND}\s*(?:%|percent|per cent)|(?:(?<=\s)|(?<=\()|^)[-−]{BOUND}",
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
    found = [match.group().strip() for match in _TOKEN.finditer(without_names(text, names.names))]
    if strict:
        return found
    stated = {match.group().strip("+-−%.,").lower() for match in _TOKEN.finditer(names.stated)}
    return [
        token for token in found
        if not re.fullmatch(r"\d", token) and token.strip("+-−%.,").lower() not in stated and not token.isalpha()
    ]  # fmt: skip


def unbound(text: str, names: Names, strict: bool, where: str) -> tuple[Fault, ...]:
    """Bare numbers, and in strict parts bare comparisons, each with the sentence it stands in."""
    faults = []
    for sentence in sentences(text):
        quoted = " ".join(sentence.replace(BOUND, "[…]").split())[:300]
        for token in numbers(sentence, names, strict):
            message = f"Bare number '{token.replace(BOUND, '[…]')}' in: {quoted}"
            faults.append(Fault(rule="bare-number", message=message, where=where))
        compared = _COMPARISON.search(without_names(sentence, names.names))
        if strict and compared and BOUND not in sentence and not _FORESEEN.search(sentence):
            message = f"Comparison '{compared.group()}' without \\compare in: {quoted}"
            faults.append(Fault(rule="bare-comparison", message=message, where=where))
    return tuple(faults)
