"""What the product needs is under a licence that lets anybody use it, and what it imports it names."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import metadata, packages_distributions

from tests.architecture.sources import ROOT, imported, product

PERMISSIVE = re.compile(
    r"\b(MIT|BSD|Apache|PSF|Python Software Foundation|ISC|Zlib|0BSD|CC0|Unlicense)\b", re.IGNORECASE
)
NOT_SO = re.compile(r"GPL|General Public|Affero|Commercial|Commons Clause|SSPL", re.IGNORECASE)
OURS = {"ai_scientist", "ai_scientist_reviewer", "ai_scientist_sandbox"}
BROUGHT_ALONG = {
    "httpx": "openai and anthropic are built on it",
    "langchain-core": "langchain is built on it",
    "markupsafe": "jinja2 is built on it",
    "pdfminer-six": "pdfplumber is built on it",
    "requests": "docker is built on it, and its errors come through",
}
INSIDE = {"lab"}
"""What programs import within a sandbox."""


def named() -> set[str]:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    return {plain(re.match(r"[\w.-]+", one).group()) for one in told}  # type: ignore[union-attr]


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_licences_are_permissive() -> None:
    licences = {name: licence(name) for name in named()}
    assert not {name: told for name, told in licences.items() if NOT_SO.search(told) or not PERMISSIVE.search(told)}


def licence(name: str) -> str:
    """As its own metadata tell it: the expression, else the classifiers, else the first line of the text."""
    told = metadata(name)
    classifiers = " ".join(one for one in told.get_all("Classifier") or [] if one.startswith("License"))
    expression, text = (" ".join(told.get_all(field) or []) for field in ("License-Expression", "License"))
    return expression or classifiers or text.partition("\n")[0]


def test_what_is_imported_is_named() -> None:
    made_by = packages_distributions()
    modules = {name.partition(".")[0] for path in product() for name in imported(path)} - OURS - INSIDE
    foreign = {name for name in modules if name and name not in sys.stdlib_module_names and name in made_by}
    known = named() | set(BROUGHT_ALONG)
    assert not {name for name in foreign if not known & {plain(one) for one in made_by[name]}}
