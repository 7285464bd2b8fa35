"""Where a run stands: a fold over its events. Nothing here is stored; everything follows from the log."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ai_scientist.errors import RunDirectoryError
from ai_scientist.records import Degradation, Stage, StageName
from ai_scientist.runs.events import (
    AnyEvent,
    ApprovalAsked,
    ApprovalGiven,
    CallFinished,
    CallLost,
    CallStarted,
    Degraded,
    ExperimentFinished,
    ExperimentStarted,
    Gate,
    LimitsSet,
    Phase,
    PhaseFinished,
    RunFinished,
    RunResumed,
    RunStarted,
    RunStopped,
    StageClosed,
    StageOpened,
)

if TYPE_CHECKING:
    from ai_scientist.runs.directory import RunDirectory

Status = Literal["running", "waiting", "stopped", "done"]

FOLLOWS: dict[str, Phase] = {
    "idea": "stage",
    "stage": "confirm",
    "confirm": "draw",
    "draw": "critique",
    "critique": "write",
    "write": "check",
    "check": "review",
    "review": "bundle",
    "bundle": "bundle",
}
BACK: dict[tuple[str, str], Phase] = {
    ("critique", "redraw"): "draw",
    ("check", "FAIL"): "write",
    ("check", "mend"): "write",
    ("check", "redraw"): "draw",
    ("review", "revise"): "write",
}


@dataclass
class Spent:
    """What the run has used, all sittings together."""

    money: float = 0.0
    """US dollars booked: as priced, and, for calls that were lost, as set aside."""
    tokens: int = 0
    calls: int = 0
    """Replies."""
    unpriced: int = 0
    """Calls of a model whose price is unknown. They are not in `money`."""
    lost: int = 0
    """Calls whose real cost is unknown. What was set aside for them is in `money` and `tokens`."""
    compute: float = 0.0
    """Seconds that programs ran, summed over programs."""

    @property
    def money_unknown(self) -> bool:
        """Whether `money` is anything but the priced sum of all calls."""
        return bool(self.unpriced or self.lost)


@dataclass
class Progress:
    """A fold over events, brought up to date at each append. Read it, do not change it.

    Another thread may append meanwhile: go over a copy (`list(progress.running)`) where that can be.
    """

    topic: str = ""
    model: str = ""
    status: Status = "running"
    exit_code: int | None = None
    """Once the run stopped or finished."""
    why_stopped: str = ""
    phase: Phase = "idea"
    """Under way now."""
    phases: list[PhaseFinished] = field(default_factory=list)
    opened: dict[tuple[StageName, int], Stage] = field(default_factory=dict)
    """Stage and round to what it is to reach, in order of opening."""
    closed: dict[tuple[StageName, int], StageClosed] = field(default_factory=dict)
    started: dict[str, ExperimentStarted] = field(default_factory=dict)
    """By id, in order of starting."""
    finished: dict[str, ExperimentFinished] = field(default_factory=dict)
    """By id, in order of finishing."""
    running: dict[str, ExperimentStarted] = field(default_factory=dict)
    """Under way in this sitting."""
    interrupted: dict[str, ExperimentStarted] = field(default_factory=dict)
    """Started in an earlier sitting, never finished, not yet taken up again (by one of the same scope)."""
    cut_off: set[str] = field(default_factory=set)
    """Every experiment that was ever interrupted, taken up again or not."""
    calls: dict[str, CallFinished] = field(default_factory=dict)
    in_flight: dict[str, CallStarted] = field(default_factory=dict)
    spent: Spent = field(default_factory=Spent)
    degradations: list[Degradation] = field(default_factory=list)
    approvals: dict[tuple[Gate, int], ApprovalGiven | None] = field(default_factory=dict)
    """Gate and round to the answer; None while it is waited for."""
    limits: LimitsSet | None = None
    """Where the user resumed with other limits than the configuration's."""
    events: int = 0
    at: float = 0.0
    """Unix time of the last event."""
    _worked: float = 0.0
    _sitting: float | None = None
    """Unix time when this sitting began."""
    _sat: list[tuple[float, float]] = field(default_factory=list)
    """The sittings before."""

    @classmethod
    def replay(cls, events: Iterable[AnyEvent]) -> Progress:
        """Raises RunDirectoryError: the events contradict each other."""
        progress, collecting = cls(), gc.isenabled()
        gc.disable()  # a hundred thousand records without a cycle: looking for one takes as long as reading them
        try:
            for event in events:
                progress.apply(event)
        finally:
            if collecting:
                gc.enable()
        return progress

    def apply(self, event: AnyEvent) -> None:
        """Raises RunDirectoryError, and changes nothing: the event contradicts what came before."""
        self.check(event)
        self.at = max(self.at, event.at)
        self.events += 1
        FOLDS[type(event)](self, event)

    def check(self, event: AnyEvent) -> None:
        """Each experiment and each call is finished once, and after it started."""
        match event:
            case ExperimentStarted() if event.id in self.started:
                raise self._contradiction(f"experiment {event.id} starts twice")
            case ExperimentFinished() if event.id in self.finished or event.id not in self.started:
                how = "twice" if event.id in self.finished else "without having started"
                raise self._contradiction(f"experiment {event.id} finishes {how}")
            case CallStarted() if event.id in self.in_flight or event.id in self.calls:
                raise self._contradiction(f"the call {event.id} starts twice")
            case CallFinished() | CallLost() if event.id not in self.in_flight:
                raise self._contradiction(f"the call {event.id} ends without having started")
            case _:
                pass

    # What others ask

    @property
    def next_experiment(self) -> str:
        """The id that the next experiment gets."""
        return f"{max((int(id) for id in list(self.started)), default=0) + 1:04d}"

    @property
    def open_stage(self) -> Stage | None:
        return next((stage for key, stage in list(self.opened.items()) if key not in self.closed), None)

    @property
    def best(self) -> str | None:
        """The experiment that the last stage carried forward."""
        return next((closed.best for closed in reversed(list(self.closed.values())) if closed.best), None)

    @property
    def replayed(self) -> tuple[int, int]:
        """Replies that were replayed, and how many of these were given to a prompt that differs from the recorded one."""
        told = [call.differs for call in list(self.calls.values()) if call.differs is not None]
        return len(told), sum(told)

    @property
    def waiting_for(self) -> tuple[Gate, int] | None:
        return next((key for key, answer in list(self.approvals.items()) if answer is None), None)

    def seconds(self, now: float | None = None) -> float:
        """Wall-clock seconds worked, over all sittings: to the last event, or to `now` (Unix time)."""
        if self._sitting is None:
            return self._worked
        return self._worked + max(0.0, (self.at if now is None else max(now, self.at)) - self._sitting)

    @property
    def sittings(self) -> tuple[tuple[float, float], ...]:
        """When each began and ended, or had its last event so far. Unix time."""
        now = [] if self._sitting is None else [(self._sitting, self._sitting + self.seconds() - self._worked)]
        return (*self._sat, *now)

    def seconds_now(self) -> float:
        return self.seconds(time.time() if self.status == "running" else None)

    def rounds(self, phase: Phase) -> int:
        """How often a phase was finished."""
        return sum(1 for done in self.phases if done.phase == phase)

    def last(self, phase: Phase) -> PhaseFinished | None:
        return next((done for done in reversed(self.phases) if done.phase == phase), None)

    def _contradiction(self, what: str) -> RunDirectoryError:
        return RunDirectoryError(
            f"The run directory is damaged: at line {self.events + 1} of events.jsonl, {what}. "
            "Restore the file from a copy; nothing was changed."
        )

    # The fold

    def _run_started(self, event: RunStarted) -> None:
        self.topic, self.model, self._sitting = event.topic, event.model, event.at

    def _run_resumed(self, event: RunResumed) -> None:
        if self._sitting is not None:
            self._sat.append((self._sitting, self._sitting + event.worked - self._worked))
        self._worked, self._sitting = event.worked, event.at
        self.interrupted |= self.running
        self.cut_off |= self.running.keys()
        self.running = {}
        self.status = "waiting" if self.waiting_for else "running"
        self.exit_code, self.why_stopped = None, ""

    def _limits_set(self, event: LimitsSet) -> None:
        self.limits = event

    def _run_stopped(self, event: RunStopped) -> None:
        self.exit_code, self.why_stopped = event.exit_code, event.why
        self.status = "waiting" if self.waiting_for else "stopped"

    def _run_finished(self, event: RunFinished) -> None:
        self.status, self.exit_code = "done", event.exit_code

    def _phase_finished(self, event: PhaseFinished) -> None:
        self.phases.append(event)
        self.phase = BACK.get((event.phase, event.verdict), FOLLOWS[event.phase])

    def _stage_opened(self, event: StageOpened) -> None:
        self.opened[event.stage.name, event.stage.round] = event.stage
        self.phase = "confirm" if event.stage.name == "confirm" else "stage"

    def _stage_closed(self, event: StageClosed) -> None:
        self.closed[event.stage, event.round] = event

    def _experiment_started(self, event: ExperimentStarted) -> None:
        self.started[event.id] = self.running[event.id] = event
        if self.interrupted:
            self.interrupted = {id: e for id, e in self.interrupted.items() if e.scope != event.scope}

    def _experiment_finished(self, event: ExperimentFinished) -> None:
        self.running.pop(event.id, None)
        self.interrupted.pop(event.id, None)
        self.cut_off.discard(event.id)  # its folder was whole: only the event was missing
        self.finished[event.id] = event
        self.spent.compute += event.used.wall

    def _call_started(self, event: CallStarted) -> None:
        self.in_flight[event.id] = event

    def _call_finished(self, event: CallFinished) -> None:
        del self.in_flight[event.id]
        self.calls[event.id] = event
        self.spent.calls += 1
        self.spent.tokens += event.tokens_in + event.tokens_out
        self._book(event.money)

    def _call_lost(self, event: CallLost) -> None:
        del self.in_flight[event.id]
        self.spent.tokens += event.tokens
        self.spent.lost += not event.known and bool(event.tokens or event.money)
        self._book(event.money)

    def _book(self, money: float | None) -> None:
        if money is None:
            self.spent.unpriced += 1
        else:
            self.spent.money += money

    def _degraded(self, event: Degraded) -> None:
        self.degradations.append(Degradation(what=event.what, why=event.why, touches_claims=event.touches_claims))

    def _approval_asked(self, event: ApprovalAsked) -> None:
        self.approvals[event.gate, event.round] = None
        self.status = "waiting"

    def _approval_given(self, event: ApprovalGiven) -> None:
        self.approvals[event.gate, event.round] = event
        self.status = "waiting" if self.waiting_for else "running"


