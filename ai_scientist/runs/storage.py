"""Files and folders that are whole or not there: written beside their place, fsynced, renamed into it. And the lock of a run."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ai_scientist.errors import MachineError, RunDirectoryError

FULL = {errno.ENOSPC, errno.EDQUOT}
ENDING = ".partial"


@contextmanager
def writing(target: Path) -> Iterator[None]:
    """Turns what the file system says into a sentence.

    Raises:
        MachineError: the disk is full, or cannot be written.
    """
    try:
        yield
    except OSError as error:
        raise failure(target, error) from error


def failure(target: Path, error: OSError) -> MachineError:
    if error.errno in FULL:
        return MachineError(
            f"The disk is full: {target} could not be written. Nothing that was finished is lost. "
            "Free some space, then resume the run."
        )
    return MachineError(
        f"{target} could not be written ({error.strerror or error}). Nothing that was finished is lost. "
        "Mend that, then resume the run."
    )


def write_whole(target: Path, data: str | bytes) -> None:
    """Write a file so that it is there whole or not at all, even after a power cut. Replaces what was there."""
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        part = partial(target)
        try:
            with part.open("wb") as file:
                file.write(data.encode() if isinstance(data, str) else data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        sync(target.parent)


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """A temporary sibling of `target`, renamed into place when the body ends well, else removed. A folder that was
    there before gives way to the new one."""
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        part, old = partial(target), partial(target)
        part.mkdir()
    try:
        try:
            yield part
        except OSError as error:
            if error.errno in FULL:
                raise failure(target, error) from error
            raise
        with writing(target):
            sync_tree(part)
            if target.exists():
                target.rename(old)
            part.rename(target)
            sync(target.parent)
    finally:
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def partial(target: Path) -> Path:
    return target.with_name(f".{target.name}.{secrets.token_hex(4)}{ENDING}")


def sweep(folder: Path, *, closed: Path) -> None:
    """Remove what a killed process left half written. Below `closed`, only its own direct children are looked at: what
    they hold was renamed into place whole."""
    for at, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            if name.startswith(".") and name.endswith(ENDING):
                path = Path(at, name)
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)
        folders[:] = [] if Path(at) == closed else [name for name in folders if not name.endswith(ENDING)]


def sync(folder: Path) -> None:
    """Put a folder's entries on disk, so that a rename outlives a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Put every plain file and folder under `folder` on disk."""
    for at, _, files in os.walk(folder):
        for name in files:
            path = Path(at, name)
            if path.is_symlink() or not path.is_file():
                continue
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        sync(Path(at))


def hold(path: Path) -> int:
    """A held lock on a run. The handle is not inherited by programs that are started."""
    file = path / "lock"
    with writing(file):
        handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    for again in (True, True, True, False):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if again:  # someone who only looks holds it for an instant
                time.sleep(0.05)
                continue
            holder = os.pread(handle, 32, 0).decode("ascii", "replace").strip()
            os.close(handle)
            by = f"process {holder}" if holder.isdigit() else "another process"
            raise RunDirectoryError(f"{path} is held by {by}. Wait until it ends, or stop it, and try again.") from None
    with writing(file):
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
    return handle
