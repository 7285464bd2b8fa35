"""What the commands print."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ai_scientist.errors import RunDirectoryError
from ai_scientist.runs import RunDirectory
from ai_scientist.runs.progress import summary


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [list(head), *map(list, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def money(spent: Mapping[str, Any]) -> str:
    known = "unknown" if spent["money"] is None else f"${spent['money']:.2f}"
    return f"{known} and an unknown part" if spent["money"] is not None and spent["money_unknown"] else known


def state(state: Mapping[str, Any]) -> str:
    """A run in a screenful."""
    spent = state["spent"]
    lines = [
        f"{state['run']}",
        f"{state['topic'].splitlines()[0][:100]}",
        "",
        f"status        {state['status']}" + (f" (exit code {state['exit_code']})" if state["exit_code"] else ""),
    ]
    if state["why"]:
        lines.append(f"why           {state['why']}")
    if state["waiting_for"]:
        lines.append(f"waiting for   your word on the {state['waiting_for']}")
    lines += [
        f"phase         {state['phase']}",
        f"experiments   {len(state['experiments'])}",
        f"best          {best(state)}",
        f"spent         {money(spent)}, {spent['tokens']:,} tokens, {spent['calls']} calls, {spent['seconds']:.0f} s",
        f"degradations  {len(state['degradations'])}",
    ]
    lines += [f"              - {d['what']}: {d['why'][:160]}" for d in state["degradations"]]
    lines += [f"{name:13} {Path(state['run']) / state[name]}" for name in ("paper", "report", "bundle") if state[name]]
    for finding in (state["claims"] or {}).get("findings", []):
        lines += ["", f"{finding['verdict'].upper()}: {finding['prediction']['text']}"]
        clause = next((c["text"] for c in state["claims"]["comparisons"] if c["id"] == finding["comparison"]), "")
        if clause:
            lines.append(f"  {clause}")
    rows = [
        (e["id"], e["parent"] or "", e["stage"], e["action"], e["change"][:44], str(e["seed"]), e["outcome"])
        for e in state["experiments"]
    ]
    if rows:
        lines += ["", table(("id", "parent", "stage", "action", "change", "seed", "outcome"), rows)]
    return "\n".join(lines)


def best(state: Mapping[str, Any]) -> str:
    found = next((e for e in state["experiments"] if e["id"] == state["best"]), None)
    return f"{found['id']} {found['change']}" if found else "none yet"


def runs(folder: Path) -> str:
    """The runs of a folder, the oldest first. One that cannot be read is listed as such."""
    rows = []
    for path in sorted(folder.glob("*/run.json")) if folder.is_dir() else []:
        try:
            of = summary(RunDirectory.read(path.parent))
        except RunDirectoryError as error:
            rows.append((path.parent.name, "unreadable", "", "", str(error)[:60]))
            continue
        rows.append(
            (
                path.parent.name,
                of["status"],
                str(len(of["experiments"])),
                money(of["spent"]),
                of["topic"].splitlines()[0][:60],
            )
        )
    if not rows:
        return f'There are no runs in {folder}. Launch one: ai-scientist run "early stopping under label noise"'
    return table(("run", "status", "experiments", "money", "topic"), rows)


def verification(report: Any) -> str:
    """Counts, and every item that does not hold."""
    verdicts = [item.verdict for item in report.items]
    lines = [
        f"{item.verdict}  {item.what}"
        + (f" ({item.where})" if item.where else "")
        + (f": {item.why}" if item.why else "")
        for item in report.items
        if item.verdict != "PASS"
    ]
    counted = ", ".join(f"{verdicts.count(verdict)} {verdict}" for verdict in ("PASS", "FAIL", "UNKNOWN"))
    lines.append(f"{counted}: {'every number holds' if report.ok else 'the paper does not hold'}")
    return "\n".join(lines)
