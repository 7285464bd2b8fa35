"""What a bench measured, as the card's sections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

from ai_scientist_reviewer.bench.agreement.agree import COMPARED, DECISIVE, Agreement
from ai_scientist_reviewer.bench.estimates import Estimate
from ai_scientist_reviewer.bench.hiding.score import Hiding
from ai_scientist_reviewer.bench.render import Section, Table
from ai_scientist_reviewer.bench.repeats import Repeats
from ai_scientist_reviewer.bench.results import Results
from ai_scientist_reviewer.bench.seeded.score import Seeded, worst


def told(estimate: Estimate, share: bool = True, short: bool = False) -> str:
    """A number with its interval and n."""
    if estimate.value is None:
        return "not measured" if not estimate.n else f"unknown (n = {estimate.n})"

    def one(value: float) -> str:
        return (
            f"{value * 100:.0f} %"
            if share and value in (0.0, 1.0)
            else f"{value * 100:.1f} %"
            if share
            else f"{value:.3f}"
        )

    text = one(estimate.value)
    if estimate.low is not None and estimate.high is not None and not short:
        text += f" [{one(estimate.low)}, {one(estimate.high)}]"
    return text if short else f"{text}, n = {estimate.n}"


def sections_of(results: Results) -> Iterator[Section]:
    if results.seeded:
        yield _seeded(results.seeded, results)
    if results.seeded_panel:
        yield _panel(results.seeded_panel)
    if results.hiding:
        yield _hiding(results.hiding)
    if results.agreement:
        yield _agreement(results.agreement)
    if results.repeats:
        yield _repeats(results.repeats)
    yield _how(results)


def _cell(estimate: Estimate) -> str:
    if estimate.value is None:
        return "–"
    return f"{round(estimate.value * estimate.n)}/{estimate.n}"


def _seeded(readers: Sequence[Seeded], results: Results) -> Section:
    text = (
        "Each clean paper has a twin that differs by one known error. Found: an error or a warning of a rule that is about that error, "
        "which the clean twin does not have. Places: of those found in the folder, the share whose quote, line or page is of the place.",
    )
    kinds = list(dict.fromkeys(kind.kind for one in readers for kind in one.kinds))
    by = {(one.reader, kind.kind): kind for one in readers for kind in one.kinds}
    rows: list[tuple[str, ...]] = []
    for kind in kinds:
        cells = [_cell(by[one.reader, kind].recall) for one in readers]
        folder = by.get(("checks, folder", kind))
        any_ = by.get(("checks, any", kind))
        interval = any_.recall if any_ else None
        shown = (
            f"{interval.low:.2f}–{interval.high:.2f}"
            if interval and interval.low is not None and interval.high is not None
            else ""
        )
        rows.append((kind, *cells, shown, _cell(folder.placed) if folder else "", _by(any_.by if any_ else {})))
    rows.append(("all", *(_cell(one.overall) for one in readers), "", "", ""))
    head = (
        "kind of error",
        *(one.reader.removeprefix("checks, ") for one in readers),
        "95 % (any)",
        "place told",
        "found by",
    )
    tables = [Table(head, tuple(rows))]
    alarms = [
        (
            one.reader.removeprefix("checks, "),
            a.severity,
            told(a.findings, share=False),
            told(a.false, share=False),
            str(a.unlabelled),
        )
        for one in readers
        for a in one.alarms
    ]
    note = "False alarms: those that a person labelled so; what nobody labelled counts as one."
    tables.append(
        Table(
            ("clean papers as", "severity", "findings per paper", "false alarms per paper", "unlabelled"),
            tuple(alarms),
            note,
        )
    )
    if results.missing:
        tables.append(Table(("paper", "no place for", "why"), tuple((m.paper, m.kind, m.why) for m in results.missing)))
    low = worst(next((one for one in readers if one.reader == "checks, any"), readers[-1]).kinds)
    if low is not None:
        text += (f"Lowest recall, in any form of the paper: {low.kind}, {told(low.recall)}.",)
    return Section("Seeded errors: the checks alone", text, tuple(tables))


def _by(rules: dict[str, int]) -> str:
    return ", ".join(f"{rule} {n}" for rule, n in sorted(rules.items(), key=lambda pair: -pair[1])[:3])


def _panel(panel: Seeded) -> Section:
    rows = [(k.kind, _cell(k.recall), told(k.recall), _cell(k.placed), str(k.failures)) for k in panel.kinds]
    rows.append(("all", _cell(panel.overall), told(panel.overall), "", ""))
    alarms = tuple((a.severity, told(a.findings, share=False)) for a in panel.alarms)
    text = (
        "The same twins before the panel, which does not see what the checks found. A failed form counts as a miss.",
    )
    return Section(
        "Seeded errors: the panel",
        text,
        (
            Table(("kind of error", "found", "recall", "place told", "failed"), tuple(rows)),
            Table(("points on clean papers", "for each paper"), alarms, "Nobody has judged whether these are true."),
        ),
    )


def _hiding(hiding: Hiding) -> Section:
    ways = tuple(
        (w.way, _cell(w.found), _cell(w.mentioned), _cell(w.neutral), _cell(w.withheld), str(w.failures))
        for w in (*hiding.ways, *hiding.visible)
    )
    tables = [
        Table(
            ("way of hiding", "error or warning", "any finding", "neutral sentence", "kept from models", "failed"), ways
        )
    ]
    if hiding.shifts:
        rows = tuple((s.change, s.scale, told(s.difference, share=False)) for s in hiding.shifts)
        tables.append(
            Table(
                ("what was changed", "scale", "change of the score"),
                rows,
                "Points of the form's scale; 0 is what is wanted.",
            )
        )
    text = (
        f"Errors and warnings for each clean PDF: {told(hiding.clean_alarms, share=False)}. The visible sentences are a control: "
        "the instruction is to be reported, the other two are not.",
    )
    return Section("Hidden text", text, tuple(tables))


def short_names(names: Sequence[str]) -> dict[str, str]:
    """Names without what all of them begin with."""
    letters = zip(*names, strict=False) if len(names) > 1 else ()
    shared = "".join(one[0] for one in takewhile(lambda one: len(set(one)) == 1, letters))
    shared = shared[: max(shared.rfind(mark) for mark in "_- ") + 1]
    return {name: name[len(shared) :] for name in names}


def _agreement(agreement: Agreement) -> Section:
    verdict = agreement.audit
    text = [
        f"{agreement.papers} papers, {agreement.accepted} accepted; a paper counts as accepted from {agreement.threshold:g}. "
        f"Intervals: {agreement.resamples} paired bootstrap samples, drawn within accepted and rejected papers. Failures count as wrong.",
        f"Leak audit: {verdict.verdict}. {verdict.why}",
    ]
    mark = {"clean": "", "UNKNOWN": " †", "CONTAMINATED": " (CONTAMINATED)"}[verdict.verdict]
    note = "* within a decision: nothing that tells accepted from rejected papers can help. Nested: threshold fitted on other papers."
    if verdict.verdict == "UNKNOWN":
        note += " † of the decision: whether the texts tell it is UNKNOWN, so this may not be the reviewer's merit."
    if verdict.verdict == "CONTAMINATED":
        text.append(
            "Metrics of the decision are CONTAMINATED: where the texts tell the decision, they say nothing about a reviewer. Read "
            "those within a decision (marked *)."
        )
    names = short_names([row.name for row in agreement.rows if row.kind == "scores"])

    def heading(metric: str) -> str:
        return METRICS[metric] + (mark if metric in DECISIVE else "*" if metric == "within_spearman" else "")

    tables: list[Table] = []
    there = [m for m in METRICS if any(m in row.metrics for row in agreement.rows)]
    for part in (there[:6], there[6:12], there[12:]):
        rows = tuple(
            (names.get(row.name, row.name), str(row.failures), *(_short(row.metrics.get(m)) for m in part))
            for row in agreement.rows
            if any(m in row.metrics for m in part)
        )
        if part:
            tables.append(Table(("scores", "failed", *map(heading, part)), rows))
    tables[-1] = Table(tables[-1].head, tables[-1].rows, note)
    pairs = dict.fromkeys((d.first, d.second) for d in agreement.differences)
    by = {(d.first, d.second, d.metric): d.estimate for d in agreement.differences}
    tables.append(
        Table(
            ("first", "second", *map(heading, COMPARED)),
            tuple(
                (names.get(a, a), names.get(b, b), *(_apart(by.get((a, b, metric))) for metric in COMPARED))
                for a, b in pairs
            ),
            "The first less the second. In brackets its interval; (=) where that holds 0, so that neither can be said to be better.",
        )
    )
    if verdict.leaks:
        tables.append(
            Table(("feature of a text", "AUC"), tuple((leak.feature, f"{leak.auc:.3f}") for leak in verdict.leaks))
        )
    return Section("Agreement with people", tuple(text), tuple(tables))


METRICS: Mapping[str, str] = {
    "balanced_accuracy": "balanced accuracy",
    "auroc": "AUC of the score",
    "spearman": "Spearman",
    "within_spearman": "Spearman within a decision",
    "pairwise": "pairs in order",
    "mae": "mean absolute error",
    "mae_calibrated": "the same, calibrated",
    "bias": "bias",
    "f1": "F1",
    "mcc": "MCC",
    "fpr": "false positive rate",
    "fnr": "false negative rate",
    "nested_balanced_accuracy": "nested balanced accuracy",
    "nested_f1": "nested F1",
    "nested_mcc": "nested MCC",
    "said_balanced_accuracy": "balanced accuracy of the decision said",
    "brier": "Brier",
    "ece": "calibration error",
    "cost": "cost, $",
    "seconds": "seconds",
}
"""By name, as a reader is told them, in order."""


def _apart(estimate: Estimate | None) -> str:
    if estimate is None:
        return "–"
    return f"{_short(estimate)}{' (=)' if _holds_zero(estimate) else ''}"


def _short(estimate: Estimate | None) -> str:
    if estimate is None or estimate.value is None:
        return "–"
    if estimate.low is None or estimate.high is None:
        return f"{estimate.value:.3f}"
    return f"{estimate.value:.3f} [{estimate.low:.3f}, {estimate.high:.3f}]"


def _holds_zero(estimate: Estimate) -> bool:
    return estimate.low is None or estimate.high is None or estimate.low <= 0 <= estimate.high


def _repeats(repeats: dict[str, Repeats]) -> Section:
    rows = [
        (name, f"{one.papers} × {one.times}", scale, told(spread, share=False), told(one.flips), told(one.failures))
        for name, one in repeats.items()
        for scale, spread in (one.spread or {"–": Estimate(value=None, n=0)}).items()
    ]
    head = ("scores", "papers × times", "scale", "deviation within a paper", "decision flips", "reviews with a failure")
    return Section("Repeats", (), (Table(head, tuple(rows)),))


def _how(results: Results) -> Section:
    facts = [
        ("model", results.model or "none"),
        ("referees", str(results.panel)),
        ("form", results.form or "–"),
        ("version of prompts and forms", results.prompts),
        ("version of the checks", results.checks),
        ("seed", str(results.seed)),
        ("manifest (SHA-256)", results.manifest or "–"),
        ("measured on", results.date),
        ("cost", "not known" if results.cost is None else f"${results.cost:.2f}"),
        ("papers", ", ".join(results.papers) or "–"),
    ]
    return Section("How it was measured", results.notes, (Table(("", ""), tuple(facts)),))
