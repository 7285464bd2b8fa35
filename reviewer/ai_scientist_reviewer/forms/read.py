"""From a form's file to the form: ours by name, a user's own by path."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

import yaml
from pydantic import ValidationError

from ai_scientist_reviewer.forms.base import Form, FormError

LARGEST = 256 * 1024
"""Bytes of a form's file."""
_ENDINGS = (".yaml", ".yml")


def form(name: str) -> Form:
    """The form of that name among ours, or the one in the file at that path (`my-venue.yaml`).

    Raises:
        FormError: there is none, or the file does not hold one; says what is wrong and where.
    """
    if Path(name).suffix.lower() in _ENDINGS:
        return _read(Path(name))
    if name not in names():
        raise FormError(
            f"There is no review form '{name}': there are {', '.join(names())}, or give the path of a file of your own "
            "(my-venue.yaml)."
        )
    return _ours(name)


@cache
def names() -> tuple[str, ...]:
    """Of the forms that come with us."""
    folder = files("ai_scientist_reviewer") / "forms"
    return tuple(sorted(file.name[: -len(".yaml")] for file in folder.iterdir() if file.name.endswith(".yaml")))


@cache
def _ours(name: str) -> Form:
    file = files("ai_scientist_reviewer") / "forms" / f"{name}.yaml"
    return _parsed(file.read_text(encoding="utf-8"), f"{name}.yaml", name)


def _read(path: Path) -> Form:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise FormError(f"The review form {path} cannot be read ({error.strerror or error}).") from None
    if len(data) > LARGEST:
        raise FormError(f"The review form {path} is larger than {LARGEST // 1024} KiB.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise FormError(f"The review form {path} is not a text file in UTF-8.") from None
    return _parsed(text, str(path), _name_of(path))


def _parsed(text: str, told: str, name: str) -> Form:
    try:
        # An alias could make a small file expand without end, and no form needs one.
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
            raise FormError(f"The review form {told} uses YAML aliases, which are not read.")
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise FormError(f"The review form {told} is not YAML: {' '.join(str(error).split())[:200]}.") from None
    if not isinstance(data, dict):
        raise FormError(f"The review form {told} has to be a mapping with venue and scales, as forms/iclr.yaml is.")
    try:
        return Form.model_validate({"name": name, **data})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        kinds = {"extra_forbidden": "there is no such field", "missing": "it is missing"}
        what = kinds.get(first["type"], str(first["msg"]).removeprefix("Value error, "))
        raise FormError(f"The review form {told} does not fit{f' at {where}' if where else ''}: {what}.") from None


def _name_of(path: Path) -> str:
    plain = "".join(char if char.isascii() and char.isalnum() else "-" for char in path.stem.lower()).strip("-")
    return plain[:40] if plain[:1].isalpha() else f"form-{plain}"[:40].rstrip("-")
