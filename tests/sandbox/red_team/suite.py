"""Making an attack, and what has to hold afterwards; a back end's tests inherit it."""

from __future__ import annotations

import json
import re
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet
from ai_scientist_sandbox import MIB, Limits, SandboxError, SandboxHost, laboratory
from ai_scientist_sandbox.supervised import GRACE

from tests.sandbox.conformance import processes_with
from tests.sandbox.engines import until
from tests.sandbox.red_team.attacks import HERE, Attack, Trial
from tests.sandbox.red_team.declared.all import ATTACKS
from tests.sandbox.red_team.scene import Scene

PLAIN = Limits(wall=30, memory=256 * MIB, processes=16, disk=4 * MIB, inodes=64)
_NEXT = b"import lab, numpy; print('next', lab.seed(), int(numpy.ones(2).sum()), lab.confirming())"


def attack(
    host: SandboxHost,
    scene: Scene,
    what: Attack,
    limits: Limits,
    environment: Mapping[str, str],
    command: tuple[str, ...],
) -> Trial:
    """Make the attack."""
    with host.open(what.image, limits, environment={"MARK": scene.mark, **environment}) as sandbox:
        sandbox.put(what.files(scene))
        try:
            completed = sandbox.run([*command, *(text.format(**scene.names) for text in what.arguments)])
        except SandboxError as error:
            return Trial(scene, None, str(error))
        return Trial(scene, completed, "", sandbox.fetch())


@contextmanager
def other_job(host: SandboxHost, scene: Scene) -> Iterator[str]:
    """A job that runs meanwhile and has the secret in its folder. Yields the pid of its program on this machine."""
    mark = f"other-{uuid.uuid4().hex}"
    program = (HERE / "programs" / "other.py").read_bytes()
    with host.open("python", Limits(wall=60, memory=128 * MIB, disk=4 * MIB, inodes=64)) as sandbox:
        sandbox.put({"other.py": program, "secret.json": json.dumps(scene.secret).encode()})
        thread = threading.Thread(target=sandbox.run, args=(["python", "other.py", mark],))
        thread.start()
        try:
            assert until(lambda: processes_with(mark)), "the other job did not begin"
            yield processes_with(mark)[0]
        finally:
            sandbox.stop()
            thread.join()


def container_of(pid: str) -> str:
    """The container in which a process of this machine runs."""
    found = re.search(r"[0-9a-f]{64}", Path(f"/proc/{pid}/cgroup").read_text())
    assert found, "the other job is in no container"
    return found[0]


def _case(what: Attack) -> ParameterSet:
    return pytest.param(what, id=what.name, marks=[pytest.mark.full] if what.slow else [])


class RedTeam:
    """Kept by a back end that holds every limit."""

    @pytest.fixture(autouse=True)
    def a_key_in_our_environment(self, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", scene.secret)

    @pytest.mark.parametrize("what", [_case(what) for what in ATTACKS])
    def test_it_fails_and_the_next_job_starts(self, host: SandboxHost, scene: Scene, what: Attack) -> None:
        if what.other_job:
            with other_job(host, scene):
                trial = attack(host, scene, what, what.limits, {}, what.command)
        else:
            trial = attack(host, scene, what, what.limits, {}, what.command)
        harm = scene.harm()
        done = trial.completed
        assert done is not None, trial.fault
        assert "WON" not in trial.seen and "forged" not in trial.results, trial.seen[-3000:]
        assert scene.secret not in trial.seen and harm == []
        assert done.ending in what.endings and what.says in done.output, done
        assert done.wall < what.limits.wall + GRACE + 15
        assert not what.kept or trial.results.get("kept") == b"kept", (done, list(trial.results))
        assert what.check is None or what.check(trial), (done, trial.results)
        self.the_next_job_starts(host)

    def the_next_job_starts(self, host: SandboxHost) -> None:
        with host.open("python", PLAIN) as sandbox:
            sandbox.put({"program.py": _NEXT, **laboratory(seed=7)})
            done = sandbox.run(["python", "program.py"])
        assert done.output == "next 7 2 False\n", done
