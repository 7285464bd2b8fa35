"""The same run under every back end: the same claims, to the last digit; and what becomes of it when the engine goes."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest
from ai_scientist_sandbox import SandboxHost, open_host

from ai_scientist.runs import RunDirectory
from tests.end_to_end.likeness import once
from tests.end_to_end.shell import DONE, TINY, TOPIC, Sitting, call
from tests.sandbox.engines import SOCKET, Relay, containers, engine_or_skip, until

BACK_ENDS = ("docker", "bubblewrap", "process")


@pytest.fixture(scope="module")
def docker() -> SandboxHost:
    """With its images, so that no run waits for them."""
    engine_or_skip()
    host = open_host("docker", progress=print)
    for image in ("python", "latex"):
        host.image(image)
    return host


@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.usefixtures("docker")
def test_every_back_end_comes_to_the_same_claims(tmp_path: Path) -> None:
    claims: dict[str, object] = {}
    for name in BACK_ENDS:
        folder = tmp_path / name
        ended = call("run", TOPIC, "--config", TINY, "--runs", folder, "--sandbox", name, cwd=tmp_path)
        assert ended.returncode in DONE, ended.stderr
        run = RunDirectory.read(next(folder.iterdir()))
        experiments = run.experiments()
        assert experiments and {one.sandbox for one in experiments} == {name}
        assert call("verify", run.path, cwd=tmp_path).returncode == 0
        claims[name] = json.loads(run.claims_json.read_text())
    assert claims["docker"] == claims["bubblewrap"] == claims["process"]


@pytest.mark.usefixtures("docker")
def test_a_killed_run_leaves_no_container(tmp_path: Path) -> None:
    engine = engine_or_skip()
    sitting = Sitting("run", TOPIC, "--config", TINY, "--runs", tmp_path, "--sandbox", "docker", cwd=tmp_path)
    pid = sitting.process.pid
    assert sitting.wait_until(lambda: b"experiment_started" in (sitting.run / "events.jsonl").read_bytes())
    assert until(lambda: containers(engine, pid))
    sitting.signal(signal.SIGKILL)
    sitting.end()
    assert until(lambda: not containers(engine, pid, state="running"))
    open_host("docker")  # one that was made and not yet started has nobody to watch it: the next start removes it
    assert not containers(engine, pid)


@pytest.mark.full
@pytest.mark.skipif(not SOCKET.exists(), reason="this machine has no docker engine at its usual place")
@pytest.mark.usefixtures("docker")
def test_a_run_whose_engine_stops_says_so_and_goes_on_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Relay() as relay, monkeypatch.context() as patch:
        patch.setenv("DOCKER_HOST", relay.host)
        sitting = Sitting("run", TOPIC, "--config", TINY, "--runs", tmp_path, "--sandbox", "docker", cwd=tmp_path)
        assert sitting.wait_until(lambda: b"experiment_finished" in (sitting.run / "events.jsonl").read_bytes())
        relay.cut()
        code, out, said = sitting.end()
    assert code == 4, said
    (sentence,) = [line for line in said.splitlines() if line.startswith("ai-scientist: ")]
    assert "the Docker engine stopped answering" in sentence and "start it again." in sentence
    assert f"resume with: ai-scientist resume {sitting.run}" in out
    assert call("resume", sitting.run, cwd=tmp_path).returncode in DONE
    once(sitting.run)
    assert "undone" not in {one.outcome for one in RunDirectory.read(sitting.run).experiments()}
