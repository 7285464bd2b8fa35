"""A referee without any model: it fills in a form from what rules can see, and leaves open what they cannot.

It answers from a prompt's values alone, so it works in place of a model and behind an adapter that hands on
(prompt.name, prompt.values).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ai_scientist_reviewer.checks import RULES
from ai_scientist_reviewer.forms import NOT_ASSESSED, Point
from ai_scientist_reviewer.ports import Form, Prompt
from ai_scientist_reviewer.quotes import SHORTEST, Compact, compact
from ai_scientist_reviewer.structure import prose, sentences

Values = Mapping[str, Any]
LENSES: Mapping[str, frozenset[str]] = {
    "evidence": frozenset(("numbers", "tables", "statistics", "results", "bibliography", "citations")),
    "presentation": frozenset(
        ("references", "residue", "sections", "figures", "captions", "pictures", "pages", "anonymity", "concealed")
    ),
}
"""The groups of rules whose findings each lens raises."""
_MAJOR = frozenset(("numbers", "tables", "statistics", "results", "residue"))
"""The groups whose errors may be major: a conclusion rests on the number that is wrong, or the text is not finished."""
_NO_SPREAD = "statistics"
"""The group that the referee's own look for seeds and spread counts with."""


class OfflineReferee:
    """Fills in "referee", "reflect", "verify_points", "area_chair" and "follow_up" by rule, the same way every time.

    Args:
        seed: shuffles the order in which strengths are told, nothing else: a seed is no second opinion.
        lens: "evidence" or "presentation" limits the weaknesses to those; "" raises both.
    """

    name = "offline"

    def __init__(self, seed: int = 0, lens: str = "") -> None:
        if lens not in ("", *LENSES):
            raise ValueError(f"The offline referee has no lens {lens!r}; it has: {', '.join(LENSES)}.")
        self.seed = seed
        self.lens = lens

    def fill(self, prompt: Prompt, form: type[Form], pictures: Sequence[bytes] = ()) -> Form:
        """The form, filled in.

        Raises:
            KeyError: a prompt that the reviewer does not have.
        """
        answers: Mapping[str, Callable[[Values], dict[str, Any]]] = {
            "referee": self._referee,
            "reflect": lambda values: dict(values["report"]),  # by the same rules it would come out the same
            "verify_points": _verify,
            "area_chair": _chair,
            "follow_up": _follow_up,
            "verify_follow_up": _verify_follow_up,
        }
        return form.model_validate(answers[prompt.name](prompt.values))

    def _referee(self, values: Values) -> dict[str, Any]:
        paper = values["paper"]
        text = "\n".join(page["text"] for page in paper["pages"])
        strengths = list(_strengths(paper, text))
        random.Random(self.seed).shuffle(strengths)
        raised = _weaknesses(paper, text, values["findings"])
        weaknesses = [point for group, point in raised if not self.lens or group in LENSES[self.lens]]
        scores, reasons = _scores(values, defects=self.lens != "evidence")
        return {
            "summary": _summary(paper, reasons),
            "strengths": strengths,
            "weaknesses": weaknesses,
            "questions": list(_questions(text)),
            "limitations": list(_limitations(paper)),
            "ethical_concerns": False,
            "decision": NOT_ASSESSED,
            **scores,
        }


def _summary(paper: Values, reasons: str) -> str:
    first = sentences(prose(paper["abstract"]))[0]
    about = f' The abstract begins: "{first}"' if first else ""
    return (
        "Written by rules without a language model: it reports what can be counted or matched in the text and judges "
        f"neither ideas nor correctness, which is why most scores are not assessed. {reasons}{about}"
    )


_SEEDS = re.compile(
    r"\b(\d+|two|three|four|five|six|seven|eight|nine|ten|several|multiple)\b[ \w]{0,24}\b(random )?seeds?\b", re.I
)
_SPREAD = re.compile(r"±|\bstandard (deviation|error)s?\b|\bconfidence intervals?\b|\bbootstrap\b", re.I)
_ABLATION = re.compile(r"(?<![/\w])ablat(ion|e|ed|ions)\b(?!/)", re.I)  # no file's path
_BASELINE = re.compile(r"\bbaselines?\b", re.I)
_CODE = re.compile(
    r"\b(code|programs?|scripts?) (is|are|will be) (made )?(publicly )?available\b|github\.com/\w+"
    r"|\b(bundle|supplement|archive|repository) (holds|contains) the (code|programs?|scripts?)\b",
    re.I,
)
_NULL = re.compile(
    r"\bno (significant |measurable |clear )?(effect|difference|improvement|gain)\b|\bnegative result", re.I
)
_GAIN = re.compile(
    r"\b(outperform\w*|superior|better (than|performance|results|accuracy)|state[- ]of[- ]the[- ]art"
    r"|significant(ly)? (better|higher|lower|faster|improve\w*|reduc\w*|gains?)"
    r"|(improv|reduc|lower|increas|rais)\w*\b.{0,80}\b(by|from|up to|to) \d)",
    re.I,
)
"""A gain claimed as a result, not as an aim."""
_UNSURE = re.compile(r"\b(future|not|without|lack\w*|would|could|should|however)\b", re.I)
"""Words that turn a fact into its opposite or into a wish."""


