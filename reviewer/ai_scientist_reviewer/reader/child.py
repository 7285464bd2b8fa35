"""The other side: the process in which PDFium meets a paper. It is started by `process`, does one task, and ends."""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from ai_scientist_reviewer.document import PaperError
from ai_scientist_reviewer.reader.wire import receive, send

Frames = Iterator[tuple[bytes, bytes]]
_PARENT_DIED = 1
"""prctl's PR_SET_PDEATHSIG."""


def main() -> None:
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)  # what a library prints must not run into the frames
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    request = json.loads(receive(source)[1])
    data, payload = receive(source)[1], receive(source)[1]
    limit(request["bounds"]["memory"], request["bounds"]["seconds"])
    answer(sink, request, data, payload)
    sink.flush()
    os._exit(0)  # a damaged document may crash the library when it is taken apart


def limit(memory: int, seconds: float) -> None:
    """Address space, processor time, no files, no core; and no life after our parent's."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DIED, 9, 0, 0, 0)
    if sys.platform == "win32":
        return
    import resource

    time = max(1, int(seconds)) + 5
    for kind, least in ((resource.RLIMIT_CPU, time), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_AS, memory)):  # fmt: skip
        hard = resource.getrlimit(kind)[1]
        bound = least if hard == resource.RLIM_INFINITY else min(least, hard)
        try:
            resource.setrlimit(kind, (bound, bound))
        except (OSError, ValueError):  # macOS knows no limit of address space
            continue


def answer(sink: BinaryIO, request: dict[str, Any], data: bytes, payload: bytes) -> None:
    """Does the task. What goes wrong in a way that is not foreseen here ends the process, and our side says that it crashed."""
    name = request["name"]
    try:
        for kind, frame in _tasks()[request["task"]](request, data, payload):
            send(sink, kind, frame)
            sink.flush()
    except PaperError as error:
        said = str(error)
    except MemoryError:
        said = f"{name} needs more than {request['bounds']['memory'] / 1024**3:.0f} GiB of memory to be read."
    except RecursionError:
        said = f"{name} is nested too deeply to be read."
    except (ValueError, TypeError, LookupError, ArithmeticError, OSError, RuntimeError, ctypes.ArgumentError) as error:
        said = f"{name} is damaged: reading it failed ({type(error).__name__}: {str(error)[:200]})."
    else:
        return
    send(sink, b"E", said.encode("utf-8", "replace"))


def _tasks() -> dict[str, Callable[[dict[str, Any], bytes, bytes], Frames]]:
    from ai_scientist_reviewer.reader import drawing, figures, pages

    return {
        "read": pages.read,
        "pictures": drawing.pictures,
        "seen": drawing.seen,
        "figures": figures.figures,
        "files": figures.files,
    }
