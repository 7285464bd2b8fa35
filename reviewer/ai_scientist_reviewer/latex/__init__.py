"""LaTeX source as a project: what it defines and uses, and its text as a reader would see it, each with file and line."""
