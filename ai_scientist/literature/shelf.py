"""The shelf of well-known papers that comes with us, and a small ranking over it."""

from __future__ import annotations

import datetime
import math
import re
from collections import Counter
from collections.abc import Sequence
from importlib import resources

import yaml
from pydantic import Field

from ai_scientist.literature.base import Found
from ai_scientist.literature.identity import named, plain, plain_arxiv, plain_doi
from ai_scientist.records import Record, Reference

_WEIGHTS = {"title": 3, "topics": 2, "gist": 1}
_COMMON = frozenset(
    {
        "a", "against", "an", "and", "are", "as", "at", "be", "better", "between", "by", "can", "do", "does", "find", "for", "from",
        "has", "have", "how", "if", "in", "into", "is", "it", "its", "more", "not", "of", "on", "one", "or", "than", "that",
        "the", "their", "them", "there", "this", "to", "under", "use", "using", "versus", "via", "vs", "we", "what", "when",
        "propose", "show", "study", "whether", "which", "while", "with",
    }
)  # fmt: skip
_PLAINLY = 2
"""Weight at which a word is said plainly: in the title or among the topics. What only the gist mentions counts half."""
# BM25's usual constants: how fast repeats of a word stop counting, and how much a long record is marked down.
_SATURATION, _LENGTH = 1.2, 0.5
_FITS = 0.3
"""Share of the best work's score below which a work only shares a word with the query."""
_COVERED = 0.37
"""Share of the query, rare words counting more, that a work has to hold: "graph neural networks" does not ask for all networks."""


class Entry(Record):
    """A record of the shelf, as shelf.yaml holds it."""

    key: str = Field(pattern=r"^[a-z0-9]+$")
    title: str
    authors: tuple[str, ...] = Field(min_length=1)
    venue: str
    year: int
    doi: str = ""
    arxiv: str = ""
    url: str = ""
    gist: str
    """What its authors do or find, as the predicate of a sentence about them, as far as the sources show it."""
    topics: tuple[str, ...] = Field(min_length=1)
    checked_against: tuple[str, ...] = Field(min_length=1)
    """Public sources in which the record was seen."""
    checked_on: datetime.date

    @property
    def reference(self) -> Reference:
        arxiv = f"https://arxiv.org/abs/{self.arxiv}" if self.arxiv else ""
        doi = f"https://doi.org/{self.doi}" if self.doi else ""
        return Reference(
            key=self.key,
            title=self.title,
            authors=self.authors,
            venue=self.venue,
            year=self.year,
            doi=self.doi,
            arxiv=self.arxiv,
            url=self.url or doi or arxiv,
            abstract=f"{named(self.authors)} {self.gist}",
            source=Shelf.name,
            checked_against=self.checked_against,
        )


class Shelf:
    """A literature source that is always at hand. Its answers depend on the query alone."""

    name = "shelf"

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        self._words = [_counted(entry) for entry in self.entries]
        self._lengths = [sum(words.values()) for words in self._words]
        self._spread = Counter(word for words in self._words for word in words)

    @classmethod
    def bundled(cls) -> Shelf:
        """The shelf in shelf.yaml."""
        text = resources.files("ai_scientist.literature").joinpath("shelf.yaml").read_text(encoding="utf-8")
        return cls([Entry.model_validate(entry) for entry in yaml.safe_load(text)])

    def search(self, query: str, limit: int = 10) -> Found:
        words = dict.fromkeys(_words(query))
        asked = sum(self._rarity(word) for word in words)
        scored = [
            (self._score(words, i), entry)
            for i, entry in enumerate(self.entries)
            if asked
            and sum(self._rarity(word) * min(1, self._times(word, i) / _PLAINLY) for word in words) >= _COVERED * asked
        ]
        top = max((score for score, _ in scored), default=0.0)
        fits = (pair for pair in scored if pair[0] >= _FITS * top)
        best = sorted(fits, key=lambda pair: (-pair[0], pair[1].key))
        return Found(references=tuple(entry.reference for _, entry in best[:limit]))

    def lookup(self, *, doi: str = "", arxiv: str = "", title: str = "") -> Found:
        for asked, same in (
            (plain_doi(doi), lambda e: plain_doi(e.doi)),
            (plain_arxiv(arxiv), lambda e: plain_arxiv(e.arxiv)),
            (plain(title), lambda e: plain(e.title)),
        ):
            for entry in self.entries:
                if asked and same(entry) == asked:
                    return Found(references=(entry.reference,))
        return Found()

    def about(self, topic: str) -> tuple[Reference, ...]:
        """The works under a topic of the shelf, in its order."""
        return tuple(entry.reference for entry in self.entries if topic in entry.topics)

    def _score(self, words: dict[str, None], i: int) -> float:
        """BM25 over the weighted words of title, topics and gist."""
        mean = sum(self._lengths) / len(self._lengths)
        length = 1 - _LENGTH + _LENGTH * self._lengths[i] / mean
        score = 0.0
        for word in words:
            times = self._times(word, i)
            score += self._rarity(word) * times * (_SATURATION + 1) / (times + _SATURATION * length)
        return score

    def _times(self, word: str, i: int) -> int:
        """How often a work has a word, or one that means the same."""
        return max(self._words[i][same] for same in (word, *_SAME.get(word, ())))

    def _rarity(self, word: str) -> float:
        """How much a word tells: the fewer works have it, or one that means the same, the more."""
        having = max(self._spread[same] for same in (word, *_SAME.get(word, ())))
        return math.log(1 + (len(self.entries) - having + 0.5) / (having + 0.5))


def _counted(entry: Entry) -> Counter[str]:
    words = Counter[str]()
    for text, field in ((entry.title, "title"), (" ".join(entry.topics), "topics"), (entry.gist, "gist")):
        for word in _words(text):
            words[word] += _WEIGHTS[field]
    return words


def _words(text: str) -> list[str]:
    return [_stem(word) for word in plain(text).split() if word not in _COMMON]


def _stem(word: str) -> str:
    """What the forms of a word share: noise and noisy, stop and stopping, calibrated and calibration."""
    word = re.sub(r"(?<=[^s]{2})s$", "", word)
    word = re.sub(r"(?<=\w{4})is(?=(e|ed|er|ing|ation)$)", "iz", word)  # optimise is optimize
    word = re.sub(r"(?<=\w{3})(ing|ed)$|(?<=\w{4})(e|y)$", "", word)
    word = re.sub(r"([bdgmnprt])\1$", r"\1", word)
    return word[:7]


_SAME = {  # what people ask for: how titles and topics put it
    _stem(asked): tuple(_stem(word) for word in said.split())
    for asked, said in {
        "few": "small",
        "limited": "small",
        "tiny": "small",
        "mislabelled": "label labels",
        "overconfident": "calibration calibrated",
        "rare": "minority imbalance",
        "skewed": "imbalance imbalanced",
        "sgd": "gradient",
        "optimizer": "optimisation",
        "standardise": "normalisation scaling",
        "overfit": "overfitting regularisation",
    }.items()
}
