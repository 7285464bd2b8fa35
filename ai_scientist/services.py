"""What the phases work with, opened as the configuration says."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ai_scientist_sandbox import SandboxError, SandboxHost, open_host

from ai_scientist.config import Config
from ai_scientist.errors import MachineError, RunDirectoryError
from ai_scientist.ledger import Ledger
from ai_scientist.literature import LiteratureSource, open_sources
from ai_scientist.models.base import Desk
from ai_scientist.models.desk import open_desk
from ai_scientist.offline.model import OfflineModel
from ai_scientist.records import Author, Claims, Idea
from ai_scientist.runs import RunDirectory


class Hosts:
    """The sandbox for a program, chosen by who wrote it and nothing else. Opened when first asked for."""

    def __init__(self, config: Config) -> None:
        self.wanted, self.gpus = config.sandbox, config.experiment.gpus
        self.opened: dict[Author, SandboxHost] = {}
        self.lock = threading.Lock()

    def for_author(self, author: Author) -> SandboxHost:
        """The host for a program by that author.

        Raises:
            MachineError: no back end holds what is asked; says what is missing and how to get it.
        """
        with self.lock:
            if author not in self.opened:
                try:
                    self.opened[author] = open_host(self.wanted, author, gpus=self.gpus)
                except SandboxError as error:
                    raise MachineError(str(error)) from None
            return self.opened[author]


@dataclass
class Services:
    run: RunDirectory
    config: Config
    desk: Desk
    ledger: Ledger
    hosts: Hosts
    sources: Sequence[LiteratureSource]
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def idea(self) -> Idea:
        return Idea.model_validate_json(self.run.idea_json.read_text(encoding="utf-8"))

    @cached_property
    def claims(self) -> Claims:
        """Once the run has drawn them.

        Raises:
            RunDirectoryError: they were drawn and are not there.
        """
        try:
            return Claims.model_validate_json(self.run.claims_json.read_text(encoding="utf-8"))
        except OSError as error:
            raise RunDirectoryError(f"The run {self.run.path} has lost its claims.json ({error}).") from None


def open_services(run: RunDirectory, stop: threading.Event) -> Services:
    """Everything that a run needs."""
    config = run.config
    ledger = Ledger(config.budget, run.progress.spent)
    return Services(
        run=run,
        config=config,
        desk=open_desk(config, run, ledger, OfflineModel()),
        ledger=ledger,
        hosts=Hosts(config),
        sources=open_sources(config.literature.sources),
        stop=stop,
    )
