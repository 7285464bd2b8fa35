"""How the findings of checks are written down: one format, one module."""
