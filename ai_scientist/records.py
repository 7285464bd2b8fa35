"""The nouns. Frozen records that everything above speaks in; they import nothing of ours."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Better = Literal["higher", "lower"]
Verdict = Literal["PASS", "FAIL", "UNKNOWN"]
"""A check's answer. UNKNOWN is never PASS."""
FindingVerdict = Literal["supported", "refuted", "no effect", "undecided"]
"""What became of a prediction."""
Author = Literal["ours", "model"]
"""Who wrote a reply. The choice of sandbox reads this and nothing else."""
StageName = Literal["prototype", "tune", "explore", "ablate", "confirm"]
Action = Literal["draft", "debug", "improve", "tune", "ablate", "repeat"]
Outcome = Literal[
    "worked",
    "failed",
    "unmeasured",
    "timed_out",
    "out_of_memory",
    "out_of_disk",
    "output_too_large",
    "killed",
    "undone",
]
"""`unmeasured`: the program ended well and measured nothing that the idea asks for. `undone`: no program came to run (the
model did not deliver one, or the machine failed)."""
Role = Literal["ideas", "coder", "judge", "writer", "vision", "referees"]
Scalar = bool | int | float | str


class Record(BaseModel):
    """A frozen value. Unknown fields are refused, so that a misspelt one never passes in silence."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Prompt(Record):
    """A request to a model: the file it comes from, what was filled in, and the text that a model reads."""

    name: str
    """The file under prompts/, without its ending."""
    values: Mapping[str, Any]
    """What was filled in, as plain JSON values. A rule-based model answers from these."""
    text: str


class Metric(Record):
    """What is measured, and which way is good."""

    name: str
    """As programs pass it to `lab.measure`."""
    better: Better
    label: str = ""
    """As a reader sees it: "accuracy", "expected calibration error"."""
    digits: int = 3
    """Decimals shown."""

    @property
    def title(self) -> str:
        return self.label or self.name


class Measurement(Record):
    """One value that a program recorded through `lab` and the harness read."""

    metric: str
    value: float | None
    """None where the program recorded something that is not a finite number. It never wins."""
    better: Better
    dataset: str
    split: str
    step: int | None = None

    @property
    def finite(self) -> bool:
        return self.value is not None and math.isfinite(self.value)


class Prediction(Record):
    """What the idea says will be measured, fixed before anything is. `proposed` against `baseline` on the test split."""

    metric: str
    dataset: str
    """A dataset as programs name it, or `all`: the mean over the datasets."""
    direction: Better
    """Whether the proposed method's value is expected to be higher or lower than the baseline's."""
    at_least: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    """The smallest difference that would matter, in the metric's unit."""
    role: Literal["primary", "secondary"] = "primary"
    text: str = ""
    """The prediction as a sentence without measured numbers."""


class Idea(Record):
    """What is to be found out, and how it would be seen to be wrong."""

    slug: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    title: str
    question: str
    hypothesis: str
    predictions: tuple[Prediction, ...]
    metric: Metric
    """The one that the search selects by, for the whole run."""
    secondary: tuple[Metric, ...] = ()
    datasets: Mapping[str, str]
    """Name as programs use it to a sentence on what it is, synthetic parts included."""
    baseline: str
    """The method to compare with, in a paragraph."""
    proposal: str
    """What is to be tried against it, in a paragraph."""
    risks: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    """What to ask the literature."""
    study: str = ""
    """Where the idea builds on starting programs: the folder under templates/experiments/."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of its content, however its file is laid out."""
        return hashlib.sha256(self.model_dump_json(exclude_defaults=True).encode()).hexdigest()

    def metric_named(self, name: str) -> Metric | None:
        return next((m for m in (self.metric, *self.secondary) if m.name == name), None)


class Usage(Record):
    """What running one program took."""

    wall: float = 0.0
    """Seconds."""
    cpu: float | None = None
    """Seconds of processor time; None where it could not be measured."""
    memory: int | None = None
    """Peak bytes; None where it could not be measured."""


class Experiment(Record):
    """One program, run once, on one seed. Written once by the worker that ran it."""

    id: str = Field(pattern=r"^\d{4,}$")
    parent: str | None
    """The experiment it was made from: the one that it mends, changes or repeats."""
    stage: StageName
    round: int = 1
    action: Action
    change: str
    """What is different from its parent, in a few words: the label in tables and in the tree."""
    plan: str
    """What is tried and why, in a sentence or two."""
    author: Author
    """Who wrote the program."""
    seed: int
    config: Mapping[str, Scalar] = Field(default_factory=dict)
    """Overrides of the program's settings."""
    program: str
    """SHA-256 of program.py, or "" where none was delivered."""
    confirming: bool = False
    """Whether the test split was opened."""
    outcome: Outcome
    fault: str = ""
    """Where it did not work: the end of its output, bounded."""
    seeded: bool = False
    """Whether the program asked for its seed. Only then does it count as a seed of its own."""
    settings: Mapping[str, Scalar] = Field(default_factory=dict)
    """The settings in force, as the program recorded them: its defaults and the overrides. Plain ones only."""
    measurements: tuple[Measurement, ...] = ()
    measured: str = ""
    """SHA-256 of output/measurements.jsonl as it left the sandbox."""
    used: Usage = Usage()
    sandbox: str = ""
    """The back end that ran it."""
    image: str = ""
    """Digest of the image it ran in."""

    @property
    def worked(self) -> bool:
        return self.outcome == "worked"

    @property
    def folder(self) -> str:
        """The name of its folder under tree/."""
        return f"{self.id}-{self.action}" + (f"-{self.parent}" if self.parent else "")


