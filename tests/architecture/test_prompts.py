"""Prompts are prose in files: each one renders when all it names is given, not before, and is used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ai_scientist_reviewer.prompts
import jinja2
import pytest
from jinja2 import meta

import ai_scientist.prompts
from tests.architecture.sources import ROOT, name_of, product, tracked

ENVIRONMENTS = {
    ROOT / "ai_scientist/prompts": ai_scientist.prompts.environment,
    ROOT / "reviewer/ai_scientist_reviewer/prompts": ai_scientist_reviewer.prompts._environment,
}
PROMPTS = [
    path for path in tracked() if path.suffix == ".md" and any(folder in path.parents for folder in ENVIRONMENTS)
]


class Anything(float):
    """A number that also has every attribute and every item, can be called, and is a list of one."""

    def __new__(cls) -> Anything:
        return super().__new__(cls, 1.0)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    def __getitem__(self, key: Any) -> Any:
        return Anything()

    def __iter__(self) -> Iterator[Any]:
        yield Anything()

    def __len__(self) -> int:
        return 1

    def __index__(self) -> int:
        return 1

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return Anything()

    def items(self) -> list[tuple[Any, Any]]:
        return [(Anything(), Anything())]


def _environment(path: Path) -> tuple[jinja2.Environment, str]:
    """The environment that the product renders the prompt in, and the prompt's name in it."""
    folder = next(folder for folder in ENVIRONMENTS if folder in path.parents)
    return ENVIRONMENTS[folder](), path.relative_to(folder).as_posix()


def _values(environment: jinja2.Environment, name: str) -> set[str]:
    """The values that a prompt and the fragments that it includes ask for."""
    assert environment.loader
    tree = environment.parse(environment.loader.get_source(environment, name)[0])
    wanted = meta.find_undeclared_variables(tree)
    for fragment in meta.find_referenced_templates(tree):
        assert fragment, f"{name} includes a file whose name it computes"
        wanted |= _values(environment, fragment)
    return wanted


@pytest.mark.parametrize("path", PROMPTS, ids=name_of)
def test_a_prompt_renders_when_all_it_names_is_given(path: Path) -> None:
    environment, name = _environment(path)
    assert issubclass(environment.undefined, jinja2.StrictUndefined)
    values = {value: Anything() for value in _values(environment, name)}
    assert environment.get_template(name).render(values).strip()


@pytest.mark.parametrize("path", PROMPTS, ids=name_of)
def test_a_prompt_that_lacks_its_values_does_not_render(path: Path) -> None:
    environment, name = _environment(path)
    if not _values(environment, name):
        return
    with pytest.raises(jinja2.UndefinedError):
        environment.get_template(name).render()


def test_each_prompt_is_used() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in [*product(), *PROMPTS])
    assert PROMPTS
    assert not [name_of(path) for path in PROMPTS if f'"{path.stem}"' not in text and path.name not in text]
