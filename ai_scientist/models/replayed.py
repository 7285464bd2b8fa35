"""Replies of an earlier run, given again: the n-th call of a role in a scope gets the reply that it got then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from ai_scientist.bundled import bundled
from ai_scientist.errors import ModelError
from ai_scientist.models.base import F, Reply
from ai_scientist.models.faults import describe
from ai_scientist.models.recorded import fingerprint
from ai_scientist.records import Prompt
from ai_scientist.runs.layout import Layout

REPLAY = "replay:"
"""What the name of such a model begins with; then the name of a folder under templates/replays/, or a path."""


class Recorded(BaseModel):
    """What is read of a recorded call, whether it lies in a run's folder (JSON) or was kept for reading (YAML)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    prompt: str
    form: str = ""
    """The name of the form that was filled in; "" for a text."""
    asked: str
    """The fingerprint of the prompt that it answered."""
    reply: Any


class ReplayModel:
    """Gives recorded replies. It costs nothing: what they once cost is in the run that they come from.

    Which reply is given follows from the call's id alone, so that a prompt may be worded otherwise now. `Reply.differs` says
    of each whether it is.
    """

    def __init__(self, name: str, replies: Mapping[str, Sequence[Recorded]], id: str | None = None) -> None:
        """`replies`: by the id of a call's position, those that were kept there, in order of asking. `id`: the position
        that is answered for; see `at`."""
        self.name = name
        self._replies, self._id = replies, id

    def at(self, id: str) -> ReplayModel:
        """The same model, for the call at one position: `<scope>.<role>.<n>`."""
        return ReplayModel(self.name, self._replies, id)

    def write(self, prompt: Prompt, pictures: Sequence[bytes] = ()) -> Reply[str]:
        """Raises ModelError: nothing that fits was recorded."""
        found, differs = self._find(prompt, "", pictures)
        if not isinstance(found.reply, str):
            raise self._misfit(prompt, "is no text")
        return Reply(found.reply, author="model", model=self.name, differs=differs)

    def fill(self, prompt: Prompt, form: type[F], pictures: Sequence[bytes] = ()) -> Reply[F]:
        """Raises ModelError: nothing that fits was recorded."""
        found, differs = self._find(prompt, form.__name__, pictures)
        try:
            value = form.model_validate(found.reply)
        except ValidationError as error:
            raise self._misfit(prompt, f"does not fill its form in: {describe(error)}") from None
        return Reply(value, author="model", model=self.name, differs=differs)

    def _find(self, prompt: Prompt, form: str, pictures: Sequence[bytes]) -> tuple[Recorded, bool]:
        """The reply for this position, and whether the prompt that it answered was another one."""
        kept = self._replies.get(self._id or "")
        if not kept:
            raise ModelError(
                f"{self.name} has no reply for {self._id}, where '{prompt.name}' is asked: the recorded run asked nothing "
                "there, or not as often. Replay with its topic, configuration and seed, or name another model for this role "
                "(models.roles)."
            )
        asked = fingerprint(prompt, form, pictures)
        # Where it was asked again, the last reply is the one that the recorded run went on with.
        found = next((one for one in kept if one.asked == asked), kept[-1])
        if (found.prompt, found.form) != (prompt.name, form):
            raise self._misfit(prompt, f"answers '{found.prompt}' ({found.form or 'a text'})")
        return found, found.asked != asked

    def _misfit(self, prompt: Prompt, why: str) -> ModelError:
        return ModelError(
            f"At {self._id}, '{prompt.name}' is asked, and what {self.name} recorded there {why}. Replay with the recorded "
            "run's topic, configuration and seed, or name another model for this role (models.roles)."
        )


def open_replay(name: str) -> ReplayModel:
    """The model `replay:NAME_OR_FOLDER`.

    Raises:
        ModelError: there is no such folder, or it holds no calls that can be read.
    """
    folder = place_of(name)
    files = sorted(file for file in Layout(folder).calls.glob("*.*") if file.suffix in (".yaml", ".json"))
    if not files:
        known = sorted(one.parent.name for one in bundled("templates", "replays").glob("*/calls"))
        raise ModelError(
            f"There is nothing to replay in {folder}: it has no calls. Name a run's folder, or one of: {', '.join(known)}."
        )
    replies: dict[str, list[Recorded]] = {}
    for file in sorted(files, key=lambda file: (len(file.stem.split(".")), *_numbered(file.stem))):
        position = ".".join(file.stem.split(".")[:3])
        replies.setdefault(position, []).append(_read(file))
    return ReplayModel(f"{REPLAY}{folder.name}", replies)


def place_of(name: str) -> Path:
    """The folder that `replay:…` means: one that comes with the program, or else the user's, as an absolute path."""
    given = name.removeprefix(REPLAY)
    ours = bundled("templates", "replays", given) if given and Path(given).name == given else None
    return ours if ours is not None and ours.is_dir() else Path(given).expanduser().absolute()


def settled(name: str) -> str:
    """The name as it is kept in a run's configuration: it holds wherever the run is resumed from."""
    if not name.startswith(REPLAY):
        return name
    place = place_of(name)
    return name if place.is_relative_to(bundled("templates", "replays")) else f"{REPLAY}{place}"


def _read(file: Path) -> Recorded:
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))  # JSON is YAML
        return Recorded.model_validate(data)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        told = describe(error) if isinstance(error, ValidationError) else " ".join(str(error).split())
        raise ModelError(f"The recorded call {file} cannot be read: {told[:300]}.") from None


def _numbered(stem: str) -> tuple[int, ...]:
    """The last number of an id: which asking at its position it was."""
    last = stem.rpartition(".")[2]
    return (int(last),) if last.isdigit() else (0,)
