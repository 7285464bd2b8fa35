"""PDFium, opened with care: one thread at a time, its errors as sentences."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ai_scientist_reviewer.document import PaperError

_one_at_a_time = threading.RLock()  # PDFium is not thread-safe


@contextmanager
def opened(data: bytes, name: str) -> Iterator[Any]:
    """A `pypdfium2.PdfDocument`.

    Raises:
        PaperError: the file is damaged or encrypted, or turns out to be so within the block.
    """
    import pypdfium2

    with _one_at_a_time:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower() or "security" in str(error).lower():
                raise PaperError(f"{name} is encrypted; give a copy without a password.") from error
            raise PaperError(f"{name} is damaged and cannot be read as a PDF.") from error
        try:
            yield document
        except pypdfium2.PdfiumError as error:
            raise PaperError(f"{name} is damaged ({str(error).rstrip('.')}).") from error
        finally:
            document.close()


def said(ask: Any, *arguments: Any, most: int = 100_000) -> str:
    """A text that PDFium gives as UTF-16, in two calls: for its length in bytes, and for itself; "" where it is too long."""
    size = ask(*arguments, None, 0)
    if not 2 < size <= 2 * most:
        return ""
    buffer = ctypes.create_string_buffer(size)
    ask(*arguments, ctypes.cast(buffer, ask.argtypes[-2]), size)
    return buffer.raw[:size].decode("utf-16-le", "replace").partition("\0")[0]
