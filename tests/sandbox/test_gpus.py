"""Which GPUs there are and who has one, without any: `nvidia-smi` is a script here. `test_private_engine.py` lends some."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from ai_scientist_sandbox import Limits, SandboxError, gpus, open_host
from ai_scientist_sandbox.docker import DockerHost
from ai_scientist_sandbox.gpus import Gpu, Lease, installed, lease, visible

THREE = [Gpu("GPU-8f3c0d1a-1111", 0), Gpu("GPU-8f99aaaa-2222", 1), Gpu("GPU-44440000-3333", 2)]
LISTED = "".join(f"GPU {gpu.index}: NVIDIA A100-SXM4-40GB (UUID: {gpu.uuid})\n" for gpu in THREE)
NEVER = threading.Event()

Smi = Callable[..., None]


@pytest.fixture
def smi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Smi:
    """Has `nvidia-smi -L` print that and end so."""

    def says(text: str, status: int = 0) -> None:
        (tmp_path / "listed").write_text(text)
        script = tmp_path / "bin" / "nvidia-smi"
        script.parent.mkdir(exist_ok=True)
        script.write_text(f'#!/bin/sh\ntest "$*" = -L && cat {tmp_path}/listed\nexit {status}\n')
        script.chmod(0o755)
        monkeypatch.setenv("PATH", f"{script.parent}:/usr/bin:/bin")

    monkeypatch.delenv(gpus.VISIBLE, raising=False)
    return says


@pytest.fixture
def locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where locks are, apart from the machine's."""
    folder = tmp_path / "locks"
    folder.mkdir()
    folder.chmod(0o1777)
    monkeypatch.setattr(gpus, "_FOLDERS", (str(folder),))
    return folder


def test_the_driver_is_asked(smi: Smi) -> None:
    smi(LISTED)
    assert installed() == THREE
    smi("No devices were found\n", 6)
    assert installed() == []
    smi("Failed to initialize NVML: Driver/library version mismatch\n", 18)
    with pytest.raises(SandboxError, match="which GPUs are here: Failed to initialize NVML"):
        installed()


def test_a_divided_one_is_its_parts(smi: Smi) -> None:
    smi(
        "GPU 0: NVIDIA A100 (UUID: GPU-a)\n  MIG 3g.20gb     Device  0: (UUID: MIG-b)\n"
        "  MIG 3g.20gb     Device  1: (UUID: MIG-c)\nGPU 1: NVIDIA A100 (UUID: GPU-d)\n"
    )
    assert installed() == [Gpu("MIG-b"), Gpu("MIG-c"), Gpu("GPU-d", 1)]


def test_without_the_tool_the_drivers_own_table_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for bus, uuid in (("0000:82:00.0", "GPU-second"), ("0000:03:00.0", "GPU-first")):
        (tmp_path / "gpus" / bus).mkdir(parents=True)
        (tmp_path / "gpus" / bus / "information").write_text(f"Model: \t\t A100\nIRQ:   \t\t 5\nGPU UUID: \t {uuid}\n")
    monkeypatch.setattr(gpus, "_DRIVER", tmp_path / "gpus")
    assert installed() == [Gpu("GPU-first", 0), Gpu("GPU-second", 1)]
    monkeypatch.setattr(gpus, "_DRIVER", tmp_path / "absent")
    assert installed() == []


@pytest.mark.parametrize(
    ("setting", "left"),
    [
        (None, [0, 1, 2]),
        ("", []),
        ("-1", []),
        ("NoDevFiles", []),
        ("2,0", [2, 0]),
        (" 1 , 2 ", [1, 2]),
        ("0,7,2", [0]),  # CUDA reads to the first that is none
        ("0,-1,2", [0]),
        ("1,1,2", [1]),
        ("GPU-44440000-3333,0", [2, 0]),
        ("GPU-8f3", [0]),
        ("GPU-8f", []),  # means two
        ("GPU-nobody", []),
        ("gpu-8f3", []),
    ],
)
def test_the_setting_of_our_own_process_is_respected(setting: str | None, left: list[int]) -> None:
    assert [gpu.index for gpu in visible(THREE, setting)] == left


