"""Numbers in prose and in cells: what they say, to which precision, and what role they play in their sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from ai_scientist_reviewer.document import Number

Role = Literal[
    "value", "setting", "count", "pointer", "citation", "year", "version", "identifier", "list", "date", "formula"
]
"""A value is a finding, a setting is what the authors chose, a count counts things that are named; the rest measure nothing."""

HELD: frozenset[Role] = frozenset({"value", "setting", "count"})
"""What may be held against tables and result files."""

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!,?\d)|\d{1,3}(?:[\u202f\u2009]\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+"
_POWER = r"(?:[eE][+−–-]?\d{1,3}(?![\w.]\d)|\s?[×·x∗*]\s?10\s?\^\{?\s?[+−–-]?\s?\d{1,3}\s?\}?)"
_NUMBER = re.compile(
    rf"(?<![\w.^{{_,])(?P<sign>(?<![\w)\]}}%])(?:(?<![\w)\]}}] )[+−–-]\s|[+−–-])(?=[\d.]))?(?P<digits>{_DIGITS})(?P<power>{_POWER})?(?:\^\{{[^}}]*\}})?"
)
_TENTH = re.compile(r"(?<![\w.])10\s?\^\{?\s?(?P<sign>[+−–-]?)\s?(?P<power>\d{1,3})\s?\}?")
_SPREAD = re.compile(rf"\s*(?:±|\+/[−–-]|\+[−–-])\s*(?P<digits>{_DIGITS})(?P<power>{_POWER})?")
_PERCENT = re.compile(r"\s?(?:\\?%|percent\b|per cent\b)(?!\w)|\s(?:percentage[\s-])points?\b|\s?pp\b", re.IGNORECASE)
_SUFFIX = re.compile(r"(?P<k>[kK]|M|B|G|T)(?![\w-])|\s(?P<word>thousand|million|billion|trillion)\b")
_SCALES = {"k": 3, "K": 3, "M": 6, "B": 9, "G": 9, "T": 12, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_TIMES = re.compile(r"\s?(?:×|x|X)(?![\w])|[\s-]?(?:fold|times)\b")
_UNIT = re.compile(r"[\s\u202f-]?(?P<unit>[A-Za-zµμ°$€][\w/°]*)")
_UNIT_NAMES = {
    "s": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s", "ms": "ms", "msec": "ms", "millisecond": "ms",
    "milliseconds": "ms", "µs": "us", "μs": "us", "us": "us", "microseconds": "us", "min": "min", "mins": "min",
    "minute": "min", "minutes": "min", "h": "h", "hr": "h", "hrs": "h", "hour": "h", "hours": "h",
}  # fmt: skip
_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_WORD_FOLD = re.compile(rf"\b(?P<word>{'|'.join(_WORDS)})(?:[\s-]?fold|\stimes)\b", re.IGNORECASE)


def unit_of(word: str) -> str:
    """The short name of a unit of time; of anything else the word in lower case."""
    return _UNIT_NAMES.get(word, word.lower())


class Written(NamedTuple):
    """A number where it stands in a text."""

    number: Number
    end: int
    times: bool
    """Said of a ratio: "3x", "two-fold"."""


def numbers_in(text: str) -> Iterator[Written]:
    """All numbers of a text but those within words and those that stand high or low, in their order."""
    found: list[Written] = []
    at = 0
    while (match := _NUMBER.search(text, at)) is not None:
        tenth = _TENTH.match(text, match.start("digits"))
        found.append(_power_of_ten(text, match, tenth) if tenth else _written(text, match))
        at = max(found[-1].end, match.end())
    for match in _WORD_FOLD.finditer(text):
        number = Number(match["word"], float(_WORDS[match["word"].lower()]), 0, match.start())
        found.append(Written(number, match.end(), True))
    yield from sorted(found, key=lambda written: written.number.start)


def first_number(text: str) -> Number | None:
    """The value that a cell states, brackets, units and marks aside; None where it holds words or a list."""
    written = next(numbers_in(text), None)
    if written is None:
        return None
    lead, rest = text[: written.number.start], text[written.end :]
    if re.fullmatch(r"[\s(\[~≈∼<>≤≥∗*†‡$+]*", lead) is None:
        return None
    rest = re.sub(r"[(\[][^()\[\]]*[)\]]|\^\{[^}]*\}", " ", rest)
    if re.search(r"[A-Za-z]{2,}\W+[A-Za-z]{2,}|\d\s*,\s*\d|,\s*$", rest) or len(rest) > 24:
        return None
    return written.number


def _power_of_ten(text: str, match: re.Match[str], tenth: re.Match[str]) -> Written:
    negative = bool(match["sign"]) and match["sign"].strip() in "−–-"
    power = int(tenth["power"]) * (-1 if tenth["sign"] in ("−", "–", "-") and tenth["sign"] else 1)
    value = 10.0 ** min(power, 300) * (-1 if negative else 1)
    return Written(Number(text[match.start() : tenth.end()], value, -power, match.start()), tenth.end(), False)


def _written(text: str, match: re.Match[str]) -> Written:
    value, decimals = _value(match["digits"], match["power"])
    if (match["sign"] or "").strip() in ("−", "–", "-"):
        value = -value
    end = match.end()
    spread, percent = None, False
    if (mark := _PERCENT.match(text, end)) is not None:
        percent, end = True, mark.end()
    if (around := _SPREAD.match(text, end)) is not None:
        spread, _ = _value(around["digits"], around["power"])
        end = around.end()
        if (mark := _PERCENT.match(text, end)) is not None:
            percent, end = True, mark.end()
    unit = ""
    times = _TIMES.match(text, end) is not None and not re.match(r"\s?[×x]\s?\d", text[end : end + 4])
    if (scale := _SUFFIX.match(text, end)) is not None and not percent:
        power = _SCALES[scale["k"] or scale["word"]]
        value, decimals, end = value * 10.0**power, decimals - power, scale.end()
    if (word := _UNIT.match(text, end)) is not None and not times:
        unit = unit_of(word["unit"])
    written = text[match.start() : match.end()].strip()
    return Written(Number(written, value, decimals, match.start(), percent, spread, unit), end, times)


def _value(digits: str, power: str | None) -> tuple[float, int]:
    plain = re.sub(r"[,\u202f\u2009]", "", digits)
    decimals = len(plain.partition(".")[2])
    value = float(plain[:300])
    if power:
        signed = re.search(r"([+−–-]?)\s?(\d+)\s?\}?$", power)
        assert signed is not None
        exponent = min(int(signed[2]), 300) * (-1 if signed[1] in ("−", "–", "-") and signed[1] else 1)
        value, decimals = value * 10.0**exponent, decimals - exponent
    return value, decimals


_POINTS = re.compile(
    r"(?:\b(?:Figures?|Figs?\.?|Tables?|Tabs?\.|Sections?|Sect?s?\.|Equations?|Eqs?\.?|Eqn\.|Appendix|Appendices|Algorithms?"
    r"|Theorems?|Lemmas?|Propositions?|Corollary|Definitions?|Chapters?|Steps?|Lines?|Pages?|Stages?|Phases?|Parts?|Items?"
    r"|Hypothes[ie]s|Assumptions?|Experiments?|Panels?|Rows?|Columns?|Runs?|Seeds?|Versions?|Questions?|RQ|Refs?\.?|pp?\.|no\.|No\.)"
    r"|§|#)\s?\(?(?:[A-Z]?\.?\d+[a-z]?(?:\.\d+)*\)?\s*(?:,\s*and|,|and|&|or|to|vs\.?|[–-])\s*\(?)*[A-Z]?\.?$",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"\b(?:PyTorch|TensorFlow|Python|CUDA|cuDNN|JAX|NumPy|SciPy|scikit-learn|sklearn|Ubuntu|Linux|R|MATLAB|Keras|version|v"
    r"|GPT|Llama|LLaMA|Claude|Gemini|Qwen|Mistral|BERT|ResNet|CIFAR|MNIST|WikiText|ImageNet|Mathematica|Java|Transformers"
    r"|release|Apache|CC[- ]BY|Mixtral|Phi|Gemma|T)[\s-]?$"
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_SETTING = re.compile(
    r"\b(batch(?:es)?(?:[\s-]sizes?)?|learning[\s-]rates?|lr|weight[\s-]decay|dropout|momentum|epsilon|discount factor|layers?"
    r"|heads?|hidden|dimension(?:s|al|ality)?|embedding|context length|window|units?|neurons?|kernel|stride|filters?|channels?"
    r"|epochs?|iterations?|updates|warm-?up|timesteps|training steps|random seeds?|seeds?|folds?|GPUs?|CPUs?|cores?|parameters"
    r"|modulus|temperature|top-?[kp]|beam|threshold|decay|gradient clipping|clip(?:ped|ping)?|coefficient|penalty weight"
    r"|loss weight|hyper-?parameters?|probabilit(?:y|ies) (?:each|of)|probability|initiali[sz]ed?|optimi[sz]er|patience"
    r"|blocks?|tokens? (?:per batch|long)|sequence length|vocabulary|resolution|pixels?|images?|samples|examples|points"
    r"|data ?points?|participants?|subjects?|replicates?|trials?)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\s?(?:[a-z]+[\s-]){0,2}(?:data ?sets?|runs?|seeds?|layers?|heads?|tasks?|experiments?|models?|methods?|baselines?|papers?"
    r"|conditions?|strategies|categories|classes|groups?|types?|kinds?|studies|users?|participants?|GPUs?|variants?|folds?"
    r"|images?|samples?|examples?|points?|steps?|epochs?|parameters?|tokens?|hidden|units?|blocks?|stages?|trials?|years?)\b",
    re.IGNORECASE,
)


_LEVEL = re.compile(r"\s?(?:[a-z’']+\s){0,2}?(?:intervals?|CIs?|level)\b")
"""Behind the level of an interval or a test, which is chosen: "95% intervals", "95% bootstrap confidence intervals"."""


def role_of(text: str, written: Written) -> Role:
    """What a number does in its sentence, as far as the words beside it say."""
    number, start, end = written.number, written.number.start, written.end
    before, after = text[max(0, start - 80) : start], text[end : end + 60]
    whole = re.fullmatch(r"\d+", number.text) is not None
    fraction = number.decimals > 2 or number.text.startswith(
        ("0.", ".")
    )  # "Line (0.160)" is the value of a thing of that name
    if _POINTS.search(before) and not number.percent and not written.times and not fraction:
        return "pointer"
    if whole and _in_brackets(before, text[start + len(number.text) :]):
        return "citation"
    if whole and number.value < 100 and before.endswith("(") and text[start + len(number.text) :].startswith(")"):
        return "pointer"  # an equation's number, an item's
    if role := _calendar(number, before, text[start + len(number.text) :], whole=whole):
        return role
    if _VERSION.search(before) or re.match(r"\.\d", after) or re.search(r"\bv$", before):
        return "version"
    if re.search(r"[A-Za-z][-–/_]$", before) or re.match(
        r"[-–]?[A-Za-z](?![a-z])(?<![kKMBGTxX])\b", text[start + len(number.text) :][:2]
    ):
        return "identifier"
    if re.match(r"(?:st|nd|rd|th)\b", text[start + len(number.text) :]):
        return "identifier"
    if whole and _numbers_a_list(before, text[start + len(number.text) :]):
        return "list"
    if _in_formula(before, text[start + len(number.text) :]) and not number.percent and number.spread is None:
        return "formula"
    if whole and number.value <= 20 and not number.percent and not written.times and number.spread is None:
        return "count"
    if number.percent and _LEVEL.match(after):
        return "setting"
    near = text[max(0, start - 45) : start] + " # " + text[end : end + 25]
    if whole and number.value < 1000 and _COUNTED.match(after) and not number.percent:
        return "count"
    if (
        number.spread is None
        and _SETTING.search(near)
        and not re.search(r"\b(loss|accuracy|error|score|speed|reduc\w+|improv\w+|achiev\w+)\b", near)
    ):
        return "setting"
    return "value"


def _in_brackets(before: str, after: str) -> bool:
    """Within a bracket of whole numbers, as [3, 7–9]."""
    return bool(re.search(r"\[(?:\d{1,3}\s*[,;–-]\s*)*$", before) and re.match(r"(?:\s*[,;–-]\s*\d{1,3})*\]", after))


def _calendar(number: Number, before: str, after: str, *, whole: bool) -> Role | None:
    if re.match(rf"\s(?:{_MONTHS})\b", after) or re.search(rf"\b(?:{_MONTHS})\s(?:\d{{1,2}},\s)?$", before):
        return "date"
    if re.match(r"-\d\d-\d\d\b", after) or re.search(r"\b\d{4}-(?:\d\d-)?$", before):
        return "date"
    if not whole or len(number.text) != 4 or not 1900 <= number.value <= 2099:
        return None
    cited = re.match(r"[a-z]?\s*[);,]", after) and re.search(r"[(,;]\s*$|\bal\.?,?\s*\(?$|[A-Z][\w’'-]+\s*\(?$", before)
    told = re.search(r"\b(?:in|since|of|by|year|until|before|after|from|to|during|early|late|©)\s$", before)
    return "year" if cited or (told and not re.match(r"\s[a-z]{4,}", after)) or re.match(r"s\b", after) else None


def _numbers_a_list(before: str, after: str) -> bool:
    opens = not before.strip() or re.search(r"(?:[.:;•]|\n)\s*\(?$", before) is not None
    return opens and re.match(r"(?:\.|\)|:)\s+[A-Z(]", after) is not None


def _in_formula(before: str, after: str) -> bool:
    """Beside an operator that is no comparison, or within a function's brackets or an index."""
    operator = re.search(
        r"[+*/·∗^_|]\s?\{?$|[a-zα-ωA-Z)\]}]\s?[−–]\s?$|[A-Za-zα-ω]\($|\{$|\b[A-Z] \($|\{[^}]{0,40},\s?$", before
    )
    follows = re.match(r"\s?[+*·∗^|]\s?[\w(α-ω]|\s[−–]\s?(?:[a-zα-ω]\b|[a-zα-ω]_|\()|\}|\s?[(]?\s?[α-ω]", after)
    return bool(operator or follows)
