"""Run the benchmarks, print a table, write `build/bench.json` anew.

A benchmark is a function in `tests/bench/bench_<group>.py` that takes nothing and returns or yields `Row`s
(`from tests.bench.row import Row`): `bench_<what>` runs always, `full_<what>` only with `--full`. The group is what
`--only` names. Ratios are taken side by side in one call. A number that is not reached shows as `no` and is not an
error; the exit status is 1 only where a benchmark itself failed.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import cast

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.row import Row  # noqa: E402  (found by the line above)

Bench = Callable[[], Iterable[Row]]


def benches(group: str, full: bool) -> list[Bench]:
    """The benchmarks of a group, in the order of their file."""
    module = importlib.import_module(f"tests.bench.bench_{group}")
    prefixes = ("bench_", "full_") if full else ("bench_",)
    return [cast(Bench, one) for name, one in vars(module).items() if name.startswith(prefixes) and callable(one)]


def measure(groups: Sequence[str], full: bool) -> tuple[list[Row], list[str]]:
    """All rows, and the benchmarks that failed; the traceback of each is printed."""
    rows: list[Row] = []
    failed: list[str] = []
    for group in groups:
        try:
            for bench in benches(group, full):
                rows += bench()
        except Exception:  # noqa: BLE001  one group that fails must not hide what the others measured
            traceback.print_exc()
            failed.append(group)
    return rows, failed


def table(rows: Sequence[Row]) -> str:
    lines = [("name", "value", "unit", "interval", "n", "reach", "holds")]
    for row in rows:
        reach = "" if row.reach is None else f"<= {row.reach:g}"
        holds = {None: "", True: "yes", False: "no"}[row.holds]
        lines.append(
            (row.name, f"{row.value:.4g}", row.unit, f"{row.low:.4g} to {row.high:.4g}", str(row.n), reach, holds)
        )
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def main(arguments: Sequence[str] | None = None) -> int:
    known = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
    parser = argparse.ArgumentParser(description="Run the benchmarks.")
    parser.add_argument("--only", metavar="GROUPS", help=f"of {','.join(known)}")
    parser.add_argument("--full", action="store_true", help="the long comparisons too")
    parser.add_argument("--out", type=Path, default=ROOT / "build/bench.json")
    options = parser.parse_args(arguments)
    groups = options.only.split(",") if options.only else known
    if unknown := sorted(set(groups) - set(known)):
        parser.error(f"no such group: {', '.join(unknown)}; there are {', '.join(known)}")

    rows, failed = measure(groups, options.full)
    print(table(rows))  # noqa: T201
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", encoding="utf-8")
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