def test_none_is_lent_twice(locks: Path) -> None:
    having: list[str] = []
    most: list[int] = []
    guard = threading.Lock()

    def job(count: int) -> None:
        for _ in range(5):
            had = lease(count, THREE, NEVER)
            assert had is not None and len(set(had.uuids)) == count
            with guard:
                assert not set(had.uuids) & set(having)
                having.extend(had.uuids)
                most.append(len(having))
            time.sleep(0.02)
            with guard:
                for uuid in had.uuids:
                    having.remove(uuid)
            had.release()
            had.release()  # may be called again

    threads = [threading.Thread(target=job, args=(count,)) for count in (1, 1, 1, 2, 3, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 30 and max(most) == 3 and having == []


HOLDER = """
import sys, threading, time
from ai_scientist_sandbox import gpus
gpus._FOLDERS = (sys.argv[1],)
print(*gpus.lease(1, [gpus.Gpu("GPU-8f3c0d1a-1111", 0)], threading.Event()).uuids, flush=True)
time.sleep(60)
"""


def test_another_process_is_waited_for_and_a_killed_one_has_nothing_more(locks: Path) -> None:
    other = subprocess.Popen([sys.executable, "-c", HOLDER, str(locks)], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout and other.stdout.readline() == "GPU-8f3c0d1a-1111\n"
        first = lease(1, THREE, NEVER)
        assert first is not None and first.uuids == ("GPU-8f99aaaa-2222",)
        got: list[Lease | None] = []
        waiting = threading.Thread(target=lambda: got.append(lease(2, THREE, NEVER)))
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive()
        other.kill()
        waiting.join(5)
        assert got and got[0] and set(got[0].uuids) == {"GPU-8f3c0d1a-1111", "GPU-44440000-3333"}
    finally:
        other.kill()
        other.communicate()


def test_waiting_for_one_can_be_ended(locks: Path) -> None:
    had = lease(3, THREE, NEVER)
    assert had is not None
    stopped, got = threading.Event(), []
    waiting = threading.Thread(target=lambda: got.append(lease(2, THREE, stopped)))
    waiting.start()
    waiting.join(0.3)
    assert waiting.is_alive()
    stopped.set()
    waiting.join(5)
    had.release()
    assert got == [None]
    again = lease(3, THREE, NEVER)  # who was stopped holds nothing
    assert again is not None
    again.release()


def test_what_is_not_there_is_said(locks: Path) -> None:
    with pytest.raises(SandboxError, match="4 GPUs are asked for, and 3 can be lent"):
        lease(4, THREE, NEVER)
    for name in ("bubblewrap", "process"):
        with pytest.raises(SandboxError, match=f"the {name} back end lends no GPU; docker does"):
            open_host(name, gpus=1)


@pytest.mark.usefixtures("engine")
def test_the_engine_of_a_machine_without_any_lends_none(smi: Smi, locks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    smi("No devices were found\n", 6)
    with pytest.raises(SandboxError, match=r"docker: 1 GPU is asked for, and 0 can be lent here"):
        open_host(gpus=1)
    smi(LISTED)
    monkeypatch.setenv(gpus.VISIBLE, "2")
    with pytest.raises(
        SandboxError, match=r"2 GPUs are asked for, and 1 can be lent here \(CUDA_VISIBLE_DEVICES is '2'\)"
    ):
        open_host("docker", gpus=2)
    # The driver names one, and this engine has no runtime for it.
    with pytest.raises(SandboxError, match=r"could not select device driver .* install NVIDIA's container toolkit"):
        open_host("docker", gpus=1)
    host = DockerHost()
    with pytest.raises(SandboxError, match="container toolkit"):
        host.open("python", Limits(gpus=1))
    assert host.holds()["gpus"] is None  # a job is shown no more than it was lent, and none is lent


def test_nothing_is_loaded_that_takes_a_gpu() -> None:
    program = "import sys; from ai_scientist_sandbox import gpus; gpus.ours(); print('torch' in sys.modules, 'ctypes' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"
