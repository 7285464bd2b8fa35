"""Prompts are prose in files: one Markdown file each, Jinja with StrictUndefined, rendered here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from ai_scientist.records import Prompt

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("ai_scientist", "prompts"),
        undefined=StrictUndefined,
        autoescape=False,  # prompts are text for a model, not markup
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["data"] = quoted
    return made


def quoted(text: object) -> str:
    """Text from outside, fenced as data. Whatever stands in it cannot close the fence."""
    plain = str(text).replace("<data>", "‹data›").replace("</data>", "‹/data›")
    return f"<data>\n{plain}\n</data>"


def render(name: str, **values: Any) -> Prompt:
    """The prompt of that name. Records among the values become plain JSON values.

    Raises:
        jinja2.UndefinedError: the file asks for a value that was not given.
    """
    given = {key: plain(value) for key, value in values.items()}
    text = environment().get_template(f"{name}.md").render(**given)
    return Prompt(name=name, values=given, text=text)


def plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value
