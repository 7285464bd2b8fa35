"""The reviewer card: what was measured of a reviewer, in sections that render as Markdown and HTML."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from ai_scientist_reviewer.bench.agreement.agree import DECISIVE, Agreement
from ai_scientist_reviewer.bench.estimates import Estimate
from ai_scientist_reviewer.bench.hiding.score import Hiding
from ai_scientist_reviewer.bench.repeats import Repeats
from ai_scientist_reviewer.bench.results import Results
from ai_scientist_reviewer.bench.seeded.score import Seeded, worst


@dataclass(frozen=True)
class Table:
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Section:
    title: str
    text: tuple[str, ...] = ()
    tables: tuple[Table, ...] = field(default=())


def write(results: Results, out: Path) -> None:
    """results.json, card.json, card.md and card.html in the folder."""
    out.mkdir(parents=True, exist_ok=True)
    sections = tuple(sections_of(results))
    (out / "results.json").write_text(results.model_dump_json(indent=1) + "\n", encoding="utf-8")
    (out / "card.md").write_text(markdown(results, sections), encoding="utf-8")
    (out / "card.html").write_text(html(results, sections), encoding="utf-8")
    card = json.dumps(card_of(results), indent=1, ensure_ascii=False)
    (out / "card.json").write_text(card + "\n", encoding="utf-8")


def card_of(results: Results) -> dict[str, Any]:
    """What a review shows of the model that it used: see `cards`."""
    tracks: dict[str, dict[str, str]] = {}
    for one in (*results.seeded, *([results.seeded_panel] if results.seeded_panel else [])):
        loud = next((a for a in one.alarms if a.severity in ("error", "major")), None)
        figures = {"recall of seeded errors": told(one.overall)}
        if loud is not None:
            figures[f"{loud.severity} findings per clean paper"] = told(loud.findings, share=False)
        tracks[f"A, {one.reader}"] = figures
    if results.hiding:
        tracks["B"] = {f"hidden text found, {way.way}": told(way.mentioned) for way in results.hiding.ways}
        tracks["B"] |= {f"{s.change}, {s.scale}": told(s.difference, share=False) for s in results.hiding.shifts}
    if results.agreement:
        for row in results.agreement.rows:
            if row.kind == "scores":
                tracks[f"C, {row.name}"] = {m: told(row.metrics[m], share=False) for m in _SHOWN if m in row.metrics}
    for name, repeats in results.repeats.items():
        tracks[f"D, {name}"] = {f"spread of {s}": told(e, share=False) for s, e in repeats.spread.items()}
        tracks[f"D, {name}"] |= {"decision flips": told(repeats.flips), "failed reviews": told(repeats.failures)}
    return {
        "model": results.model or "checks",
        "date": results.date,
        "prompts": results.prompts,
        "checks": results.checks,
        "summary": summary(results),
        "tracks": tracks,
    }


def summary(results: Results) -> str:
    """The card in a sentence or two."""
    parts: list[str] = []
    whole = next((one for one in results.seeded if one.reader == "checks, folder"), None)
    if whole:
        parts.append(f"The checks found {told(whole.overall)} of seeded errors.")
    if results.seeded_panel:
        parts.append(f"The panel found {told(results.seeded_panel.overall)} of them.")
    if results.hiding and results.hiding.ways:
        full = sum(way.mentioned.value == 1.0 for way in results.hiding.ways)
        parts.append(f"Hidden text was found every time for {full} of {len(results.hiding.ways)} ways of hiding.")
    if results.agreement:
        constant = next(row for row in results.agreement.rows if row.name.startswith("constant"))
        for row in results.agreement.rows:
            if row.kind == "scores":
                error, flat = (told(one.metrics["mae"], share=False, short=True) for one in (row, constant))
                parts.append(
                    f"Scores of {row.name} were off people's mean rating by {error} points (a constant: {flat})."
                )
        parts.append(f"Leak audit: {results.agreement.audit.verdict}.")
    else:
        parts.append("How far its scores are from people's was not measured.")
    return " ".join(parts)


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


_SHOWN = ("balanced_accuracy", "auroc", "spearman", "within_spearman", "pairwise", "mae", "mae_calibrated", "bias")


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


def _agreement(agreement: Agreement) -> Section:
    verdict = agreement.audit
    text = [
        f"{agreement.papers} papers, {agreement.accepted} accepted; accepted from {agreement.threshold:g}. "
        f"Intervals: {agreement.resamples} paired bootstrap samples, drawn within accepted and rejected papers. Failures count as wrong.",
        f"Leak audit: {verdict.verdict}. {verdict.why}",
    ]
    if verdict.verdict != "clean":
        text.append(
            f"Metrics of the decision are {verdict.verdict}: where the texts tell the decision, they say nothing about a reviewer. "
            "Those within a decision (marked *) cannot be helped by such a leak."
        )
    metrics = [
        m
        for m in (*_SHOWN, "nested_balanced_accuracy", "nested_f1", "nested_mcc", "brier", "ece", "cost", "seconds")
        if any(m in r.metrics for r in agreement.rows)
    ]
    mark = "" if verdict.verdict == "clean" else f" ({verdict.verdict})"
    tables = [
        Table(
            (
                "scores",
                "failed",
                *(f"{m}{mark if m in DECISIVE else '*' if m == 'within_spearman' else ''}" for m in part),
            ),
            tuple((r.name, str(r.failures), *(_short(r.metrics.get(m)) for m in part)) for r in agreement.rows),
        )
        for part in (metrics[:5], metrics[5:10], metrics[10:])
        if part
    ]
    rates = ("f1", "mcc", "fpr", "fnr", "said_balanced_accuracy")
    tables.append(
        Table(
            ("scores", *(f"{m}{mark}" for m in rates)),
            tuple((r.name, *(_short(r.metrics.get(m)) for m in rates)) for r in agreement.rows),
        )
    )
    differences = tuple(
        (d.first, d.second, d.metric, _short(d.estimate), "no" if _holds_zero(d.estimate) else "yes")
        for d in agreement.differences
    )
    tables.append(Table(("first", "second", "metric", "first less second", "apart from 0"), differences))
    if verdict.leaks:
        tables.append(
            Table(("feature of a text", "AUC"), tuple((leak.feature, f"{leak.auc:.3f}") for leak in verdict.leaks))
        )
    return Section("Agreement with people", tuple(text), tuple(tables))


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


def markdown(results: Results, sections: Sequence[Section]) -> str:
    lines = [f"# Reviewer card: {_plain(results.model or 'checks without a model')}", "", _plain(summary(results)), ""]
    for section in sections:
        lines += [f"## {section.title}", ""]
        for paragraph in section.text:
            lines += [_plain(paragraph), ""]
        for table in section.tables:
            lines += [_line(table.head), _line(["---"] * len(table.head))]
            lines += [_line([_plain(cell) for cell in row]) for row in table.rows]
            lines += ["", *([_plain(table.note), ""] if table.note else [])]
    return "\n".join(lines).rstrip() + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """Names of papers and messages are not ours: nothing in them is markup."""
    one = " ".join(text.split())
    return "".join(f"\\{char}" if char in "\\`*_[]<>|#" else char for char in one)


def html(results: Results, sections: Sequence[Section]) -> str:
    pages = Environment(
        loader=PackageLoader("ai_scientist_reviewer.bench", "pages"), autoescape=True, undefined=StrictUndefined
    )
    return pages.get_template("card.html").render(
        title=results.model or "checks without a model", summary=summary(results), sections=sections
    )
