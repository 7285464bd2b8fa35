"""The files that give a program its laboratory: `lab.py` and the `job.json` that it reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def laboratory(seed: int = 0, config: Mapping[str, Any] | None = None, confirming: bool = False) -> dict[str, bytes]:
    """Files to `put` beside a program.

    Args:
        config: settings that override the program's own defaults; plain JSON values.
    """
    job = {"seed": seed, "config": dict(config or {}), "confirming": confirming}
    lab = Path(__file__).with_name("lab.py").read_bytes()
    return {"lab.py": lab, "job.json": json.dumps(job, allow_nan=False).encode()}
