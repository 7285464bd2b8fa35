"""What can go wrong, as one sentence that says what is wrong and what to do, and an exit code of its kind.

The table of exit codes stands in docs/exit-codes.md; `EXIT_CODES` is its source and a test compares the two.
"""

from __future__ import annotations

EXIT_CODES: dict[int, str] = {
    0: "done",
    1: "a fault of ours; `--debug` shows the traceback",
    2: "bad input: a topic, a file, an option, a configuration",
    3: "the model cannot be used: unknown, refused key, empty account, unreachable, no usable reply",
    4: "the sandbox or the machine failed: no back end that holds, no image, disk full, TeX missing",
    5: "a limit was reached: the budget of money, tokens or hours is spent",
    6: "the run directory is held by another process, damaged, or of a newer format",
    7: "the topic lies outside what the offline model can study",
    8: "nothing to report: no experiment worked",
    9: "a check failed: `check` found something as severe as `--fail-on` says, `verify` found a number that does not hold, or could not decide one, or the paper could not be bound to its claims",
    10: "done, with degradations that touch a claim, or with a record that could not be checked",
    11: "waiting for approval",
    130: "stopped by Ctrl-C; the run can be resumed",
    143: "stopped by SIGTERM; the run can be resumed",
}


def cause(error: Exception) -> str:
    """Why, without the number and the path that the system puts around it."""
    return str(getattr(error, "strerror", None) or error)


class AIScientistError(Exception):
    """One sentence for a person: what is wrong, and what to do."""

    exit_code = 1


class InputError(AIScientistError):
    exit_code = 2


class ModelError(AIScientistError):
    exit_code = 3


class MachineError(AIScientistError):
    exit_code = 4


class BudgetSpent(AIScientistError):
    exit_code = 5


class RunDirectoryError(AIScientistError):
    exit_code = 6


class TopicRefused(AIScientistError):
    exit_code = 7


class NothingFound(AIScientistError):
    exit_code = 8


class CheckFailed(AIScientistError):
    exit_code = 9


class Stopped(AIScientistError):
    """The user, or the system, asked the run to stop."""

    exit_code = 130

    def __init__(self, message: str, exit_code: int = 130) -> None:
        super().__init__(message)
        self.exit_code = exit_code
