"""What best-first proposes, and which seeds are repeated while a stage drains."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ai_scientist.config import Search
from ai_scientist.records import Experiment, Stage, StageName
from ai_scientist.search.agenda import CONFIRMING, StageAgenda, seed_of
from ai_scientist.search.policy import Proposal, open_policy
from ai_scientist.search.tree import Tree
from tests.ai_scientist.search.fakes import a_config, an_idea
from tests.ai_scientist.search.test_tree import experiment, repeat

IDEA = an_idea(datasets=["digits"])


def settings(**given) -> Search:
    return a_config(search={"seeds": 3, "leaders": 2, **given}).search


def next_of(
    stage: StageName,
    experiments: Sequence[Experiment],
    *,
    root: str | None = None,
    started: int = 0,
    pending: Sequence[Proposal] = (),
    budget: int = 6,
    directions: int = 6,
    search: Search | None = None,
    round: int = 1,
) -> Proposal | None:
    """The next proposal in a stage of which `started` changes were started."""
    search = search or settings()
    agenda = StageAgenda(
        Stage(name=stage, round=round, goals=("g",), experiments=budget),
        open_policy(search),
        search,
        root,
        tuple(f"d{n}" for n in range(directions)),
    )
    return agenda.next(Tree(IDEA, experiments), [Proposal("tune", root)] * started, pending)


def test_drafts_are_made_until_enough_work_or_are_coming() -> None:
    two = settings(drafts=2)
    draft = Proposal("draft")
    working = experiment(1, 0.5, stage="prototype", action="draft")
    assert next_of("prototype", [], search=two, pending=[draft]) == draft
    assert next_of("prototype", [], search=two, pending=[draft, draft]) is None
    assert next_of("prototype", [working], search=two, directions=0) == draft
    assert next_of("prototype", [working], search=two, pending=[draft]) == Proposal("repeat", "0001", 1)


def test_a_failure_is_mended_before_anything_new_is_tried_and_by_one_worker_only() -> None:
    failed = experiment(2, outcome="failed", stage="tune", action="tune", parent="0001")
    tree = [experiment(1, 0.5, stage="prototype", action="draft"), failed]
    mending = Proposal("debug", "0002")
    assert next_of("tune", tree, root="0001") == mending
    assert next_of("tune", tree, root="0001", pending=[mending]) == Proposal("tune", "0001")
    assert next_of("tune", tree, root="0001", started=6) == Proposal("repeat", "0001", 1)
    assert next_of("explore", tree, root="0001") == Proposal("improve", "0001")


def test_tuning_climbs_from_the_best_that_there_is() -> None:
    first = experiment(1, 0.5, stage="prototype", action="draft")
    worse, better = (experiment(n, v, stage="tune", action="tune", parent="0001") for n, v in ((2, 0.4), (3, 0.6)))
    assert next_of("tune", [first, worse], root="0001") == Proposal("tune", "0001")
    assert next_of("tune", [first, worse, better], root="0001") == Proposal("tune", "0003")


def test_exploring_goes_wide_and_then_on_from_the_best_it_made() -> None:
    root = experiment(1, 0.9, stage="tune", action="tune")
    found = experiment(2, 0.6, parent="0001")
    assert next_of("explore", [root, found], root="0001", started=2) == Proposal("improve", "0001")
    assert next_of("explore", [root, found], root="0001", started=3) == Proposal("improve", "0002")
    assert next_of("explore", [root, found], root="0001", started=0, round=2) == Proposal("improve", "0002")
    assert next_of("explore", [root], root="0001", started=3) == Proposal("improve", "0001")


def test_ablations_are_of_what_was_carried_forward_alone_and_are_not_repeated() -> None:
    better = experiment(2, 0.9, stage="ablate", action="ablate", parent="0001")
    assert next_of("ablate", [experiment(1, 0.5), better], root="0001") == Proposal("ablate", "0001")
    assert next_of("ablate", [experiment(1, 0.5), better], root="0001", started=6) is None


def test_nothing_is_tried_beyond_the_budget_or_the_directions() -> None:
    root = experiment(1, 0.5, stage="prototype", action="draft", seeded=False)
    assert next_of("tune", [root], root="0001", started=5) == Proposal("tune", "0001")
    assert next_of("tune", [root], root="0001", started=6) is None
    assert next_of("tune", [root], root="0001", started=2, directions=2) is None


def test_a_draining_stage_gives_its_leaders_the_seeds_they_lack() -> None:
    made = [experiment(n, v) for n, v in ((1, 0.5), (2, 0.7), (3, 0.6))]
    drained = {"root": "0009", "started": 6}
    assert next_of("explore", made, **drained) == Proposal("repeat", "0002", 1)
    running = [Proposal("repeat", "0002", 1)]
    assert next_of("explore", made, **drained, pending=running) == Proposal("repeat", "0003", 1)
    running += [Proposal("repeat", "0003", 1), Proposal("repeat", "0002", 2), Proposal("repeat", "0003", 2)]
    assert next_of("explore", made, **drained, pending=running) is None
    both = [repeat(n, of, seed, 0.65) for n, of, seed in ((4, 2, 1), (5, 2, 2), (6, 3, 1), (7, 3, 2))]
    assert next_of("explore", [*made, *both], **drained) is None


@pytest.mark.parametrize("run_seed", [0, 3])
def test_no_seed_of_the_search_confirms(run_seed: int) -> None:
    searched = {seed_of(run_seed, n) for n in range(CONFIRMING)}
    assert not searched & {seed_of(run_seed, CONFIRMING + n) for n in range(CONFIRMING)}
    assert not searched & {seed_of(run_seed + 1, n) for n in range(2 * CONFIRMING)}
