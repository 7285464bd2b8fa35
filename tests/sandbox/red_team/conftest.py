from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox.red_team.scene import Scene, set_up

pytest.register_assert_rewrite("tests.sandbox.red_team.suite")


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("scene")
    for place in (folder, *folder.parents[:2]):
        place.chmod(place.stat().st_mode | 0o055)  # so that it is the sandbox alone that keeps a program out
    with set_up(folder) as scene:
        yield scene
