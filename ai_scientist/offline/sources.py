"""Python source from the templates that come with us."""

from __future__ import annotations

from functools import cache
from pprint import pformat
from typing import TYPE_CHECKING, Any

from ai_scientist.bundled import bundled

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def environment(folder: str) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(bundled("templates", folder)),
        undefined=StrictUndefined,
        autoescape=False,  # the result is Python source
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["pprint"] = lambda value: pformat(value, sort_dicts=False, width=100)
    return made


def source(folder: str, file: str, **values: Any) -> str:
    """A program from `templates/<folder>/<file>`, filled in."""
    return environment(folder).get_template(file).render(**values)
