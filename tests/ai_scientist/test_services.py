"""What would end a run anyway is found before anything is spent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ai_scientist_sandbox import Image

from ai_scientist import services
from ai_scientist.config import Config, Models
from ai_scientist.environment import Environment, Seen, sha256
from ai_scientist.errors import MachineError, ModelError, TopicRefused
from ai_scientist.records import Author
from ai_scientist.runs import RunDirectory
from tests.ai_scientist.literature.serving import Service
from tests.ai_scientist.runs.making import make

OFFLINE = Config(models=Models(default="offline"))
TOPIC = "early stopping under label noise"


class Host:
    """A sandbox host that has one image."""

    name = "process"

    def image(self, name: str) -> object:
        if name == "latex":
            raise services.SandboxError("TeX is missing here")


@pytest.fixture
def authors(monkeypatch: pytest.MonkeyPatch) -> list[Author]:
    asked: list[Author] = []

    def opened(name: str, author: Author, gpus: int) -> Host:
        asked.append(author)
        return Host()

    monkeypatch.setattr(services, "opened_host", opened)
    return asked


def test_a_topic_that_the_model_does_not_take(tmp_path: Path) -> None:
    with pytest.raises(TopicRefused, match="protein folding"):
        services.preflight(OFFLINE, tmp_path, "protein folding")


def test_only_the_model_that_has_the_idea_has_to_take_the_topic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, authors: list[Author]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-1234567890")
    mixed = Config(models=Models(default="offline", roles={"ideas": "openai:gpt-5"}))
    with pytest.raises(MachineError, match="TeX"):
        services.preflight(mixed, tmp_path, "protein folding")
    assert "model" in authors, "what a hosted model writes wants a strong sandbox"


def test_a_model_without_a_key(tmp_path: Path) -> None:
    mixed = Config(models=Models(default="offline", roles={"referees": "anthropic:claude-x"}))
    with pytest.raises(ModelError, match="ANTHROPIC_API_KEY"):
        services.preflight(mixed, tmp_path, TOPIC)


def test_an_image_that_is_missing(tmp_path: Path, authors: list[Author]) -> None:
    with pytest.raises(MachineError, match=r"^TeX is missing here\. `ai-scientist doctor`"):
        services.preflight(OFFLINE, tmp_path, TOPIC)
    assert authors == ["ours"]


def test_a_run_is_begun_with_what_was_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mixed one, whose programs run in two back ends: each image of each is written down."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-1234567890")

    class Whole(Host):
        def __init__(self, author: Author) -> None:
            self.name = {"ours": "process", "model": "docker"}[author]

        def image(self, name: str) -> Image:
            return Image(name, f"sha256:{self.name}-{name}", {"numpy": "2.1"} if self.name == "docker" else {})

    monkeypatch.setattr(services, "opened_host", lambda name, author, gpus: Whole(author))
    mixed = Config(models=Models(default="offline", roles={"coder": "openai:gpt-5"}))
    begun = services.preflight(mixed, tmp_path, TOPIC)
    assert [(one.sandbox, one.name, one.digest) for one in begun.environment.images] == [
        ("docker", "python", "sha256:docker-python"),
        ("docker", "latex", "sha256:docker-latex"),
        ("process", "python", "sha256:process-python"),
        ("process", "latex", "sha256:process-latex"),
    ]
    assert begun.environment.installed == {"numpy": "2.1"}, "of where a model's programs run"
    assert begun.environment.lock == sha256(begun.lock)


def test_a_run_that_goes_on_in_another_image_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Rebuilt(Host):
        name, digest = "docker", "sha256:old"

        def image(self, name: str) -> Image:
            return Image(name, self.digest)

    host = Rebuilt()
    monkeypatch.setattr(services, "opened_host", lambda name, author, gpus: host)
    begun = Environment(images=(Seen(sandbox="docker", name="python", digest="sha256:old"),))
    about = {"environment": begun.model_dump(mode="json")}
    with RunDirectory.create(tmp_path, topic="t", slug="t", config=OFFLINE, about=about) as run:
        for host.digest, said in (("sha256:old", []), ("sha256:new", ["programs ran in more than one image"])):
            services.check_environment(run, services.Hosts(run))
            assert [one.what for one in run.progress.degradations] == said


def test_a_review_alone_needs_no_sandbox(tmp_path: Path, authors: list[Author]) -> None:
    services.preflight(OFFLINE, tmp_path, None)
    assert authors == []


def test_a_disk_that_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "FREE", 2**62)
    with pytest.raises(MachineError, match="disk is full"):
        services.check_disk(tmp_path / "not" / "there" / "yet")


def test_a_resumed_run_reads_what_a_service_told_it(
    tmp_path: Path, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = {"paperId": "1", "title": "On Rest", "authors": [{"name": "A B"}], "year": 2001}
    service.say("/", (200, json.dumps({"total": 1, "offset": 0, "data": [paper]})))
    real = services.SemanticScholar
    monkeypatch.setattr(services, "SemanticScholar", lambda **told: real(**told, api_url=service.address, pause=0))
    monkeypatch.setenv("SEMANTIC_SCHOLAR_API_KEY", "s3cret")
    with make(tmp_path) as run:
        told = services.opened("semantic_scholar", run).search("rest")
    assert [reference.title for reference in told.references] == ["On Rest"]
    service.say("/", (503, ""))
    with RunDirectory.open(run.path) as resumed:
        assert services.opened("semantic_scholar", resumed).search("rest") == told
    assert [headers["x-api-key"] for headers in service.headers] == ["s3cret"]
    assert not any("s3cret" in file.read_text() for file in run.path.rglob("*.json"))
