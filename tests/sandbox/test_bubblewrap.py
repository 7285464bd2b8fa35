from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

import ai_scientist_sandbox
import pytest
from ai_scientist_sandbox import Limits, SandboxError
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


def test_an_ordinary_user_has_the_same_walls(host: BubblewrapHost) -> None:
    """Without root there may be no control group: memory and cores may go unheld, and it is said; all else stands."""
    program = """
import json, os
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
from ai_scientist_sandbox.bubblewrap import BubblewrapHost
print(json.dumps({limit: why for limit, why in BubblewrapHost().holds().items() if why}))
"""
    # Our interpreter may lie in a folder that only root may enter, and so may the checkout.
    python = "/usr/bin/python3" if os.geteuid() == 0 and Path("/usr/bin/python3").exists() else sys.executable
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        shutil.copytree(Path(ai_scientist_sandbox.__file__).parent, f"{folder}/ai_scientist_sandbox")
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": folder, "HOME": folder}
        done = subprocess.run([python, "-c", program], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    broken = json.loads(done.stdout)
    assert set(broken) <= {"memory", "cpu"}
    assert all("systemd-run" in why for why in broken.values())


def test_gpus_are_refused(host: BubblewrapHost) -> None:
    with pytest.raises(SandboxError, match="GPU"):
        host.open("python", Limits(gpus=1))