FOLDS: dict[type, Callable[[Progress, Any], None]] = {
    RunStarted: Progress._run_started,
    RunResumed: Progress._run_resumed,
    LimitsSet: Progress._limits_set,
    RunStopped: Progress._run_stopped,
    RunFinished: Progress._run_finished,
    PhaseFinished: Progress._phase_finished,
    StageOpened: Progress._stage_opened,
    StageClosed: Progress._stage_closed,
    ExperimentStarted: Progress._experiment_started,
    ExperimentFinished: Progress._experiment_finished,
    CallStarted: Progress._call_started,
    CallFinished: Progress._call_finished,
    CallLost: Progress._call_lost,
    Degraded: Progress._degraded,
    ApprovalAsked: Progress._approval_asked,
    ApprovalGiven: Progress._approval_given,
}


def summary(run: RunDirectory) -> dict[str, Any]:
    """The folded state as plain JSON values, as `ai-scientist show RUN --json` prints it. Paths are within the run."""
    progress, spent = run.progress, run.progress.spent
    ended = progress.status == "running" and not run.held

    def there(path: Path) -> str | None:
        return str(path.relative_to(run.path)) if path.exists() else None

    def read(path: Path) -> Any:
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None

    return {
        "run": str(run.path),
        "topic": run.topic,
        "status": "stopped" if ended else progress.status,
        "why": "it was killed: `ai-scientist resume` goes on" if ended else progress.why_stopped,
        "exit_code": progress.exit_code,
        "phase": progress.phase,
        "waiting_for": progress.waiting_for[0] if progress.waiting_for else None,
        "best": progress.best,
        "experiments": [
            {
                **experiment.model_dump(
                    mode="json", include={"id", "parent", "stage", "round", "action", "change", "seed", "outcome"}
                ),
                "measurements": [m.model_dump(mode="json") for m in experiment.measurements],
            }
            for experiment in run.experiments()
        ],
        "running": sorted(progress.running),
        "claims": read(run.claims_json),
        "spent": {
            "money": None if spent.unpriced else round(spent.money, 6),
            "money_unknown": spent.money_unknown,
            "tokens": spent.tokens,
            "seconds": round(progress.seconds_now() if run.held else progress.seconds(), 3),
            "compute": round(spent.compute, 3),
            "calls": spent.calls,
            "calls_lost": spent.lost,
        },
        "replayed": dict(zip(("replies", "differ"), progress.replayed, strict=True)),
        "degradations": [d.model_dump(mode="json") for d in progress.degradations],
        "paper": there(run.last_paper),
        "review": read(run.review_json),
        "report": there(run.report_html),
        "bundle": there(run.bundle_zip),
    }
