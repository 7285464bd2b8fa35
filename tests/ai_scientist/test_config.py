"""The configuration: what differs is merged over the defaults, and what does not fit is named."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ai_scientist.bundled import bundled
from ai_scientist.config import Config, dump, load, parse
from ai_scientist.errors import InputError


def file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "c.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_defaults_stand_where_nothing_is_said(tmp_path: Path) -> None:
    assert load() == load(file(tmp_path, "")) == load(file(tmp_path, "# nothing")) == Config()


def test_overrides_come_after_the_file(tmp_path: Path) -> None:
    given = file(tmp_path, "seed: 4\nmodels: {default: offline, roles: {judge: 'openai:x'}}\nsearch: {drafts: 2}\n")
    config = load(given, ["seed=5", "models.roles.coder=anthropic:y", "budget.money=1.5", "approve=[idea, paper]"])
    assert (config.seed, config.search.drafts, config.budget.money) == (5, 2, 1.5)
    assert config.models.roles == {"judge": "openai:x", "coder": "anthropic:y"}
    assert config.approve == ("idea", "paper")


def test_a_stage_may_be_given_in_part() -> None:
    config = load(None, ["search.stages.explore.experiments=2"])
    default = Config().search.stages
    assert config.search.stages["explore"] == default["explore"].model_copy(update={"experiments": 2})
    assert list(config.search.stages) == list(default)


@pytest.mark.parametrize(
    ("override", "where"),
    [
        ("moon=1", "'moon': there is no such setting"),
        ("search.moon=1", "'search.moon': there is no such setting"),
        ("search.stages.explore.moon=1", r"'search.stages.explore.moon': there is no such setting"),
        ("search.stages.moon.experiments=1", "search.stages.moon"),
        ("workers=0", "'workers'"),
        ("workers=many", "'workers'"),
        ("sandbox=cage", "'sandbox'"),
        ("models.roles.jester=x", "models.roles.jester"),
        ("budget.money=-1", "'budget.money'"),
        ("models=offline", "'models'"),
        ("seed=-1", "'seed'"),
        ("search.seeds=501", "'search.seeds'"),  # the next one would be a seed that confirms
        ("search.confirm_seeds=501", "'search.confirm_seeds'"),  # and this the next run's first
        ("search.stages=none", "'search.stages'"),
    ],
)
def test_what_does_not_fit_is_named(override: str, where: str) -> None:
    with pytest.raises(InputError, match=where):
        load(None, [override])


@pytest.mark.parametrize("override", ["seed", "=1", "a..b=1", ".a=1"])
def test_what_is_no_setting_is_said_to_be_none(override: str) -> None:
    with pytest.raises(InputError, match="key=value"):
        load(None, [override])


@pytest.mark.parametrize("text", ["- a\n", "just text", "a: [", "5"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match=r"c\.yaml"):
        load(file(tmp_path, text))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.yaml", tmp_path):
        with pytest.raises(InputError, match="cannot be read"):
            load(path)
    (tmp_path / "c.yaml").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(InputError, match="cannot be read"):
        load(tmp_path / "c.yaml")


def test_what_is_written_down_reads_back_whole() -> None:
    config = load(None, ["seed=9", "search.stages.tune.rounds=3", "models.roles.judge=openai:x", "approve=[plan]"])
    assert parse(yaml.safe_load(dump(config))) == config


def test_a_folder_of_data_is_text_whatever_it_looks_like() -> None:
    assert load(None, ["data.a=1", "data.b=yes", "data.c.d=x=y"]).data == {"a": "1", "b": "yes", "c.d": "x=y"}
    for given in (["data.a"], ["data.a="], ["data.=x"], ["data.a=x", "data.a=y"], ["data=3"]):
        with pytest.raises(InputError):
            load(None, given)


def test_a_folder_of_that_name_does_not_hide_a_configuration_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tiny").mkdir()
    monkeypatch.chdir(tmp_path)
    assert load(Path("tiny")) == load(bundled("configs", "tiny.yaml"))
