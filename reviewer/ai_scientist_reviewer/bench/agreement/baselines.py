"""What needs no reviewer: a constant, the length of a text, its words; and what one person knows of the others."""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.linalg import lsqr

from ai_scientist_reviewer.bench.agreement.metrics import calibrated
from ai_scientist_reviewer.bench.agreement.tables import Human
from ai_scientist_reviewer.bench.estimates import Floats

WORDS = 20_000
"""Most different words that are counted, the commonest first."""


def constant(human: Sequence[Human]) -> Floats:
    """For every paper the median of all papers' mean ratings."""
    return np.full(len(human), statistics.median(one.mean for one in human))


def by_length(texts: Sequence[str], means: Floats, fold: NDArray[np.intp]) -> Floats:
    """The rating that papers of that length had, by an isotonic fit on the other folds."""
    return calibrated(np.array([float(len(text)) for text in texts]), means, fold)


def by_words(texts: Sequence[str], means: Floats, fold: NDArray[np.intp], damping: float = 1.0) -> Floats:
    """A ridge regression of the rating on the words of a text (TF-IDF), fitted on the other folds."""
    counted = [Counter(re.findall(r"[a-z]{3,}", text.casefold())) for text in texts]
    out = np.empty(len(texts))
    for k in set(fold.tolist()):
        train, test = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        spread = Counter(word for i in train for word in counted[i])
        words = {word: j for j, (word, n) in enumerate(spread.most_common(WORDS)) if n > 1}
        weight = {word: math.log(len(train) / spread[word]) + 1 for word in words}

        centre = float(means[train].mean())
        matrix = _matrix([counted[i] for i in train], words, weight)
        fitted = lsqr(matrix, means[train] - centre, damp=damping, iter_lim=60)[0]
        out[test] = _matrix([counted[i] for i in test], words, weight) @ fitted + centre
    return out


def _matrix(texts: Sequence[Counter[str]], words: Mapping[str, int], weight: Mapping[str, float]) -> csr_matrix:
    """A row of unit length for each text."""
    data: list[float] = []
    columns: list[int] = []
    ends = [0]
    for counts in texts:
        row = {words[word]: (1 + math.log(n)) * weight[word] for word, n in counts.items() if word in words}
        length = math.sqrt(math.fsum(value * value for value in row.values())) or 1.0
        data += [value / length for value in row.values()]
        columns += list(row)
        ends.append(len(data))
    return csr_matrix((data, columns, ends), shape=(len(texts), max(len(words), 1)))


def one_person(human: Sequence[Human]) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """Each rating, the mean of the others of its paper, and which paper it is; papers with one rating are left out."""
    ratings: list[float] = []
    others: list[float] = []
    papers: list[int] = []
    for i, one in enumerate(human):
        if len(one.ratings) < 2:
            continue
        for j, rating in enumerate(one.ratings):
            ratings.append(rating)
            others.append(statistics.fmean(one.ratings[:j] + one.ratings[j + 1 :]))
            papers.append(i)
    return np.array(ratings), np.array(others), np.array(papers, dtype=np.intp)
