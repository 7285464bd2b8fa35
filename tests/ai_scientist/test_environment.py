"""What the programs of a run see is settled once, and what was settled is what they see."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from ai_scientist_sandbox import recipes
from ai_scientist_sandbox.derived import look_up

from ai_scientist.config import Config, load
from ai_scientist.environment import Environment, settle
from ai_scientist.errors import InputError, MachineError, RunDirectoryError
from ai_scientist.runs import RunDirectory
from ai_scientist.search.compose import Job, request
from tests.ai_scientist.search.fakes import an_idea
from tests.sandbox.wheels import TINY, Index, serving

INSTALLED = {
    "matplotlib": "3.1",
    "numpy": "2.1",
    "scikit-learn": "1.9",
    "scipy": "1.2",
    "joblib": "1.1",
    "tiny-sum": "1.5",
}


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    with serving() as index:
        index.add(*TINY)
        monkeypatch.setenv("UV_DEFAULT_INDEX", index.url)
        yield index


def a_run(folder: Path, **asked: object) -> RunDirectory:
    """A run that was begun with what its configuration asks for."""
    config = load(None, [f"experiment.{name}={value}" for name, value in asked.items()])
    locked = settle(config.experiment.image, config.experiment.packages)
    settled = locked.seen((), {})
    about = {"environment": settled.environment.model_dump(mode="json")}
    return RunDirectory.create(folder, topic="t", slug="t", config=config, about=about, lock=settled.lock)


def test_a_run_keeps_its_lock_and_its_image_follows_from_it(tmp_path: Path, index: Index) -> None:
    with a_run(tmp_path, packages="[tinysum]") as run:
        image = run.image
    index.files.clear()
    again = RunDirectory.read(run.path)
    assert again.image == image and image.startswith("python+")
    assert look_up(image).additions == ("tinyadd 2.0", "tinysum 1.5")
    assert (again.environment.recipe, again.environment.packages) == ("python", ("tinysum",))
    with again.environment_lock.open("a") as file:
        file.write("# changed\n")
    with pytest.raises(RunDirectoryError, match="not what the run was begun with"):
        _ = RunDirectory.read(run.path).image
    again.environment_lock.unlink()
    with pytest.raises(RunDirectoryError, match=r"environment\.lock cannot be read"):
        _ = RunDirectory.read(run.path).image


def test_without_packages_the_image_is_the_recipes_own(tmp_path: Path) -> None:
    with a_run(tmp_path / "a") as plain, a_run(tmp_path / "b", image="torch") as torch:
        assert (plain.image, torch.image) == ("python", "torch")
        assert plain.environment_lock.is_file()
    old = RunDirectory.create(tmp_path, topic="t", slug="t", config=Config())
    assert old.image == "python" and not old.environment_lock.exists()
    old.close()


def test_what_cannot_be_settled_has_the_exit_code_of_its_kind(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"^There is no package 'nowhere'") as told:
        settle("python", ["nowhere"])
    assert told.value.exit_code == 2
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    with pytest.raises(MachineError, match=r"^The packages tinysum cannot be locked") as failed:
        settle("python", ["tinysum"])
    assert failed.value.exit_code == 4


def test_the_coder_is_told_what_may_be_imported_and_nothing_else() -> None:
    environment = Environment(packages=("Tiny_Sum[fast]>=1",), installed=INSTALLED)
    assert list(environment.importable) == [*recipes.asked("python"), "tiny-sum"]
    job = Job(id="0001", stage="prototype", round=1, action="draft", seed=0, scope="0001")
    text = request(job, an_idea(), Config().experiment, "", (), environment.importable).text
    assert "matplotlib 3.1, numpy 2.1, scikit-learn 1.9, scipy 1.2, tiny-sum 1.5 (so no deprecated" in text
    assert "joblib 1.1" not in text


@pytest.mark.parametrize(
    ("override", "fault"),
    [
        ("packages=[./mine]", "'./mine' names no package"),
        ("packages=[-e .]", "'-e .' names no package"),
        ("packages=[a>=1,<2]", "'<2' names no package: put one whose versions have a comma in quotes"),
        ("image=jax", "'python' or 'torch'"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(override: str, fault: str) -> None:
    with pytest.raises(InputError, match=rf"'experiment\.\w+(\.\d)?': .*{fault}"):
        load(None, [f"experiment.{override}"])


def test_one_package_may_stand_alone() -> None:
    assert load(None, ["experiment.packages=xgboost"]).experiment.packages == ("xgboost",)
    assert load(None, ["experiment.packages=['a>=1,<2', b]"]).experiment.packages == ("a>=1,<2", "b")


def test_a_recipe_is_a_plain_name() -> None:
    with pytest.raises(ValueError, match="recipe"):
        Environment.model_validate(json.loads('{"recipe": "../../etc"}'))
