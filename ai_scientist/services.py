"""What the phases work with, opened as the configuration says."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ai_scientist_sandbox import SandboxError, SandboxHost, open_host

from ai_scientist.config import Budget, Config
from ai_scientist.errors import MachineError, RunDirectoryError
from ai_scientist.ledger import Ledger
from ai_scientist.literature.base import LiteratureSource
from ai_scientist.literature.semantic_scholar import SemanticScholar
from ai_scientist.literature.shelf import Shelf
from ai_scientist.models.base import Desk
from ai_scientist.models.desk import open_desk
from ai_scientist.offline.model import OfflineModel
from ai_scientist.records import Author, Claims, Idea, Reference
from ai_scientist.runs import RunDirectory


class Hosts:
    """The sandbox for a program, chosen by who wrote it and nothing else. Opened when first asked for."""

    def __init__(self, run: RunDirectory) -> None:
        self.run = run
        self.opened: dict[Author, SandboxHost] = {}
        self.lock = threading.Lock()

    def for_author(self, author: Author) -> SandboxHost:
        """The host for a program by that author.

        Raises:
            MachineError: no back end holds what is asked; says what is missing and how to get it.
        """
        wanted = self.run.config.sandbox
        with self.lock:
            if author not in self.opened:
                try:
                    host = open_host(wanted, author, gpus=self.run.config.experiment.gpus)
                except SandboxError as error:
                    raise MachineError(str(error)) from None
                if wanted == "auto" and host.name == "process":
                    why = "no stronger back end holds on this machine; `ai-scientist doctor` says what is missing"
                    self.run.degrade("our own programs ran as plain processes, without isolation", why)
                self.opened[author] = host
            return self.opened[author]


@dataclass
class Services:
    run: RunDirectory
    desk: Desk
    ledger: Ledger
    hosts: Hosts
    sources: Sequence[LiteratureSource]
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def config(self) -> Config:
        return self.run.config

    @property
    def idea(self) -> Idea:
        return Idea.model_validate_json(self.read(self.run.idea_json))

    @property
    def claims(self) -> Claims:
        return Claims.model_validate_json(self.read(self.run.claims_json))

    @property
    def references(self) -> tuple[Reference, ...]:
        """The works that the paper may cite."""
        return tuple(Reference.model_validate(work) for work in json.loads(self.read(self.run.references_json)))

    def read(self, file: Path) -> str:
        """A file that an earlier phase wrote.

        Raises:
            RunDirectoryError: it is not there.
        """
        try:
            return file.read_text(encoding="utf-8")
        except OSError as error:
            raise RunDirectoryError(f"The run {self.run.path} has lost its {file.name} ({error}).") from None


def open_services(run: RunDirectory, stop: threading.Event) -> Services:
    """Everything that a run needs."""
    limits = run.progress.limits
    budget = Budget(money=limits.money, tokens=limits.tokens, hours=limits.hours) if limits else run.config.budget
    ledger = Ledger(budget, run.progress.spent)
    return Services(
        run=run,
        desk=open_desk(run.config, run, ledger, OfflineModel(), stop=stop),
        ledger=ledger,
        hosts=Hosts(run),
        sources=[opened(name) for name in run.config.literature.sources],
        stop=stop,
    )


def opened(name: str) -> LiteratureSource:
    return Shelf.bundled() if name == "shelf" else SemanticScholar()
