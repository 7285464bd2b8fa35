"""Many jobs on two workers, ended in order and killed in the middle: nothing is left, and what others have is untouched."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ai_scientist_sandbox import SandboxHost, prepared
from ai_scientist_sandbox.bubblewrap import BubblewrapHost
from ai_scientist_sandbox.cgroups import Cgroups
from ai_scientist_sandbox.docker import DockerHost
from ai_scientist_sandbox.engine import Engine
from ai_scientist_sandbox.owners import PREFIX

from tests.sandbox.conformance import run
from tests.sandbox.engines import containers, until

# Closes nothing: what it keeps ready has to go with it all the same.
WORKERS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from ai_scientist_sandbox import Limits, open_host
host = open_host(sys.argv[1])
mounts = {"set": Path(sys.argv[2])}
def job(number):
    with host.open("python", Limits(wall=60), mounts=mounts) as sandbox:
        sandbox.put({"program.py": b"import sys; open('output/a', 'w').write(sys.argv[1]); open('/tmp/b', 'w')"})
        done = sandbox.run(["python", "program.py", str(number)])
        assert done.succeeded, done
        sys.stdout.write(sandbox.fetch()["a"].decode() + "\\n")  # a line at once: two threads write
        sys.stdout.flush()
with ThreadPoolExecutor(2) as pool:
    list(pool.map(job, range(int(sys.argv[3]))))
"""

SLOW = "import time; time.sleep(6); print('whole')"


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder that programs may read below; those of pytest are closed to other users."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        for name in ("data", "tmp"):
            (Path(folder) / name).mkdir()
        yield Path(folder)


def started(name: str, jobs: int, temporary: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "TMPDIR": str(temporary / "tmp")}
    command = [sys.executable, "-c", WORKERS, name, str(temporary / "data"), str(jobs)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def groups(pid: int) -> list[Path]:
    """Control groups that a process made."""
    return [found for home in set(Cgroups().homes.values()) for found in home.glob(f"{PREFIX}*.{pid}.*")]


def unnamed(engine: Engine) -> set[str]:
    """Volumes and networks that nobody gave a name, or that have ours: other tests make some for themselves meanwhile."""
    api: Any = engine.api
    kept = [*(api.volumes()["Volumes"] or []), *api.networks()]
    return {one["Name"] for one in kept if re.match(r"[0-9a-f]{64}$|ai-scientist", one["Name"])}


@pytest.fixture
def docker_kept(
    engine: Engine, docker_host: DockerHost, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[int], list[str]]]:
    """What of a process is left in the engine; meanwhile a container of ours waits there, which has to stay."""
    monkeypatch.setattr(prepared, "IDLE", 600)
    docker_host.close()
    others = len(containers(engine, os.getpid(), "running"))  # of a host that an earlier test of this process opened
    run(docker_host, "pass")
    assert until(lambda: len(containers(engine, os.getpid(), "running")) == others + 1)
    ours, before = containers(engine, os.getpid()), unnamed(engine)

    def left(pid: int) -> list[str]:
        return [*containers(engine, pid), *(unnamed(engine) - before)]

    yield left
    assert containers(engine, os.getpid()) == ours
    assert run(docker_host, "print('next')").output == "next\n"


def killed_in_the_middle(name: str, temporary: Path, after: int) -> int:
    """Pid of an owner that had made so many of its jobs."""
    owner = started(name, 100, temporary)
    assert owner.stdout
    for _ in range(after):
        assert owner.stdout.readline()
    owner.kill()
    owner.communicate()
    return owner.pid


@pytest.mark.full
def test_a_hundred_jobs_leave_nothing_in_docker(docker_kept: Callable[[int], list[str]], temporary: Path) -> None:
    owner = started("docker", 100, temporary)
    said, _ = owner.communicate(timeout=240)
    assert owner.returncode == 0 and sorted(map(int, said.split())) == list(range(100))
    assert docker_kept(owner.pid) == [] and list((temporary / "tmp").iterdir()) == []


@pytest.mark.parametrize("after", [1, 7])
def test_an_owner_that_is_killed_in_the_middle_leaves_nothing_in_docker(
    docker_kept: Callable[[int], list[str]],
    engine: Engine,
    temporary: Path,
    after: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pid = killed_in_the_middle("docker", temporary, after)
    # One that was made and not yet started hears nothing of our end: it goes when somebody opens a host.
    assert until(lambda: set(containers(engine, pid)) == set(containers(engine, pid, "created")))
    monkeypatch.setenv("TMPDIR", str(temporary / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", None)
    DockerHost()
    assert docker_kept(pid) == [] and list((temporary / "tmp").iterdir()) == []


@pytest.mark.full
@pytest.mark.usefixtures("bubblewrap_host")
def test_a_hundred_jobs_leave_nothing_of_bubblewrap(temporary: Path) -> None:
    owner = started("bubblewrap", 100, temporary)
    said, _ = owner.communicate(timeout=240)
    assert owner.returncode == 0 and sorted(map(int, said.split())) == list(range(100))
    assert list((temporary / "tmp").iterdir()) == [] and groups(owner.pid) == []


@pytest.mark.parametrize("after", [1, 15])
def test_an_owner_that_is_killed_in_the_middle_leaves_nothing_of_bubblewrap(
    bubblewrap_host: SandboxHost, temporary: Path, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []
    other = threading.Thread(target=lambda: ended.append(run(bubblewrap_host, SLOW).output))
    other.start()
    assert until(lambda: groups(os.getpid()))
    pid = killed_in_the_middle("bubblewrap", temporary, after)
    monkeypatch.setenv("TMPDIR", str(temporary / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert until(lambda: BubblewrapHost() and list((temporary / "tmp").iterdir()) == [])
    assert groups(pid) == []
    assert other.is_alive()
    other.join()
    assert ended == ["whole\n"]  # another run's, all the time
