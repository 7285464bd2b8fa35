"""Files that come with the program: configs/ and templates/."""

from __future__ import annotations

from pathlib import Path


def bundled(*parts: str) -> Path:
    """A file or folder under `configs/` or `templates/`: in the checkout where there is one, else in the installed package."""
    package = Path(__file__).resolve().parent
    checkout = package.parent
    root = (
        checkout
        if (checkout / "pyproject.toml").is_file() and (checkout / "templates").is_dir()
        else package / "_bundled"
    )
    return root.joinpath(*parts)
