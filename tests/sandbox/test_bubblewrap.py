from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import ai_scientist_sandbox
import pytest
from ai_scientist_sandbox import ALL_LIMITS, Limits, SandboxError
from ai_scientist_sandbox.bubblewrap import BubblewrapHost
from ai_scientist_sandbox.cgroups import Cgroups
from ai_scientist_sandbox.owners import PREFIX

from tests.sandbox.conformance import LIMITS, LINGERER, gone, processes_with, run
from tests.sandbox.strong import StrongContract

OWNER = """
import sys
from ai_scientist_sandbox import Limits
from ai_scientist_sandbox.{module} import {host}
with {host}().open("python", Limits(wall=100)) as sandbox:
    sandbox.put({{"program.py": sys.argv[1].encode()}})
    sandbox.run(["python", "program.py"])
"""


def left_behind(pid: int) -> list[Path]:
    """Folders and groups named after a process."""
    places = [Path(tempfile.gettempdir()), *Cgroups().homes.values()]
    return [found for place in places for found in place.glob(f"{PREFIX}*.{pid}.*")]


def kill_an_owner(module: str, host: str) -> int:
    """SIGKILL a process of ours whose job runs; the job has to end with it. Returns the dead owner's pid."""
    mark = f"mark-{uuid.uuid4()}"
    program = LINGERER.replace("MARK", repr(mark)) + "\ntime.sleep(300)"
    owner = subprocess.Popen([sys.executable, "-c", OWNER.format(module=module, host=host), program])
    try:
        for _ in range(200):
            # The owner's own command line holds the program and so the mark.
            if len([pid for pid in processes_with(mark) if pid != str(owner.pid)]) >= 1:
                break
            assert owner.poll() is None
            signal.sigtimedwait([], 0.05)
        else:
            raise AssertionError("the job did not begin")
    finally:
        owner.kill()
        owner.wait()
    assert gone(mark)
    return owner.pid


@pytest.fixture
def host(bubblewrap_host: BubblewrapHost) -> BubblewrapHost:
    return bubblewrap_host


class TestBubblewrap(StrongContract):
    def test_nothing_outlives_our_own_death(self, host: BubblewrapHost) -> None:
        pid = kill_an_owner("bubblewrap", "BubblewrapHost")
        assert left_behind(pid)  # folders and groups stay, empty, until somebody opens a host
        BubblewrapHost()
        assert left_behind(pid) == []

    def test_closing_leaves_nothing(self, host: BubblewrapHost) -> None:
        run(host, "raise SystemExit(1)")
        with host.open("python", LIMITS):
            pass  # closed without a run
        assert left_behind(os.getpid()) == []

    def test_mounts_that_the_other_user_may_not_read_are_refused(self, host: BubblewrapHost, tmp_path: Path) -> None:
        tmp_path.chmod(0o700)
        if os.geteuid() == 0:
            with pytest.raises(SandboxError, match="chmod"):
                host.open("python", LIMITS, mounts={"set": tmp_path})


HELD = """
import json, os
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
from ai_scientist_sandbox.bubblewrap import BubblewrapHost
print(json.dumps({limit: why for limit, why in BubblewrapHost().holds().items() if why}))
"""


@contextmanager
def as_an_ordinary_user() -> Iterator[tuple[list[str], dict[str, str]]]:
    """Command and environment of HELD, for who may not enter our interpreter's folder or the checkout."""
    python = "/usr/bin/python3" if os.geteuid() == 0 and Path("/usr/bin/python3").exists() else sys.executable
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        shutil.copytree(Path(ai_scientist_sandbox.__file__).parent, f"{folder}/ai_scientist_sandbox")
        yield [python, "-c", HELD], {"PATH": os.environ["PATH"], "PYTHONPATH": folder, "HOME": folder}


def test_an_ordinary_user_has_the_same_walls(host: BubblewrapHost) -> None:
    """Without root there may be no control group: memory and cores may go unheld, and it is said; all else stands."""
    with as_an_ordinary_user() as (command, environment):
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    broken = json.loads(done.stdout)
    assert set(broken) <= {"memory", "cpu"}
    assert all("systemd-run" in why for why in broken.values())


def test_a_machine_that_refuses_user_namespaces_is_said_and_no_crash(host: BubblewrapHost) -> None:
    """As Ubuntu does since 24.04; here by a namespace of our own in which there may be no further ones."""
    if os.geteuid() != 0:
        pytest.skip("only root can map a whole range of ids into a namespace")
    with as_an_ordinary_user() as (command, environment):
        rest = f"echo 0 >/proc/sys/user/max_user_namespaces && exec {shlex.join(command)}"
        inside = subprocess.Popen(  # a shell becomes root of the namespace when it is started after ids are mapped
            ["unshare", "--user", "sh", "-c", f"read go; exec sh -c {shlex.quote(rest)}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        outer = Path("/proc/self/ns/user").readlink()
        while Path(f"/proc/{inside.pid}/ns/user").readlink() == outer:
            assert inside.poll() is None
            time.sleep(0.01)
        for ids in ("uid_map", "gid_map"):
            Path(f"/proc/{inside.pid}/{ids}").write_text("0 0 65536")
        said, faults = inside.communicate("go\n", timeout=60)
    assert inside.returncode == 0, faults
    broken = json.loads(said)
    assert set(broken) == ALL_LIMITS
    assert all(
        "sysctl kernel.apparmor_restrict_unprivileged_userns=0" in why and "\n" not in why for why in broken.values()
    )


def test_gpus_are_refused(host: BubblewrapHost) -> None:
    with pytest.raises(SandboxError, match="GPU"):
        host.open("python", Limits(gpus=1))
