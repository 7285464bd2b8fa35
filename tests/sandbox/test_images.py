from __future__ import annotations

import re
import shutil
import threading
from pathlib import Path

import pytest
from ai_scientist_sandbox import SandboxError, images, recipes

LOCK = recipes.locked("python")


def test_the_python_image_is_found_again_and_has_what_was_asked() -> None:
    built = images.find("python")
    assert built.root and re.fullmatch(r"sha256:[0-9a-f]{64}", built.image.digest)
    assert built.image.packages["numpy"] in LOCK
    said: list[str] = []
    assert images.find("python", said.append) == built and said == []


def test_builders_at_once_build_once_and_a_torn_build_is_cleared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a lock of one small package, so that it takes a second."""
    recipe, folder = tmp_path / "recipe", tmp_path / "images"
    recipe.mkdir()
    block = next(block for block in re.split(r"\n(?=\S)", LOCK) if block.startswith("cycler=="))
    (recipe / "requirements.lock").write_text(block)
    (recipe / "requirements.in").write_text("cycler\n")
    monkeypatch.setattr(images, "_fonts", lambda root: None)
    torn = folder / "python-torn.new-1"
    torn.mkdir(parents=True)
    said: list[str] = []
    found: list[images.Built] = []

    def build() -> None:
        found.append(images._python(recipe / "requirements.lock", folder, said.append))

    threads = [threading.Thread(target=build) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3 and found[0] == found[1] == found[2]
    assert len([text for text in said if text.startswith("building")]) == 1
    assert found[0].image.packages == {"cycler": block.split("==")[1].split()[0]}
    assert sorted(path.name for path in folder.iterdir()) == ["lock", found[0].root.name if found[0].root else ""]


def test_a_hash_that_does_not_match_builds_nothing(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("cycler==0.12.1 --hash=sha256:" + "0" * 64)
    lock.with_name("requirements.in").write_text("cycler\n")
    with pytest.raises(SandboxError, match=r"(?i)hash"):
        images._python(lock, tmp_path / "images", print)
    assert not list((tmp_path / "images").glob("python-*[0-9a-f]/packages.json"))


def test_latex_is_told_by_its_versions() -> None:
    built = images.find("latex")
    assert built.root is None and "pdfTeX" in built.image.packages["pdflatex"]


def test_missing_tex_names_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name, path=None: None)
    images._latex.cache_clear()
    with pytest.raises(SandboxError, match=r"apt-get install texlive.* latexmk"):
        images.find("latex")
    images._latex.cache_clear()


def test_an_unknown_image_names_those_that_are_there() -> None:
    with pytest.raises(SandboxError, match="there are python, latex and torch"):
        images.find("jax")
