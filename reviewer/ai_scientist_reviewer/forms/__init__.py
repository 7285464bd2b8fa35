"""Venues' review forms, as data: one YAML file each, and the sheet that a referee fills in, built from it."""

from ai_scientist_reviewer.forms.base import NOT_ASSESSED, Decision, Form, FormError, Scale
from ai_scientist_reviewer.forms.read import form, names
from ai_scientist_reviewer.forms.sheets import ChairSheet, Point, Sheet, Verdict, Verdicts, scores_of, sheet

__all__ = [
    "NOT_ASSESSED",
    "ChairSheet",
    "Decision",
    "Form",
    "FormError",
    "Point",
    "Scale",
    "Sheet",
    "Verdict",
    "Verdicts",
    "form",
    "names",
    "scores_of",
    "sheet",
]
