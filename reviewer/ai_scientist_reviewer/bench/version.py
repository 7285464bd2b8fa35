"""Which reviewer was measured: a hash of what it says to models and of the forms that they fill in, and one of the checks."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
_PROMPTS = ("prompts", "lenses", "forms")
_NO_CHECKS = {*_PROMPTS, "bench", "render", "__pycache__"}


@cache
def prompts_version() -> str:
    """Of the prompts, lenses and forms: twelve hexadecimal digits."""
    return _hash(path for name in _PROMPTS for path in _files(PACKAGE / name) if path.suffix != ".py")


@cache
def checks_version() -> str:
    """Of the checks without a model, and of all that reads papers for them."""
    return _hash(path for path in _files(PACKAGE) if not _NO_CHECKS & set(path.relative_to(PACKAGE).parts))


def _files(top: Path) -> list[Path]:
    return sorted(path for path in top.rglob("*") if path.is_file() and path.suffix in (".py", ".md", ".yaml"))


def _hash(paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:12]
