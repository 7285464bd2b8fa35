"""Images for the back ends without an engine: a locked Python environment in our cache, and the host's TeX."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .base import Image, SandboxError
from .index import configured_index

RECIPES = Path(__file__).parent / "images"
Progress = Callable[[str], None]
_building = threading.Lock()


@dataclass(frozen=True)
class Built:
    """An image as it lies on this machine."""

    image: Image
    root: Path | None
    """Its own folder, bound read-only; None where it is the host's software alone."""
    system: tuple[str, ...] = ()
    """Folders of the host's system beyond /usr that it needs."""
    environment: Mapping[str, str] | None = None


def interpreter() -> Path:
    """The Python that runs us, free of any environment: its real executable."""
    return Path(getattr(sys, "_base_executable", sys.executable)).resolve()


def interpreter_prefix() -> Path:
    """The folder that holds the interpreter and its library, and nothing else of the user's."""
    return Path(sys.base_prefix).resolve()


def cache() -> Path:
    """Where images are kept: $XDG_CACHE_HOME/ai-scientist/images, or ~/.cache/…"""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "ai-scientist" / "images"


def find(name: str, progress: Progress | None = None) -> Built:
    """The image of that name, built first where it has to be.

    Raises:
        SandboxError: there is no such recipe, or it cannot be built here; says what to do.
    """
    if name == "python":
        return _python(RECIPES / "python" / "requirements.lock", cache(), progress or (lambda text: None))
    if name == "latex":
        return _latex()
    raise SandboxError(f"there is no image {name!r}; there are python and latex")


def bare() -> Built:
    """The interpreter and nothing else: enough to try what a back end holds."""
    return Built(Image("bare", "sha256:" + hashlib.sha256(sys.version.encode()).hexdigest()), None)


def _python(lock: Path, folder: Path, progress: Progress) -> Built:
    version = f"{sys.implementation.name}-{platform.python_version()}-{sys.platform}-{platform.machine()}"
    digest = hashlib.sha256(lock.read_bytes() + version.encode()).hexdigest()
    root = folder / f"python-{digest[:16]}"
    if not (root / "packages.json").is_file():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with alone(folder / "lock"):
                if not (root / "packages.json").is_file():
                    _build(lock, root, progress)
        except OSError as error:
            raise SandboxError(f"cannot build the python image in {folder}: {error}") from error
    packages = json.loads((root / "packages.json").read_text())
    return Built(Image("python", f"sha256:{digest}", packages), root)


def _build(lock: Path, root: Path, progress: Progress) -> None:
    """Build beside the place and rename into it, so that what is there is whole."""
    import uv

    progress("building the python image (once on this machine)")
    for old in root.parent.glob("python-*.new-*"):  # we hold the lock, so nobody else is at it
        shutil.rmtree(old, ignore_errors=True)
    new = root.with_name(f"{root.name}.new-{uuid.uuid4().hex[:8]}")
    try:
        tool = uv.find_uv_bin()
        python = new / "bin" / "python"
        _do(tool, "venv", "--no-project", "--python", str(interpreter()), str(new))
        progress("installing " + ", ".join(_asked(lock.with_name("requirements.in"))))
        install = ("pip", "install", "--require-hashes", "--no-deps", "--compile-bytecode", "--link-mode", "copy")
        index = configured_index()  # uv does not read pip's settings
        chosen = ("--default-index", index) if index else ()
        _do(tool, *install, *chosen, "--python", str(python), "-r", str(lock))
        _fonts(new)
        listing = json.loads(_do(tool, "pip", "list", "--format", "json", "--python", str(python)))
        packages = {entry["name"]: entry["version"] for entry in listing}
        (new / "packages.json").write_text(json.dumps(packages, indent=1, sort_keys=True))
        shutil.rmtree(root, ignore_errors=True)
        new.rename(root)
    finally:
        shutil.rmtree(new, ignore_errors=True)  # there is nothing where it was renamed


def _fonts(root: Path) -> None:
    """Look for fonts once: matplotlib would do it again in every fresh job."""
    made = {"MPLCONFIGDIR": str(root / "matplotlib"), "HOME": str(root)}  # the user's own fonts are not in a sandbox
    _do(str(root / "bin" / "python"), "-c", "import matplotlib.font_manager", environment=made)


def _asked(requirements: Path) -> list[str]:
    lines = (line.split("#")[0].strip() for line in requirements.read_text().splitlines())
    return [line for line in lines if line]


def recipe_names() -> list[str]:
    """The images that there are recipes for."""
    return sorted((folder.name for folder in RECIPES.iterdir() if folder.is_dir()), reverse=True)


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold a file lock against other processes and a lock against our own threads."""
    with _building, path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _do(*command: str, environment: Mapping[str, str] | None = None) -> str:
    # 0o022: another user id runs the programs where we are root, and has to be able to read the image.
    kept = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        umask=0o022,
        env={**kept, **(environment or {})},
        cwd="/",  # so that no project's settings are found; the user's own are
        check=False,
    )
    if done.returncode:
        raise SandboxError(f"{' '.join(command[:3])} failed: {done.stderr.strip()[-2000:]}")
    return done.stdout


_TEX_PROGRAMS = ("pdflatex", "bibtex", "latexmk", "kpsewhich")
_TEX_SYSTEM = ("/etc/texmf", "/var/lib/texmf", "/etc/alternatives", "/etc/libpaper.d", "/etc/papersize")
TEX_ENVIRONMENT = {
    "openout_any": "p",  # writes below the current folder alone
    "openin_any": "p",
    "shell_escape": "f",
    "max_print_line": "1000",
}


@functools.cache
def _latex() -> Built:
    packages, styles = _recipe(RECIPES / "latex" / "packages.txt")
    help_ = f"install it: apt-get install {' '.join(packages)}"
    absent = [program for program in _TEX_PROGRAMS if not shutil.which(program, path="/usr/bin:/bin")]
    if absent:
        raise SandboxError(f"TeX is missing here ({', '.join(absent)}); {help_}")
    found = subprocess.run(["/usr/bin/kpsewhich", *styles], capture_output=True, text=True, check=False, env={})
    there = {Path(line).name for line in found.stdout.splitlines()}
    absent = [style for style in styles if style not in there]
    if absent:
        raise SandboxError(f"TeX lacks {', '.join(absent)}; {help_}")
    versions = {program: _do(f"/usr/bin/{program}", "--version").strip().splitlines()[0] for program in _TEX_PROGRAMS}
    text = json.dumps([versions, packages, styles], sort_keys=True)
    image = Image("latex", "sha256:" + hashlib.sha256(text.encode()).hexdigest(), versions)
    return Built(image, None, _TEX_SYSTEM, TEX_ENVIRONMENT)


def _recipe(path: Path) -> tuple[list[str], list[str]]:
    """(Debian packages, TeX files that have to be found) of the latex recipe: one a line, a TeX file has a dot."""
    names = _asked(path)
    return [name for name in names if "." not in name], [name for name in names if "." in name]