def _said(sentence: str) -> bool:
    """Whether it can be quoted as one: not too long, and no row of a table that the text layer ran together."""
    words = sentence.split()
    return len(sentence) <= 300 and sum(not any(map(str.isalpha, word)) for word in words) <= len(words) / 4


def _strengths(paper: Values, text: str) -> Iterator[str]:
    """Facts about the text that speak for it, each with the words that show it."""
    told = (
        (_SEEDS, "Runs are repeated over seeds"),
        (_SPREAD, "Spread is reported beside means"),
        (_ABLATION, "An ablation is reported"),
        (_BASELINE, "Results are set against a baseline"),
        (_CODE, "Programs are said to be available"),
        (_NULL, "The absence of an effect is stated openly"),
    )
    # Section by section, so that a heading does not pass for the beginning of a sentence.
    parts = [section["text"] for section in paper["sections"]] or [text]
    known = [sentence for part in parts for sentence in sentences(prose(part))]
    for pattern, claim in told:
        telling = (one for one in known if _said(one) and pattern.search(one) and not _UNSURE.search(one))
        if sentence := next(telling, None):
            yield f'{claim}: "{sentence}"'
    for section in paper["sections"]:
        if "limitation" in section["title"].casefold():
            yield f"Limitations have a section of their own (page {section['page']})."
            return


