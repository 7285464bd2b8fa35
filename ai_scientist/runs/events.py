"""What happens in a run, as it is written to events.jsonl: small, frozen, in the past tense, told apart by `kind`.

Bulk lies in files that the events point to; state is a fold over them (`runs.progress`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from ai_scientist.records import Action, Outcome, Record, Role, Stage, StageName, Usage

Phase = Literal["idea", "stage", "confirm", "draw", "critique", "write", "check", "review", "bundle"]
"""The boxes of the graph."""
Gate = Literal["idea", "plan", "paper"]


class Event(Record):
    at: float = 0.0
    """Unix time, set on appending."""


class RunStarted(Event):
    kind: Literal["run_started"] = "run_started"
    topic: str
    model: str
    data: Mapping[str, str] = {}
    """Of each of the user's data, the name and the SHA-256."""
    environment: str = ""
    """SHA-256 of environment.lock, of the packages that its programs see."""


class RunResumed(Event):
    kind: Literal["run_resumed"] = "run_resumed"
    worked: float
    """Seconds that the earlier sittings worked, to the last event of each: the clock goes on from there."""


class LimitsSet(Event):
    """The user resumed with other limits. They replace the configuration's, whole."""

    kind: Literal["limits_set"] = "limits_set"
    money: float | None
    tokens: int | None
    hours: float | None


class RunStopped(Event):
    """The program ended before the run did, and knew why."""

    kind: Literal["run_stopped"] = "run_stopped"
    why: str
    exit_code: int


class RunFinished(Event):
    kind: Literal["run_finished"] = "run_finished"
    exit_code: int


class PhaseFinished(Event):
    kind: Literal["phase_finished"] = "phase_finished"
    phase: Phase
    round: int = 1
    """Of the figures, or the version of the paper."""
    verdict: str = ""
    """What decides the way on: "PASS", "FAIL", "redraw", "mend", "revise"; "" where there is one way only."""
    note: str = ""


class StageOpened(Event):
    kind: Literal["stage_opened"] = "stage_opened"
    stage: Stage
    idea: str = ""
    """`Idea.fingerprint` of what the stage is about: that it was fixed before, and stayed."""


class StageClosed(Event):
    kind: Literal["stage_closed"] = "stage_closed"
    stage: StageName
    round: int
    met: bool
    """Whether the goals were met, judged from measurements."""
    why: str
    best: str | None
    """Id of the experiment carried forward."""
    again: bool = False
    """Whether another round of the same stage follows, with new goals."""


class ExperimentStarted(Event):
    kind: Literal["experiment_started"] = "experiment_started"
    id: str
    parent: str | None
    stage: StageName
    round: int
    action: Action
    seed: int
    scope: str
    """Under which its model calls are kept: its own id, or that of the attempt which it takes up again."""


class ExperimentFinished(Event):
    kind: Literal["experiment_finished"] = "experiment_finished"
    id: str
    outcome: Outcome
    used: Usage


class CallStarted(Event):
    """A model is being asked: this much is set aside for it."""

    kind: Literal["call_started"] = "call_started"
    id: str
    """`<scope>.<role>.<ordinal>`, scope an experiment's id or a phase."""
    role: Role
    model: str
    money: float | None
    """US dollars set aside; None where the price is unknown."""
    tokens: int


class CallFinished(Event):
    """A reply is on disk, under calls/."""

    kind: Literal["call_finished"] = "call_finished"
    id: str
    money: float | None
    tokens_in: int
    tokens_out: int
    seconds: float
    differs: bool | None = None
    """As `Call.differs`."""


class CallLost(Event):
    """A call that was under way when the program was killed, or that failed. Where its cost is not known, it is booked
    at what was set aside, UNKNOWN."""

    kind: Literal["call_lost"] = "call_lost"
    id: str
    why: str
    money: float | None
    tokens: int
    known: bool = False
    """Whether `money` and `tokens` are what it cost: the server refused it, or the reply came and could not be read."""


class Degraded(Event):
    kind: Literal["degraded"] = "degraded"
    what: str
    why: str
    touches_claims: bool = False


class ApprovalAsked(Event):
    kind: Literal["approval_asked"] = "approval_asked"
    gate: Gate
    round: int = 1


class ApprovalGiven(Event):
    kind: Literal["approval_given"] = "approval_given"
    gate: Gate
    round: int = 1
    accepted: bool
    note: str = ""
    """Why not: fed back to the phase."""


AnyEvent = Annotated[
    RunStarted | RunResumed | LimitsSet | RunStopped | RunFinished | PhaseFinished | StageOpened | StageClosed
    | ExperimentStarted | ExperimentFinished | CallStarted | CallFinished | CallLost | Degraded | ApprovalAsked
    | ApprovalGiven,
    Field(discriminator="kind"),
]  # fmt: skip

adapter: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)
