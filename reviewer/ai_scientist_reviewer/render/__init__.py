"""A review for people: Markdown, a page to read, and the paper with the points as comments."""

from ai_scientist_reviewer.render.markdown import markdown

__all__ = ["markdown"]
