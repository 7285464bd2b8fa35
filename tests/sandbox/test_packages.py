"""Extra packages: resolved beside what an image holds, locked, and built into a derived image by every back end."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from ai_scientist_sandbox import (
    Limits,
    PackagesError,
    SandboxError,
    SandboxHost,
    derived,
    dockerfiles,
    images,
    locks,
    open_host,
    recipes,
)
from ai_scientist_sandbox.engine import Engine
from ai_scientist_sandbox.inventory import inventory, prune
from ai_scientist_sandbox.process import ProcessHost
from ai_scientist_sandbox.requirement import requirement_fault
from ai_scientist_sandbox.resolving import resolve

from tests.sandbox.wheels import Index, fresh_cache, serving, source, wheel

BASE = locks.parse(recipes.locked("python"))
NUMPY = sorted({pin.version for pin in BASE if pin.name == "numpy"})
BACK_ENDS = ("docker", "bubblewrap", "process")
BUILDERS = pytest.mark.parametrize("host", ("docker", "bubblewrap"), indirect=True)
"""`process` uses what bubblewrap builds."""


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, but for the python image."""
    folder = fresh_cache(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return folder


@pytest.fixture
def ran(tmp_path: Path) -> Path:
    """A file that is there once code of a package was run on this machine."""
    return tmp_path / "ran"


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch, cached: Path, ran: Path) -> Iterator[Index]:
    """With a package that is wanted, one that it needs, and others that cannot be had. They run code whenever they can."""
    del cached
    start = f"import os; os.path.isdir({str(ran.parent)!r}) and open({str(ran)!r}, 'a').write('start')\n"
    with serving() as index:
        monkeypatch.setenv("UV_DEFAULT_INDEX", index.url)
        monkeypatch.setenv("UV_HTTP_RETRIES", "0")
        index.add(
            wheel("tinysum", "1.5", {"tinysum/__init__.py": "from tinyadd import add\n", "tinysum.pth": start}, ["tinyadd>=1", "numpy"]),
            wheel("tinyadd", "1.0", {"tinyadd/__init__.py": "def add(a, b): return a + b\n"}),
            wheel("tinyadd", "2.0", {"tinyadd/__init__.py": "def add(a, b): return b + a\n"}),
            wheel("oldnumpy", "1.0", {"oldnumpy.py": ""}, ["numpy<2"]),
            wheel("another", "1.0", {"another.py": ""}, ["tinyadd<2"]),
            source("fromsource", "1.0", start),
            *(wheel("numpy", version, {"numpy/__init__.py": "raise SystemExit('not ours')"}) for version in NUMPY),
        )  # fmt: skip
        yield index


def test_what_an_image_holds_stays_and_the_rest_is_locked(index: Index) -> None:
    lock = locks.parse(resolve("python", ["tinysum"]))
    assert set(BASE) <= set(lock), "with the hashes that it was built with"
    added = sorted(set(lock) - set(BASE))
    assert [(pin.name, pin.version, pin.marker) for pin in added] == [("tinyadd", "2.0", ""), ("tinysum", "1.5", "")]
    assert all(len(pin.hashes) == 1 for pin in added)
    assert resolve("python", ["tinysum"]) == resolve("python", [" tinysum >= 1 ", "tinyadd"])
    assert "tinyadd==1.0" in resolve("python", ["tinysum", "tinyadd<2"])
    assert not [path for path in index.asked if path.endswith(".tar.gz")]


def test_a_package_that_is_there_already_changes_nothing(index: Index) -> None:
    lock = resolve("python", ["numpy>=2"])
    assert derived.derive("python", lock) == "python" == derived.image_name("python", recipes.locked("python"))
    assert derived.names() == []


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (
            ["oldnumpy"],
            rf"packages oldnumpy do not go with the python image, in which numpy {' or '.join(NUMPY)} stays as it is: .*numpy<2",
        ),
        (
            ["numpy<2"],
            rf"do not go with the python image, in which numpy {' or '.join(NUMPY)} stays as it is: .*numpy<2",
        ),
        (["nowhere"], "there is no package 'nowhere' in the package index"),
        (["fromsource"], "fromsource cannot be had as wheels, .* since to build one would run its code"),
        (["tinysum==9"], "cannot be had: there is no version of tinysum==9"),
        (
            ["tinyadd>=2", "another"],
            "the packages tinyadd>=2, another cannot be had: all versions of another depend",
        ),
        (["tinysum[nosuch]"], "the package tinysum==1.5 has no extra 'nosuch'"),
        (["-r /etc/passwd"], "'-r /etc/passwd' names no package"),
    ],
)
def test_what_cannot_be_had_is_one_sentence(index: Index, ran: Path, wanted: list[str], sentence: str) -> None:
    with pytest.raises(PackagesError, match=sentence) as told:
        resolve("python", wanted)
    assert "\n" not in str(told.value)
    assert not ran.exists(), "a source package was built"


