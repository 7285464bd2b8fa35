"""Reading the machine's tables; that limits hold is the back ends' test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from ai_scientist_sandbox import MIB, Limits
from ai_scientist_sandbox.cgroups import LEAF, Cgroups, _candidates, _hand_down, _hierarchies, _own_paths
from ai_scientist_sandbox.owners import fresh_name, is_stale


def test_an_empty_second_version_beside_the_first_does_not_mislead(tmp_path: Path) -> None:
    (tmp_path / "unified").mkdir()
    (tmp_path / "unified" / "cgroup.controllers").write_text("\n")
    mounts = (
        f"30 24 0:26 / {tmp_path}/unified rw - cgroup2 cgroup2 rw\n"
        f"31 24 0:27 / {tmp_path}/memory rw,nosuid shared:9 - cgroup cgroup rw,memory\n"
        f"32 24 0:28 / {tmp_path}/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
    )
    assert set(_hierarchies(mounts)) == {"memory", "cpu", "cpuacct"}
    (tmp_path / "unified" / "cgroup.controllers").write_text("cpuset cpu io memory pids\n")
    assert "unified" in _hierarchies(mounts)


def test_own_groups_of_both_versions() -> None:
    assert _own_paths("4:memory:/a/b\n1:cpu,cpuacct:/\n0::/user.slice/x.scope\n") == {
        "memory": "/a/b",
        "cpu": "/",
        "cpuacct": "/",
        "": "/user.slice/x.scope",
    }
    assert _candidates(Path("/m"), "/", "/a/b") == [Path("/m/a/b"), Path("/m")]
    assert _candidates(Path("/m"), "/docker/x", "/docker/x/y") == [Path("/m/y"), Path("/m")]


def test_no_group_is_said_with_what_would_help() -> None:
    missing = Cgroups(mounts="", own="").missing()
    assert set(missing) == {"memory", "processes", "cpu"} and all("systemd-run" in why for why in missing.values())


def test_in_version_2_our_own_processes_make_room(tmp_path: Path) -> None:
    """On a plain folder: what the kernel would be told."""
    (tmp_path / "cgroup.subtree_control").write_text("")
    (tmp_path / "cgroup.controllers").write_text("cpuset memory pids\n")
    (tmp_path / "cgroup.procs").write_text("12\n")
    assert not _hand_down(tmp_path, may_move=False)
    assert _hand_down(tmp_path, may_move=True)
    assert (tmp_path / LEAF / "cgroup.procs").read_text() == "12"
    assert (tmp_path / "cgroup.subtree_control").read_text() == "+memory +pids"
    (tmp_path / "cgroup.subtree_control").write_text("memory pids\n")
    assert _hand_down(tmp_path, may_move=False)


@pytest.mark.usefixtures("bubblewrap_host")
def test_groups_of_a_dead_owner_go_and_those_of_a_living_one_stay() -> None:
    cgroups = Cgroups()
    make = "from ai_scientist_sandbox.owners import fresh_name; print(fresh_name())"
    dead = subprocess.run([sys.executable, "-c", make], capture_output=True, text=True, check=True).stdout.strip()
    living = fresh_name()
    groups = [cgroups.make(name, Limits(), MIB, 1) for name in (dead, living)]
    try:
        cgroups.sweep()
        assert [door.parent.exists() for group in groups for door in group.doors] == (
            [False] * len(groups[0].doors) + [True] * len(groups[1].doors)
        )
    finally:
        for group in groups:
            group.remove()


def test_names_tell_whose_they_are() -> None:
    own = fresh_name()
    assert not is_stale(own) and fresh_name() != own
    prefix, namespace, pid, started, number = own.rsplit(".", 4)
    assert is_stale(f"{prefix}.{namespace}.{pid}.{int(started) + 1}.{number}")  # the pid was used again
    assert not is_stale(f"{prefix}.{int(namespace) + 1}.{pid}.{int(started) + 1}.{number}")  # another pid namespace
    assert not is_stale("somebody-elses") and not is_stale(prefix + ".secret." + str(os.getpid()))
