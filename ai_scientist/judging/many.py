"""Reviewing several papers at a time, on one budget; what is done is done once, whatever ends the sitting."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

from ai_scientist_reviewer.paper import Paper
from ai_scientist_reviewer.render.escape import plain

from ai_scientist.config import Config
from ai_scientist.errors import AIScientistError, BudgetSpent, InputError, Stopped
from ai_scientist.judging import NO, Agree, carry_review_on, created, opened, read_paper, wanted
from ai_scientist.judging.batch import Batch, Judged
from ai_scientist.ledger import Ledger
from ai_scientist.reviewing.estimate import Call, estimated
from ai_scientist.runs import RunDirectory
from ai_scientist.runs.storage import write_whole

Tell = Callable[[Batch], Any]
GRACE = 20.0
"""Seconds that reviews under way get to write down what they have."""


def begin(
    files: Sequence[Path], runs: Path, config: Config, jobs: int, agree: Agree | None
) -> tuple[Batch, dict[Path, Paper]]:
    """A batch of the papers that can be read, after somebody agreed to what it will cost; and the papers as read.

    Raises:
        InputError: none of them can be read.
        Stopped: nobody agreed.
    """
    files = list(dict.fromkeys(file.absolute() for file in files))
    seats = opened(config, runs)
    read: dict[Path, Paper] = {}
    refused: dict[Path, AIScientistError] = {}
    made: list[Call] = []
    for file in files:
        try:
            read[file] = read_paper(file)
            made += wanted(read[file], config)
        except InputError as error:
            refused[file] = error
    if not read:
        raise next(iter(refused.values()))
    if agree is not None and not agree(estimated(len(read), made, seats, config.review.ask_above, config.budget)):
        raise Stopped(NO)
    batch = Batch.create(runs, tuple(files), config, jobs)
    batch.refused |= refused
    return batch, read


def carry_on_batch(
    batch: Batch,
    about: Mapping[str, Any],
    stop: threading.Event,
    tell: Tell | None = None,
    *,
    read: Mapping[Path, Paper] | None = None,
) -> Batch:
    """Review what is not reviewed yet. What ends one paper's review is its own affair; what ends the sitting is raised at its end.

    Raises:
        Stopped: the user, or the system, asked for it.
    """
    known, before, began = batch.runs, batch.seconds, time.monotonic()

    def worked() -> float:
        return before + time.monotonic() - began

    ledger = Ledger(batch.config.budget, batch.spent, worked, batch.path)
    todo = [file for file in batch.files if not isinstance(batch.refused.get(file), InputError)]
    ends: list[AIScientistError] = []

    def work(file: Path) -> None:
        ledger.check_hours(worked())
        if stop.is_set():
            raise Stopped("The reviews were asked to stop. Nothing that was finished is lost.")
        paper = (read or {}).get(file) or read_paper(file)
        with RunDirectory.open(known[file]) if file in known else created(file, batch.path, batch.config, about) as run:
            if run.progress.status != "done":
                carry_review_on(run, file, stop, paper=paper, ledger=ledger)

    pool = ThreadPoolExecutor(max(1, batch.jobs))
    running: dict[Future[None], Path] = {}
    if tell:
        tell(batch)
    try:
        while todo or running:
            # Once the budget is spent, or a stop was asked for, nothing more is begun.
            while todo and len(running) < batch.jobs and not ends:
                file = todo.pop(0)
                running[pool.submit(work, file)] = file
            if not running:
                break
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                file = running.pop(future)
                error = future.exception()
                if isinstance(error, AIScientistError):
                    batch.refused[file] = error
                    ends += [error] if isinstance(error, BudgetSpent | Stopped) else []
                elif error is not None:
                    raise error
                _sum_up(batch)
                if tell:
                    tell(batch)
    except Stopped:  # a signal's handler raises it here; what is under way breaks off and keeps what it has
        wait(running, timeout=GRACE)
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        _sum_up(batch)
    for file in todo:
        batch.refused[file] = ends[0]
    _sum_up(batch)
    if stopped := next((error for error in ends if isinstance(error, Stopped)), None):
        raise stopped
    return batch


def _sum_up(batch: Batch) -> None:
    """The table of all papers, as Markdown and as JSON."""
    papers, spent = batch.papers, batch.spent
    told = {
        "papers": [paper.model_dump(mode="json") for paper in papers],
        "spent": {"money": None if spent.unpriced else spent.money, "tokens": spent.tokens, "calls": spent.calls},
    }
    write_whole(batch.summary_json, json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    write_whole(batch.summary, markdown(batch, papers))


def markdown(batch: Batch, papers: Sequence[Judged]) -> str:
    spent = batch.spent
    lines = [
        f"# Reviews of {len(papers)} papers\n",
        f"Form: {plain(batch.config.review.form)}. Together: "
        + ("price UNKNOWN" if spent.unpriced else f"${spent.money:.2f}")
        + f", {spent.tokens:,} tokens, {spent.calls} calls.\n",
        "| Paper | Status | Decision | Overall | Major | Minor | Check errors | Review |",
        "| --- | --- | --- | --- | ---: | ---: | ---: | --- |",
    ]
    for one in papers:
        page = f"[{one.run}]({one.run}/reviews/review.html)" if one.run and one.status in ("done", "partial") else ""
        why = f": {plain(one.why)}" if one.why else ""
        name = plain(one.name)
        counts = (
            [str(n) for n in (one.major, one.minor, one.errors)] if page else [""] * 3
        )  # of what was not read, nothing is known
        lines.append(
            f"| {name} | {one.status}{why} | {plain(one.decision)} | {overall(one)} | {' | '.join(counts)} | {page} |"
        )
    return "\n".join(lines) + "\n"


def overall(one: Judged) -> str:
    if one.overall is None:
        return ""
    return f"{one.overall:.2f}" + (f" ± {one.spread:.2f}" if one.spread is not None else "")
