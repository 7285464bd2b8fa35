"""The reviewer card: what was measured of a reviewer, as files, and as what a review shows of the model that it used."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ai_scientist_reviewer.bench.render import html, markdown
from ai_scientist_reviewer.bench.results import Results
from ai_scientist_reviewer.bench.sections import METRICS, sections_of, told


def write(results: Results, out: Path) -> None:
    """results.json, card.json, card.md and card.html in the folder."""
    out.mkdir(parents=True, exist_ok=True)
    page = (title(results), summary(results), tuple(sections_of(results)))
    (out / "results.json").write_text(results.model_dump_json(indent=1) + "\n", encoding="utf-8")
    (out / "card.md").write_text(markdown(*page), encoding="utf-8")
    (out / "card.html").write_text(html(*page), encoding="utf-8")
    card = json.dumps(card_of(results), indent=1, ensure_ascii=False)
    (out / "card.json").write_text(card + "\n", encoding="utf-8")


def title(results: Results) -> str:
    """Who was measured."""
    if results.model:
        return results.model
    return "checks without a model" if results.seeded or results.hiding else "replayed scores"


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
                figures = {METRICS[m]: told(row.metrics[m], share=False) for m in METRICS if m in row.metrics}
                tracks[f"C, {row.name}"] = {"leak audit": results.agreement.audit.verdict, **figures}
    for name, repeats in results.repeats.items():
        tracks[f"D, {name}"] = {f"spread of {s}": told(e, share=False) for s, e in repeats.spread.items()}
        tracks[f"D, {name}"] |= {"decision flips": told(repeats.flips), "failed reviews": told(repeats.failures)}
    return {
        "model": title(results),
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
        rows = {row.name: row for row in results.agreement.rows}
        flat = next(row for name, row in rows.items() if name.startswith("constant")).metrics["mae"]
        given = [row for row in rows.values() if row.kind == "scores"]
        errors = sorted(row.metrics["mae"].value or 0.0 for row in given)
        who = f"Scores of {given[0].name} were" if len(given) == 1 else f"Scores of {len(given)} reviewers were"
        span = f"{errors[0]:.3f}" if len(errors) == 1 else f"{errors[0]:.3f} to {errors[-1]:.3f}"
        parts.append(f"{who} off people's mean rating by {span} points (a constant: {flat.value:.3f}).")
        parts.append(f"Leak audit: {results.agreement.audit.verdict}.")
    else:
        parts.append("How far its scores are from people's was not measured.")
    return " ".join(parts)
