"""The command line as a person uses it: a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "ai_scientist"]
TINY = ROOT / "configs" / "tiny.yaml"
TOPIC = "early stopping under label noise"
LAUNCH = ("run", TOPIC, "--config", TINY, "--sandbox", "bubblewrap")
"""The smallest run, in the back end whose jobs start fastest. That they all do the same is a test of its own."""
DONE = (0, 10)
"""Exit codes of a run that came to its end."""
PATIENCE = 240
"""Seconds, for whatever should take half a minute on two busy cores."""


def call(
    *arguments: object, cwd: Path, timeout: float = PATIENCE, before: Sequence[str] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run `ai-scientist ARGUMENTS` to its end. `before`: a command that runs it."""
    return subprocess.run(
        [*before, *COMMAND, *map(str, arguments)],
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
        first = self.process.stdout.readline().strip()
        assert first, self.process.communicate()[1]
        self.run = Path(first)
        """The first line printed."""

    def wait_for_events(self, count: int, timeout: float = PATIENCE) -> bool:
        """Until the run has that many events. False: the command ended before."""
        return self.wait_until(lambda: (self.run / "events.jsonl").read_bytes().count(b"\n") >= count, timeout)

    def wait_until(self, holds: Callable[[], bool], timeout: float = PATIENCE) -> bool:
        """Until something holds. False: the command ended before."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if holds():
                return True
            if self.process.poll() is not None:
                return False
            time.sleep(0.005)
        raise AssertionError(f"waited {timeout} s for {self.run}")

    def signal(self, number: int) -> None:
        """SIGKILL and SIGINT to the whole group, as a machine that goes down and as a terminal; SIGTERM to the command."""
        if number == signal.SIGTERM:
            self.process.send_signal(number)
        else:
            os.killpg(self.process.pid, number)

    def end(self, timeout: float = PATIENCE) -> tuple[int, str, str]:
        """Exit status, and the rest of what was printed."""
        out, err = self.process.communicate(timeout=timeout)
        return self.process.returncode, out, err

    def descendants(self) -> set[tuple[int, str]]:
        """The processes that the command has started, and those that they have: id and start time, which name a process
        even when its id is used again."""
        parents: dict[int, int] = {}
        for pid, stat in _stats().items():
            parents[pid] = int(stat[1])
        found, edge = set[int](), {self.process.pid}
        while edge:
            edge = {pid for pid, parent in parents.items() if parent in edge} - found
            found |= edge
        stats = _stats()
        return {(pid, stats[pid][19]) for pid in found if pid in stats}


def alive(processes: set[tuple[int, str]]) -> set[tuple[int, str]]:
    """Those of them that still run; one that is dead and not yet waited for does not."""
    stats = _stats()
    return {
        (pid, began) for pid, began in processes if pid in stats and stats[pid][19] == began and stats[pid][0] != "Z"
    }


def left(processes: set[tuple[int, str]], seconds: float = 2.0) -> set[tuple[int, str]]:
    """Those of them that still run after so many seconds at most."""
    deadline = time.monotonic() + seconds
    while (still := alive(processes)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return still


def _stats() -> dict[int, list[str]]:
    """Process id to the fields of /proc/<pid>/stat from the state on."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found[int(entry.name)] = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
    return found


def in_mounts(script: str) -> list[str]:
    """What runs a command where a shell script has mounted something that nobody else sees."""
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *user, "--mount", "--propagation", "private", "sh", "-ec", script + '\nexec "$@"', "sh"]
