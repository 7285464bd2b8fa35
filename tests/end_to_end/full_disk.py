"""In a mount namespace of its own: a run on a small disk that fills up under it, then has room again.

Prints what the two sittings ended with, as JSON, and leaves a copy of the run: the disk is gone with this process.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.end_to_end.shell import LAUNCH, Sitting, call

SIZE = 80 * 2**20


def main(disk: Path, copy: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(disk)], check=True)
    sitting = Sitting(*LAUNCH, "--runs", disk, cwd=disk.parent)
    log = sitting.run / "events.jsonl"
    sitting.wait_until(lambda: b"experiment_finished" in log.read_bytes())
    before = sum(b"finished" in line for line in log.read_bytes().splitlines())
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            pass
    full = sitting.end()
    filler.unlink()
    free = call("resume", sitting.run, cwd=disk.parent)
    shutil.copytree(sitting.run, copy)
    told = {"before": before, "full": full, "free": (free.returncode, free.stdout, free.stderr)}
    sys.stdout.write(json.dumps(told))


main(*map(Path, sys.argv[1:]))
