"""Which names a text speaks of: words of a sentence or a heading against parts of a path or labels of a table."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

_SHORT = {
    "val": "validation", "valid": "validation", "eval": "validation", "evaluation": "validation", "dev": "validation",
    "acc": "accuracy", "accuracies": "accuracy", "err": "error", "avg": "mean", "average": "mean", "averaged": "mean",
    "averages": "mean", "std": "sd", "stdev": "sd", "stddev": "sd", "deviation": "sd", "sem": "stderr", "lr": "learningrate",
    "ppl": "perplexity", "params": "parameter", "param": "parameter", "sec": "second", "secs": "second", "mins": "minute",
    "min": "minimum", "max": "maximum", "num": "number", "tok": "token", "toks": "token", "mem": "memory", "inf": "inference",
    "infer": "inference", "kld": "kl", "recon": "reconstruction", "disc": "discriminator", "temp": "temperature",
    "freq": "frequency", "losses": "loss", "classes": "class", "quickest": "fast", "fastest": "fast", "faster": "fast",
    "iter": "iteration", "iters": "iteration", "div": "division", "sub": "subtraction", "mult": "multiplication", "char": "character",
    "baselines": "baseline", "best": "best", "acc1": "accuracy", "plus": "addition", "minus": "subtraction",
    "std_dev": "sd", "speeds": "speed", "throughput": "speed",
}  # fmt: skip
_PHRASES = (
    (re.compile(r"\bstandard[\s_-]errors?\b"), "stderr"),
    (re.compile(r"\bstandard[\s_-]deviations?\b"), "sd"),
    (re.compile(r"\blearning[\s_-]rates?\b"), "learningrate"),
    (re.compile(r"\bkullback[\s–-]+leibler\b"), "kl"),
)
_SMALL = frozenset(
    "a an the of for in on at to and or by with from is are was were be as it its this that these those we our their over "
    "per than vs versus against into which where each all both s results result performance method methods using model models".split()
)
_ENDINGS = re.compile(r"(?:ations?|ions?|ings?|ed|ally|al|ly|ers?|es|s)$")
_TOKEN = re.compile(r"\d+(?:\.\d+)?%|\d+(?:\.\d+)?(?:e-?\d+)?|[a-zα-ω]+(?:\d+[a-z]*)*")
NAMED = 0.35
"""Share of a name's telling words that a text must have."""


@lru_cache(maxsize=20_000)
def words(text: str) -> tuple[str, ...]:
    """Words of a label or a sentence as they are compared: lower case, abbreviations written out, endings cut."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", text).lower().replace("\\", "")
    for phrase, word in _PHRASES:
        text = phrase.sub(f" {word} ", text)
    found: list[str] = []
    for token in _TOKEN.findall(re.sub(r"[_/-]", " ", text)):
        if token.isdigit() and found and found[-1].isalpha():
            found.append(f"{found[-1]}#{_plain(token)}")  # "run 2" is one thing, and no other 2 is it
        else:
            found.append(_stem(str(_SHORT.get(token, token))))
    listed = re.compile(r"\b([a-z]{3,}?)s\s+(\d+(?:\s*(?:,|and|or|&|to|–|-)+\s*\d+)+)")
    for match in listed.finditer(text):
        name = _stem(_SHORT.get(match[1], match[1]))
        found += [f"{name}#{_plain(number)}" for number in re.findall(r"\d+", match[2])]
    return tuple(found)


def _plain(digits: str) -> str:
    return digits.lstrip("0") or "0"


def _stem(word: str) -> str:
    if len(word) < 5 or "#" in word or not word.isalpha():
        return word[:-1] if len(word) == 4 and word.endswith("s") and not word.endswith("ss") else word
    cut = _ENDINGS.sub("", word)
    return cut if len(cut) >= 3 and not word.endswith("ss") else word


_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_SHORT_FORM = 0.6
"""What a name without its brackets is worth: "baseline" for "baseline (weight decay 0.005)"."""


def _telling(name: str) -> frozenset[str]:
    return frozenset(words(name)) - _SMALL or frozenset(words(name))


@dataclass(frozen=True, eq=False)
class Names:
    """Names that exclude each other: of one level of a path, of one column of labels."""

    names: tuple[str, ...]
    also: tuple[tuple[str, str], ...] = ()
    """(name, another text that stands for it), learnt elsewhere."""

    @cached_property
    def _tokens(self) -> dict[str, list[tuple[frozenset[str], float]]]:
        """For each name the words of what stands for it, and how much that is worth."""
        held = {name: [(_telling(name), 1.0)] for name in self.names}
        for name, other in ((name, name) for name in self.names) if len(self.names) <= 100 else ():
            if (short := _BRACKETS.sub(" ", other)) != other and short.strip():
                held[name].append((_telling(short), _SHORT_FORM))
        for name, other in self.also:
            if name in held and (told := _telling(other)):
                held[name].append((told, 1.0))
        return held

    @cached_property
    def _weights(self) -> dict[str, float]:
        counts = Counter(
            token for sets in self._tokens.values() for token in frozenset().union(*(tokens for tokens, _ in sets))
        )
        return {token: math.log(len(self.names) / count) + 0.1 for token, count in counts.items()}

    def score(self, name: str, told: frozenset[str]) -> float:
        """Share of the name's telling words among those told, from 0 to 1."""
        best = 0.0
        for tokens, worth in self._tokens[name]:
            whole = sum(self._weights[token] for token in tokens)
            share = sum(self._weights[token] for token in tokens if token in told) / whole if whole else 0.0
            best = max(best, worth * share)
        return best

    def short(self, name: str, told: frozenset[str]) -> bool:
        """Whether the words have all of a name but what it says in brackets, and no other name has as much."""
        plain = {other: _telling(_BRACKETS.sub(" ", other)) for other in self.names}
        return plain[name] <= told and sum(tokens <= told for tokens in plain.values()) == 1

    def named(self, told: Iterable[str]) -> frozenset[str]:
        """The names that the words speak of; empty where there is but one, since that tells nothing."""
        if len(self.names) < 2:
            return frozenset()
        known = frozenset(told)
        if not known & frozenset(self._weights):
            return frozenset()
        scores = {name: self.score(name, known) for name in self.names}
        best = max(scores.values())
        if best < NAMED:
            return frozenset()
        return frozenset(name for name, score in scores.items() if score >= max(NAMED, best - 0.3))


def joined(parts: Sequence[str]) -> str:
    return " / ".join(part for part in parts if part)
