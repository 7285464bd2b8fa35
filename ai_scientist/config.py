"""The configuration: every default is here; a file and `key=value` overrides say what differs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from ai_scientist_sandbox.requirement import requirement_fault
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ai_scientist.bundled import bundled
from ai_scientist.errors import InputError, cause
from ai_scientist.records import Role, StageName

Gate = Literal["idea", "plan", "paper"]
NAMED = (
    "models.default", "models.base_url", "review.form", "review.venue", "review.related", "review.results", "review.since",
    "review.response",
)  # fmt: skip
"""Settings whose values are names, whatever they look like in YAML."""


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TokenPrice(Part):
    """US dollars for a million tokens."""

    input: float = Field(ge=0, allow_inf_nan=False)
    output: float = Field(ge=0, allow_inf_nan=False)


class Models(Part):
    default: str = "auto"
    """`offline`, or `provider:model` as LangChain's init_chat_model takes it. `auto`: a hosted model whose key is in the
    environment, a local server, or else `offline`."""
    roles: dict[Role, str] = Field(default_factory=dict)
    """Another model for one role."""
    base_url: str = ""
    """Of an OpenAI-compatible server."""
    prices: dict[str, TokenPrice] = Field(default_factory=dict)
    """By a model's name, where the price list does not know what is paid: at a server of one's own, for instance."""
    temperature: float | None = None
    max_output_tokens: int = Field(default=16_384, ge=256)
    timeout: float = Field(default=600, gt=0)
    """Seconds to wait for one reply."""
    attempts: int = Field(default=4, ge=1)
    """Tries for a call that met a passing fault, and for a reply that cannot be read."""


class Budget(Part):
    """Hard limits on the whole run, resumed parts included. None: no limit."""

    money: float | None = Field(default=None, ge=0)
    """US dollars."""
    tokens: int | None = Field(default=None, ge=0)
    hours: float | None = Field(default=None, ge=0)
    """Of wall-clock while the run works."""


class StagePlan(Part):
    experiments: int = Field(ge=0)
    """Experiments a round may start, seed repeats aside. 0 leaves the stage out."""
    rounds: int = Field(default=1, ge=1)
    """Rounds at most."""


class Search(Part):
    policy: Literal["best_first"] = "best_first"
    stages: dict[StageName, StagePlan] = Field(
        default_factory=lambda: {
            "prototype": StagePlan(experiments=3),
            "tune": StagePlan(experiments=4),
            "explore": StagePlan(experiments=6, rounds=2),
            "ablate": StagePlan(experiments=4),
        }
    )
    drafts: int = Field(default=1, ge=1)
    """Working drafts that the prototype stage asks for."""
    debug_depth: int = Field(default=3, ge=0)
    """Mendings of one failure at most."""
    leaders: int = Field(default=2, ge=1)
    """Variants of a stage that get seed repeats while it drains."""
    seeds: int = Field(default=3, ge=1, le=500)
    """Seeds that a leader is measured on before it is carried forward."""
    confirm_seeds: int = Field(default=8, ge=2, le=500)
    """Fresh seeds behind every number in the paper."""


class Limits(Part):
    """What one program may use. See `ai_scientist_sandbox.Limits`."""

    wall: float = Field(default=600, gt=0)
    """Seconds."""
    cpu: float = Field(default=1, gt=0)
    memory_mb: int = Field(default=2048, ge=64)
    processes: int = Field(default=64, ge=1)
    disk_mb: int = Field(default=256, ge=1)
    gpus: int = Field(default=0, ge=0)


def requirement(text: str) -> str:
    """A package of an index, with extras and versions or without. Raises ValueError: anything else."""
    if fault := requirement_fault(text):
        raise ValueError(f"{text!r} {fault}")
    return text.strip()


def several(value: Any) -> Any:
    """One name stands for a list of one."""
    return [value] if isinstance(value, str) else value


class Programs(Limits):
    """What programs see, and what each may use."""

    image: Literal["python", "torch"] = "python"
    """The recipe of what they see. `torch` is built at its first use: 3 GB to load."""
    packages: Annotated[tuple[Annotated[str, AfterValidator(requirement)], ...], BeforeValidator(several)] = ()
    """Python packages beside those of the image, by name: found, locked and installed before the search begins. See
    docs/packages.md."""


class Figures(Part):
    rounds: int = Field(default=3, ge=1)
    """Times a figure may be drawn, and the text be mended where it says of a figure what it does not show."""


class Writing(Part):
    venue: str = "article"
    """A folder under templates/latex/."""
    attempts: int = Field(default=3, ge=1)
    """Times a paper that does not pass its checks is mended."""
    pages: int = Field(default=12, ge=1)
    """At most, references and appendix aside."""


class Literature(Part):
    sources: tuple[Literal["shelf", "semantic_scholar"], ...] = ("shelf",)
    references: int = Field(default=20, ge=1)
    """Works at most in the reference list."""


class Review(Part):
    form: str = "neurips"
    """A venue's form: neurips, iclr, icml, workshop, neurips-2024, or the path of a YAML file of your own."""
    referees: int = Field(default=3, ge=1, le=20)
    models: Annotated[tuple[str, ...], BeforeValidator(several)] = ()
    """Of the referees, in turn. None: the one of the role `referees`."""
    lenses: Annotated[tuple[str, ...], BeforeValidator(several)] = ()
    """What each referee looks at with particular care, in turn: soundness, evidence, novelty, clarity, reproducibility, or paths of
    Markdown files of your own. None: the paper as a whole."""
    reflect: int = Field(default=0, ge=0, le=5)
    """Times a referee goes over the own report before handing it in."""
    venue: str = ""
    """The venue whose rules for submissions the checks apply: a name, or `form` for that of the form. "": none."""
    online: bool = False
    """Whether the checks ask public indexes for the cited works. Sends their titles."""
    related: str = "none"
    """Other work that referees are shown: `auto` searches by the paper's words (sends them), `none`, or the path of a .bib file."""
    sources: tuple[Literal["shelf", "semantic_scholar", "crossref", "arxiv"], ...] = ("semantic_scholar", "arxiv")
    """Where `auto` searches, in order."""
    works: int = Field(default=12, ge=1, le=50)
    """Other works that referees are shown, at most."""
    results: str = ""
    """The authors' result files: a folder that the paper's numbers are held against."""
    since: str = ""
    """An earlier review, for a re-review: its folder, its run's, or its review.json."""
    response: str = ""
    """The authors' letter to the referees of `since`: a text file or a PDF."""
    cards: Annotated[tuple[str, ...], BeforeValidator(several)] = ()
    """Folders where reviewer cards are looked for, before ~/.config/ai-scientist/cards."""
    ask_above: float = Field(default=0.25, ge=0)
    """US dollars: a review that may cost more, or whose price is unknown, is asked about on a terminal."""
    revisions: int = Field(default=1, ge=0)
    """Times the paper may be revised after a review that asks for what can be done."""


