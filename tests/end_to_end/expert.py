"""A model behind an API that can carry a whole run: it fills every form in, from what the prompt says.

The study that it makes is a small one, whether trimming helps to find the centre of a sample with outliers. On the way it makes
each of the mistakes that a run has to survive: a program that fails, a figure without a label, a paper with a bare number.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.ai_scientist.models.server import Answer, Asked, Refuse, Say

PROGRAM = '''\
"""How far from the centre of a distribution an estimate from one sample lies."""
import random
import statistics

import lab

settings = lab.config(size=21, trials=300, outliers=0.15, spread=8.0)
SHARES = {"clean": 0.0, "contaminated": settings.outliers}


def draw(rng, outliers):
    return [rng.gauss(0, settings.spread if rng.random() < outliers else 1) for _ in range(settings.size)]


def centre(values):
    return statistic.fmean(values)


def error(rng, outliers):
    return statistics.fmean(abs(centre(draw(rng, outliers))) for _ in range(settings.trials))


for place, (name, outliers) in enumerate(SHARES.items()):
    lab.measure("error", error(random.Random(f"{lab.seed()} {place}"), outliers), better="lower", dataset=name, split="validation")
    if lab.confirming():
        lab.measure("error", error(random.Random(f"{lab.seed()} {place} test"), outliers), better="lower", dataset=name, split="test")
print("measured")
'''
MEAN = "    return statistics.fmean(values)"
TRIMMED = """\
    kept = sorted(values)
    kept = kept[4:]  # the lowest
    kept = kept[:-4]  # the highest
    return statistics.fmean(kept)"""
SCRIPT = """\
import json

import style
import matplotlib.pyplot as plt

data = json.load(open("data.json"))
figure, axes = plt.subplots(figsize=(5.5, 2.6))
for number, arm in enumerate(data["arms"]):
    rows = [row for row in data["rows"] if row["arm"] == arm["label"] and row["split"] == "test"]
    places = [data["datasets"].index(row["dataset"]) + 0.2 * number - 0.2 for row in rows]
    axes.plot(places, [row["value"] for row in rows], "o", color=f"C{number}", label=arm["label"])
axes.set_xticks(range(len(data["datasets"])), data["datasets"])
axes.set_xlim(-0.5, len(data["datasets"]) - 0.5)
axes.set_xlabel("data set")
LABEL
axes.legend()
figure.savefig("output/figure.pdf")
figure.savefig("output/figure.png", dpi=200)
"""
LABEL = 'axes.set_ylabel("error on the test split")\n'
LABELLED = "The vertical axis is the mean distance to the centre."
CAPTION = r"Error of each method on each data set. Dots are single seeds (\val{count-seeds} for each method)."
SHAKY = "Nothing here was held against a sample that somebody collected in the field."
BETTER = "Both kinds of sample are synthetic, and what was found is said of such samples only."


@dataclass(frozen=True)
class Question:
    """What was asked, whichever protocol it came by."""

    path: str
    model: str
    form: str
    text: str
    pictures: int
    tokens: tuple[int, int]
    """In and out, as the answer said; zero where none was given."""


@dataclass
class Expert:
    """Give one to `Server.script`."""

    faults: dict[int, Answer] = field(default_factory=dict)
    """What is answered in an answer's place, by the number of the question, counted from 1. Each once."""
    hold: str = ""
    """The form at which it keeps silent, once, until `go`."""
    held: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)
    asked: list[Question] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, asked: Asked) -> Answer:
        name, schema = tool_of(asked.body)
        text, pictures = said_in(asked.body)
        fault: Answer | None = None
        with self.guard:
            number = len(self.asked) + 1
            fault = self.faults.pop(number, None)
            try:
                answer = fault or reply(name, schema, text)
            except (AssertionError, KeyError, ValueError) as lost:  # so that the run says what the script did not find
                answer = Refuse(422, f"the script is lost at {name}: {lost}")
            tokens = answer.tokens if isinstance(answer, Say) else (0, 0)
            self.asked.append(Question(asked.path, asked.body["model"], name, text, pictures, tokens))
        if name == self.hold and not self.held.is_set():
            self.held.set()
            self.go.wait(60)
        return answer

    def forms(self) -> list[str]:
        return [question.form for question in self.asked]


