"""Extra packages of a run, from the setting to a bundle that is run again; the index is one on this machine."""

from __future__ import annotations

import hashlib
import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from ai_scientist_sandbox.inventory import prune

from ai_scientist.runs import RunDirectory
from tests.ai_scientist.models.server import serving as serving_models
from tests.end_to_end.expert import Expert
from tests.end_to_end.shell import LAUNCH, Sitting, call
from tests.end_to_end.test_hosted import OPENAI, TOPIC, configured
from tests.sandbox.wheels import TINY, Index, fresh_cache, serving, wheel


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    fresh_cache(tmp_path / "cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")  # nothing is left in an engine
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    with serving() as index:
        index.add(*TINY)
        monkeypatch.setenv("UV_DEFAULT_INDEX", index.url)
        yield index


def test_what_cannot_be_had_is_said_before_a_folder_is_made(
    tmp_path: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(packages: str) -> tuple[int, str]:
        ended = call(*LAUNCH, "--runs", "runs", f"experiment.packages={packages}", cwd=tmp_path)
        assert not (tmp_path / "runs").exists() and ended.stdout == ""
        (sentence,) = ended.stderr.splitlines()
        return ended.returncode, sentence

    assert refused("[tinysum, nowhere]") == (
        2,
        "ai-scientist: There is no package 'nowhere' in the package index; look how its name is spelt.",
    )
    code, sentence = refused("['tinyadd<2']")
    assert code == 2 and sentence.startswith("ai-scientist: The packages tinyadd<2 cannot be had: ")
    assert "quotes" in refused("[tinyadd>=1,<2]")[1]
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    code, sentence = refused("tinysum")
    assert code == 4 and "the package index cannot be asked" in sentence and "Connection refused" in sentence


@pytest.mark.full
@pytest.mark.timeout(900)
def test_a_models_programs_import_what_was_asked_for(
    tmp_path: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed within the search, resumed without an index, and run again from the bundle where nothing is built any more."""
    with serving_models() as models:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-nobodys-0123456789")
        monkeypatch.setenv("OPENAI_BASE_URL", f"{models.url}/v1")
        models.script = Expert()
        config = configured(tmp_path, OPENAI)
        asked = "experiment.packages=[tinysum]"
        sitting = Sitting("run", TOPIC, "--config", config, "--runs", "runs", asked, cwd=tmp_path)
        run = tmp_path / sitting.run
        assert sitting.wait_until(lambda: (run / "events.jsonl").read_bytes().count(b"experiment_finished") >= 3)
        sitting.signal(signal.SIGKILL)
        sitting.end()
        index.files.clear()
        before = len(index.asked)
        ended = call("resume", run, cwd=tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert len(index.asked) == before, "what was locked is not looked for again"
    seen(run)

    index.add(*TINY, wheel("tinysum", "9.0", {"tinysum/__init__.py": "raise SystemExit('another version')\n"}))
    assert [one.why for one in prune()] == [""]
    verified = call("verify", run / "bundle.zip", "--rerun", cwd=tmp_path)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "installing tinyadd 2.0, tinysum 1.5" in verified.stderr


def seen(run: Path) -> None:
    """Assert that everything that ran is written down, and that the bundle has it."""
    environment = RunDirectory.read(run).environment
    lock = (run / "environment.lock").read_bytes()
    assert environment.packages == ("tinysum",) and environment.lock == hashlib.sha256(lock).hexdigest()
    assert b"tinysum==1.5 \\\n    --hash=sha256:" in lock and b"numpy==" in lock
    experiments = [one for one in RunDirectory.read(run).experiments() if one.image]
    (image,) = {(one.sandbox, one.image) for one in experiments}
    assert image in {(one.sandbox, one.digest) for one in environment.images if one.name.startswith("python+")}
    programs = [RunDirectory.read(run).program(one.folder).read_text() for one in experiments]
    assert all("import tinysum" in program for program in programs)
    assert (run / "bundle" / "environment.lock").read_bytes() == lock
    told = json.loads((run / "bundle" / "environment.json").read_text())
    assert told["images"] == [{"sandbox": image[0], "digest": image[1], "programs": len(experiments)}]
    assert told["python"]["packages"]["tinysum"] == "1.5"
    assert "tinysum==1.5\n" in (run / "bundle" / "requirements.txt").read_text()
    assert yaml.safe_load((run / "bundle" / "config.yaml").read_text())["experiment"]["packages"] == ["tinysum"]
