"""Which rules' findings may count as a hit, by kind of seeded error.

A kind lists every rule whose finding would tell a reader of that very error; what other rules say of the same twin does not count.
"""

from __future__ import annotations

from collections.abc import Mapping

_RESULTS = ("number-contradicted", "number-misplaced", "number-unexplained")
_NUMBERS = ("number-mismatch", "number-inconsistent", "abstract-number")
"""A number of the text that is wrong, told by a table or by the text elsewhere."""

ACCEPTED: Mapping[str, frozenset[str]] = {
    kind: frozenset(rules)
    for kind, rules in {
        "number-not-in-table": (*_NUMBERS, "percentage-change", "comparison-flipped"),
        "number-not-in-results": _RESULTS,
        "percentage-off": (*_NUMBERS, "percentage-change"),
        "comparison-flipped": ("comparison-flipped", "ranking-unsupported"),
        "wrong-bold": ("bold-not-best",),
        "p-value": ("p-value",),
        "grim": ("grim",),
        "wrong-year": ("citation-metadata", "reference-date", "citation-mismatch"),
        "invented-reference": ("citation-unknown",),
        "undefined-reference": ("unresolved-reference",),
        "undefined-citation": ("unresolved-reference", "citation-absent"),
        "duplicate-label": ("duplicate-label",),
        "captions-exchanged": ("caption-exchanged",),
        "figure-duplicated": ("figure-duplicated",),
        "float-unreferenced": ("figure-unreferenced",),
        "figure-illegible": ("figure-text",),
        "overfull": ("overfull",),
        "section-dropped": ("missing-limitations", "missing-section"),
        "over-page-limit": ("page-limit",),
        "identity-shown": (
            "author-named", "email-shown", "acknowledgements", "identity-link", "identity-metadata", "self-citation", "user-path",
        ),
        "placeholder": ("placeholder",),
        "model-residue": ("model-residue",),
        "percent-unescaped": ("sentence-cut",),
    }.items()
}  # fmt: skip
