"""Every attack there is, and the table of them in the sandbox's README."""

from __future__ import annotations

from tests.sandbox.red_team.declared import (
    disk,
    files,
    itself,
    kernel,
    latex,
    memory,
    network,
    processes,
    results,
    time,
)

GROUPS = (time, processes, memory, disk, files, network, kernel, itself, results, latex)
ATTACKS = tuple(attack for group in GROUPS for attack in group.ATTACKS)


def table() -> str:
    """Markdown: a sentence that counts, and a row for each group."""
    programs = sum(attack.group != "LaTeX" for attack in ATTACKS)
    lines = [
        f"{programs} hostile programs and {len(ATTACKS) - programs} hostile documents, each with its control:",
        "",
        "| attacked | how | what holds it |",
        "| --- | --- | --- |",
    ]
    for group in GROUPS:
        names = ", ".join(f"`{attack.name}`" for attack in group.ATTACKS)
        walls = "; ".join(dict.fromkeys(wall for attack in group.ATTACKS for wall in attack.wall.split("; ")))
        lines.append(f"| {group.ATTACKS[0].group} | {names} | {walls} |")
    return "\n".join(lines) + "\n"
