from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from ai_scientist_sandbox import Completed, HostGoneError, SandboxError, dockerfiles
from ai_scientist_sandbox import engine as engine_module
from ai_scientist_sandbox.containers import Container
from ai_scientist_sandbox.docker import DockerHost
from ai_scientist_sandbox.engine import BOOT, OWNER, Engine
from ai_scientist_sandbox.owners import boot, fresh_name

from tests.sandbox.conformance import LIMITS, run
from tests.sandbox.engines import Relay, containers, until
from tests.sandbox.strong import StrongContract
from tests.sandbox.test_bubblewrap import kill_an_owner


@pytest.fixture
def host(docker_host: DockerHost) -> DockerHost:
    return docker_host


class TestDocker(StrongContract):
    def test_closing_leaves_nothing(self, host: DockerHost, engine: Engine) -> None:
        before = {volume["Name"] for volume in engine.api.volumes()["Volumes"] or []}
        host.close()  # of earlier tests, what they had kept ready
        run(host, "raise SystemExit(1)")
        with host.open("python", LIMITS):
            pass  # closed without a run
        assert until(lambda: len(containers(engine, os.getpid(), "running")) == 1)  # ready for the next job
        host.close()
        assert containers(engine, os.getpid()) == []
        assert {volume["Name"] for volume in engine.api.volumes()["Volumes"] or []} <= before

    def test_nothing_outlives_our_own_death(self, host: DockerHost, engine: Engine) -> None:
        pid = kill_an_owner("docker", "DockerHost")
        assert until(lambda: not containers(engine, pid))  # nobody has to open a host for that

    def test_orphans_go_when_a_host_is_opened_and_those_of_others_stay(self, host: DockerHost, engine: Engine) -> None:
        """Killed between making a container and starting it, or before the machine was started again."""
        image = host.image("python").digest
        living, dead = fresh_name(), fresh_name().split(".")
        dead[3] = "1"  # a process with our pid that started at another time
        labels = {
            "dead": {OWNER: ".".join(dead), BOOT: boot()},
            "living": {OWNER: living, BOOT: boot()},
            "earlier": {OWNER: living, BOOT: str(uuid.uuid4())},
        }
        made = {}
        for name, label in labels.items():
            settings = {"Image": image, "Cmd": ["true"], "Labels": label}
            made[name] = engine.api.create_container_from_config(settings)["Id"]
        try:
            DockerHost()
            there = {one["Id"] for one in engine.api.containers(all=True)}
            assert [name for name, identity in made.items() if identity in there] == ["living"]
        finally:
            for identity in made.values():
                engine.remove(identity)

    def test_a_container_that_is_ended_from_outside_is_the_machines_fault(
        self, host: DockerHost, engine: Engine
    ) -> None:
        """As when the engine stops: the program did nothing wrong, so it must not count as an outcome of it."""
        with host.open("python", LIMITS) as sandbox:

            def runs_it(identity: str) -> bool:
                return "sleep(60)" in str(engine.api.top(identity)["Processes"])

            def end() -> None:
                assert until(lambda: [*filter(runs_it, containers(engine, os.getpid(), "running"))])
                (identity,) = filter(runs_it, containers(engine, os.getpid(), "running"))
                time.sleep(1)
                engine.api.kill(identity)

            thread = threading.Thread(target=end)
            thread.start()
            with pytest.raises(SandboxError, match="ended from outside"):
                sandbox.run(["python", "-c", "import time; time.sleep(60)"])
            thread.join()
        host.close()
        assert containers(engine, os.getpid()) == []

    def test_an_engine_that_stops_answering_is_one_sentence(
        self, host: DockerHost, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from requests.exceptions import ConnectionError as NoConnection

        def refuse(*arguments: object, **named: object) -> None:
            raise NoConnection(ConnectionRefusedError(111, "Connection refused"))

        host.close()
        with host.open("python", LIMITS) as sandbox:
            monkeypatch.setattr(host._engine.api, "create_container_from_config", refuse)
            with pytest.raises(SandboxError) as told:
                sandbox.run(["python", "-c", ""])
        assert str(told.value) == "the Docker engine stopped answering (Connection refused); start it again"

    def test_a_container_is_one_jobs_alone(self, host: DockerHost) -> None:
        """Its name and its own folder are its own; what an earlier job left in memory or on disk is not there."""
        program = """
            import os
            print(*{line.split("/containers/")[1].split("/")[0] for line in open("/proc/self/mountinfo") if "/containers/" in line})
            print(sorted(os.listdir("/job") + os.listdir("/dev/shm") + os.listdir("/tmp")))
            for folder in ("/job", "/dev/shm", "/tmp"):
                open(folder + "/left", "w").close()
            if os.fork() == 0:
                os.setsid(); __import__("time").sleep(60)
        """
        seen: list[tuple[str, str]] = []

        def worker() -> None:
            for _ in range(5):
                name, left = run(host, program).output.splitlines()
                seen.append((name, left))

        threads = [threading.Thread(target=worker) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({name for name, _ in seen}) == 15
        assert {left for _, left in seen} == {"['.cache', '.tmp', 'output', 'program.py']"}

    def test_nothing_is_swapped(self, host: DockerHost) -> None:
        """As the job's own group shows it: a machine without swap would pass a looser limit unseen."""
        program = """
            import os
            at = "/sys/fs/cgroup/"
            versions = (("memory/memory.limit_in_bytes", "memory/memory.memsw.limit_in_bytes"), ("memory.swap.max",))
            print(*[open(at + name).read().strip() for names in versions for name in names if os.path.exists(at + name)])
        """
        limits = run(host, program).output.split()
        assert limits == ["0"] or (len(limits) == 2 and limits[0] == limits[1]), limits

    def test_waiting_counts_for_nothing(self, host: DockerHost) -> None:
        host.close()
        run(host, "pass")
        assert until(lambda: host.ready() == 1)
        time.sleep(1.5)
        done = run(host, "import time; time.sleep(0.6)", replace(LIMITS, wall=1.2)).completed  # the same container
        assert done.succeeded and 0.6 < done.wall < 1.2 and done.cpu is not None and done.cpu < 0.5

    def test_limits_and_mounts_are_those_of_the_job_and_not_of_what_waits(
        self, host: DockerHost, tmp_path: Path
    ) -> None:
        tmp_path.chmod(0o755)
        program = """
            import os
            state = os.statvfs("/job")
            print(state.f_blocks * state.f_frsize >> 20, [open("data/set/" + n).read() for n in os.listdir("data/set")])
        """
        for text, mib in (("one", 8), ("two", 8), ("three", 12)):
            # The folder of that name is another one each time.
            if (tmp_path / "set").exists():
                (tmp_path / "set").rename(tmp_path / f"before-{text}")
            (tmp_path / "set").mkdir()
            (tmp_path / "set" / "a").write_text(text)
            with host.open("python", replace(LIMITS, disk=mib << 20), mounts={"set": tmp_path / "set"}) as sandbox:
                sandbox.put({"program.py": textwrap.dedent(program).encode()})
                assert sandbox.run(["python", "program.py"]).output == f"{mib} ['{text}']\n"
            assert until(lambda: host.ready() > 0)

    def test_a_container_that_died_while_it_waited_costs_no_job(self, host: DockerHost, engine: Engine) -> None:
        host.close()
        run(host, "pass")
        assert until(lambda: host.ready() == 1)
        (waiting,) = containers(engine, os.getpid(), "running")
        engine.api.kill(waiting)
        assert until(lambda: waiting not in containers(engine, os.getpid()))
        assert run(host, "print('next')").output == "next\n"

    def test_an_engine_that_goes_while_containers_wait_is_said_and_hangs_nobody(
        self, host: DockerHost, engine: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        host.close()
        with Relay() as relay:
            monkeypatch.setenv("DOCKER_HOST", relay.host)
            with DockerHost() as other:
                run(other, "pass")
                assert until(lambda: other.ready() == 1)
                begun = time.monotonic()
                relay.cut()
                with pytest.raises(HostGoneError, match="stopped answering"):
                    run(other, "pass")
            assert time.monotonic() - begun < 5
        # What waited heard that nobody is there any more; the engine itself was well all the time.
        assert until(lambda: not containers(engine, os.getpid()))

    def test_a_job_that_is_stopped_while_it_waits_for_a_container_does_not_begin(
        self, host: DockerHost, engine: Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        host.close()
        made, go = threading.Event(), threading.Event()
        start = host._engine.api.start

        def slow(identity: str) -> None:
            made.set()
            go.wait(20)
            start(identity)

        monkeypatch.setattr(host._engine.api, "start", slow)
        ended: list[Completed] = []
        with host.open("python", LIMITS) as sandbox:
            thread = threading.Thread(target=lambda: ended.append(sandbox.run(["python", "-c", "print('begun')"])))
            thread.start()
            assert made.wait(20)
            sandbox.stop()
            go.set()
            thread.join(20)
        assert [(done.ending, done.status, done.output) for done in ended] == [("killed", None, "")]
        host.close()
        assert containers(engine, os.getpid()) == []

    def test_an_engine_that_says_what_it_cannot_limit_is_believed(
        self, host: DockerHost, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        says = host._engine.api.info()
        assert host._engine.cannot() == {}
        told = {**says, "PidsLimit": False, "SwapLimit": False, "SecurityOptions": ["name=apparmor"]}
        monkeypatch.setattr(host._engine.api, "info", lambda: told)
        swaps = tmp_path / "swaps"
        monkeypatch.setattr(engine_module, "_SWAPS", swaps)
        swaps.write_text("Filename Type Size\n")
        assert set(host._engine.cannot()) == {"processes", "syscalls"}  # no swap, so none is used
        swaps.write_text("Filename Type Size\n/dev/sda2 partition 1000\n")
        assert set(host._engine.cannot()) == {"processes", "syscalls", "memory"}
        told["SecurityOptions"] = ["name=seccomp,profile=unconfined", "name=cgroupns"]
        assert "--seccomp-profile" in host._engine.cannot()["syscalls"]
        told["SecurityOptions"] = ["name=seccomp,profile=builtin"]
        assert "syscalls" not in host._engine.cannot()

    def test_the_image_says_what_is_in_it_and_is_found_again(self, host: DockerHost, engine: Engine) -> None:
        image = host.image("python")
        lock = (dockerfiles.RECIPES / "python" / "requirements.lock").read_text()
        assert f"numpy=={image.packages['numpy']}" in lock
        assert "pdfTeX" in host.image("latex").packages["pdflatex"]
        assert dockerfiles.look(engine, image.digest) is not None
        said: list[str] = []
        assert DockerHost(said.append).image("python") == image and said == []

    def test_the_history_of_an_image_keeps_no_index(self, host: DockerHost, engine: Engine) -> None:
        steps = [step["CreatedBy"] for step in engine.api.history(host.image("python").digest)]
        assert not [step for step in steps if "INDEX" in step]


@pytest.fixture
def recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Engine) -> Iterator[dockerfiles.Recipe]:
    """A recipe of two small steps, from the python image."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    text = "ARG BASE\nFROM ${BASE}\nLABEL ai-scientist.image=trial\nRUN touch /one\nRUN test -e /two\n"
    made = dockerfiles.Recipe("trial", {"Dockerfile": text.encode()})
    yield made
    if dockerfiles.look(engine, made.tag):
        engine.api.remove_image(made.tag)


def test_a_build_that_fails_says_why_and_leaves_nothing(
    docker_host: DockerHost, engine: Engine, recipe: dockerfiles.Recipe
) -> None:
    def everything() -> set[str]:
        return {image["Id"] for image in engine.api.images(all=True)}

    before, said = everything(), list[str]()
    with pytest.raises(SandboxError, match=r"the trial image cannot be built: .*test -e /two"):
        dockerfiles.build(engine, recipe, said.append, base=docker_host.image("python").digest)
    assert everything() <= before
    assert any("step 4/5: RUN touch /one" in text for text in said)


def test_a_base_that_cannot_be_had_is_said(engine: Engine, recipe: dockerfiles.Recipe) -> None:
    with pytest.raises(SandboxError, match=r"base no-such-registry.invalid/x:1 is not here .* --base IMAGE"):
        dockerfiles.build(engine, recipe, print, base="no-such-registry.invalid/x:1")


def test_a_machine_without_an_engine_is_told_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for where in (f"unix://{tmp_path}/absent.sock", "tcp://127.0.0.1:9"):
        monkeypatch.setenv("DOCKER_HOST", where)
        begun = time.monotonic()
        with pytest.raises(SandboxError, match=r"no Docker engine answers at .*unset it"):
            DockerHost()
        assert time.monotonic() - begun < 1


def test_an_engine_that_refuses_us_says_how_to_be_let_in(tmp_path: Path) -> None:
    """Asked by a user who may not open the socket: not root, in a process whose modules were loaded before."""
    program = f"""
import os, socket
import docker
from ai_scientist_sandbox import SandboxError
from ai_scientist_sandbox.docker import DockerHost
socket.socket(socket.AF_UNIX).bind({str(tmp_path / "refusing.sock")!r})
os.chmod({str(tmp_path / "refusing.sock")!r}, 0)
os.environ["DOCKER_HOST"] = "unix://" + {str(tmp_path / "refusing.sock")!r}
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
try:
    DockerHost()
except SandboxError as error:
    print(error)
"""
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (
        done.stdout == "the Docker engine refuses you; join its group and log in again: sudo usermod -aG docker $USER\n"
    )


def test_pieces_of_both_streams_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """However the socket cuts what comes."""
    import socket

    ours, theirs = socket.socketpair()
    line = Container("", ours, lambda: None)
    whole = b"\1\0\0\0\0\0\0\3abc" + b"\2\0\0\0\0\0\0\2no" + b"\1\0\0\0\0\0\0\0" + b"\1\0\0\0\0\0\0\1d"
    heard = []
    for at in range(len(whole)):
        theirs.send(whole[at : at + 1])
        heard += line.read(line.sources[0])
    assert list(line.read(line.sources[0])) == [] and not line.cut_off
    theirs.close()
    assert list(line.read(line.sources[0])) == [("frames", b"")] and line.cut_off
    assert b"".join(data for stream, data in heard if stream == "frames") == b"abcd"
    assert b"".join(data for stream, data in heard if stream == "noise") == b"no"
    line.end()
