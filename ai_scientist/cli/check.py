"""`ai-scientist check`: the reviewer's linter, with sources that know which works exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ai_scientist_reviewer.command import command

if TYPE_CHECKING:
    from ai_scientist_reviewer.ports import Records


def records(online: bool) -> Records:
    """The shelf of well-known works alone, or the services as well."""
    from ai_scientist.literature import cited

    return cited.online() if online else cited.offline()


check = command(records)
