"""Which rules' findings may count as a hit, by kind of seeded error.

A kind lists every rule whose finding would tell a reader of that very error; what other rules say of the same twin does not count.
"""

from __future__ import annotations

from collections.abc import Mapping

ACCEPTED: Mapping[str, frozenset[str]] = {}
