"""What a person puts in place of what the run made: checked before it is taken."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from ai_scientist.errors import InputError, cause
from ai_scientist.records import Idea, Manuscript
from ai_scientist.runs import RunDirectory
from ai_scientist.runs.events import Gate
from ai_scientist.search.forms import StageForm


def put_in_place(run: RunDirectory, gate: Gate, round: int, file: Path) -> None:
    """Take a person's idea, plan or manuscript: the file that the run asked about, changed.

    Raises:
        InputError: it cannot be read, or is not of the form.
    """
    try:
        text = file.read_text(encoding="utf-8")
        match gate:
            case "idea":
                run.write(run.idea_json, Idea.model_validate_json(text).model_dump_json(indent=1))
            case "plan":
                stage = run.progress.open_stage
                if stage is None:
                    raise InputError(f"The run {run.path} has no stage open.")
                plan = StageForm.model_validate(
                    {k: v for k, v in json.loads(text).items() if k in StageForm.model_fields}
                )
                target = run.plan(stage.name, stage.round)
                attempt = json.loads(target.read_text(encoding="utf-8"))["attempt"]
                run.write(target, json.dumps({"attempt": attempt, **plan.model_dump()}, indent=1))
            case "paper":
                manuscript = Manuscript.model_validate_json(text)
                run.write(run.manuscript(round + 1), manuscript.model_dump_json(indent=1))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The file {file} cannot be read ({cause(error)}).") from None
    except (ValidationError, ValueError, AttributeError) as error:
        first = str(error.errors()[0]["msg"]) if isinstance(error, ValidationError) else str(error)
        where = ".".join(map(str, error.errors()[0]["loc"])) if isinstance(error, ValidationError) else ""
        raise InputError(
            f"{file} does not fit as the {gate}{f' at {where}' if where else ''}: {first}. Change a copy of what the run asked about."
        ) from None
