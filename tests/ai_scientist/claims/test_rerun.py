from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from ai_scientist_sandbox import Limits, SandboxHost, laboratory, open_host, read_measurements

from ai_scientist.claims.rerun import rerun
from ai_scientist.datasets import describe
from ai_scientist.environment import settle, sha256
from ai_scientist.records import Arms, Claims, Experiment, Measurement
from ai_scientist.runs.events import RunStarted

PROGRAM = """
import lab
import numpy
value = float(numpy.random.default_rng(lab.seed()).normal())
lab.measure("accuracy", value, better="higher", dataset="digits", split="test")
"""
RESTLESS = PROGRAM.replace("default_rng(lab.seed())", "default_rng(lab.seed() * 0 or None)")


@pytest.fixture(scope="module")
def host() -> SandboxHost:
    return open_host("auto", "model")


def evidence(program: str, host: SandboxHost) -> dict[str, bytes]:
    """One confirming run of each of two arms, as a run directory holds them."""
    claims = Claims(
        arms=Arms(baseline="0001", proposed="0002"), labels={}, values=(), comparisons=(), tables=(), findings=()
    )
    files = {"claims.json": claims.model_dump_json().encode()}
    for id, arm in (("0003", "0001"), ("0004", "0002")):
        with host.open("python", Limits(wall=60)) as sandbox:
            sandbox.put({"program.py": program.encode(), **laboratory(500, {}, True)})
            assert sandbox.run(["python", "program.py"]).succeeded
            data = sandbox.fetch()["measurements.jsonl"]
        experiment = Experiment(
            id=id, parent=arm, stage="confirm", action="repeat", change="c", plan="p", author="ours", seed=500, confirming=True,
            program=hashlib.sha256(program.encode()).hexdigest(), outcome="worked", seeded=True,
            measured=hashlib.sha256(data).hexdigest(),
            measurements=tuple(
                Measurement(metric=m.metric, value=m.value, better=m.better, dataset=m.dataset, split=m.split)
                for m in read_measurements(data).measurements
            ),
        )  # fmt: skip
        folder = f"tree/{experiment.folder}"
        files[f"{folder}/experiment.json"] = experiment.model_dump_json().encode()
        files[f"{folder}/program.py"] = program.encode()
        files[f"{folder}/output/measurements.jsonl"] = data
    return files


def test_a_program_that_follows_its_seed_measures_the_same_again(host: SandboxHost) -> None:
    assert [item.verdict for item in rerun(evidence(PROGRAM, host), host)] == ["PASS", "PASS"]


def test_a_program_that_does_not_is_found_out(host: SandboxHost) -> None:
    items = rerun(evidence(RESTLESS, host), host)
    assert [item.verdict for item in items] == ["FAIL", "FAIL"]
    assert "accuracy on digits (test) was" in items[0].why


def test_a_program_that_fails_now_or_is_not_there_does_not_pass(host: SandboxHost) -> None:
    files = evidence(PROGRAM, host)
    broken, missing = sorted(name for name in files if name.endswith("program.py"))
    files[broken] = b"raise SystemExit(3)"
    del files[missing]
    assert [item.verdict for item in rerun(files, host)] == ["FAIL", "UNKNOWN"]


def test_without_claims_nothing_is_known(host: SandboxHost) -> None:
    assert [item.verdict for item in rerun({}, host)] == ["UNKNOWN"]


def test_programs_see_what_they_saw_or_are_not_run(host: SandboxHost, monkeypatch: pytest.MonkeyPatch) -> None:
    files, seen = evidence(PROGRAM, host), list[str]()
    lock = settle("python", ()).lock
    files["environment.lock"] = lock.encode()
    files["run.json"] = json.dumps({"environment": {"recipe": "python"}}).encode()
    files["events.jsonl"] = f"{RunStarted(topic='t', model='m', environment=sha256(lock)).model_dump_json()}\n".encode()
    opened = host.open
    monkeypatch.setattr(
        host, "open", lambda image, *given, **named: seen.append(image) or opened(image, *given, **named)
    )
    assert [item.verdict for item in rerun(files, host)] == ["PASS", "PASS"]
    assert seen == ["python", "python"]
    for name, data, why in (
        ("environment.lock", lock.replace("numpy==", "numpi==").encode(), "not what the run was begun with"),
        ("environment.lock", b"", "environment.lock: it is missing"),
        ("run.json", b'{"environment": {"recipe": "../x"}}', "do not say what the programs saw"),
        ("run.json", b"{}", "do not say what the programs saw"),
    ):
        items = rerun({**files, name: data}, host)
        assert [item.verdict for item in items] == ["UNKNOWN", "UNKNOWN"] and why in items[0].why
    hostile = lock + "--find-links https://somewhere.invalid\n"
    started = RunStarted(topic="t", model="m", environment=sha256(hostile)).model_dump_json()
    items = rerun({**files, "environment.lock": hostile.encode(), "events.jsonl": f"{started}\n".encode()}, host)
    assert [item.verdict for item in items] == ["UNKNOWN", "UNKNOWN"] and "no package that is pinned" in items[0].why


def test_data_of_the_users_have_to_be_there_and_be_the_same(host: SandboxHost, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    sha256 = describe("shop", tmp_path).sha256
    files = evidence(PROGRAM, host)
    files["events.jsonl"] = f"{RunStarted(topic='t', model='m', data={'shop': sha256}).model_dump_json()}\n".encode()
    for program in [name for name in files if name.endswith("program.py")]:
        files[program] = PROGRAM.encode() + b"\nassert open(lab.data('shop') / 'a.csv').read().startswith('a,b')\n"
    assert [item.verdict for item in rerun(files, host, mounts={"shop": tmp_path})] == ["PASS", "PASS"]
    items = rerun(files, host)
    assert [item.verdict for item in items] == ["UNKNOWN", "UNKNOWN"]
    assert "--data shop=FOLDER" in items[0].why
    (tmp_path / "a.csv").write_text("a,b\n1,3\n")
    assert "have changed" in rerun(files, host, mounts={"shop": tmp_path})[0].why
