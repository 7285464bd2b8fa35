"""Prompts are files under prompts/; this is the one place where they are filled in."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from ai_scientist_reviewer.ports import Prompt


def render(name: str, **values: Any) -> Prompt:
    """The prompt of that name with these values filled in.

    `values` hold what JSON can hold, so that whoever records a prompt can record them too.

    Raises:
        jinja2.UndefinedError: the file asks for a value that is not given.
        jinja2.TemplateNotFound: there is no such prompt.
    """
    return Prompt(name, values, _environment().get_template(f"{name}.md").render(values))


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(_source),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )


def _source(name: str) -> str | None:
    file = files("ai_scientist_reviewer") / "prompts" / name
    return file.read_text(encoding="utf-8") if file.is_file() else None