def test_an_index_that_cannot_be_reached_is_the_machines_fault(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://someone:s3cret@127.0.0.1:9/simple")
    with pytest.raises(SandboxError, match="tinysum cannot be locked: the package index cannot be asked") as told:
        resolve("python", ["tinysum"])
    assert "s3cret" not in str(told.value)


@pytest.mark.parametrize("text", ["xgboost", "dask[array, dataframe] >=2026,<2027", "a==1.*", "x_y.z-1~=1.0", "a!=1"])
def test_a_requirement_may_have_extras_and_versions(text: str) -> None:
    assert requirement_fault(text) == ""


@pytest.mark.parametrize(
    "text",
    ["", "./local", "https://x/y.whl", "a @ https://x/y.whl", "-e .", "--pre", "a; python_version<'4'", "a\n-r b", "a b", "<1", "$(id)"],
)  # fmt: skip
def test_nothing_else_is_a_requirement(text: str) -> None:
    assert "names no package" in requirement_fault(text)


@pytest.mark.parametrize(
    "line",
    ["--find-links https://x/simple", "-r other.txt", "-e .", "a @ https://x/a.whl --hash=sha256:" + "0" * 64, "a==1", "a>=1 --hash=sha256:" + "0" * 64,
     "a==1 --hash=md5:" + "0" * 32, "a==1 --hash=sha256:" + "0" * 64 + " --no-binary", "./a.whl --hash=sha256:" + "0" * 64, "", "# nothing"],
)  # fmt: skip
def test_a_lock_from_anybody_holds_pinned_packages_and_nothing_else(line: str) -> None:
    with pytest.raises(locks.LockError):
        locks.parse(line)
    with pytest.raises(locks.LockError):
        locks.parse(f"{recipes.locked('python')}{line} \\\n  --pre\n")


@pytest.fixture(params=BACK_ENDS)
def host(request: pytest.FixtureRequest, index: Index) -> Iterator[SandboxHost]:
    """Each back end. An engine is left as it was found."""
    del index  # the cache has to be there still when the engine is cleared
    if request.param == "process":
        yield ProcessHost()
        return
    strong = request.getfixturevalue(f"{request.param}_host")
    yield strong
    if request.param == "docker":
        strong.close()  # a container that waits for a job keeps its image
        engine = Engine()
        for name in derived.names():
            if dockerfiles.look(engine, dockerfiles.tag(name)):
                engine.api.remove_image(dockerfiles.tag(name))


def printed(host: SandboxHost, image: str, program: str) -> str:
    with host.open(image, Limits(wall=60)) as sandbox:
        done = sandbox.run(["python", "-c", program])
    assert done.succeeded, done.output
    return done.output.strip()


def test_a_program_imports_what_was_added(host: SandboxHost, index: Index, ran: Path) -> None:
    name = derived.derive("python", resolve("python", ["tinysum"]))
    image = host.image(name)
    assert (image.name, image.packages["tinysum"], image.packages["tinyadd"]) == (name, "1.5", "2.0")
    assert {**host.image("python").packages, "tinysum": "1.5", "tinyadd": "2.0"} == dict(image.packages)
    assert not ran.exists(), "code of a package was run where it was installed"
    assert printed(host, name, "import tinysum, numpy; print(tinysum.add(1, 2), numpy.__version__)").split()[0] == "3"
    assert ran.exists() == (host.name == "process"), "it is run where programs are; `process` keeps nothing from them"
    asked, said = len(index.asked), list[str]()
    assert open_host(host.name, progress=said.append).image(name) == image and said == [], "it is found again"
    assert len(index.asked) == asked
    there = {
        one.name: one for one in inventory() if one.sandbox == ("docker" if host.name == "docker" else "bubblewrap")
    }
    assert (there[name].digest, there[name].added) == (image.digest, ("tinyadd 2.0", "tinysum 1.5"))


@BUILDERS
def test_a_lock_of_another_version_of_ours_is_built_as_it_says(host: SandboxHost, index: Index) -> None:
    """As when a bundle is run again years later: one package was older then, and one was not there yet."""
    index.add(wheel("cycler", "0.1", {"cycler.py": "age = 'old'\n"}))
    hashes = (index.page("cycler").partition("sha256=")[2][:64],)
    then = [locks.Pin("cycler", "0.1", "", hashes), *(pin for pin in BASE if pin.name not in ("cycler", "joblib"))]
    name = derived.derive("python", locks.render(then))
    packages = host.image(name).packages
    assert packages["cycler"] == "0.1" and "joblib" not in packages
    assert set(packages) == set(host.image("python").packages) - {"joblib"}
    look = "import cycler, importlib.util, numpy; print(cycler.age, importlib.util.find_spec('joblib'))"
    assert printed(host, name, look) == "old None"


@BUILDERS
def test_another_index_may_have_them_too(host: SandboxHost, index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for builds of PyTorch that the public index has not."""
    with serving() as other:
        other.add(wheel("elsewhere", "1.0", {"elsewhere.py": "here = True\n"}, ["tinyadd"]))
        monkeypatch.setenv("UV_INDEX", f"own={other.url}")
        name = derived.derive("python", resolve("python", ["elsewhere"]))
        assert printed(host, name, "import elsewhere, tinyadd; print(elsewhere.here)") == "True"
    assert not [path for path in other.asked if "tinyadd" in path and path.startswith("/files")]


@BUILDERS
def test_files_that_are_not_the_locked_ones_build_nothing(host: SandboxHost, index: Index, cached: Path) -> None:
    name = derived.derive("python", resolve("python", ["tinyadd"]))
    index.add(wheel("tinyadd", "2.0", {"tinyadd/__init__.py": "exchanged = True\n"}))
    with pytest.raises(SandboxError, match=r"the packages tinyadd 2\.0 cannot be installed: .*(?i:hash)") as told:
        host.image(name)
    assert "\n" not in str(told.value)
    assert not list(cached.glob("python+*"))
    assert not [one for one in inventory() if one.name == name and one.digest]


def test_a_kept_lock_that_was_changed_is_not_used(index: Index) -> None:
    name = derived.derive("python", resolve("python", ["tinyadd"]))
    file = derived.place(name)
    file.write_text(file.read_text().replace("tinyadd==2.0", "tinyadd==1.0"))
    with pytest.raises(SandboxError, match=r"its lock .* was changed"):
        images.find(name)
    with pytest.raises(SandboxError, match=r"there is no image 'python\+0000000000000000'"):
        images.find("python+0000000000000000")


def said_of(name: str) -> str:
    """Why it was left; those of others are not touched by this, since their locks are not in this cache."""
    (why,) = [one.why for one in prune() if one.name == name]
    return why


def test_an_image_that_a_container_needs_is_left(docker_host: SandboxHost, engine: Engine, index: Index) -> None:
    del index
    name = derived.derive("python", resolve("python", ["tinyadd<2"]))
    container = ""
    try:
        container = engine.api.create_container(docker_host.image(name).digest, "true")["Id"]
        derived._held.pop(derived.place(name)).close()  # as where it is another's container
        assert "the Docker engine could not remove it: conflict" in said_of(name)
        derived.place(name).unlink()
        assert f"to remove it: docker rmi {dockerfiles.tag(name)}" in said_of(name), "another user's, for all we know"
    finally:
        engine.remove(container)
        engine.api.remove_image(dockerfiles.tag(name))


def test_the_history_of_a_derived_image_keeps_no_index(
    docker_host: SandboxHost, engine: Engine, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", index.url.replace("://", "://someone:s3cret@"))
    name = derived.derive("python", resolve("python", ["tinyadd"]))
    try:
        digest = docker_host.image(name).digest
        told = str(engine.api.history(digest)) + str(engine.api.inspect_image(digest))
        assert "s3cret" not in told and "INDEX" not in told
    finally:
        engine.api.remove_image(dockerfiles.tag(name))


HOLDING = """
import sys
from ai_scientist_sandbox import images
images.find(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""


def test_an_image_is_removed_when_nobody_uses_it(index: Index, cached: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")  # the engine's are others'
    name = derived.derive("python", resolve("python", ["tinyadd"]))
    pipe = subprocess.PIPE
    user = subprocess.Popen([sys.executable, "-c", HOLDING, name], stdin=pipe, stdout=pipe, text=True)
    assert user.stdout and user.stdout.readline() == "held\n"
    assert [(one.name, one.why) for one in prune()] == [(name, "a process uses it")]
    user.communicate()
    assert [(one.name, one.why) for one in prune(days=1)] == [(name, "used today")]
    assert list(cached.glob("python+*"))
    (gone,) = prune()
    assert (gone.name, gone.why) == (name, "") and gone.size > 1e6
    assert not list(cached.glob("python+*")) and derived.names() == [] and prune() == []
    assert list(cached.glob("python-*")), "the python image stays"
