"""Images for the back ends without an engine: a locked Python environment in our cache, and the host's TeX."""

from __future__ import annotations

import functools
import hashlib
import json
import platform
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from . import derived, locks
from .base import Image, SandboxError
from .derived import Derived
from .recipes import LOCK, ON_REQUEST, RECIPES, Progress, alone, cache, holds_packages, lines_of, recipe_names, unknown
from .tool import cause, do, index_options, plainly, run, uv

DIGEST, LISTING = "digest", "packages.json"
"""In the folder of an image: its digest, and each package with its version."""
INSTALL = ("--require-hashes", "--only-binary", ":all:", "--link-mode", "copy")
"""How packages are laid: what the lock says, no code of theirs run, and no file shared with uv's cache."""


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


def find(name: str, progress: Progress | None = None) -> Built:
    """The image of that name, built first where it has to be.

    Raises:
        SandboxError: there is no such recipe, or it cannot be built here; says what to do.
    """
    tell = progress or (lambda text: None)
    if derived.is_derived(name):
        return _derived(derived.look_up(name), cache(), tell)
    if holds_packages(name):
        return _python(RECIPES / name / LOCK, cache(), tell, name)
    if name == "latex":
        return _latex()
    raise unknown(name, recipe_names())


def bare() -> Built:
    """The interpreter and nothing else: enough to try what a back end holds."""
    return Built(Image("bare", "sha256:" + hashlib.sha256(sys.version.encode()).hexdigest()), None)


def _python(lock: Path, folder: Path, progress: Progress, name: str = "python") -> Built:
    digest = hashlib.sha256(lock.read_bytes() + _interpreter_version().encode()).hexdigest()
    root = folder / f"{name}-{digest[:16]}"
    return _built(Image(name, f"sha256:{digest}"), root, progress, lambda new: _install(lock, new, progress))


def _derived(wanted: Derived, folder: Path, progress: Progress) -> Built:
    derived.hold(wanted)
    digest = hashlib.sha256(wanted.text.encode() + _interpreter_version().encode()).hexdigest()
    root = folder / f"{wanted.name}-{digest[:8]}"
    image = Image(wanted.name, f"sha256:{digest}")
    # What is added to is built before anything is locked.
    base = None if (root / LISTING).is_file() else find(wanted.recipe, progress).root
    return _built(image, root, progress, lambda new: _add(wanted, base, new, progress))


def derived_roots() -> list[tuple[str, Path]]:
    """The derived images that lie in our cache: name and folder, one for each interpreter that it was built for."""
    whole = (file.parent for file in cache().glob(f"*{derived.MARK}*/{DIGEST}") if ".new-" not in file.parent.name)
    return sorted((root.name.rpartition("-")[0], root) for root in whole)


def digest_of(root: Path) -> str:
    """As it was when the derived image in that folder was built."""
    return (root / DIGEST).read_text()


def _interpreter_version() -> str:
    return f"{sys.implementation.name}-{platform.python_version()}-{sys.platform}-{platform.machine()}"


def _built(image: Image, root: Path, progress: Progress, lay: Callable[[Path], Mapping[str, str]]) -> Built:
    """Built beside the place and renamed into it, so that what is there is whole. `lay`: puts it into a folder, and says which
    packages are in it."""
    listing = root / LISTING
    if not listing.is_file():
        try:
            root.parent.mkdir(parents=True, exist_ok=True)
            with alone(root.parent / "lock"):
                if not listing.is_file():
                    _build(image, root, progress, lay)
        except OSError as error:
            raise SandboxError(f"cannot build the {image.name} image in {root.parent}: {error}") from error
    return Built(Image(image.name, image.digest, json.loads(listing.read_text())), root)


def _build(image: Image, root: Path, progress: Progress, lay: Callable[[Path], Mapping[str, str]]) -> None:
    size = f"; {ON_REQUEST[image.name]}" if image.name in ON_REQUEST else ""
    progress(f"building the {image.name} image (once on this machine{size})")
    for old in root.parent.glob("*.new-*"):  # we hold the lock, so nobody else is at it
        shutil.rmtree(old, ignore_errors=True)
    new = root.with_name(f"{root.name}.new-{uuid.uuid4().hex[:8]}")
    try:
        packages = lay(new)
        (new / DIGEST).write_text(image.digest)
        (new / LISTING).write_text(json.dumps(packages, indent=1, sort_keys=True))
        shutil.rmtree(root, ignore_errors=True)
        new.rename(root)
    finally:
        shutil.rmtree(new, ignore_errors=True)  # there is nothing where it was renamed


