"""What a sandbox costs: how long until a program begins, and how many short jobs go through in a second.

Everything is set beside a plain `docker run` of the same image, taken in turn in one call, as the machine's other work slows
all alike. A program says itself when it begins: containers have the clock of their host.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from ai_scientist_sandbox import Limits, SandboxError, SandboxHost, dockerfiles
from ai_scientist_sandbox.bubblewrap import BubblewrapHost
from ai_scientist_sandbox.docker import DockerHost

from tests.bench.row import Row

SAYS_WHEN = "import time; print(time.monotonic(), flush=True)"
FILES = {"program.py": SAYS_WHEN.encode(), "data/table.csv": b"0.5,0.25\n" * 100_000}
"""A program and a megabyte of data."""
REPEATS = 11
JOBS = 30
ROUNDS = 5
WORKERS = 2
REACH = 0.3


def bench_starts() -> Iterator[Row]:
    """From asking for a sandbox to the program's first line, the files laid: over `docker run` to its program's first line.

    `sandbox.start_ratio` where a container was ready, as it is for all but the first jobs of a run and those that come
    faster than containers are made; `sandbox.unprepared_start_ratio` where none was; `sandbox.bubblewrap_start_ratio`, which
    keeps none ready.
    """
    with DockerHost() as docker, BubblewrapHost() as bubblewrap:
        tag = dockerfiles.recipe(docker.image("python").name).tag
        begin(bubblewrap)  # compiles what was never imported
        begin(docker)
        plain, ready, unprepared, bare = [], [], [], []
        for _ in range(REPEATS):
            while not docker.ready():
                time.sleep(0.01)
            ready.append(begin(docker))
            docker.close()
            plain.append(plain_run(tag))
            bare.append(begin(bubblewrap))
            unprepared.append(begin(docker))
    yield Row.of("sandbox.plain_start_seconds", plain, "s to the first line of a plain docker run")
    yield Row.of("sandbox.start_ratio", over(ready, plain), "ratio to a plain docker run", reach=REACH)
    yield Row.of("sandbox.unprepared_start_ratio", over(unprepared, plain), "ratio, no container ready")
    yield Row.of("sandbox.bubblewrap_start_ratio", over(bare, plain), "ratio", reach=REACH)


def bench_throughput() -> Iterator[Row]:
    """Short jobs on two workers, from opening a sandbox to its removal, one after the other without a pause: here containers are
    used up as fast as they are made. `sandbox.plain_jobs_per_second`: the same of `docker run --rm`."""
    with DockerHost() as docker, BubblewrapHost() as bubblewrap:
        tag = dockerfiles.recipe(docker.image("python").name).tag
        ours: list[float] = []
        theirs: list[float] = []
        bare: list[float] = []
        for _ in range(ROUNDS):
            ours.append(rate(lambda: begin(docker)))
            theirs.append(rate(lambda: plain_run(tag)))
            bare.append(rate(lambda: begin(bubblewrap)))
    yield Row.of("sandbox.jobs_per_second", ours, "jobs/s")
    yield Row.of("sandbox.plain_jobs_per_second", theirs, "jobs/s, plain docker run")
    yield Row.of("sandbox.bubblewrap_jobs_per_second", bare, "jobs/s")


def begin(host: SandboxHost) -> float:
    """Seconds from asking for a sandbox to its program's first line."""
    asked = time.monotonic()
    with host.open("python", Limits()) as sandbox:
        sandbox.put(FILES)
        done = sandbox.run(["python", "program.py"])
    if not done.succeeded:
        raise SandboxError(f"the job failed: {done}")
    return float(done.output) - asked


def plain_run(tag: str) -> float:
    """The same by the `docker` command, or by its package where that is missing."""
    command = ["/opt/image/bin/python", "-c", SAYS_WHEN]
    asked = time.monotonic()
    if shutil.which("docker"):
        said = subprocess.run(
            ["docker", "run", "--rm", tag, *command], capture_output=True, text=True, check=True
        ).stdout
    else:
        import docker

        said = docker.from_env().containers.run(tag, command, remove=True).decode()
    return float(said) - asked


def over(ours: list[float], theirs: list[float]) -> list[float]:
    """Pair by pair: those were taken one after the other."""
    return [one / other for one, other in zip(ours, theirs, strict=True)]


def rate(job: Callable[[], object]) -> float:
    """Jobs in a second."""
    asked = time.monotonic()
    with ThreadPoolExecutor(WORKERS) as pool:
        for _ in pool.map(lambda _: job(), range(JOBS)):
            pass
    return JOBS / (time.monotonic() - asked)
