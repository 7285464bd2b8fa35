"""Reported tests computed again: p from its statistic, a mean and a standard deviation from what whole numbers allow."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["t", "F", "chi2", "z", "r"]
_SIGN = r"[<>=≤≥]"
_VALUE = r"[−–-]?\s?\d*\.?\d+"
_P = rf"(?P<two>,?\s*(?:two-(?:sided|tailed)|one-(?:sided|tailed))?,?\s*)(?P<name>p|P|p-value|P-value)\s*(?P<p_sign>{_SIGN})\s*(?P<p>\d*\.?\d+(?:\s?[×x]\s?10\s?\^?\{{?\s?[−–-]?\d{{1,3}}\}}?|[eE][−–-]?\d{{1,3}})?)"
_GAP = r"\s*[,;)]?\s*\(?\s*(?:n\s*=\s*\d+\s*[,;]\s*)?"
_STATISTIC = re.compile(
    rf"(?:(?P<t>\bt)\s?\(\s*(?P<t_df>\d*\.?\d+)\s*\)"
    rf"|(?P<f>\bF)\s?\(\s*(?P<f_df1>\d*\.?\d+)\s*,\s*(?P<f_df2>\d*\.?\d+)\s*\)"
    rf"|(?P<chi>(?:χ|chi-?square[d]?|X)\s?(?:\^?\{{?2\}}?|²)?)\s?\(\s*(?P<chi_df>\d+)\s*(?:,\s*[Nn]\s*=\s*[\d,]+\s*)?\)"
    rf"|(?P<r>\br)\s?\(\s*(?P<r_df>\d+)\s*\)|(?P<z>\b[zZ]))"
    rf"\s*(?P<sign>{_SIGN})\s*(?P<value>{_VALUE}){_GAP}{_P}"
)
_ONE_SIDED = re.compile(r"one[\s-](?:sided|tailed)", re.IGNORECASE)
_LEVEL = 0.05


@dataclass(frozen=True)
class Reported:
    """A statistic with the p that was reported for it."""

    kind: Kind
    degrees: tuple[float, ...]
    value: float
    decimals: int
    p: float
    p_decimals: int
    sign: str
    """Between p and its value."""
    start: int
    end: int
    one_sided: bool = False
    """It is said to be."""

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the largest two-sided p of a statistic that rounds to the one reported."""
        slack = 0.5 * 10.0**-self.decimals
        low, high = abs(self.value) - slack, abs(self.value) + slack
        return self._p(high), self._p(max(0.0, low))

    def _p(self, value: float) -> float:
        from scipy import special

        match self.kind:
            case "t":
                return float(2 * special.stdtr(self.degrees[0], -value))
            case "F":
                return float(special.fdtrc(*self.degrees, value))
            case "chi2":
                return float(special.chdtrc(self.degrees[0], value))
            case "z":
                return float(2 * special.ndtr(-value))
            case _:
                if value >= 1:
                    return 0.0
                t = value * math.sqrt(self.degrees[0] / (1 - value * value))
                return float(2 * special.stdtr(self.degrees[0], -t))

    def holds(self, *, one_sided: bool | None = None) -> bool:
        """Whether the reported p may belong to the statistic, both being rounded; a p cut off instead of rounded is let be."""
        low, high = self.bounds
        if self.one_sided if one_sided is None else one_sided:
            low, high = low / 2, high / 2
        unit = 10.0**-self.p_decimals
        if self.sign in "<≤":
            return low < self.p * (1 + 1e-9)
        if self.sign in ">≥":
            return high > self.p * (1 - 1e-9)
        return low - unit <= self.p <= high + 0.5 * unit + 1e-12

    @property
    def decides(self) -> bool:
        """Whether the p reported and the p computed fall on different sides of 0.05."""
        low, high = self.bounds
        reported = self.p < _LEVEL if self.sign == "=" else self.sign in "<≤" and self.p <= _LEVEL
        return (reported and low > _LEVEL) or (
            not reported and high < _LEVEL and not (self.sign in "<≤" and self.p > _LEVEL)
        )


def reported_in(text: str) -> Iterator[Reported]:
    """Statistics as the APA reports them: t(28) = 2.20, p = .036."""
    for match in _STATISTIC.finditer(text):
        kind: Kind = (
            "t" if match["t"] else "F" if match["f"] else "chi2" if match["chi"] else "r" if match["r"] else "z"
        )
        degrees = tuple(
            float(d) for d in (match["t_df"], match["f_df1"], match["f_df2"], match["chi_df"], match["r_df"]) if d
        )
        if match["sign"] != "=" or any(d <= 0 for d in degrees) or (kind == "r" and abs(_float(match["value"])) > 1):
            continue
        p = match["p"]
        yield Reported(
            kind, degrees, _float(match["value"]), _decimals(match["value"]), _float(p), _decimals(p), match["p_sign"],
            match.start(), match.end(), bool(_ONE_SIDED.search(match.group() + text[match.end() : match.end() + 20].split(",")[0])),
        )  # fmt: skip


def _float(text: str) -> float:
    plain = re.sub(r"[−–]", "-", text).replace(" ", "")
    plain = re.sub(r"[×x]10\^?\{?(-?\d+)\}?", r"e\1", plain)
    return float(plain)


def _decimals(text: str) -> int:
    plain = re.sub(r"[−–]", "-", text).replace(" ", "")
    base, _, power = re.sub(r"[×x]10\^?\{?(-?\d+)\}?", r"e\1", plain).replace("E", "e").partition("e")
    return len(base.partition(".")[2]) - int(power or 0)


def grim(mean: float, decimals: int, n: int, items: int = 1) -> bool:
    """Whether a mean of n whole numbers (or of n means of so many items) can be the one reported."""
    count = n * items
    unit = 10.0**-decimals
    nearest = (math.floor(mean * count), math.ceil(mean * count))
    return any(abs(total / count - mean) <= 0.5 * unit + 1e-9 for total in nearest)


def grimmer(mean: float, mean_decimals: int, sd: float, sd_decimals: int, n: int) -> bool:
    """Whether n whole numbers can have this mean and sample standard deviation."""
    if n < 2 or not grim(mean, mean_decimals, n):
        return n < 2
    slack, sd_slack = 0.5 * 10.0**-mean_decimals, 0.5 * 10.0**-sd_decimals
    for total in range(math.ceil((mean - slack) * n - 1e-9), math.floor((mean + slack) * n + 1e-9) + 1):
        least = max(0.0, sd - sd_slack) ** 2 * (n - 1) + total * total / n
        most = (sd + sd_slack) ** 2 * (n - 1) + total * total / n
        for squares in range(math.ceil(least - 1e-6), math.floor(most + 1e-6) + 1):
            # A sum of squares is odd where the sum is; and no less than the sum, for whole numbers.
            if squares % 2 == total % 2 and squares >= total * total / n - 1e-6:
                return True
    return False
