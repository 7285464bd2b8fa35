"""Extra packages are tried where programs run, before a model is asked for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ai_scientist_sandbox import MIB, Limits, SandboxHost, open_host
from ai_scientist_sandbox.derived import derive
from ai_scientist_sandbox.resolving import resolve

from ai_scientist.errors import InputError
from ai_scientist.importing import check_importable
from tests.sandbox.wheels import fresh_cache, serving, wheel

PACKAGES = ("tiny-sum", "other-name", "stubs", "broken", "greedy")
LIMITS = Limits(memory=512 * MIB, disk=16 * MIB)


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SandboxHost, str]]:
    """A sandbox, and an image with packages of each kind."""
    with pytest.MonkeyPatch.context() as patch, serving() as index:
        home: Path = tmp_path_factory.mktemp("home")
        fresh_cache(home)
        patch.setenv("XDG_CACHE_HOME", str(home))
        patch.setenv("UV_DEFAULT_INDEX", index.url)
        index.add(
            wheel("tiny_sum", "1.0", {"tiny_sum.py": "", "tests/__init__.py": "raise OSError('not to be imported')"}),
            wheel("other_name", "1.0", {"_private.py": "", "named.py": "", "unused.py": ""}),
            wheel("stubs", "1.0", {"stubs-1.0.data/data/share/stubs.pyi": ""}),
            wheel("broken", "1.0", {"broken.py": "print('hello')\nraise OSError('libnone.so.1: no such\\nfile')\n"}),
            wheel("greedy", "1.0", {"greedy.py": "import os; os.abort()\n"}),
        )
        host = open_host("bubblewrap")
        yield host, derive("python", resolve("python", PACKAGES))


def test_what_can_be_imported_is_not_spoken_of(tried: tuple[SandboxHost, str]) -> None:
    check_importable(*tried, PACKAGES[:3], LIMITS)
    check_importable(*tried, (), LIMITS)


def test_what_cannot_says_why(tried: tuple[SandboxHost, str]) -> None:
    with pytest.raises(InputError, match=r"'bubblewrap', broken: OSError: libnone\.so\.1: no such file\. Take another"):
        check_importable(*tried, ("tiny-sum", "broken"), LIMITS)
    with pytest.raises(InputError, match="it ended as 'killed' within the limits of an experiment"):
        check_importable(*tried, ("greedy",), LIMITS)
