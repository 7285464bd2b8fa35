"""Tables with their cells: from LaTeX tabulars, and from the rules and words of a page."""
