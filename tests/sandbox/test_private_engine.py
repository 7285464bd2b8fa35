"""Against a second Docker engine that the test starts: with a runtime for GPUs that there are not, and without a filter of
system calls. Only its hook and `nvidia-smi` are ours; that a device request means what it says is Docker's own doing."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from ai_scientist_sandbox import Completed, Limits, SandboxError, dockerfiles, gpus, open_host
from ai_scientist_sandbox.docker import DockerHost
from ai_scientist_sandbox.engine import Engine

from tests.sandbox.conformance import LIMITS
from tests.sandbox.engines import containers, until

pytestmark = pytest.mark.full

# As NVIDIA's does it, less the driver: makes a device in the container, before it starts, for each that the variable names.
HOOK = f"""#!{sys.executable}
import json, os, subprocess, sys
state = json.load(sys.stdin)
config = json.load(open(state["bundle"] + "/config.json"))
told = dict(entry.partition("=")[::2] for entry in config["process"]["env"])  # the last of a name counts
for name in told["NVIDIA_VISIBLE_DEVICES"].split(","):
    if name not in ("", "void"):
        device = config["root"]["path"] + "/dev/nvidia" + name.rpartition("-")[2]
        enter = ["nsenter", "--target", str(state["pid"]), "--mount"]
        subprocess.run([*enter, "mknod", "-m", "666", device, "c", "1", "3"], check=True)
"""
SMI = """#!/bin/sh
for n in 0 1 2; do echo "GPU $n: NVIDIA A100-SXM4-40GB (UUID: GPU-5f0e0000-$n)"; done
"""
SEEN = "import os; print(sorted(n for n in os.listdir('/dev') if 'nvidia' in n))"
HAVING = "import os, time; print(*[n for n in os.listdir('/dev') if 'nvidia' in n], time.monotonic()); time.sleep(0.5)"


@contextlib.contextmanager
def private_engine(folder: Path, *options: str) -> Iterator[str]:
    """Where it listens. It shares nothing with the machine's own engine but the kernel."""
    where, log = f"unix://{folder}/engine.sock", folder / "log"
    # In a network of its own: with --bridge=none an engine takes away docker0, whosever it is.
    command = [
        "unshare",
        "--net",
        "dockerd",
        "--data-root",
        f"{folder}/data",
        "--exec-root",
        f"{folder}/exec",
        "--host",
        where,
    ]
    command += ["--pidfile", f"{folder}/pid", "--bridge=none", "--iptables=false", *options]
    path = f"{folder}/bin:{os.environ['PATH']}"
    with log.open("w") as said:
        engine = subprocess.Popen(command, stdout=said, stderr=said, env={**os.environ, "PATH": path})
    try:
        assert until(lambda: engine.poll() is not None or "API listen on" in log.read_text(), 60), log.read_text()
        assert engine.poll() is None, log.read_text()
        yield where
    finally:
        engine.send_signal(signal.SIGTERM)
        engine.wait(60)


@pytest.fixture(scope="module")
def place(engine: Engine, docker_host: DockerHost) -> Iterator[Path]:
    """A folder for an engine, which has our python image already."""
    if os.geteuid() != 0 or not shutil.which("dockerd"):
        pytest.skip("this machine has no docker engine that we may start beside its own")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "bin").mkdir()
        for tool, text in (("nvidia-container-runtime-hook", HOOK), ("nvidia-smi", SMI)):
            (folder / "bin" / tool).write_text(text)
            (folder / "bin" / tool).chmod(0o755)
        docker_host.image("python")
        with private_engine(folder) as where, pytest.MonkeyPatch.context() as patch:
            patch.setenv("DOCKER_HOST", where)
            tag = dockerfiles.recipe("python").tag
            Engine().api.load_image(engine.api.get_image(tag))
        yield folder