class Stage(Record):
    """One round of a stage of the search: what it is to reach, and how much it may spend on that."""

    name: StageName
    round: int = 1
    goals: tuple[str, ...]
    experiments: int
    """How many experiments it may start, seed repeats aside."""


class Arms(Record):
    """What is confirmed and written up: ids of experiments of the search, each to be run again on fresh seeds."""

    baseline: str
    """The best of the tune stage (of the prototype stage, where nothing was tuned)."""
    proposed: str
    """The best that the explore stage made, whether or not it beats the baseline."""
    ablations: tuple[str, ...] = ()
    """The proposed method less one part each."""

    @property
    def all(self) -> tuple[str, ...]:
        return (self.baseline, self.proposed, *self.ablations)


class Statistic(Record):
    """A value computed from measurements by a named rule, with everything that is needed to compute it again."""

    rule: Literal["mean", "sd", "count", "setting"]
    """`mean`, `sd`: over `experiments` of the measurement named (over datasets first, where dataset is "all");
    `count`: of what `of` says; `setting`: a value of the settings in force in a program, the same in `experiments`."""
    metric: str = ""
    dataset: str = ""
    split: str = ""
    experiments: tuple[str, ...] = ()
    of: str = ""
    """`count`: what is counted (`claims.compute.COUNTS`); `setting`: the setting's name."""


class Value(Record):
    """A number in the paper."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    what: str
    """What it is a value of, in words: "mean test accuracy with shifts, digits (20 per class)"."""
    statistic: Statistic
    value: float
    """At full precision."""
    text: str
    """As it stands in the paper."""


class Comparison(Record):
    """Two values, which way they differ, and how sure that is. Seeds are paired."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    left: str
    right: str
    """Ids of the two means compared."""
    relation: Literal["higher", "lower", "not distinguishable"]
    """Of the left to the right: by the interval of the paired difference."""
    difference: float
    low: float
    high: float
    """Mean of the paired differences over seeds, left less right, and its 95 % interval (Student's t)."""
    n: int
    """Pairs."""
    p: float | None = None
    """Of the paired t-test, two-sided, as computed; None where the differences are all equal."""
    p_adjusted: float | None = None
    """Holm's, over the comparisons of the claims file."""
    text: str
    """The clause as it stands in the paper: both sides, with their values and the direction."""


class Row(Record):
    """A row of a table in the paper: its label and the values in it, column by column."""

    label: str
    arm: str
    """Id of the arm that the row is about."""
    cells: tuple[tuple[str, ...], ...]
    """Column by column: the ids of a mean and of its standard deviation, or of one value; none for an empty cell."""


class Table(Record):
    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    caption: str
    columns: tuple[str, ...]
    """The label column's heading first."""
    rows: tuple[Row, ...]


class Finding(Record):
    """What became of a prediction."""

    prediction: Prediction
    comparison: str | None
    """Id of the comparison that decides it; None where too few seeds could be paired."""
    verdict: FindingVerdict
    """`no effect`: the interval lies within the smallest difference that matters; `undecided`: it reaches both sides."""


class Claims(Record):
    """Everything that the paper may state as measured. claims.json."""

    arms: Arms
    labels: Mapping[str, str]
    """An arm's id to its label, the same in tables and in figures."""
    values: tuple[Value, ...]
    comparisons: tuple[Comparison, ...]
    tables: tuple[Table, ...]
    findings: tuple[Finding, ...]
    rules: int = 1
    """By which rules they were computed and worded: `claims.words.RULES` of the version that did."""

    def value(self, id: str) -> Value | None:
        return next((v for v in self.values if v.id == id), None)

    def comparison(self, id: str) -> Comparison | None:
        return next((c for c in self.comparisons if c.id == id), None)


class Fault(Record):
    """What is wrong with a figure or a paper, and where."""

    rule: str
    message: str
    where: str = ""


class Figure(Record):
    """A figure as it was last drawn."""

    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    caption: str
    """Prose in the paper's markup."""
    shows: str = ""
    """What a reader is to see in it, as the text will say it."""
    width: float = 5.5
    """Inches at print."""
    author: Author
    round: int = 1
    faults: tuple[Fault, ...] = ()
    """What was still objected to when the loop ended."""


class Reference(Record):
    """A work, as a source's record has it. Never from a model's memory."""

    key: str
    title: str
    authors: tuple[str, ...]
    """As "Given Family"."""
    venue: str
    year: int
    doi: str = ""
    arxiv: str = ""
    url: str = ""
    abstract: str = ""
    """The source's abstract, or what our own shelf says of the work in a sentence."""
    source: str
    """The literature source that gave the record."""
    checked_against: tuple[str, ...] = ()
    """Public sources that the record was compared with."""
    answers: tuple[str, ...] = ()
    """The queries that it was found by, where a run asked; first the one that it answers best."""


class Degradation(Record):
    """A fallback that was taken, or a check that could not be made."""

    what: str
    why: str
    touches_claims: bool = False
    """Whether it touches a claim or a check of one: then the run ends with exit code 10."""


class Section(Record):
    heading: str
    paragraphs: tuple[str, ...]
    """Prose in the paper's markup: text, `$math$`, and the macros \\val, \\compare, \\cite, \\figref, \\tabref, \\emph."""


class Manuscript(Record):
    """A paper before it is typeset: prose in which each number and comparison is a macro bound to a claim."""

    title: str
    abstract: str
    sections: tuple[Section, ...]
    author: Author
    model: str
    """Who wrote the prose, as the title page says it."""