def _install(lock: Path, new: Path, progress: Progress) -> Mapping[str, str]:
    """An environment of a recipe of ours."""
    python = str(new / "bin" / "python")
    do(uv(), "venv", "--no-project", "--python", str(interpreter()), str(new))
    progress("installing " + ", ".join(lines_of(lock.with_name("requirements.in"))))
    where = ("--no-deps", "--compile-bytecode", *index_options(), "--python", python)
    do(uv(), "pip", "install", *INSTALL, *where, "-r", str(lock))
    _fonts(new)
    listing = json.loads(do(uv(), "pip", "list", "--format", "json", "--python", python))
    return {entry["name"]: entry["version"] for entry in listing}


def _add(wanted: Derived, base: Path | None, new: Path, progress: Progress) -> Mapping[str, str]:
    """The recipe's environment, which lies at `base`, with the packages of another lock.

    Once they are laid, its interpreter is not started any more, by uv neither: a package may have files that every start of it runs.
    """
    if base is None:
        raise SandboxError(f"the image {wanted.name} was removed while it was looked at; try again")
    progress("installing " + ", ".join(wanted.additions))
    do("cp", "-a", "--reflink=auto", f"{base}/.", str(new))
    change, where = wanted.difference, ("--python", str(new / "bin" / "python"))
    if change.gone:
        do(uv(), "pip", "uninstall", *where, *change.gone)
    if change.added:
        lock = new / "added.lock"
        lock.write_text(locks.render(change.added), encoding="utf-8")
        done = run(uv(), "pip", "install", "--no-deps", *INSTALL, *index_options(), *where, "-r", str(lock))
        if done.returncode:
            raise SandboxError(not_installed(wanted, done.stderr))
    (packages,) = (new / one.relative_to(base) for one in base.glob("lib/python*/site-packages"))
    # A file that does not compile is no fault: packages ship some for other Pythons.
    run(str(interpreter()), "-I", "-S", "-m", "compileall", "-qq", str(packages))
    installed = (folder.name.removesuffix(".dist-info").partition("-") for folder in packages.glob("*.dist-info"))
    return pinned({name: version for name, _, version in installed}, wanted)


def pinned(installed: Mapping[str, str], wanted: Derived) -> dict[str, str]:
    """What is installed, in the lock's words: what packages say of themselves is a stranger's, and goes into prompts."""
    found = {}
    for name, version in installed.items():
        versions = [pin.version for pin in wanted.lock if pin.name == locks.normal(name)]
        if version in versions or len(set(versions)) == 1:
            found[locks.normal(name)] = version if version in versions else versions[0]
    return found


def not_installed(wanted: Derived, said: str) -> str:
    """One sentence on why packages could not be laid."""
    told = cause(plainly(said))
    seen = "Connection" in told or "from versions: none" in told  # pip says no more where no index answers
    help_ = "; look at the network, or which index is set for pip or uv" if seen else ""
    return f"the packages {', '.join(wanted.additions)} cannot be installed: {told}{help_}"


def _fonts(root: Path) -> None:
    """Look for fonts once: matplotlib would do it again in every fresh job."""
    made = {"MPLCONFIGDIR": str(root / "matplotlib"), "HOME": str(root)}  # the user's own fonts are not in a sandbox
    do(str(root / "bin" / "python"), "-c", "import matplotlib.font_manager", environment=made)


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
    versions = {program: do(f"/usr/bin/{program}", "--version").strip().splitlines()[0] for program in _TEX_PROGRAMS}
    text = json.dumps([versions, packages, styles], sort_keys=True)
    image = Image("latex", "sha256:" + hashlib.sha256(text.encode()).hexdigest(), versions)
    return Built(image, None, _TEX_SYSTEM, TEX_ENVIRONMENT)


def _recipe(path: Path) -> tuple[list[str], list[str]]:
    """(Debian packages, TeX files that have to be found) of the latex recipe: one a line, a TeX file has a dot."""
    names = lines_of(path)
    return [name for name in names if "." not in name], [name for name in names if "." in name]
