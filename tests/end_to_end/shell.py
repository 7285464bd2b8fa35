"""The command line as a person uses it: a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "ai_scientist"]
TINY = ROOT / "configs" / "tiny.yaml"
TOPIC = "early stopping under label noise"


def call(*arguments: object, cwd: Path, timeout: float = 240, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `ai-scientist ARGUMENTS` to its end."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


class Sitting:
    """A command under way in a process group of its own, so that a test can kill it as a machine would."""

    def __init__(self, *arguments: object, cwd: Path) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, *map(str, arguments)],
            cwd=cwd,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self.run = Path(self.process.stdout.readline().strip())
        """The first line printed."""

    def wait_for_events(self, count: int, timeout: float = 120) -> bool:
        """Until the run has that many events. False: the command ended before."""
        log = self.run / "events.jsonl"
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if log.exists() and log.read_bytes().count(b"\n") >= count:
                return True
            if self.process.poll() is not None:
                return False
            time.sleep(0.01)
        raise AssertionError(f"{self.run} had fewer than {count} events after {timeout} s")

    def signal(self, number: int) -> None:
        os.killpg(self.process.pid, number) if number == signal.SIGKILL else self.process.send_signal(number)

    def end(self, timeout: float = 240) -> tuple[int, str, str]:
        """Exit status, and the rest of what was printed."""
        out, err = self.process.communicate(timeout=timeout)
        return self.process.returncode, out, err


def processes_of(run: Path) -> list[int]:
    """Processes, of whatever parent, whose command line or working folder names the run."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            line = (entry / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if str(run) in line:
            found.append(int(entry.name))
    return found
