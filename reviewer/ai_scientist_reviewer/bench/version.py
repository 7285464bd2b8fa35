"""Which reviewer was measured: a hash of what it says to models and of the forms that they fill in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
_PROMPTS = ("prompts", "lenses", "forms", "forms.py", "panel.py", "seat.py", "shown.py")
_CHECKS = ("checks", "hidden.py", "venues", "results.py", "results", "numbers", "facts")


def prompts_version() -> str:
    """Of prompts, lenses, forms, and how a panel meets: twelve hexadecimal digits."""
    return _hash(_PROMPTS)


def checks_version() -> str:
    """Of the checks without a model."""
    return _hash(_CHECKS)


def _hash(names: Iterable[str]) -> str:
    total = hashlib.sha256()
    for name in names:
        top = PACKAGE / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and path.suffix != ".pyc":
                total.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:12]