def tool_of(body: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The form asked for and its schema."""
    tool = body["tools"][0]
    if "input_schema" in tool:
        return tool["name"], tool["input_schema"]
    function = tool.get("function", tool)
    return function["name"], function["parameters"]


def said_in(body: Mapping[str, Any]) -> tuple[str, int]:
    """The prompt's text, and how many pictures came with it."""
    (message,) = body["messages"]
    parts = message["content"]
    if isinstance(parts, str):
        return parts, 0
    pictures = [part for part in parts if part["type"] in ("image", "image_url")]
    for picture in pictures:
        data = picture["source"]["data"] if "source" in picture else picture["image_url"]["url"].partition("base64,")[2]
        assert data.startswith("iVBORw0KGgo"), "it is no PNG file"
    return "\n".join(part["text"] for part in parts if part["type"] == "text"), len(pictures)


def reply(name: str, schema: Mapping[str, Any], text: str) -> Say:
    """The form, filled in. What the script does not know of it gets a plain value of its type."""
    form = {**plain(schema, schema), **SCRIPTS[name](text)}
    return Say(form=form, tokens=(len(text) // 4, len(json.dumps(form)) // 4))


def plain(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Any:
    """A value that fits a JSON schema."""
    if "$ref" in schema:
        return plain(root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    if "anyOf" in schema:
        return plain(schema["anyOf"][0], root)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {
                key: plain(one, root)
                for key, one in schema.get("properties", {}).items()
                if key in schema.get("required", ())
            }
        case "array":
            return [plain(schema["items"], root)] * schema.get("minItems", 0)
        case "integer" | "number":
            return max(schema.get("minimum", 0), min(3, schema.get("maximum", 3)))
        case "boolean":
            return False
        case _:
            return "As the prompt has it."


def idea(text: str) -> dict[str, Any]:
    return {
        "slug": "trimming",
        "title": "Does trimming help to find the centre of a sample with outliers?",
        "question": "Is the mean of what is left after trimming nearer to the centre than the mean of all?",
        "hypothesis": "Trimming lowers the error where there are outliers.",
        "metric": {"name": "error", "better": "lower", "label": "error", "digits": 3},
        "secondary": [],
        "datasets": [
            {"name": "clean", "about": "Synthetic: samples of a normal distribution."},
            {"name": "contaminated", "about": "Synthetic: the same with a share of wide draws."},
        ],
        "predictions": [
            {
                "metric": "error",
                "dataset": "contaminated",
                "direction": "lower",
                "at_least": 0.05,
                "role": "primary",
                "text": "Trimming lowers the error on samples with outliers.",
            }
        ],
        "baseline": "The mean of the sample.",
        "proposal": "The mean of what is left when the lowest and the highest values are taken away.",
        "risks": ["Trimming may raise the error where there are no outliers."],
        "keywords": ["robust statistics"],
        "queries": ["training with noisy labels", "variance between runs"],
    }


def stage(text: str) -> dict[str, Any]:
    (name,) = re.findall(r"# The stage: (\w+), round", text)
    tried = {
        "prototype": "the plain mean",
        "tune": "samples of another size",
        "explore": "trimming on both sides",
        "ablate": "without trimming the highest",
    }
    return {"goals": ["It is measured on both kinds of sample."], "directions": [tried[name]]}


def draft(text: str) -> dict[str, Any]:
    """It uses an extra package where the prompt offers one."""
    use = (
        "import lab\nimport tinysum\n\nassert tinysum.add(1, 2) == 3\n"
        if ", tinysum 1.5 (so" in text
        else "import lab\n"
    )
    program = PROGRAM.replace("import lab\n", use)
    return {"change": "the plain mean", "plan": "The mean of each sample.", "program": program, "config": {}}


def patch(text: str) -> dict[str, Any]:
    if "You mend a program" in text:
        assert "name 'statistic' is not defined" in text, "how the program failed is told"
        wrong = "    return statistic.fmean(values)"
        return patched("the plain mean", edits=[{"find": wrong, "replace": MEAN}])
    if "You tune a baseline" in text:
        return patched("the mean of a larger sample", config={"size": 25})
    if "without trimming the highest" in text:
        return patched(
            "trimming the lowest only", edits=[{"find": "    kept = kept[:-4]  # the highest\n", "replace": ""}]
        )
    return patched("trimming on both sides", edits=[{"find": MEAN, "replace": TRIMMED}])


def patched(change: str, **what: Any) -> dict[str, Any]:
    return {"change": change, "plan": f"It tries {change}.", "config": {}, "edits": [], "program": None, **what}


def drawing(labelled: bool) -> dict[str, Any]:
    return {
        "name": "errors",
        "caption": f"{CAPTION} {LABELLED}" if labelled else CAPTION,
        "shows": "How the methods lie on samples with and without outliers.",
        "width": 5.5,
        "script": SCRIPT.replace("LABEL\n", LABEL if labelled else ""),
    }


def paper(text: str) -> dict[str, Any]:
    comparison = found(r"`(error-proposed-vs-baseline-[a-z-]+)`: ", text)
    key = found(r"- `([a-z]+\d{4}\w*)`", text)
    revised = "What a review of the last version asks for" in text
    result = rf"We find that \compare{{{comparison}}}."
    return {
        "title": "Trimming and the centre of a sample",
        "abstract": [f"We asked whether trimming helps. {result}{'' if revised else ' We ran 17 programs.'}"],
        "introduction": ["A mean is drawn away by outliers. We ask whether trimming mends that."],
        "related_work": [rf"How much results vary has been studied \cite{{{key}}}."],
        "method": ["The baseline is the mean. The proposal takes the lowest and the highest values away first."],
        "experiments": [r"Samples are synthetic. Each number is of \val{count-seeds} fresh seeds."],
        "results": [rf"{result} \figref{{errors}} shows the seeds, and \tabref{{main}} the means."],
        "ablation": [rf"For the part that was taken out, \compare{{{found(r'`(error-proposed-vs-ablation-1-[a-z-]+)`: ', text)}}}."],
        "limitations": [BETTER if revised else SHAKY],
        "conclusion": [result],
    }  # fmt: skip


def mend(text: str) -> dict[str, Any]:
    assert "Bare number '17'" in text, "what is objected is told"
    return {
        **dict.fromkeys(("title", "introduction", "related_work", "method", "experiments", "results", "ablation")),
        **dict.fromkeys(("limitations", "conclusion")),
        "abstract": [paper(text)["abstract"][0].replace(" We ran 17 programs.", "")],
    }


def report(text: str) -> dict[str, Any]:
    shaky = "".join(SHAKY.split()) in "".join(text.split())
    point = {"claim": "There is no sample from the field.", "quote": SHAKY, "severity": "major", "fix": "Say so."}
    invented = {**point, "quote": "the method is the best that was ever seen by anybody anywhere at all"}
    return {"summary": "A study of trimming.", "weaknesses": [point, invented] if shaky else [], "decision": "Accept"}


def verdicts(text: str) -> dict[str, Any]:
    return {"verdicts": [{"number": 1, "reason": "It is so.", "answer": "holds"}]}


def found(pattern: str, text: str) -> str:
    at = re.search(pattern, text)
    assert at, f"the prompt does not offer {pattern}"
    return at[1]


def look(text: str) -> dict[str, Any]:
    """Objects to the first drawing, whose caption is silent on what the second has."""
    again = LABELLED not in text
    faults = ["The vertical axis has no label."] if again else []
    return {"shows": "Dots above two places.", "as_said": True, "faults": faults, "redraw": again}


SCRIPTS: dict[str, Callable[[str], dict[str, Any]]] = {
    "IdeaForm": idea,
    "StageForm": stage,
    "JudgementForm": lambda text: {"met": True, "why": "The table shows it.", "again": False, "goals": []},
    "ProgramForm": draft,
    "PatchForm": patch,
    "DrawingsForm": lambda text: {"figures": [drawing(labelled=False)]},
    "RedrawForm": lambda text: {"figure": drawing(labelled=True)},
    "LookForm": look,
    "PaperForm": paper,
    "MendForm": mend,
    "NeuripsSheet": report,
    "Verdicts": verdicts,
    "ChairSheet": lambda text: {"summary": "The panel agrees.", "decision": "Accept"},
}
