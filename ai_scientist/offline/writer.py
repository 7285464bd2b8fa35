"""Prose that follows from the claims: what was asked, what was predicted, what came out, "no effect" included.

Every number and every comparison is a macro; nothing else about the results is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ai_scientist.offline import related
from ai_scientist.offline.studies import Study, study_of
from ai_scientist.records import FindingVerdict

OUTCOMES = {
    "supported": "As predicted, {clause}; the whole interval lies beyond the least difference that was said to matter.",
    "refuted": "Contrary to the prediction, {clause}; a difference of the size that was said to matter is ruled out.",
    "no effect": "There is no effect of a size that was said to matter: {clause}.",
    "undecided": "The prediction stays undecided, as these runs neither bear out a difference of the size that was said to matter nor rule it out: {clause}.",
}
LESSONS = {
    "supported": "The hypothesis held on data that the search had not seen.",
    "refuted": "The hypothesis did not hold: a difference as large as predicted is ruled out, and we report it as refuted.",
    "no effect": "The hypothesis did not hold: any difference is smaller than what was said to matter, which is a result too.",
    "undecided": "Whether the difference reaches the size that was said to matter stays open; more seeds would be needed.",
}

READY_MADE = (
    "This study comes ready made. Its predictions stood before this run began; but its conditions were chosen in pilot runs, and the wording "
    "of its hypothesis and of what an outcome would mean was revised by people who had seen earlier runs of it, with other results or the "
    "same. What is fixed beforehand here is fixed for the run, and is no preregistration by its authors."
)
"""What the reader of a bundled study has to know of how it came about."""
CAME_OUT = {
    "supported": "The prediction was supported.",
    "refuted": "The prediction was refuted.",
    "no effect": "No effect of a size that matters was found.",
    "undecided": "The prediction stayed undecided.",
}
SECONDARY = {
    "supported": "The secondary prediction held.",
    "refuted": "The secondary prediction did not hold.",
    "no effect": "The secondary prediction did not hold.",
    "undecided": "The secondary prediction stays undecided.",
}


class Material:
    """The prompt's values, as the rules ask for them."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.idea: Mapping[str, Any] = values["idea"]
        self.study: Study = study_of(values)
        self.claims: Mapping[str, Any] = values["claims"]
        self.figures: Sequence[Mapping[str, Any]] = values["figures"]
        self.references: Sequence[Mapping[str, Any]] = values["references"]
        self.values = {value["id"]: value for value in self.claims["values"]}
        self.comparisons = {comparison["id"]: comparison for comparison in self.claims["comparisons"]}
        self.labels: Mapping[str, str] = self.claims["labels"]
        self.arms: Mapping[str, Any] = self.claims["arms"]

    @property
    def proposed(self) -> str:
        return self.labels[self.arms["proposed"]]

    @property
    def baseline(self) -> str:
        return self.labels[self.arms["baseline"]]

    @property
    def parts(self) -> list[str]:
        """The mechanisms of the proposed method: those whose settings its confirming runs stated."""
        owned = {name: part for part, of in self.study.parts.items() for name in of.settings}
        known = {value["statistic"]["of"] for id, value in self.values.items() if id.startswith("setting-proposed-")}
        found = [part for part in self.study.parts if any(owned.get(name) == part for name in known)]
        return found or next((variant.parts for variant in self.study.explore if variant.change == self.proposed), [])

    def val(self, id: str) -> str:
        return f"\\val{{{id}}}"

    def setting(self, name: str) -> str | None:
        """The macro of a setting as the proposed method ran with it, else as the baseline did."""
        for arm in ("proposed", "baseline"):
            for id, value in self.values.items():
                if id.startswith(f"setting-{arm}-") and value["statistic"]["of"] == name:
                    return self.val(id)
        return None

    def filled(self, sentences: Iterable[str]) -> list[str]:
        """Sentences with `{setting}` replaced by the setting's macro; one whose setting is unknown is left out."""
        found = []
        for sentence in sentences:
            macros = {name: self.setting(name) for name in re.findall(r"\{([a-z_]+)\}", sentence)}
            if all(macros.values()):
                for name, macro in macros.items():
                    sentence = sentence.replace(f"{{{name}}}", str(macro))
                found.append(sentence)
        return found

    def clause(self, id: str) -> str:
        return f"\\compare{{{id}}}"

    def against(self, other: str) -> list[str]:
        """Ids of the comparisons of the proposed method with an arm, by the primary metric."""
        metric = self.idea["metric"]["name"]
        wanted = []
        for comparison in self.comparisons.values():
            left = self.values[comparison["left"]]
            right = self.values[comparison["right"]]
            if left["statistic"]["metric"] == metric and f"-{other}-" in f"-{right['id']}-":
                wanted.append(comparison["id"])
        return wanted


