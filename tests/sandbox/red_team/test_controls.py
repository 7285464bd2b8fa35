"""That each attack is real: with one wall lifted, within bounds, it wins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import ai_scientist_sandbox
import pytest
from ai_scientist_sandbox import docker as backend
from ai_scientist_sandbox.docker import DockerHost
from ai_scientist_sandbox.engine import Engine

from tests.sandbox.red_team.attacks import Attack
from tests.sandbox.red_team.declared.all import ATTACKS
from tests.sandbox.red_team.neighbours import neighbours
from tests.sandbox.red_team.scene import Scene
from tests.sandbox.red_team.suite import attack, container_of, other_job

pytestmark = pytest.mark.full


@pytest.fixture(scope="module", autouse=True)
def around(engine: Engine, docker_host: DockerHost, scene: Scene) -> Iterator[None]:
    with neighbours(engine, docker_host, scene):
        yield


@pytest.mark.parametrize("what", ATTACKS, ids=[what.name for what in ATTACKS])
def test_it_wins_where_one_wall_is_lifted(
    docker_host: DockerHost, scene: Scene, what: Attack, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = what.control
    with other_job(docker_host, scene) if what.other_job else nullcontext("") as other:
        scene = replace(scene, other=container_of(other) if other else "")
        hardened = backend.settings

        def settings(*arguments: Any, **named: Any) -> dict[str, Any]:
            made = hardened(*arguments, **named)
            return control.lift(made, scene) if control.lift else made

        monkeypatch.setattr(backend, "settings", settings)
        for name, value in control.ours.items():
            module, _, attribute = name.partition(".")
            monkeypatch.setattr(getattr(ai_scientist_sandbox, module), attribute, value)
        environment = {name: text.format(**scene.names) for name, text in control.environment.items()}
        command = tuple(control.arguments.get(text, text) for text in what.command)
        limits = replace(what.limits, **control.limits)
        with DockerHost() as host:  # of its own: what it keeps ready has no walls for anybody else
            trial = attack(host, scene, what, limits, environment, command)
        assert control.proof(trial), (trial.completed, trial.fault, sorted(trial.results))
    monkeypatch.undo()
    scene.harm()
