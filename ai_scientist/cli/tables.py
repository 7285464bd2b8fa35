"""What `show`, `list` and `verify` print: no line is wider than the terminal, paths aside, and nothing that a model or a
program wrote can steer the terminal."""

from __future__ import annotations

import shutil
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ai_scientist.errors import RunDirectoryError
from ai_scientist.runs import RunDirectory
from ai_scientist.runs.progress import summary

LABEL = 14
"""Columns before what a labelled line says."""
LONGEST = 320
"""Characters of a reason; the report has all of it."""
MOST = 40
"""Lines of a list; what is left out is counted."""


def width() -> int:
    """Columns of the terminal, within reason; 100 where there is none."""
    return max(60, min(140, shutil.get_terminal_size((100, 24)).columns))


def printable(text: str) -> str:
    """One line, without what would steer a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: max(0, most - 1)].rstrip() + "…"


def labelled(label: str, text: str, longest: int = LONGEST) -> str:
    """A label and a text that hangs beside it."""
    return textwrap.fill(
        cut(printable(text), longest),
        width(),
        initial_indent=label.ljust(LABEL),
        subsequent_indent=" " * LABEL,
        break_on_hyphens=False,
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]], give: int, right: Sequence[int] = ()) -> str:
    """Columns as wide as what is in them. `give`: the column that is cut where a line would be too long; `right`: those
    that are set to the right."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    room = width() - sum(widths) - 2 * (len(widths) - 1)
    widths[give] = max(12, min(widths[give], widths[give] + room))
    return "\n".join(
        "  ".join(
            cut(cell, size).rjust(size) if column in right else cut(cell, size).ljust(size)
            for column, (cell, size) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def money(spent: Mapping[str, Any]) -> str:
    known = "unknown" if spent["money"] is None else f"${spent['money']:.2f}"
    return f"{known} + unknown" if spent["money"] is not None and spent["money_unknown"] else known


def status(state: Mapping[str, Any]) -> str:
    return state["status"] + (f" ({state['exit_code']})" if state["exit_code"] else "")


def state(state: Mapping[str, Any]) -> str:
    """A run in a screenful."""
    from ai_scientist.report import duration
    from ai_scientist.topic import headline

    spent, place = state["spent"], Path(state["run"])
    lines = [state["run"], cut(printable(headline(state["topic"])), width()), "", labelled("status", told(state))]
    if state["why"]:
        lines.append(labelled("why", state["why"]))
    if state["waiting_for"]:
        lines.append(labelled("waiting for", f"your word on the {state['waiting_for']}"))
    lines += [
        labelled("phase", state["phase"]),
        labelled("experiments", f"{len(state['experiments'])}, {len(state['running'])} under way"),
        labelled("best", best(state)),
        labelled(
            "spent",
            f"{money(spent)}, {spent['tokens']:,} tokens, {spent['calls']} calls, {duration(spent['seconds'])}"
            + (f"; {spent['calls_lost']} calls were lost" if spent["calls_lost"] else ""),
        ),
        *([labelled("replayed", replayed(state["replayed"]))] if state["replayed"]["replies"] else []),
        labelled("degradations", str(len(state["degradations"]))),
    ]
    for d in state["degradations"][:MOST]:
        lines.append(labelled("", f"- {'(touches a claim) ' if d['touches_claims'] else ''}{d['what']}: {d['why']}"))
    lines += [f"{name:{LABEL}}{place / state[name]}" for name in ("paper", "report", "bundle") if state[name]]
    if state["review"]:
        lines.append(labelled("review", reviewed(state["review"])))
    lines += findings(state["claims"])
    rows, left_out = experiments(place)
    if rows:
        head = ("id", "action", "change", "confirmed as", "seeds", "validation", "test")
        lines += ["", table(head, rows, give=2, right=(4, 5, 6))]
    if left_out:
        lines.append(f"… and {left_out} earlier ones: see the report, or --json")
    return "\n".join(lines)


def told(state: Mapping[str, Any]) -> str:
    """The status, and how to go on."""
    said = state["status"] + (f" (exit code {state['exit_code']})" if state["exit_code"] else "")
    if state["status"] == "waiting":
        return f"{said}: resume it with --accept, --reject WHY or --edit FILE"
    return f"{said}: `ai-scientist resume` goes on" if state["status"] == "stopped" else said


def replayed(told: Mapping[str, int]) -> str:
    return f"{told['replies']} replies; {told['differ']} of {told['replies']} prompts differ from the recorded ones"


def best(state: Mapping[str, Any]) -> str:
    found = next((e for e in state["experiments"] if e["id"] == state["best"]), None)
    return f"{found['id']} {found['change']}" if found else "none yet"


def reviewed(review: Mapping[str, Any]) -> str:
    """Scores, means over referees, and the weaknesses that stand."""
    scores = [
        f"{name} {score['mean']:.3g} (n = {score['n']})" if score else f"{name} not assessed"
        for name, score in review["scores"].items()
        if score or name == "overall"
    ]
    major = sum(point["severity"] == "major" for point in review["points"])
    return f"{', '.join(scores)}; {major} major and {len(review['points']) - major} minor weaknesses stand"


def findings(claims: Mapping[str, Any] | None) -> list[str]:
    """Each prediction, what became of it, and the comparison that decided."""
    lines = []
    clauses = {c["id"]: c["text"] for c in claims["comparisons"]} if claims else {}
    for finding in claims["findings"] if claims else ():
        lines += ["", labelled(finding["verdict"].upper(), finding["prediction"]["text"], 1000)]
        if finding["comparison"] in clauses:
            lines.append(labelled("", clauses[finding["comparison"]], 1000))
    return lines


def experiments(path: Path) -> tuple[list[tuple[str, ...]], int]:
    """A line per experiment that is no seed repeat, in the order of the tree, and how many were left out."""
    from ai_scientist.records import Claims, Idea
    from ai_scientist.report.tree import lines

    run = RunDirectory.read(path)
    idea = Idea.model_validate_json(run.idea_json.read_bytes()) if run.idea_json.exists() else None
    claims = Claims.model_validate_json(run.claims_json.read_bytes()) if run.claims_json.exists() else None
    tree = lines(run.experiments(), idea, claims)
    # The confirmed ones and the best always, and of the others the latest.
    kept = {line.experiment.id for line in tree if line.arm or line.experiment.id == run.progress.best}
    others = sorted((line.experiment.id for line in tree if line.experiment.id not in kept), key=int)
    kept |= set(others[-max(1, MOST - len(kept)) :])
    rows = [
        (
            line.experiment.id,
            line.experiment.action,
            "  " * min(line.depth, 4) + printable(line.experiment.change),
            line.arm,
            str(line.seeds or ""),
            (line.value or "–") if line.experiment.worked else line.experiment.outcome.replace("_", " "),
            line.confirmed,
        )
        for line in tree
        if line.experiment.id in kept
    ]
    return rows, len(tree) - len(rows)


def runs(folder: Path) -> str:
    """The runs of a folder, the oldest first. One that cannot be read is listed as such."""
    from ai_scientist.report import duration
    from ai_scientist.topic import headline

    rows = []
    for path in sorted(folder.glob("*/run.json")) if folder.is_dir() else []:
        try:
            of = summary(RunDirectory.read(path.parent))
        except RunDirectoryError as error:
            rows.append((path.parent.name, "unreadable", "", "", "", printable(str(error))))
            continue
        spent = of["spent"]
        rows.append(
            (
                path.parent.name,
                status(of),
                str(len(of["experiments"])),
                money(spent),
                duration(spent["seconds"]),
                printable(headline(of["topic"])),
            )
        )
    if not rows:
        return f'There are no runs in {folder}. Launch one: ai-scientist run "early stopping under label noise"'
    head = ("run", "status", "exps", "money", "time", "topic")
    return table(head, rows, give=5, right=(2, 3, 4))


def batch(batch: Any) -> str:
    """The papers of a batch, a line each."""
    rows = []
    for one in batch.papers:
        spread = f" ± {one.spread:.2f}" if one.spread is not None else ""
        overall = f"{one.overall:.2f}{spread}" if one.overall is not None else ""
        points = f"{one.major} + {one.minor}" if one.status in ("done", "partial") else ""
        cost = "unknown" if one.money is None and one.run else f"${one.money:.2f}" if one.money is not None else ""
        said = printable(one.why) or printable(one.title)
        rows.append((printable(one.name), one.status, one.decision, overall, points, cost, said))
    head = ("paper", "status", "decision", "overall", "major + minor", "cost", "")
    return table(head, rows, give=6, right=(3, 4, 5))


def verification(report: Any) -> str:
    """Every item that does not hold, what was checked, and the answer."""
    failed = [item for item in report.items if item.verdict != "PASS"]
    lines = [
        textwrap.fill(
            printable(f"{item.what}{f' ({item.where})' if item.where else ''}: {item.why or 'it does not hold'}"),
            width(),
            initial_indent=f"{item.verdict:9}",
            subsequent_indent=" " * 9,
            break_on_hyphens=False,
        )
        for item in failed[:MOST]
    ]
    if len(failed) > MOST:
        lines.append(f"… and {len(failed) - MOST} more: --json has them all")
    counted = Counter((checked(item.where), item.verdict) for item in report.items)
    rows = [
        (place, *(str(counted[place, verdict]) for verdict in ("PASS", "FAIL", "UNKNOWN")))
        for place in dict.fromkeys(checked(item.where) for item in report.items)
    ]
    if rows:
        lines += ["", table(("checked", "PASS", "FAIL", "UNKNOWN"), rows, give=0, right=(1, 2, 3)), ""]
    if report.ok:
        lines.append(f"Every number holds: {len(report.items)} checks, all PASS.")
    elif not report.items:
        lines.append("Nothing could be checked, so nothing is known to hold.")
    elif any(item.verdict == "FAIL" for item in failed):
        lines.append("The paper does not hold against its measurements.")
    else:
        lines.append("It is not known whether the paper holds: some checks could not be made.")
    return "\n".join(lines).lstrip("\n")


def checked(where: str) -> str:
    """The part of a run that an item is about."""
    file = where.split(",")[0]
    return "programs and measurements" if file.startswith("tree/") else printable(file) or "the run"