def write_paper(values: Mapping[str, Any]) -> Mapping[str, Any]:
    it = Material(values)
    return {
        "title": it.idea["title"],
        "abstract": [abstract(it)],
        "introduction": introduction(it),
        "related_work": related_work(it),
        "method": method(it),
        "experiments": experiments(it),
        "results": results(it),
        "ablation": ablation(it),
        "limitations": limitations(it, values.get("review")),
        "conclusion": [conclusion(it)],
    }


def mend_paper(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A sentence that a fault quotes is taken out; rules cannot say it better."""
    return {}


def findings(it: Material, role: str) -> list[str]:
    """What became of the predictions of that role, a sentence each."""
    told = []
    for finding in it.claims["findings"]:
        if finding["prediction"]["role"] != role:
            continue
        if finding["comparison"] is None:
            told.append("A prediction could not be judged, since too few seeds measured both sides.")
        else:
            told.append(OUTCOMES[finding["verdict"]].format(clause=it.clause(finding["comparison"])))
    return told


def primary_verdict(it: Material) -> FindingVerdict:
    return next(f["verdict"] for f in it.claims["findings"] if f["prediction"]["role"] == "primary")


def abstract(it: Material) -> str:
    tuned, explored, seeds = (it.val(f"count-{name}") for name in ("tuned", "explored", "seeds"))
    return " ".join(
        [
            it.idea["question"],
            f"We select a baseline among {tuned} variants and a challenger among {explored}, both by validation {it.study.examples}, "
            f"and run the two again on {seeds} fresh seeds with test {it.study.examples} that the search did not open.",
            *findings(it, "primary"),
            LESSONS[primary_verdict(it)],
            *[SECONDARY[f["verdict"]] for f in it.claims["findings"] if f["prediction"]["role"] == "secondary"][:1],
            "Every number is bound to a measurement, and the accompanying bundle recomputes it.",
        ]
    )


def introduction(it: Material) -> list[str]:
    predictions = [finding["prediction"] for finding in it.claims["findings"]]
    stated = [p["text"] for p in predictions if p["text"]]
    return [
        " ".join([it.study.background, it.idea["question"]]),
        f"Our hypothesis was written down before the search began. {it.idea['hypothesis']}",
        " ".join(["The predictions that it leads to were fixed with it.", *stated]),
        "This paper reports what became of each of them, whichever way it went. It also says how many variants were tried on the way, "
        "since the best of many looks better than it is; for that reason nothing below rests on the runs by which a method was selected.",
    ]


def related_work(it: Material) -> list[str]:
    """The works by their records, theme by theme, and how this study differs."""
    told = related.paragraphs(it.study, it.references)
    if not told:
        return []
    differs = (
        "This study differs in what it compares with: the plain method gets a search of its own first, and what is reported was "
        f"measured on seeds and {it.study.examples} that no selection had seen."
    )
    return [*told, differs]


def method(it: Material) -> list[str]:
    described = it.filled(it.study.parts[part].describe for part in it.parts)
    remedy = f"The variant that did best on validation {it.study.examples} is \\emph{{{it.proposed}}}."
    return [
        it.idea["baseline"],
        it.idea["proposal"],
        " ".join([remedy, *described]),
        "Hyperparameters of the baseline were tuned first, and every variant inherits the tuned values, so that none is credited "
        "with what tuning alone would have given.",
    ]


def experiments(it: Material) -> list[str]:
    data = " ".join(f"\\emph{{{name}}}: {about}" for name, about in it.idea["datasets"].items())
    sources = related.cite(it.study, it.references, "data")
    if sources:
        data += f" The data and the software that they come with are described elsewhere{sources}."
    statistics = related.cite(it.study, it.references, "statistics")
    numbers = it.filled(it.study.method)
    variants, runs, failed = (it.val(f"count-{name}") for name in ("variants", "experiments", "failed"))
    failures = f"; {failed} of the experiments did not work" if it.values.get("count-failed", {}).get("value") else ""
    search = (
        f"The search tried {variants} variants. Then baseline, chosen variant and "
        f"ablations ran again on {it.val('count-seeds')} seeds that the search had not used, with the test {it.study.examples} opened. "
        f"In all, {runs} experiments were run, seed repeats and {it.val('count-confirmations')} confirming runs included{failures}. "
        "Comparisons are paired by seed: we give the mean difference with its 95% interval by Student's t, and speak of a difference only "
        f"where the interval leaves out zero and the test withstands Holm's correction over all comparisons of this paper{statistics}."
    )
    return [data, " ".join(numbers), search]


def results(it: Material) -> list[str]:
    main = " ".join(
        [
            f"\\tabref{{main}} holds the test {it.idea['metric']['label']} of the baseline and of the chosen variant, \\emph{{{it.proposed}}}"
            + (f", and \\figref{{{it.figures[0]['name']}}} shows the same by seed." if it.figures else "."),
            *findings(it, "primary"),
        ]
    )
    decided = {finding["comparison"] for finding in it.claims["findings"]}
    others = [id for id in it.against("baseline") if id not in decided]
    rest = [it.clause(id) for id in others]
    paragraphs = [main]
    secondary = findings(it, "secondary")
    if secondary:
        paragraphs.append(" ".join(["The secondary prediction was fixed with the primary one.", *secondary]))
    if rest:
        paragraphs.append(f"As for the rest, {listed(rest)}.")
    for table in it.claims["tables"]:
        if table["id"].startswith("secondary-"):
            metric = next(m for m in it.idea["secondary"] if table["id"] == f"secondary-{slug(m['name'])}")
            compared = [c["id"] for c in it.comparisons.values() if of(it, c, metric["name"])]
            clauses = "".join(f": {it.clause(id)}" for id in compared[-1:])
            paragraphs.append(f"\\tabref{{{table['id']}}} adds the {metric['label']}{clauses}.")
    explaining = [figure for figure in it.figures[1:] if figure["name"] != "ablation"]
    paragraphs += [
        f"\\figref{{{figure['name']}}} shows {uncapitalised(opening(figure['shows']))}." for figure in explaining
    ]
    return paragraphs


def of(it: Material, comparison: Mapping[str, Any], metric: str) -> bool:
    return it.values[comparison["left"]]["statistic"]["metric"] == metric


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def listed(clauses: Sequence[str]) -> str:
    """Clauses in a row. Each is a macro, so that none can begin a sentence."""
    *most, last = clauses
    return f"{'; '.join(most)}; and {last}" if most else last


def opening(text: str) -> str:
    """The first sentence, without its stop. The rest of what a figure shows stands below it."""
    return re.split(r"(?<=[a-z)]\.)\s+(?=[A-Z])", text)[0].rstrip(".")


def uncapitalised(text: str) -> str:
    """A phrase to go on with within a sentence; a name in capitals keeps them."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def ablation(it: Material) -> list[str]:
    if not it.arms["ablations"]:
        return []
    shown = ", and \\figref{ablation} the spread over seeds" if any(f["name"] == "ablation" for f in it.figures) else ""
    several = len(it.arms["ablations"]) > 1
    done = (
        "Each part of the chosen variant was taken out or weakened by itself."
        if several
        else "The chosen variant was weakened."
    )
    lead = f"{done} \\tabref{{ablation}} holds the result{shown}."
    # The mean over the data sets, and the place that the main prediction is about, which may say something else.
    places = {
        "all",
        *(f["prediction"]["dataset"] for f in it.claims["findings"] if f["prediction"]["role"] == "primary"),
    }
    told = []
    for number in range(1, len(it.arms["ablations"]) + 1):
        ids = [
            id
            for id in it.against(f"ablation-{number}")
            if it.values[it.comparisons[id]["right"]]["statistic"]["dataset"] in places
        ]
        ids = ids or it.against(f"ablation-{number}")[:1]
        for id in ids:
            way = it.comparisons[id]["relation"]
            meaning = {
                "not distinguishable": "so that it stays open whether this change matters",
                "higher": "so that this change costs something"
                if it.idea["metric"]["better"] == "higher"
                else "so that this change helps",
                "lower": "so that this change helps"
                if it.idea["metric"]["better"] == "higher"
                else "so that this change costs something",
            }[way]
            told.append(f"{it.clause(id)}, {meaning}")
    return [lead, f"We find that {listed(told)}."] if told else [lead]


def limitations(it: Material, review: Any) -> list[str]:
    told = [
        f"{CAME_OUT[primary_verdict(it)]} {it.study.outcomes[primary_verdict(it)]}",
        " ".join(it.study.limitations),
        READY_MADE,
    ]
    if it.idea["risks"]:
        told.append(
            " ".join(["What could make the result misleading was named before this run began.", *it.idea["risks"]])
        )
    told.append(
        f"The chosen variant was the best of {it.val('count-explored')}, so that its value on validation {it.study.examples} is flattering; the values above are from "
        f"fresh seeds and test {it.study.examples} and do not suffer from that choice, while the list of variants to choose from was ours."
    )
    return told


def conclusion(it: Material) -> str:
    verdict = primary_verdict(it)
    return " ".join(
        [
            LESSONS[verdict],
            f"What is said here is said of \\emph{{{it.proposed}}} against a tuned baseline, on these data and at this scale, and of nothing else.",
            "The bundle holds the programs, the settings, the seeds and every measurement, so that a reader can repeat the runs and the sums.",
        ]
    )
