"""A package index on this machine, and wheels made on the spot: tests of extra packages reach no other."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
import threading
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from ai_scientist_sandbox import images


def wheel(name: str, version: str, files: Mapping[str, str], requires: Sequence[str] = ()) -> tuple[str, bytes]:
    """A wheel for any Python: its file name and its bytes."""
    about = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    held = {
        **files,
        f"{about}/METADATA": metadata + "".join(f"Requires-Dist: {one}\n" for one in requires),
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for path, text in held.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record += f"{path},sha256={digest},{len(text.encode())}\n"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for path, text in {**held, f"{about}/RECORD": f"{record}{about}/RECORD,,\n"}.items():
            archive.writestr(zipfile.ZipInfo(path), text)
    return f"{name}-{version}-py3-none-any.whl", made.getvalue()


def source(name: str, version: str, setup: str) -> tuple[str, bytes]:
    """A source package, whose setup.py is run by whoever builds it."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as tar:
        for path, text in {
            "setup.py": setup,
            "PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        }.items():
            entry = tarfile.TarInfo(f"{name}-{version}/{path}")
            entry.size = len(text.encode())
            tar.addfile(entry, io.BytesIO(text.encode()))
    return f"{name}-{version}.tar.gz", made.getvalue()


TINY = (
    wheel("tinysum", "1.5", {"tinysum/__init__.py": "from tinyadd import add\n"}, ["tinyadd"]),
    wheel("tinyadd", "2.0", {"tinyadd/__init__.py": "def add(a, b): return b + a\n"}),
)
"""A package and another that it needs."""


class Index:
    """What is to be had, by file name. Each file may be exchanged while it serves."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        """Paths, in order."""
        self.url = ""

    def add(self, *files: tuple[str, bytes]) -> None:
        self.files |= dict(files)

    def page(self, name: str) -> str:
        """The files of a package, with their hashes."""
        own = [file for file in self.files if file.partition("-")[0].replace("_", "-").lower() == name]
        hashes = {file: hashlib.sha256(self.files[file]).hexdigest() for file in own}
        return "".join(f'<a href="/files/{file}#sha256={hashes[file]}">{file}</a>\n' for file in own)


def fresh_cache(home: Path) -> Path:
    """A cache without derived images, and with the python image of this machine: for XDG_CACHE_HOME. Returns where images are."""
    built = images.find("python").root
    assert built
    folder = home / "ai-scientist" / "images"
    folder.mkdir(parents=True)
    (folder / built.name).symlink_to(built.resolve())
    return folder


@contextmanager
def serving() -> Iterator[Index]:
    index = Index()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            index.asked.append(self.path)
            kind, _, name = self.path.strip("/").partition("/")
            found = index.files.get(name) if kind == "files" else index.page(name).encode() or None
            self.send_response(404 if found is None else 200)
            self.send_header("Content-Type", "application/octet-stream" if kind == "files" else "text/html")
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(found or b"")

        def log_message(self, format: str, *args: object) -> None:
            pass

    for verb in ("GET", "HEAD"):
        setattr(Handler, f"do_{verb}", Handler.answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    index.url = f"http://127.0.0.1:{server.server_port}/simple"
    try:
        yield index
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