class Config(Part):
    seed: int = Field(default=0, ge=0, le=4_000_000)
    """Programs get a thousand times this and up: the first five hundred in the search, the others to confirm."""
    workers: int = Field(default=2, ge=1)
    """Experiments at a time."""
    sandbox: Literal["auto", "docker", "bubblewrap", "process"] = "auto"
    approve: tuple[Gate, ...] = ()
    data: dict[str, str] = Field(default_factory=dict)
    """Data of the user's: a name to a folder, which programs see read-only as `data/<name>`. A relative one is looked for from the
    current folder."""
    models: Models = Models()
    budget: Budget = Budget()
    search: Search = Search()
    experiment: Programs = Programs()
    figures: Figures = Figures()
    writing: Writing = Writing()
    literature: Literature = Literature()
    review: Review = Review()


def load(file: Path | None = None, overrides: Sequence[str] = ()) -> Config:
    """The defaults, with a YAML file's differences, with `key.sub=value` overrides.

    `file`: a path, or the bare name of one of those that come with us (`tiny`, `full`).

    Raises:
        InputError: the file cannot be read or a field is unknown or out of range; names the field.
    """
    data: dict[str, Any] = {}
    if file is not None:
        try:
            data = yaml.safe_load(located(file).read_text(encoding="utf-8")) or {}
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"The configuration {file} cannot be read ({cause(error)}).") from None
        except yaml.YAMLError as error:
            raise InputError(f"The configuration {file} is not YAML: {' '.join(str(error).split())}.") from None
        if not isinstance(data, dict):
            raise InputError(f"The configuration {file} has to be a mapping of fields, as in configs/full.yaml.")
    for override in overrides:
        key, equals, text = override.partition("=")
        if key.startswith("data."):  # a folder is text, whatever it looks like; a dot in a name is refused later
            name = key.removeprefix("data.")
            if not (equals and name and text.strip()):
                said = override.removeprefix("data.")
                raise InputError(
                    f"'{said}' names no data: write --data NAME=FOLDER, for instance --data churn=./churn."
                )
            if sum(one.partition("=")[0] == key for one in overrides) > 1:
                raise InputError(f"Two data sets are called '{name}': give each its own name.")
            put(data, ["data", name], text)
            continue
        if not equals or not all(key.split(".")):
            raise InputError(f"'{override}' is no setting: write it as key=value, for instance search.confirm_seeds=5.")
        try:
            value = text if key in NAMED else yaml.safe_load(text)
        except yaml.YAMLError:
            value = text
        put(data, key.split("."), value)
    return parse(data)


def located(file: Path) -> Path:
    """The file, or the one of that name under `configs/`: an installed program has no checkout to point into."""
    ours = bundled("configs", f"{file.name}.yaml")
    return ours if file.name == str(file) and not file.is_file() and ours.is_file() else file


def put(data: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Set a nested value, making the mappings on the way."""
    for step in path[:-1]:
        inner = data.get(step)
        if not isinstance(inner, dict):
            inner = data[step] = {}
        data = inner
    data[path[-1]] = value


def parse(data: dict[str, Any]) -> Config:
    """The configuration that a mapping states, partial stages filled in from the defaults.

    Raises:
        InputError: names each field that is unknown or out of range.
    """
    search = data.get("search")
    stages = search.get("stages") if isinstance(search, dict) else None
    if isinstance(search, dict) and isinstance(stages, dict):
        filled: dict[str, Any] = {name: plan.model_dump() for name, plan in Search().stages.items()}
        for name, plan in stages.items():
            filled[name] = {**filled.get(name, {}), **plan} if isinstance(plan, dict) else plan
        data = {**data, "search": {**search, "stages": filled}}
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"])
        what = "there is no such setting" if first["type"] == "extra_forbidden" else first["msg"]
        what = what.removeprefix("Value error, ")
        raise InputError(f"The configuration does not fit at '{where}': {what}.") from None


def dump(config: Config) -> str:
    """The whole configuration as YAML, defaults included."""
    return yaml.safe_dump(config.model_dump(mode="json"), sort_keys=False)
