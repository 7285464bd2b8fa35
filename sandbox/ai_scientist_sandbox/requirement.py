"""What may be asked for as an extra package: a name, extras, versions. No address, no path, no option, nothing that is run."""

from __future__ import annotations

import re

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_CLAUSE = r"(?:==|!=|<=|>=|~=|<|>)\s*[A-Za-z0-9][A-Za-z0-9.!+_*-]*"
_REQUIREMENT = re.compile(rf"{_NAME}(?:\s*\[\s*{_NAME}(?:\s*,\s*{_NAME})*\s*\])?(?:\s*{_CLAUSE}(?:\s*,\s*{_CLAUSE})*)?")


def requirement_fault(text: str) -> str:
    """Why this names no package of an index, as the end of a sentence; "" where it does."""
    if _REQUIREMENT.fullmatch(text.strip()):
        return ""
    if text.strip()[:1] in tuple("<>=!~"):
        return "names no package: put one whose versions have a comma in quotes, as in ['statsmodels>=0.14,<1']"
    return "names no package: write a name, with extras and versions or without, as in xgboost or 'dask[array]>=2026,<2027'"
