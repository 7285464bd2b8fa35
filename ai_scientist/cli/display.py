"""What a person sees while a run works, and how they stop it."""

from __future__ import annotations

import shutil
import signal
import sys
import threading
import time
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

import click

from ai_scientist.errors import InputError, Stopped
from ai_scientist.runs.layout import resuming

if TYPE_CHECKING:
    from ai_scientist.runs import RunDirectory
    from ai_scientist.sittings import Outcome

PHASES = {
    "idea": "proposing an idea",
    "stage": "searching",
    "confirm": "confirming on fresh seeds",
    "draw": "drawing figures",
    "critique": "looking at figures",
    "write": "writing the paper",
    "check": "checking the paper",
    "review": "reviewing the paper",
    "bundle": "packing the bundle",
}
TICK = 0.5
"""Seconds between two looks at the run."""


class Display:
    """A status line on a terminal, a line per change elsewhere; SIGINT and SIGTERM stop the run cleanly."""

    def __init__(self, errors: bool = False) -> None:
        """`errors`: the run's path goes to standard error, since standard output is for a program to read."""
        self.errors = errors
        self.stop = threading.Event()
        self.run: RunDirectory | None = None
        self.over = threading.Event()
        self.live = sys.stderr.isatty()
        self.last = ""
        self.before: dict[int, Any] = {}
        self.ticker = threading.Thread(target=self.tick, daemon=True)

    def watch(self, run: RunDirectory) -> None:
        """Called with the run directory once it is there: its path is the first line printed."""
        self.run = run
        click.echo(str(run.path), err=self.errors)
        sys.stdout.flush()
        self.ticker.start()

    def __enter__(self) -> Display:
        for number in (signal.SIGINT, signal.SIGTERM):
            self.before[number] = signal.signal(number, self.interrupt)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        if self.ticker.is_alive():
            self.ticker.join(timeout=2)
        self.clear()
        for number, handler in self.before.items():
            signal.signal(number, handler)
        if error is not None and self.run is not None and not isinstance(error, click.ClickException):
            for line in self.hints(self.run, error):
                error.add_note(line)

    def interrupt(self, number: int, frame: FrameType | None) -> None:
        """The first signal ends the work under way; a second one while that happens changes nothing."""
        if self.stop.is_set():
            return
        self.stop.set()
        name = "Ctrl-C" if number == signal.SIGINT else "SIGTERM"
        raise Stopped(f"Stopped by {name}. Nothing that was finished is lost.", 128 + number)

    @staticmethod
    def hints(run: RunDirectory, error: BaseException) -> list[str]:
        """Where to read what was reached, and how to go on where that makes sense: a paper that cannot be read stays so."""
        hopeless = run.progress.status == "done" or (run.reviewed and isinstance(error, InputError))
        report = [f"report: {run.report_html}"] if run.report_html.exists() else []
        if run.reviewed and run.review_md.exists():
            report.append(f"report: {run.review_md} has what came in until then")
        return report if hopeless else [*report, f"resume with: {resuming(run.path)}"]

    def conclude(self, ended: Outcome) -> int:
        """Where everything is. Returns the exit code."""
        if ended.message:
            click.echo(ended.message)
        if ended.judged:
            click.echo(f"{'outcome:':10}{ended.judged}")
        names = {"paper": ended.paper, "review": ended.review, "page": ended.page, "comments": ended.annotated}
        for name, path in {**names, "report": ended.report, "bundle": ended.bundle}.items():
            if path is not None:
                click.echo(f"{name + ':':10}{path}")
        if ended.exit_code == 10:
            click.echo("Done, with degradations that touch a claim: see the report and the paper's appendix.")
        return ended.exit_code

    def tick(self) -> None:
        while not self.over.wait(TICK):
            line = self.status()
            if line and (self.live or self.stable(line) != self.stable(self.last)):
                self.show(line)
            self.last = line

    def status(self) -> str:
        """Phase, workers, experiments done, best so far, money and time spent, in a line."""
        run = self.run
        if run is None:
            return ""
        progress = run.progress
        stage = progress.open_stage
        what = PHASES["review" if run.reviewed else progress.phase] + (
            f" ({stage.name})" if stage and progress.phase == "stage" else ""
        )
        spent = f"${progress.spent.money:.2f}" + ("+?" if progress.spent.money_unknown else "")
        seconds = int(progress.seconds(time.time()))
        done, busy = len(progress.finished), len(progress.running)
        parts = [what, f"{done} experiments done, {busy} running"] if not run.reviewed else [what]
        best = self.best(run)
        if best:
            parts.append(f"best {best}")
        return " · ".join([*parts, f"{progress.spent.tokens:,} tokens, {spent}", f"{seconds // 60}:{seconds % 60:02d}"])

    @staticmethod
    def best(run: RunDirectory) -> str:
        found = next((e for e in run.experiments() if e.id == run.progress.best), None)
        return f"{found.id} '{found.change}'" if found else ""

    @staticmethod
    def stable(line: str) -> str:
        """The line without what changes all the time: where there is no terminal, a new line is printed when the rest changes."""
        return " · ".join(part for part in line.split(" · ")[:-1] if "running" not in part)

    def show(self, line: str) -> None:
        if self.live:
            width = shutil.get_terminal_size((100, 24)).columns
            sys.stderr.write("\r\x1b[K" + line[: max(20, width - 3)])  # room for the ^C that a terminal shows
        else:
            sys.stderr.write(line + "\n")
        sys.stderr.flush()

    def clear(self) -> None:
        if self.live:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
