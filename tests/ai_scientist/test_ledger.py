"""One ledger: no limit is passed, whatever is in flight, and what cannot be counted is not spent."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from ai_scientist.config import Budget
from ai_scientist.errors import BudgetSpent
from ai_scientist.ledger import Ledger
from ai_scientist.runs import Spent


def test_what_is_in_flight_counts() -> None:
    ledger = Ledger(Budget(money=1.0, tokens=1000))
    first = ledger.reserve(0.6, 300)
    with pytest.raises(BudgetSpent, match=r"\$1 is spent: \$0\.0000 used, \$0\.6000 set aside .* may cost \$0\.5000"):
        ledger.reserve(0.5, 10)
    with pytest.raises(BudgetSpent, match=r"1,000 tokens is spent: 0 used, 300 set aside .* may take 701.*tokens=N"):
        ledger.reserve(0.1, 701)
    ledger.settle(first, 0.1, 50)
    second = ledger.reserve(0.9, 950)
    ledger.settle(second, 0.9, 950)
    ledger.reserve(0.0, 0)
    with pytest.raises(BudgetSpent, match="go on with `--budget money=N`"):
        ledger.reserve(0.001, 0)


def test_a_spent_budget_names_the_command_that_goes_on(tmp_path: Path) -> None:
    ledger = Ledger(Budget(money=1.0, tokens=10, hours=0), path=tmp_path / "a run")
    command = f"`ai-scientist resume '{tmp_path}/a run' --budget "
    with pytest.raises(BudgetSpent) as spent:
        ledger.reserve(0.5, 11)
    assert f"{command}tokens=N`" in str(spent.value)
    with pytest.raises(BudgetSpent) as spent:
        ledger.reserve(None, 1)
    assert f"{command}money=null,tokens=N`" in str(spent.value)
    with pytest.raises(BudgetSpent) as spent:
        ledger.check_hours(1.0)
    assert f"{command}hours=N`" in str(spent.value)


def test_a_refusal_sets_nothing_aside() -> None:
    ledger = Ledger(Budget(money=1.0, tokens=100))
    for _ in range(3):
        with pytest.raises(BudgetSpent):
            ledger.reserve(0.5, 101)
    ledger.reserve(1.0, 100)


def test_what_earlier_sittings_spent_counts() -> None:
    spent = Spent(money=0.9, tokens=900)
    ledger = Ledger(Budget(money=1.0, tokens=1000), spent)
    with pytest.raises(BudgetSpent, match=r"\$0\.9000 used"):
        ledger.reserve(0.2, 10)
    spent.money = 0.0  # the fold goes on; the ledger keeps its own count
    with pytest.raises(BudgetSpent):
        ledger.reserve(0.2, 10)


def test_an_unknown_price_fails_closed_where_money_is_limited() -> None:
    with pytest.raises(BudgetSpent, match=r"price of a call of m is UNKNOWN.*tokens"):
        Ledger(Budget(money=100)).reserve(None, 10, "a call of m")
    with pytest.raises(BudgetSpent, match="calls that this run has made is UNKNOWN"):
        Ledger(Budget(money=100), Spent(unpriced=1)).reserve(0.1, 10)
    Ledger(Budget(tokens=100)).reserve(None, 100)


def test_no_limit_is_no_limit_and_zero_is_one() -> None:
    free = Ledger(Budget())
    free.reserve(1e9, 10**12)
    free.check_hours(1e9)
    with pytest.raises(BudgetSpent):
        Ledger(Budget(tokens=0)).reserve(0.0, 1)
    Ledger(Budget(money=0, tokens=0)).reserve(0.0, 0)  # a model that costs nothing still answers


def test_hours() -> None:
    ledger = Ledger(Budget(hours=0.5))
    ledger.check_hours(1799.9)
    with pytest.raises(BudgetSpent, match=r"0\.5 hours is spent: 0\.50 worked.*hours=N"):
        ledger.check_hours(1800)


def test_hours_of_runs_that_share_a_budget() -> None:
    ledger = Ledger(Budget(hours=0.5), worked=lambda: 1801.0)
    with pytest.raises(BudgetSpent):
        ledger.check_hours(1.0)


def test_many_threads_never_pass_the_limit() -> None:
    ledger = Ledger(Budget(tokens=1000))
    granted: list[int] = []

    def work() -> None:
        for _ in range(50):
            try:
                reserved = ledger.reserve(None, 10)
            except BudgetSpent:
                continue
            granted.append(reserved.tokens)
            ledger.settle(reserved, None, 10)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(granted) == 1000
