"""What follows the references: how the paper was made, where each number comes from, how it was found, what went wrong."""

from __future__ import annotations

from collections.abc import Sequence

from pylatex import Document, Itemize, NoEscape, Section

from ai_scientist.claims.binding import MADE
from ai_scientist.claims.compute import ALL, SEARCH, confirmed, variants
from ai_scientist.claims.latex import escape
from ai_scientist.claims.macros import columns
from ai_scientist.claims.tables import MEAN
from ai_scientist.claims.words import slug
from ai_scientist.datasets.summary import DataSummary
from ai_scientist.records import Comparison, Figure, Manuscript, Value
from ai_scientist.writing.about import Material
from ai_scientist.writing.parts import SPACING, long_table


def target(destination: str) -> str:
    r"""An invisible place that links lead to, a line above its text."""
    return rf"\raisebox{{1.1\baselineskip}}[0pt][0pt]{{\hypertarget{{{destination}}}{{}}}}"


def disclosure(document: Document, manuscript: Manuscript, material: Material) -> None:
    about = material.about
    authors = {experiment.author for experiment in material.experiments}
    programs = {"ours": "rules of AI Scientist itself", "model": "a language model"}
    boxes = sorted({experiment.sandbox for experiment in material.experiments if experiment.sandbox})
    document.append(NoEscape(rf"\section*{{{MADE}}}"))
    rules = f"the rules of AI Scientist (model: {manuscript.model})"
    writer = rules if manuscript.author == "ours" else manuscript.model
    done = "; ".join(f"{what}: {model}" for what, model in about.models.items())
    sentences = [
        f"AI Scientist carried out the work reported here and typeset this document. The prose was written by {writer}"
        + (f" (models by task: {done})." if done else "."),
        f"The experiments' programs were written by {' and '.join(programs[a] for a in sorted(authors))}"
        + (f" and ran in the sandbox {' and '.join(boxes)}." if boxes else "."),
        about.people,
        "No measured number passed through a language model: programs recorded measurements, and the program that typeset "
        "this paper computed every number and every comparison from them, put them into the text, and refuses a number that stands for "
        "itself. Clicking on a number leads to its row in the appendix.",
    ]
    document.append(NoEscape(escape(" ".join(sentences))))


def provenance(document: Document, material: Material, figures: Sequence[Figure]) -> None:
    claims = material.claims
    document.append(SPACING)
    with document.create(Section("Where each number comes from", label=False)):
        document.append(NoEscape(
            "Every number and comparison in the text and the tables is computed from the measurements of the confirming runs below, on "
            "the test split, which the search did not open. Standard deviations are over seeds. Differences are paired by seed, the proposed "
            "method less the other; their intervals are Student's at 95\\,\\%, and p values are two-sided and adjusted by Holm's procedure over "
            "all comparisons in this paper. Two sides are called higher or lower only where the interval leaves out zero and the adjusted p is below 0.05.\n\n"
        ))  # fmt: skip
        document.append(NoEscape(r"{\footnotesize"))
        rows = [
            (
                target(f"arm.{arm}") + rf"\arm{{{arm}}}",
                material.role(arm),
                arm,
                escape(", ".join(e.id for e in confirmed(arm, material.experiments))),
                escape(", ".join(str(e.seed) for e in confirmed(arm, material.experiments))),
            )
            for arm in material.arms.all
        ]
        headings = ("Method", "Role", "Experiment", "Confirming runs", "Seeds")
        document.append(long_table((0.27, 0.12, 0.13, 0.22, 0.18), headings, rows))
        rows = [(target(f"data.{slug(c)}") + rf"\data{{{slug(c)}}}", described(c, material)) for c in columns(claims)]
        document.append(long_table((0.27, 0.69), ("Data set", "What it is"), rows))
        rows = [(escape(one.name), given(one)) for one in material.data]
        if rows:
            document.append(
                long_table((0.27, 0.69), ("Data of the user's", "What the folder held, and the SHA-256 of it"), rows)
            )
        document.append(
            long_table(
                (0.16, 0.755, 0.08),
                ("Number", "What (mean $\\pm$ standard deviation)", "Runs"),
                value_rows(claims.values),
            )
        )
        rows = [comparison_row(comparison, material) for comparison in claims.comparisons]
        if rows:
            document.append(long_table((0.40, 0.60), ("Comparison", "Paired difference, interval, pairs, p"), rows))
        rows = [(target(f"art.{f.name}") + rf"Figure~\ref{{fig:{f.name}}}", escape(drawn_by(f))) for f in figures]
        if rows:
            document.append(long_table((0.15, 0.80), ("Figure", "Drawn by"), rows))
        document.append(NoEscape("}"))


