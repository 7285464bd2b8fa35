"""What a program finds around it, the same for every back end: a few environment variables and nothing of ours."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .base import Limits, SandboxError
from .images import Built
from .results import path_fault

SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
FONT_CACHE = ".cache/matplotlib"
"""Below the job's folder: matplotlib wants to write beside its list of fonts."""
RLIMITS = {"RLIMIT_CORE": 0, "RLIMIT_NOFILE": 4096}
"""Of each process of a job: no core dumps, and open files that the machine's own table of them can bear."""
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "LOKY_MAX_CPU_COUNT")


def environment(
    built: Built, limits: Limits, *, folder: str, scratch: str, path: str, extra: Mapping[str, str] | None
) -> dict[str, str]:
    """What the program's environment holds. `path` is where the image's own programs are, before the system's."""
    found = {
        "PATH": f"{path}:{SYSTEM_PATH}" if path else SYSTEM_PATH,
        "HOME": folder,
        "TMPDIR": scratch,
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",  # so that output is in order, and there when the program is killed
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": f"{folder}/{FONT_CACHE}",
        "TEXMFHOME": f"{folder}/.texmf",
        "TEXMFVAR": f"{folder}/.texmf-var",
        "TEXMFCONFIG": f"{folder}/.texmf-config",
    }
    found |= dict.fromkeys(_THREADS, str(max(1, int(limits.cpu))))
    return found | dict(built.environment or {}) | dict(extra or {})


def font_cache(built: Built) -> dict[str, bytes]:
    """matplotlib's list of fonts, made when the image was built, as files to lay in the job's folder."""
    made = built.root / "matplotlib" if built.root else None
    return {f"{FONT_CACHE}/{file.name}": file.read_bytes() for file in made.glob("*.json")} if made else {}


def check_mounts(mounts: Mapping[str, Path], user: int | None = None) -> None:
    """Refuse what cannot be shown under `data/<name>`. `user`: who runs the program; None: we do.

    Raises:
        SandboxError: no such folder, or that user may not read it.
        ValueError: the name is not plain.
    """
    for name, path in mounts.items():
        if path_fault(name) or "/" in name:
            raise ValueError(f"{name!r} is no name for a folder below data/")
        if not path.is_dir():
            raise SandboxError(f"cannot show {path} to a program: there is no such folder")
        state = path.stat()
        if user not in (None, state.st_uid) and state.st_mode & 0o005 != 0o005:
            raise SandboxError(f"programs run as another user and may not read {path}; allow it: chmod -R o+rX {path}")
