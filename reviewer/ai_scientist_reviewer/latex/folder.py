"""The files below a project's folder, and none outside of it: what a source names is a stranger's wish, not a path."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ai_scientist_reviewer.document import PaperError

MAX_TEXT = 8 * 1024 * 1024
"""Bytes of one source file."""
MAX_PICTURE = 32 * 1024 * 1024
"""Bytes of one graphics file."""
MAX_TOTAL = 128 * 1024 * 1024
"""Bytes of all files of a project together."""
PICTURES = (".pdf", ".png", ".jpg", ".jpeg", ".eps", ".svg", ".PDF", ".PNG", ".JPG", ".JPEG")


class OutsideError(Exception):
    """The name leads out of the folder, by climbing, from the root, or through a link."""


@dataclass
class Folder:
    """Reads files by the names that a source gives them."""

    root: Path
    """Nothing above it is read. An absolute path without links."""
    base: PurePosixPath
    """Below the root: where names start from, which is where the main file lies."""
    total: int = 0
    """Bytes read so far."""
    seen: dict[str, str] = field(default_factory=dict)
    """Text of the source files that were read, by path below the root."""

    def path(self, name: str) -> str | None:
        """The path below the root of the file that is called so; None where there is none.

        Raises:
            OutsideError: it would lie outside.
        """
        wanted = PurePosixPath(name.strip().strip('"'))
        if not name.strip() or "\0" in name or len(name) > 1000:
            return None
        if wanted.is_absolute() or name.strip().startswith(("~", "|")) or "\\" in name:
            raise OutsideError(name)
        try:
            found = (self.root / self.base / wanted).resolve()
            if not found.is_relative_to(self.root):
                raise OutsideError(name)
            return found.relative_to(self.root).as_posix() if found.is_file() else None
        except (OSError, RuntimeError):  # too long a name, a link to itself
            return None

    def text(self, path: str) -> str:
        """A source file by its path below the root; bytes that are not UTF-8 are taken for Latin-1.

        Raises:
            PaperError: it is too large, or cannot be read.
        """
        if path not in self.seen:
            data = self.data(path, MAX_TEXT)
            try:
                text = data.decode("utf-8-sig")
            except UnicodeDecodeError:
                text = data.decode("latin-1")
            self.seen[path] = text.replace("\r\n", "\n").replace("\r", "\n")
        return self.seen[path]

    def data(self, path: str, most: int) -> bytes:
        """Raises: PaperError: it is larger than `most` bytes, or all files together are too large, or it cannot be read."""
        try:
            with (self.root / path).open("rb") as file:
                data = file.read(most + 1)
        except OSError as error:
            raise PaperError(f"{path} cannot be opened: {error.strerror or error}.") from error
        if len(data) > most:
            raise PaperError(f"{path} is larger than {most // 1024**2} MiB, the most that is read.")
        self.total += len(data)
        if self.total > MAX_TOTAL:
            raise PaperError(
                f"The files of the paper hold more than {MAX_TOTAL // 1024**2} MiB, the most that is read."
            )
        return data