@pytest.fixture
def three_gpus(place: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """As far as this process and its engine can tell."""
    monkeypatch.setenv("PATH", f"{place}/bin:{os.environ['PATH']}")
    monkeypatch.delenv(gpus.VISIBLE, raising=False)
    tmp_path.chmod(0o1777)
    monkeypatch.setattr(gpus, "_FOLDERS", (str(tmp_path),))
    with private_engine(place) as where:
        monkeypatch.setenv("DOCKER_HOST", where)
        yield


def look(host: DockerHost, count: int, program: str = SEEN) -> Completed:
    with host.open("python", Limits(wall=30, gpus=count)) as sandbox:
        return sandbox.run(["python", "-c", program])


@pytest.mark.usefixtures("three_gpus")
def test_a_job_sees_those_that_it_was_lent_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_host(gpus=3).name == "docker"
    monkeypatch.setenv(gpus.VISIBLE, "2,1")
    with pytest.raises(
        SandboxError, match=r"3 GPUs are asked for, and 2 can be lent here \(CUDA_VISIBLE_DEVICES is '2,1'\)"
    ):
        open_host(gpus=3)
    with DockerHost() as host:
        assert host.holds()["gpus"] is None
        assert look(host, 0).output == "[]\n"
        assert look(host, 1).output == "['nvidia2']\n"
        assert look(host, 2).output == "['nvidia1', 'nvidia2']\n"
        with pytest.raises(SandboxError, match="3 GPUs are asked for"):
            look(host, 3)
        with host.open("python", Limits(gpus=1)) as sandbox:
            told = sandbox.run(["sh", "-c", "env; grep NoNewPrivs /proc/self/status; id -u"]).output
        assert "NVIDIA" not in told and "NoNewPrivs:\t1\n1000\n" in told


@pytest.mark.usefixtures("three_gpus")
def test_no_two_jobs_have_the_same_one() -> None:
    """Eight jobs of two hosts, half a second each, and three GPUs."""
    with DockerHost() as one, DockerHost() as other:
        said: list[str] = []
        threads = [
            threading.Thread(target=lambda host=host: said.append(look(host, 1, HAVING).output))
            for host in (one, other) * 4
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    begun: dict[str, list[float]] = {}
    for seen, when in map(str.split, said):
        begun.setdefault(seen, []).append(float(when))
    assert len(said) == 8 and set(begun) == {"nvidia0", "nvidia1", "nvidia2"}
    for times in begun.values():
        assert all(later - earlier >= 0.5 for earlier, later in pairwise(sorted(times)))


OWNER = """
import sys
from ai_scientist_sandbox import Limits, gpus
from ai_scientist_sandbox.docker import DockerHost
gpus._FOLDERS = (sys.argv[1],)
with DockerHost().open("python", Limits(wall=100, gpus=3)) as sandbox:
    sandbox.run(["python", "-c", "import time; time.sleep(100)"])
"""


@pytest.mark.usefixtures("three_gpus")
def test_what_a_killed_owner_had_is_lent_again_and_not_before_its_job_is_over(tmp_path: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path)])
    engine = Engine()
    try:
        assert until(lambda: containers(engine, owner.pid, "running"), 20)
        with DockerHost() as host:
            ended: list[Completed] = []
            with host.open("python", Limits(gpus=1)) as sandbox:
                waiting = threading.Thread(target=lambda: ended.append(sandbox.run(["python", "-c", ""])))
                waiting.start()
                waiting.join(1)
                assert waiting.is_alive()
                sandbox.stop()
                waiting.join(5)
            assert [(done.ending, done.status) for done in ended] == [("killed", None)]
            for identity in containers(engine, owner.pid):
                engine.api.pause(identity)  # it does not hear that its owner is gone
            owner.kill()  # and not waited for: its parent, we, has yet to be told
            assert look(host, 2).succeeded
            assert containers(engine, owner.pid) == []
    finally:
        owner.kill()
        owner.wait()


def test_an_engine_without_a_filter_of_system_calls_is_not_strong(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This one's lets everything through; newer ones may be told to have none, which they say."""
    (place / "all.json").write_text('{"defaultAction": "SCMP_ACT_ALLOW"}')
    with private_engine(place, "--seccomp-profile", str(place / "all.json")) as where:
        monkeypatch.setenv("DOCKER_HOST", where)
        with DockerHost() as host:
            assert "syscalls" in str(host.holds()["syscalls"])
            assert {limit for limit, why in host.holds().items() if why} == {"syscalls"}
            with host.open("python", LIMITS) as sandbox:  # by name it can be had, and our own filter is there
                done = sandbox.run(["grep", "Seccomp:", "/proc/self/status"])
            assert done.output == "Seccomp:\t2\n"
