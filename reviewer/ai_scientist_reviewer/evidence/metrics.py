"""What is known of metrics by their names: which way is better, and between which bounds their values lie."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

Direction = Literal["higher", "lower"]

_TOLD = (
    (
        re.compile(
            r"↑|\bhigher[\s-](?:is|are|values? (?:is|are))?\s?better\b|\bthe higher the better\b", re.IGNORECASE
        ),
        "higher",
    ),
    (
        re.compile(r"↓|\blower[\s-](?:is|are|values? (?:is|are))?\s?better\b|\bthe lower the better\b", re.IGNORECASE),
        "lower",
    ),
)
_HIGHER_FIRST = re.compile(
    r"(?<!negative )log[\s-]?likelihood|error[\s-](?:detection|correction|recovery)|loss[\s-]reduction|success|speed-?up"
    r"|throughput|tokens? ?(?:/|per) ?s|samples? ?(?:/|per) ?s|frames? ?(?:/|per) ?s|\bfps\b|improvement",
    re.IGNORECASE,
)
_LOWER_FIRST = re.compile(
    r"\b(?:steps|epochs|iterations|updates|queries|samples|time|seconds|minutes|hours) (?:needed |required )?(?:to|until)\b",
    re.IGNORECASE,
)
"""What it takes to come to a value of another metric."""
_LOWER = re.compile(
    r"loss|error|\berr\b|perplexit|\bppl\b|\bfid\b|\bkid\b|\bkld?\b|divergence|\bm?s[ae]\b|\br?mse\b|\bmae\b|\bmape\b|\bnll\b"
    r"|\bwer\b|\bcer\b|\bter\b|\bece\b|\bbrier\b|latenc|runtime|run time|\btime\b|\(m?s\)|memory|\bvram\b|regret|\bcosts?\b|\bbpc\b|\bbits?\b"
    r"|distance|\beer\b|\bfpr\b|\bfnr\b|false (?:positive|negative)|misclassif|\bsteps to\b|\bepochs to\b|\bflops\b|energy|\blpips\b"
    r"|toxicity|violation|forgetting|overfit|variance|drift",
    re.IGNORECASE,
)
_HIGHER = re.compile(
    r"accurac|\bacc\b|\bacc[@.]|\bf-?1\b|\bf-?score|\bau(?:ro)?c\b|\baupr|\bbleu\b|\brouge|\bmeteor\b|\bprecision\b|\brecall\b|\biou\b|\bdice\b"
    r"|\bm?ap\b|\bm?ap@|\bpsnr\b|\bssim\b|\breward|\breturns?\b|\bwin rate|\br\^?\{?2\}?\b|correlation|\bspearman\b|\bpearson\b|\bmcc\b"
    r"|\bndcg|\bmrr\b|\bhits@|\bpass@|\btop-?[15]\b|\bem\b|exact match|consisten|similarit|coverage|\bkappa\b|speed|\bscore\b|quality",
    re.IGNORECASE,
)
_SHARES = re.compile(
    r"accurac|\bacc\b|\bf-?1\b|\bau(?:ro)?c\b|\bprecision\b|\brecall\b|\biou\b|\bdice\b|probabilit|success rate|error rate|\bssim\b"
    r"|win rate|\bndcg|\bmrr\b|hit rate|coverage|exact match",
    re.IGNORECASE,
)
_CORRELATIONS = re.compile(r"correlation|\bpearson\b|\bspearman\b|\bkendall\b|\bmcc\b|\bkappa\b|cosine", re.IGNORECASE)
_NEVER_NEGATIVE = re.compile(
    r"accurac|\bacc\b|standard (?:deviation|error)|\bstd\b|variance|\btimes?\b|latenc|runtime|memory|perplexit|\bfid\b|error rate"
    r"|\bm[as]e\b|\brmse\b|probabilit|\bf-?1\b|precision|recall|count",
    re.IGNORECASE,
)
CHANGES = re.compile(
    r"\bby\b|\bris(?:es?|ing)\b|\brose\b|grow|grew|\bfalls?\b|\bfell\b|change|gain|improv|increas|decreas|reduc|differ|delta|Δ|relative|drop|speed-?up|over baseline|\bvs\b|gap|ratio|overhead|\badvantage"
    r"|normali[sz]ed|standardi[sz]ed|z-?score|\blog\b",
    re.IGNORECASE,
)
"""Words that make of a metric a comparison, which knows no such bounds."""


def direction_of(texts: Iterable[str]) -> Direction | None:
    """Which way is better of what the labels name, the nearest first; None where they do not say."""
    labels = [text for text in texts if text]
    for label in labels:
        told = [way for pattern, way in _TOLD if pattern.search(label)]
        if len(told) == 1:
            return "higher" if told[0] == "higher" else "lower"
    for label in labels:
        if _HIGHER_FIRST.search(label):
            return "higher"
        if _LOWER_FIRST.search(label):
            return "lower"
        low, high = bool(_LOWER.search(label)), bool(_HIGHER.search(label))
        if low != high:
            return "lower" if low else "higher"
    return None


def impossible(value: float, *, percent: bool, label: str) -> str:
    """Why a value cannot be what its label says, as a clause; "" where it can."""
    if CHANGES.search(label):
        return ""
    if _CORRELATIONS.search(label) and not percent and not _LOWER.search(label):
        return "a correlation lies between −1 and 1" if abs(value) > 1.0 + 1e-9 and abs(value) < 5 else ""
    if _SHARES.search(label) and percent and value > 100 + 1e-9:
        return "a share of the whole is no more than 100%"
    if _NEVER_NEGATIVE.search(label) and value < 0:
        return "it cannot be below zero"
    return ""


def is_share(label: str) -> bool:
    return bool(_SHARES.search(label)) and not CHANGES.search(label)
