"""Whether the texts themselves tell the decision: a corpus of final versions does, and then no accuracy on it means anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from ai_scientist_reviewer.bench.agreement.metrics import Labels, auroc

LIMIT = 0.60
"""AUC that one feature of a text may reach by itself."""


def _count(pattern: str, flags: int = re.IGNORECASE) -> Callable[[str], float]:
    compiled = re.compile(pattern, flags)
    return lambda text: float(len(compiled.findall(text)))


def _there(pattern: str, first: int = 0) -> Callable[[str], float]:
    compiled = re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    return lambda text: float(bool(compiled.search(text[:first] if first else text)))


FEATURES: Mapping[str, Callable[[str], float]] = {
    "header": _there(r"under (?:double[- ]blind )?review|published as a conference paper|accepted (?:at|to|by)", 3000),
    "anonymity block": _there(r"anonymous authors?|paper under double-blind", 3000),
    "e-mail addresses": _count(r"[\w.+-]+@[\w-]+\.[\w.-]+"),
    "acknowledgements": _there(r"^\W*(?:\d+\W+)?acknowledge?ments?\b"),
    "code address": _count(r"(?:github|gitlab|bitbucket)\.(?:com|org|io)/"),
    "line numbers": _count(r"^\s*0\d\d\s*$", re.MULTILINE),
    "length": lambda text: float(len(text)),
    "headings found": _count(
        r"^\W*(?:\d+\W+)?(?:abstract|introduction|related work|method|experiments?|results|conclusions?|references|appendix)\b",
        re.IGNORECASE | re.MULTILINE,
    ),
}
"""By name: a number told from a text alone."""


class Leak(BaseModel):
    model_config = ConfigDict(frozen=True)

    feature: str
    auc: float
    """Of 0.5 to 1: which way the feature points does not matter."""


class Audit(BaseModel):
    model_config = ConfigDict(frozen=True)

    verdict: Literal["clean", "CONTAMINATED", "UNKNOWN"]
    why: str
    leaks: tuple[Leak, ...] = ()
    """Every feature, the strongest first."""
    n: int = 0
    """Papers whose text was there."""


def audit(texts: Mapping[str, str], accepted: Mapping[str, bool]) -> Audit:
    """What the texts tell of the decision. Without texts it cannot be known, and that is not clean."""
    ids = [key for key in accepted if key in texts]
    labels: Labels = np.array([accepted[key] for key in ids], dtype=np.bool_)
    if len(ids) < len(accepted) or not labels.any() or labels.all():
        told = (
            f"texts of {len(ids)} of {len(accepted)} papers were given" if texts else "no texts were given, only scores"
        )
        return Audit(verdict="UNKNOWN", why=f"The audit could not be made: {told}.", n=len(ids))
    leaks: list[Leak] = []
    for name, feature in FEATURES.items():
        auc = auroc(np.array([feature(texts[key]) for key in ids]), labels)
        leaks.append(Leak(feature=name, auc=max(auc, 1 - auc)))
    leaks.sort(key=lambda leak: -leak.auc)
    worst = leaks[0]
    if worst.auc > LIMIT:
        why = f"'{worst.feature}' alone tells accepted from rejected papers with an AUC of {worst.auc:.3f}, above {LIMIT:.2f}."
        return Audit(verdict="CONTAMINATED", why=why, leaks=tuple(leaks), n=len(ids))
    why = f"No single feature of the texts has an AUC above {LIMIT:.2f}; the strongest is '{worst.feature}', {worst.auc:.3f}."
    return Audit(verdict="clean", why=why, leaks=tuple(leaks), n=len(ids))
