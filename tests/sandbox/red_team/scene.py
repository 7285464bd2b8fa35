"""What an attack may want of this machine: things of the test's own that are worth stealing, and whether it got them."""

from __future__ import annotations

import http.server
import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.sandbox.conformance import gone
from tests.sandbox.red_team.handles import handle_of

_KERNEL = ("core_pattern", "hostname", "modprobe", "domainname")
_LANDINGS = [f"{folder}/won" for folder in ("", "/tmp", "/var/tmp", "/dev/shm", "/job", "/etc", "/usr/local")]


def kernel_settings() -> dict[str, str]:
    """Settings of the machine that a program might want to change."""
    found = {name: Path("/proc/sys/kernel", name) for name in _KERNEL}
    return {name: path.read_text() for name, path in found.items() if path.exists()}


@dataclass(frozen=True)
class Scene:
    """A machine with something to lose. It lasts as long as the tests."""

    folder: Path
    """On the host, open to everybody: `secret`, and nothing else for as long as nobody breaks out."""
    secret: str = field(default_factory=lambda: f"secret-{uuid.uuid4().hex}")
    """Where this text shows up, something was read that was not to be read."""
    mark: str = field(default_factory=lambda: f"mark-{uuid.uuid4().hex}")
    """In the environment of every process of an attack, so that one that outlives its job is found."""
    port: int = 0
    """Of an HTTP server on 127.0.0.1 that tells the secret."""
    abstract: str = ""
    """Abstract name of a socket between processes that tells the secret."""
    engine: Path = Path()
    """Socket of what passes for a Docker engine and tells the secret."""
    visits: list[str] = field(default_factory=list)
    """Who came to one of the three."""
    neighbour: str = "192.0.2.254"
    """Address at which controls have an HTTP server that tells the secret."""
    kernel: dict[str, str] = field(default_factory=kernel_settings)
    """Settings of the machine as they were."""
    other: str = ""
    """Container of the job that runs at the same time; empty where that is in no container."""

    @property
    def names(self) -> dict[str, str]:
        """What an attack's arguments may name."""
        return {
            "secret": self.secret,
            "secret_file": str(self.folder / "secret"),
            "folder": str(self.folder),
            "home": str(Path.home()),
            "port": str(self.port),
            "abstract": self.abstract,
            "neighbour": self.neighbour,
            "handle": handle_of(self.folder / "secret"),
        }

    def harm(self) -> list[str]:
        """What an attack did to this machine and was not to do; it is mended, so that the next one starts afresh."""
        found = [f"visited {who}" for who in self.visits]
        self.visits.clear()
        for path in self.folder.iterdir():
            if path.name != "secret":
                found.append(f"wrote {path.name}: {path.read_bytes()[:100]!r}")
                path.unlink()
        if (self.folder / "secret").read_text() != self.secret:
            found.append("changed the secret file")
            (self.folder / "secret").write_text(self.secret)
        found += [f"wrote {path}" for path in _LANDINGS if os.path.lexists(path)]
        found += [f"changed {name}" for name, value in kernel_settings().items() if value != self.kernel.get(name)]
        found += [] if gone(self.mark) else ["left a process running"]
        return found


@contextmanager
def set_up(folder: Path) -> Iterator[Scene]:
    """Lay the secret and open the services that tell it."""
    folder.chmod(0o777)
    scene = Scene(folder)
    (folder / "secret").write_text(scene.secret)
    (folder / "secret").chmod(0o666)
    with ExitStack() as stack:
        port = stack.enter_context(_http(scene))
        abstract = f"red-team-{uuid.uuid4().hex}"
        engine = folder.parent / f"{folder.name}.sock"
        stack.enter_context(_talker(scene, "\0" + abstract, "the abstract socket"))
        stack.enter_context(_talker(scene, str(engine), "the engine's socket"))
        engine.chmod(0o666)
        fields = {"secret": scene.secret, "mark": scene.mark, "visits": scene.visits}
        yield Scene(folder, **fields, port=port, abstract=abstract, engine=engine)


@contextmanager
def _http(scene: Scene) -> Iterator[int]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            scene.visits.append("the HTTP server on loopback")
            self.send_response(200)
            self.end_headers()
            self.wfile.write(scene.secret.encode())

        def log_message(self, format: str, *arguments: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@contextmanager
def _talker(scene: Scene, address: str, who: str) -> Iterator[None]:
    """A socket between processes that answers whatever it is asked with the secret."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen(8)

    def serve() -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:
                return  # closed: the tests are over
            scene.visits.append(who)
            with caller:
                caller.settimeout(5)
                caller.recv(4096)
                caller.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + scene.secret.encode())

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        Path(address).unlink(missing_ok=True) if address[0] != "\0" else None