def described(column: str, material: Material) -> str:
    if column == MEAN and column not in material.idea.datasets:
        return "The mean over the data sets, seed by seed."
    return escape(material.idea.datasets.get(column, ""))


def given(data: DataSummary) -> str:
    """What was computed of the user's data, and their hash, which may be broken over lines without a sign."""
    digits = r"\hspace{0pt}".join(data.sha256[place : place + 8] for place in range(0, len(data.sha256), 8))
    return rf"{escape(data.gist)}. \texttt{{{digits}}}"


def drawn_by(figure: Figure) -> str:
    author = "AI Scientist's own rules" if figure.author == "ours" else "a language model"
    return f"figures/{figure.name}/draw.py, written by {author}, from the saved measurements; the script computed the numbers in the picture."


def value_rows(values: Sequence[Value]) -> list[tuple[str, str, str]]:
    """One row for a mean with its standard deviation, one for each other value."""
    by_id = {value.id: value for value in values}
    rows = []
    for value in values:
        if value.statistic.rule == "sd":
            continue
        spread = by_id.get(f"{value.id}-sd") if value.statistic.rule == "mean" else None
        shown = target(f"claim.{value.id}") + rf"\val{{{value.id}}}"
        what = value.what
        if spread:
            shown += target(f"claim.{spread.id}") + rf"\,$\pm$\,\val{{{spread.id}}}"
            what = what.removeprefix("mean ")
        rows.append((shown, escape(what), str(len(value.statistic.experiments)) if value.statistic.experiments else ""))
    return rows


def comparison_row(comparison: Comparison, material: Material) -> tuple[str, str]:
    left, right = (material.claims.value(id) for id in (comparison.left, comparison.right))
    assert left is not None and right is not None  # claims.build makes both sides before it compares them
    metric = material.idea.metric_named(left.statistic.metric)
    place = "mean over data sets" if left.statistic.dataset == ALL else left.statistic.dataset
    other = next((label for arm, label in material.claims.labels.items() if f", {label}, " in right.what), "")
    what = f"{metric.title if metric else left.statistic.metric}, {place}: proposed against {other}"
    return target(f"claim.{comparison.id}") + target(f"statistics.{comparison.id}") + escape(
        what
    ), rf"\statistics{{{comparison.id}}}"


def search(document: Document, material: Material) -> None:
    about, experiments = material.about, material.experiments
    with document.create(Section("How it was found", label=False)):
        document.append(NoEscape(
            "The search selected on the validation split. The proposed method was the best of what the \\emph{explore} stage made, the "
            "baseline the best of the stages before it; both were then run again on seeds that the search had not used, with the test split opened. "
            "Variants are distinct programs with their settings, seed repeats aside; one that two stages made counts once in the text.\n\n"
        ))  # fmt: skip
        rows = []
        for stage in (*SEARCH, "confirm"):
            of = [experiment for experiment in experiments if experiment.stage == stage]
            worked = sum(experiment.worked for experiment in of)
            tried = str(len(variants(experiments, stage))) if stage in SEARCH else "--"
            rows.append((stage, str(len(of)), tried, str(worked), str(len(of) - worked)))
        document.append(NoEscape(r"{\small"))
        document.append(
            long_table((0.2, 0.18, 0.18, 0.16, 0.16), ("Stage", "Experiments", "Variants", "Worked", "Failed"), rows)
        )
        document.append(NoEscape("}"))
        seeds = sorted({e.seed for e in experiments if not e.confirming})
        text = f"Seed of the run: {about.seed}. Seeds of the search: {', '.join(map(str, seeds)) or 'none'}."
        if about.spent:
            text += (
                " Used until the paper was written: "
                + ", ".join(f"{what} {much}" for what, much in about.spent.items())
                + "."
            )
        document.append(NoEscape(escape(text)))


def degradations(document: Document, material: Material) -> None:
    about = material.about
    with document.create(Section("Fallbacks and what was not verified", label=False)):
        items = [f"{d.what}: {d.why}" + (" (touches a claim)" if d.touches_claims else "") for d in about.degradations]
        items += list(about.unverified)
        if not items:
            document.append("No fallback was taken, and no check was left open.")
            return
        with document.create(Itemize()) as listing:
            for item in items:
                listing.add_item(NoEscape(escape(item[:600])))