def _weaknesses(paper: Values, text: str, findings: Sequence[Values]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Group of rules and weakness, for each finding that quotes the paper and for what the text lacks."""
    found = Compact.of((char, None) for char in text)
    for finding in findings:
        # What a reader cannot see was taken out of the text; the findings tell of it, and it cannot be quoted.
        telling = finding["checked"] and finding["severity"] != "info"
        if telling and finding["quote"] and found.find(finding["quote"]):
            group = RULES[finding["rule"]].group if finding["rule"] in RULES else ""
            severe = finding["severity"] == "error" and group in _MAJOR
            place = f"page {finding['page']}" if finding["page"] else ""
            yield group, _point(finding["message"], finding["quote"], place, severe, finding["fix"])
    plain = prose(text)
    claims = [one for one in sentences(prose(paper["abstract"])) if _GAIN.search(one)]
    if claims and not _SEEDS.search(plain) and not _SPREAD.search(plain):
        quote = " ".join(claims[0].split()[:30])
        message = "The abstract claims a gain, and the text names neither seeds nor any spread of the results."
        fix = "Repeat over seeds and report mean, spread and the number of runs."
        yield _NO_SPREAD, _point(message, quote, "Abstract", True, fix)


def _point(claim: str, quote: str, place: str, major: bool, fix: str) -> dict[str, Any]:
    severity = "major" if major else "minor"
    return Point(claim=claim, quote=quote, place=place, severity=severity, fix=fix).model_dump()


def _questions(text: str) -> Iterator[str]:
    plain = prose(text)
    if not _SEEDS.search(plain):
        yield "How many independent runs, with different seeds, stand behind each reported number?"
    if not _CODE.search(plain):
        yield "Where can the programs and the measurements behind the figures and tables be had?"


def _limitations(paper: Values) -> Iterator[str]:
    stated = [s for s in paper["sections"] if "limitation" in s["title"].casefold()]
    if stated:
        words = len(stated[0]["text"].split())
        page = stated[0]["page"]
        yield f"The authors state limitations on page {page} in about {words} words; what they say was not judged."
    else:
        yield "No section on limitations was found."


def _scores(values: Values, *, defects: bool) -> tuple[dict[str, int], str]:
    """The form's scale for defects, from the errors and warnings of the checks alone, and how it came about."""
    scales = {scale["name"]: sorted(int(value) for value in scale["meaning"]) for scale in values["scales"]}
    scores = {"confidence": scales["confidence"][0]} if "confidence" in scales else {}
    name = values["defects"]
    if not defects or name not in scales:
        why = "It looked at evidence only" if not defects else "The form asks for nothing that rules can score"
        return scores, f"{why} and gives no score{' but its confidence' if scores else ''}."
    told = [finding for finding in values["findings"] if finding["checked"] and _bears(finding["rule"])]
    errors = {finding["rule"] for finding in told if finding["severity"] == "error"}
    warnings = {finding["rule"] for finding in told if finding["severity"] == "warn"}
    # Two thirds up the scale ("good") is the most that the absence of defects can show; more takes a reader.
    step = 2 if not errors and len(warnings) <= 1 else 1 if len(errors) <= 1 and len(warnings) <= 3 else 0
    score = scales[name][round(step * (len(scales[name]) - 1) / 3)]
    why = f"{len(errors)} kind{_s(len(errors))} of error and {len(warnings)} kind{_s(len(warnings))} of warning"
    return {
        name: score,
        **scores,
    }, f"{name.capitalize()} {score} follows from {why} among the checks' findings on form."


_SUBSTANCE = frozenset(("numbers", "results", "statistics", "citations", "anonymity"))
"""Groups of rules that are about what is true, or what the venue wants, and not about how the paper is set and written."""
_VENUE = frozenset(("page-limit", "margins"))


def _bears(rule: str) -> bool:
    """Whether a finding of the rule is a defect of presentation."""
    return rule not in _VENUE and not (rule in RULES and RULES[rule].group in _SUBSTANCE)


def _s(n: int) -> str:
    return "" if n == 1 else "s"


def _verify(values: Values) -> dict[str, Any]:
    """A point whose quote is not in the paper does not hold. Of the others there is no verdict: rules cannot tell, so they stay unverified."""
    text = Compact.of((char, None) for page in values["paper"]["pages"] for char in page["text"] + "\n")
    verdicts: list[dict[str, Any]] = []
    for point in values["points"]:
        there = bool(text.find(point["quote"])) and len(compact(point["quote"])) >= SHORTEST
        if not there:
            verdicts.append(
                {"number": point["number"], "reason": "The quote is not in the paper.", "answer": "does not hold"}
            )
    return {"verdicts": verdicts}


def _chair(values: Values) -> dict[str, Any]:
    """Counts and lists; no judgement."""
    reports, points, scores = values["reports"], values["points"], values["scores"]
    major = [point for point in points if point["severity"] == "major"]
    n = len(reports)
    assessed = [name for name, spread in scores.items() if spread is not None]
    summary = (
        f"Summed up by rule from {n} report{_s(n)}: {len(major)} major and {len(points) - len(major)} minor "
        f"weakness{'' if len(points) - len(major) == 1 else 'es'} stand. Assessed: {', '.join(assessed) or 'nothing'}. "
        "Whether the paper should be accepted was not assessed."
    )
    # The same rules, or one model asked twice, do not agree: they repeat themselves.
    several = n > 1 and len({report["author"] for report in reports}) == n
    shared = [point["claim"] for point in points if several and len(point["raised_by"]) == n]
    apart = [
        f"{name}: from {spread['low']} to {spread['high']} among {spread['n']} referees."
        for name, spread in scores.items()
        if spread is not None and spread["high"] - spread["low"] >= 2
    ]
    alike: dict[str, list[str]] = {}
    for point in points:
        if point["fix"]:
            alike.setdefault(point["fix"], []).append(point["claim"])
    steps = [f"{claims[0]} {fix}{_more(len(claims) - 1)}" for fix, claims in alike.items()]
    return {
        "summary": summary,
        "agreement": list(dict.fromkeys(shared)),
        "disagreement": apart,
        "first_steps": steps[:5],
        "decision": NOT_ASSESSED,
    }


def _more(n: int) -> str:
    return f" The same holds of {n} more weakness{'' if n == 1 else 'es'} below." if n else ""


def _follow_up(values: Values) -> dict[str, Any]:
    """Whether a quoted passage still stands is known by rule; whether a point is met is not."""
    points = [
        {
            "number": point["number"],
            "reason": "The passage stands as it was." if point["still_there"] else "The passage is not there any more.",
            "status": "unclear",
            "quote": "",
        }
        for point in values["points"]
    ]
    return {"points": points, "changes": [], "promises": []}


def _verify_follow_up(values: Values) -> dict[str, Any]:
    reason = "By rule: nothing was judged that could be refuted."
    return {"answers": [{"number": one["number"], "reason": reason, "answer": "holds"} for one in values["items"]]}
