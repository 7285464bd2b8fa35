"""The run directory: the truth about a run. Has a method per path; no other module joins path segments.

One process writes (a lock that the kernel frees when it dies); any number read.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
import secrets
import threading
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from ai_scientist.config import Config, dump, parse
from ai_scientist.datasets.summary import DataSummary
from ai_scientist.environment import Environment, Locked, sha256
from ai_scientist.errors import InputError, RunDirectoryError
from ai_scientist.records import Experiment, Record
from ai_scientist.runs import log
from ai_scientist.runs.calls import Call
from ai_scientist.runs.events import (
    AnyEvent,
    CallFinished,
    CallLost,
    Degraded,
    ExperimentFinished,
    ExperimentStarted,
    RunResumed,
)
from ai_scientist.runs.layout import Layout
from ai_scientist.runs.progress import Progress
from ai_scientist.runs.storage import hold, sweep, whole_folder, write_whole, writing

FORMAT = 1
"""Of the run directory. A change that an older program would misread makes it one higher."""
R = TypeVar("R", bound=Record)


class RunDirectory(Layout):
    """A run on disk, and where it stands. Use `create`, `open` or `read`."""

    def __init__(self, path: Path, lock: int | None) -> None:
        self.path = path
        self.info: dict[str, Any] = _read_info(path)
        self.topic: str = self.info["topic"]
        self.config: Config = _read_config(self.config_yaml)
        self._lock = lock
        self._guard = threading.RLock()
        self._cache: dict[str, Experiment] = {}
        try:
            data = self.events_jsonl.read_bytes()
        except OSError as error:
            raise _damaged(self.events_jsonl, error) from None
        size = log.whole(data)
        self.progress = Progress.replay(log.events(data[:size], self.events_jsonl))
        self._log = log.EventLog(self.events_jsonl, size) if lock is not None else None

    @property
    def data(self) -> tuple[DataSummary, ...]:
        """What is known of the user's data: described and hashed when the run was begun.

        Raises:
            RunDirectoryError: run.json is damaged.
        """
        try:
            return tuple(DataSummary.model_validate(one) for one in self.info.get("data", ()))
        except (ValidationError, TypeError) as error:
            raise _damaged(self.run_json, error) from None

    @property
    def mounts(self) -> dict[str, Path]:
        """The user's data as a sandbox is to show them: name to folder. None in a bundle, which does not say where they lay."""
        return {name: Path(folder) for name, folder in self.config.data.items() if folder}

    @cached_property
    def environment(self) -> Environment:
        """What the programs see: settled when the run was begun.

        Raises:
            RunDirectoryError: run.json is damaged.
        """
        try:
            return Environment.model_validate(self.info.get("environment", {}))
        except (ValidationError, TypeError) as error:
            raise _damaged(self.run_json, error) from None

    @cached_property
    def image(self) -> str:
        """What the sandbox calls the image of its programs. The packages are those of environment.lock, whatever the version of
        this program or the state of a package index.

        Raises:
            RunDirectoryError: environment.lock is damaged, or not what the run was begun with.
            MachineError: the cache of images cannot be written.
        """
        begun = self.environment
        if not begun.lock:  # of before there was one
            return begun.recipe
        try:
            lock = self.environment_lock.read_text(encoding="utf-8")
            if sha256(lock) != begun.lock:
                raise ValueError("it is not what the run was begun with")
            return Locked(begun.recipe, begun.packages, lock).image
        except (OSError, ValueError) as error:
            raise _damaged(self.environment_lock, error) from None

    @property
    def reviewed(self) -> Path | None:
        """The paper that this run reviews, where it is a review and nothing else."""
        return Path(self.info["reviews"]) if self.info.get("reviews") else None

    @classmethod
    def create(
        cls,
        runs: Path,
        *,
        topic: str,
        slug: str,
        config: Config,
        about: Mapping[str, Any] | None = None,
        lock: str = "",
    ) -> RunDirectory:
        """A new run under `runs`, held for writing. `about`: what else run.json is to say (our version, image digests). `lock`: of
        the packages that its programs see.

        Raises:
            MachineError: the folder cannot be written.
        """
        info = {
            "format": FORMAT,
            "topic": topic,
            "slug": slug,
            "seed": config.seed,
            "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            **(about or {}),
        }
        with writing(runs):
            runs.mkdir(parents=True, exist_ok=True)
        base = f"{dt.date.today().isoformat()}_{slug[:60].strip('-') or 'run'}"
        path = _plain(runs) / f"{base}_{secrets.token_hex(2)}"
        while path.exists():
            path = path.with_name(f"{base}_{secrets.token_hex(2)}")
        held = None
        try:
            with whole_folder(path) as part:
                write_whole(part / "run.json", json.dumps(info, indent=1, ensure_ascii=False) + "\n")
                write_whole(part / "config.yaml", dump(config))
                if lock:
                    write_whole(part / "environment.lock", lock)
                for name in ("tree", "calls"):
                    (part / name).mkdir()
                (part / "events.jsonl").touch()
                held = hold(part)
            return cls(path, held)
        except BaseException:  # whatever it was, it goes on to the caller; the lock must not outlive it
            if held is not None:
                os.close(held)
            raise

    @classmethod
    def open(cls, path: Path) -> RunDirectory:
        """A run, held for writing, mended after whatever ended its last sitting.

        A torn last line is dropped; a whole file whose event is missing gets its event; a call that was under way is
        booked as lost. `RunResumed` is appended, unless the run is done.

        Raises:
            RunDirectoryError: not a run directory, damaged, held by another process, or of a newer format.
            MachineError: it cannot be written.
        """
        path = _existing(path)
        lock = hold(path)
        try:
            run = cls(path, lock)
        except BaseException:  # as above
            os.close(lock)
            raise
        try:
            run._mend()
        except BaseException:  # as above
            run.close()
            raise
        return run

    @classmethod
    def read(cls, path: Path) -> RunDirectory:
        """A run, to look at. It may be under way in another process.

        Raises:
            RunDirectoryError: not a run directory, damaged, or of a newer format.
        """
        return cls(_existing(path), None)

    def close(self) -> None:
        """Lets go of the lock. The run can still be read."""
        with self._guard:
            if self._log is not None:
                self._log.close()
                self._log = None
            if self._lock is not None:
                os.close(self._lock)
                self._lock = None

    def __enter__(self) -> RunDirectory:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # What happened

    def append(self, event: AnyEvent) -> None:
        """Write an event down, durably, and fold it into `progress`. From any thread.

        Raises:
            RunDirectoryError: the run was opened for reading, or the event contradicts what came before.
            MachineError: the disk is full or cannot be written; the log and `progress` are as they were before.
        """
        with self._guard:
            if self._log is None:
                raise RunDirectoryError(f"{self.path} is open for reading only: nothing can be written to it.")
            now = max(time.time(), self.progress.at)  # a clock set back does not make time run backwards in the log
            stamped = event.model_copy(update={"at": now})
            self.progress.check(stamped)
            self._log.append(stamped)
            self.progress.apply(stamped)

    def degrade(self, what: str, why: str, *, touches_claims: bool = False) -> None:
        """Write down that a fallback was taken, once."""
        with self._guard:
            if not any(
                (d.what, d.why, d.touches_claims) == (what, why, touches_claims) for d in self.progress.degradations
            ):
                self.append(Degraded(what=what, why=why, touches_claims=touches_claims))

    @property
    def held(self) -> bool:
        """Whether a process, this one or another, holds the run for writing."""
        if self._lock is not None:
            return True
        try:
            handle = os.open(self.path / "lock", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    # Files

    def write(self, target: Path, data: str | bytes) -> None:
        """Write a file of this run so that it is there whole or not at all. See `storage.write_whole`."""
        write_whole(self._inside(target), data)

    def folder(self, target: Path) -> AbstractContextManager[Path]:
        """A temporary sibling of `target`, renamed into place when the body ends well. See `storage.whole_folder`."""
        return whole_folder(self._inside(target))

    def experiments(self) -> tuple[Experiment, ...]:
        """Those that finished, by id.

        Raises:
            RunDirectoryError: one that finished is not there, or cannot be read.
        """
        with self._guard:
            done = sorted(self.progress.finished, key=int)
            for id in done:
                if id not in self._cache:
                    self._cache[id] = self._read_experiment(self.progress.started[id])
            return tuple(self._cache[id] for id in done)

    def read_call(self, id: str) -> Call | None:
        """A call that was kept, or None.

        Raises:
            RunDirectoryError: its file is damaged.
        """
        file = self.call(id)
        return _load(file, Call) if file.exists() else None

    # Mending

    def _mend(self) -> None:
        """Can be cut short itself and taken up again: the clock's event comes first, so that no pause is counted."""
        sweep(self.path, closed=self.tree)
        if self.progress.status != "done":
            self.append(RunResumed(worked=self.progress.seconds()))
        for id, call in list(self.progress.in_flight.items()):
            if kept := self.read_call(id):
                self.append(
                    CallFinished(
                        id=id,
                        money=kept.money,
                        tokens_in=kept.tokens_in,
                        tokens_out=kept.tokens_out,
                        seconds=kept.seconds,
                        differs=kept.differs,
                    )
                )
            else:
                why = "the program ended while the model was being asked"
                self.append(CallLost(id=id, why=why, money=call.money, tokens=call.tokens))
        for started in [e for id, e in self.progress.started.items() if id not in self.progress.finished]:
            if self.experiment(_folder(started)).exists():
                done = self._read_experiment(started)
                self.append(ExperimentFinished(id=done.id, outcome=done.outcome, used=done.used))

    def _read_experiment(self, started: ExperimentStarted) -> Experiment:
        file = self.experiment(_folder(started)) / "experiment.json"
        experiment = _load(file, Experiment)
        if experiment.id != started.id:
            raise RunDirectoryError(f"The run directory is damaged: {file} is about experiment {experiment.id}.")
        return experiment

    def _inside(self, target: Path) -> Path:
        if self._lock is None:
            raise RunDirectoryError(f"{self.path} is open for reading only: nothing can be written to it.")
        if ".." in target.parts or not target.is_relative_to(self.path):
            raise RunDirectoryError(f"{target} lies outside the run directory {self.path}.")
        return target


def _folder(started: ExperimentStarted) -> str:
    """As `Experiment.folder`."""
    return f"{started.id}-{started.action}" + (f"-{started.parent}" if started.parent else "")


def _plain(path: Path) -> Path:
    """Absolute and without `..`, so that what lies inside a run can be told by its path."""
    return path.resolve() if ".." in path.parts else path.absolute()


def _existing(path: Path) -> Path:
    path = _plain(path)
    if not (path / "run.json").is_file() or not (path / "events.jsonl").is_file():
        raise RunDirectoryError(f"{path} is not a run directory. `ai-scientist list` shows the runs of a folder.")
    return path


def _read_info(path: Path) -> dict[str, Any]:
    file = path / "run.json"
    try:
        info = json.loads(file.read_text(encoding="utf-8"))
        number, topic = info["format"], info["topic"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(file, error) from None
    if not isinstance(number, int) or not isinstance(topic, str):
        raise _damaged(file, ValueError("its format number or its topic is missing"))
    if number > FORMAT:
        raise RunDirectoryError(
            f"{path} has run format {number}, and this ai-scientist reads up to format {FORMAT}: "
            f"use the version that wrote it ({info.get('version', 'a newer one')}) or a later one."
        )
    return info


def _read_config(file: Path) -> Config:
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        if not isinstance(data, dict):
            raise ValueError("it is no mapping")
        return parse(data)
    except (OSError, ValueError, yaml.YAMLError, InputError) as error:
        raise _damaged(file, error) from None


def _load(file: Path, kind: type[R]) -> R:
    try:
        return kind.model_validate_json(file.read_bytes())
    except OSError as error:
        raise _damaged(file, error) from None
    except ValidationError as error:
        raise _damaged(file, error) from None


def _damaged(file: Path, error: Exception) -> RunDirectoryError:
    said = error.strerror if isinstance(error, OSError) else str(error).splitlines()[0] if str(error) else ""
    return RunDirectoryError(
        f"The run directory is damaged: {file} cannot be read ({said or type(error).__name__}). "
        "Restore the file from a copy; nothing was changed."
    )
