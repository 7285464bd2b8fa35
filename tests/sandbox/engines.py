"""The Docker engine for tests, and a relay to it that a test can take away as a stopping engine goes away."""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import pytest
from ai_scientist_sandbox import SandboxError
from ai_scientist_sandbox.engine import OWNER, Engine

SOCKET = Path("/var/run/docker.sock")


def engine_or_skip() -> Engine:
    """An engine that is there and refuses us, or hangs, is a fault and no reason to skip."""
    try:
        return Engine()
    except SandboxError as error:
        if str(error).startswith("no Docker engine"):
            pytest.skip(f"this machine has no docker engine: {error}")
        raise


def containers(engine: Engine, pid: int, state: str = "") -> list[str]:
    """Containers that a process opened and that are still there, in that state or in any."""
    found = engine.api.containers(all=True, filters={"label": OWNER})
    own = [one for one in found if f".{pid}." in one["Labels"][OWNER]]
    return [one["Id"] for one in own if state in ("", one["State"])]


def until(holds: Callable[[], object], seconds: float = 10.0) -> bool:
    """Whether it comes to hold within that time."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


class Relay:
    """A socket behind which the engine is, until it is cut."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp())  # a socket's path may not be long
        self.host = f"unix://{self.folder}/engine.sock"
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.folder / "engine.sock"))
        self.listener.listen(64)
        self.open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(str(SOCKET))
            self.open += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=_pump, args=(source, sink), daemon=True).start()

    def cut(self) -> None:
        """The engine is gone: nobody listens, and what was open is closed."""
        (self.folder / "engine.sock").unlink()
        self.listener.close()
        for end in self.open:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it was over already

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if (self.folder / "engine.sock").exists():
            self.cut()
        for end in self.open:
            end.close()
        shutil.rmtree(self.folder)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        return
