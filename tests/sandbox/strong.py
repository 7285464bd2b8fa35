"""What a back end promises that holds every limit, as tests to inherit."""

from __future__ import annotations

import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest
from ai_scientist_sandbox import MIB, SandboxHost

from tests.sandbox.conformance import LIMITS, Contract, run


class StrongContract(Contract):
    """Kept where every limit holds."""

    def test_every_limit_is_held(self, host: SandboxHost) -> None:
        assert {limit: why for limit, why in host.holds().items() if why} == {}

    @pytest.mark.parametrize(
        "program",
        [
            "x = bytearray(900 << 20)",
            "import mmap; m = mmap.mmap(-1, 900 << 20); m[::4096] = bytes(len(m) // 4096)",
            """
            import os, time  # many, each below the limit
            for _ in range(8):
                if os.fork() == 0:
                    x = bytearray(120 << 20); time.sleep(60)
            if any(os.waitstatus_to_exitcode(os.wait()[1]) for _ in range(8)): raise SystemExit(1)
            """,
        ],
        ids=["malloc", "mmap", "children"],
    )
    def test_a_memory_bomb_ends_alone(self, host: SandboxHost, program: str) -> None:
        done = run(host, program, replace(LIMITS, memory=256 * MIB)).completed
        assert done.ending == "out_of_memory" and not done.succeeded and done.wall < 15
        assert run(host, "print('next')").output == "next\n"

    def test_a_program_that_outlives_its_childs_want_of_memory_ends_as_itself(self, host: SandboxHost) -> None:
        """The kernel's count says that memory ran out; the program went on and ended well."""
        program = """
            import os
            pid = os.fork()
            if pid == 0:
                x = bytearray(900 << 20)
            print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            open("output/a", "w").write("kept")
        """
        done = run(host, program, replace(LIMITS, memory=256 * MIB))
        assert (done.completed.ending, done.completed.status, done.output) == ("exited", 0, "-9\n")
        assert done.results == {"a": b"kept"}

    def test_the_memory_of_the_whole_job_is_told(self, host: SandboxHost) -> None:
        program = """
            import os, time
            for _ in range(3):
                if os.fork() == 0:
                    x = bytearray(60 << 20); time.sleep(0.5); os._exit(0)
            for _ in range(3): os.wait()
        """
        done = run(host, program).completed
        assert done.succeeded and done.memory is not None and 180 * MIB < done.memory < 280 * MIB

    @pytest.mark.parametrize("folder", [".", "output", "/tmp", "/dev/shm"])
    def test_a_disk_fill_is_stopped(self, host: SandboxHost, folder: str) -> None:
        program = f"""
            file = open({folder!r} + "/fill", "wb")
            for _ in range(64): file.write(bytes(1 << 20))
        """
        done = run(host, program).completed
        assert (done.ending, done.status) == ("out_of_disk", 1) and "No space left" in done.output

    def test_an_inode_fill_is_stopped(self, host: SandboxHost) -> None:
        done = run(host, "for i in range(5000): open(f'{i}', 'w').close()").completed
        assert done.ending == "out_of_disk" and "'5" in done.output

    def test_a_fork_bomb_is_stopped(self, host: SandboxHost) -> None:
        program = """
            import os, time
            for count in range(200):
                try:
                    if os.fork() == 0: time.sleep(60)
                except BlockingIOError:
                    break
            print(count)
        """
        done = run(host, program)
        assert done.completed.succeeded and 25 < int(done.output) <= LIMITS.processes + 2

    def test_there_is_no_network(self, host: SandboxHost) -> None:
        import socket

        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            program = f"""
                import socket
                for address in [("127.0.0.1", {port}), ("1.1.1.1", 53), ("169.254.169.254", 80)]:
                    try:
                        socket.create_connection(address, timeout=2); print("REACHED", address)
                    except OSError as error:
                        print(error.errno)
                print([name for _, name in socket.if_nameindex()])
            """
            done = run(host, program)
        assert done.completed.succeeded and "REACHED" not in done.output and "['lo']" in done.output

    def test_the_hosts_files_are_out_of_sight(self, host: SandboxHost, tmp_path: Path) -> None:
        secret = tmp_path / "secret"
        secret.write_text("the secret")
        program = f"""
            import os
            home = {str(Path.home())!r}
            print(os.path.exists({str(secret)!r}), os.path.exists("/etc/shadow"), os.path.exists("/var/run/docker.sock"))
            print(open("/etc/passwd").read().strip())
            print([name for name in ("Documents", ".ssh", ".bashrc", ".config") if os.path.exists(home + "/" + name)])
            tops = [top for top in ("/home", "/mnt", "/srv", "/media", "/root", "/sys", "/run") if os.access(top, os.R_OK)]
            found = [os.path.join(at, name) for top in tops for at, _, files in os.walk(top) for name in files]
            ours = ("/sys/fs/cgroup/", {sys.base_prefix!r})  # the job's own group; the interpreter
            print([path for path in found if not path.startswith(ours)])
        """
        lines = run(host, program).output.splitlines()
        assert lines == ["False False False", "job:x:1000:1000::/job:/bin/sh", "[]", "[]"]

    def test_nothing_outside_the_job_can_be_written(self, host: SandboxHost) -> None:
        program = """
            import os, sys
            mounted = [line.split()[4] for line in open("/proc/self/mountinfo")]
            near = [f"{top}/{name}" for top in ("", "/usr", "/etc", "/dev", "/opt") for name in os.listdir(top or "/")]
            kernel = [top for places in ("/proc/sys", "/proc/irq", "/proc/bus", "/proc/fs", "/sys") for top, _, _ in os.walk(places)]
            for folder in ["/", *kernel, *mounted, *near]:
                if folder in ("/job", "/tmp", "/dev/shm") or not os.path.isdir(folder):
                    continue
                try:
                    open(folder + "/x", "w"); print("WROTE", folder)
                except OSError:
                    pass
            files = [f"{top}/{name}" for places in ("/proc/sys", "/proc/irq", "/proc/bus", "/proc/fs", "/sys")
                     for top, _, names in os.walk(places) for name in names]
            alone = [f"/proc/{name}" for name in os.listdir("/proc") if not os.path.isdir("/proc/" + name)]
            for name in files + alone:
                try:
                    if os.stat(name).st_rdev != os.stat(os.devnull).st_rdev:  # it hides some
                        os.close(os.open(name, os.O_WRONLY | os.O_NONBLOCK)); print("OPENED", name)
                except OSError:
                    pass
            print("tried")
        """
        assert run(host, program).output == "tried\n"

    def test_mounts_are_read_only(self, host: SandboxHost, tmp_path: Path) -> None:
        (tmp_path / "a").write_text("kept")
        (tmp_path / "a").chmod(0o666)
        tmp_path.chmod(0o777)
        program = """
            import os
            tries = [lambda: open("data/set/a", "w"), lambda: open("data/set/b", "w"), lambda: os.remove("data/set/a"),
                     lambda: os.rename("data/set", "data/other/set")]
            for attempt in tries:
                try: attempt(); print("WROTE")
                except OSError as error: print(error.strerror)
        """
        with host.open("python", LIMITS, mounts={"set": tmp_path}) as sandbox:
            sandbox.put({"program.py": textwrap.dedent(program).encode()})
            done = sandbox.run(["python", "program.py"])
        assert done.succeeded and "WROTE" not in done.output and done.output.count("Read-only") == 3, done
        assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a", "kept")]

    def test_the_supervisor_is_out_of_reach(self, host: SandboxHost) -> None:
        program = """
            import ctypes, os
            for number in range(1, 65):
                try: os.kill(1, number)
                except OSError: pass
            for name in ("fd", "mem", "environ", "cwd", "root"):
                try: os.stat("/proc/1/" + name + "/."); print("REACHED", name)
                except NotADirectoryError: print("REACHED", name) if os.access("/proc/1/" + name, os.R_OK) else None
                except OSError: pass
            libc = ctypes.CDLL(None)
            print(libc.ptrace(16, 1, 0, 0), libc.unshare(0x10000000), libc.mount(b"a", b"/job", b"tmpfs", 0, None))
        """
        done = run(host, program)
        assert (done.completed.ending, done.completed.status, done.output) == ("exited", 0, "-1 -1 -1\n")

    def test_there_is_no_right_left(self, host: SandboxHost) -> None:
        program = """
            import os
            told = dict(line.split(":", 1) for line in open("/proc/self/status"))
            for name in ("NoNewPrivs", "Seccomp"):
                print(name, told[name].strip())
            print({int(told[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")})
            print(os.getresuid(), os.getresgid())
        """
        lines = run(host, program).output.splitlines()
        assert lines == ["NoNewPrivs 1", "Seccomp 2", "{0}", "(1000, 1000, 1000) (1000, 1000, 1000)"]

    def test_the_kernel_answers_no(self, host: SandboxHost) -> None:
        program = """
            import ctypes, os, platform
            libc = ctypes.CDLL(None, use_errno=True)
            keyctl, bpf, perf = {"x86_64": (250, 321, 298), "aarch64": (219, 280, 241)}[platform.machine()]
            attempts = {
                "user namespace": lambda: libc.unshare(0x10000000),
                "mount namespace": lambda: libc.unshare(0x20000),
                "other namespace": lambda: libc.setns(os.open("/proc/self/ns/mnt", 0), 0),
                "addresses that are not random": lambda: libc.personality(0x40000),
                "mount": lambda: libc.mount(b"none", b"/tmp", b"tmpfs", 0, None),
                "chroot": lambda: libc.chroot(b"/job"),
                "host name": lambda: libc.sethostname(b"x", 1),
                "swap": lambda: libc.swapon(b"/job/x", 0),
                "keyring": lambda: libc.syscall(keyctl, 0, -3, 1),
                "bpf": lambda: libc.syscall(bpf, 0, 0, 0),
                "perf": lambda: libc.syscall(perf, ctypes.create_string_buffer(120), 0, -1, -1, 0),
                "io_uring": lambda: libc.syscall(425, 1, ctypes.create_string_buffer(120)),
                "vsock": lambda: libc.socket(40, 1, 0),  # the machine below, whatever the network namespace
                "packets": lambda: libc.socket(17, 3, 0),
                "raw": lambda: libc.socket(2, 3, 1),
                "cryptography": lambda: libc.socket(38, 5, 0),
            }
            print([name for name, attempt in attempts.items() if attempt() != -1], len(attempts))
        """
        assert run(host, program).output == "[] 16\n"

    def test_processor_time_is_held(self, host: SandboxHost) -> None:
        program = """
            import os, time
            for _ in range(3): os.fork()
            end = time.monotonic() + 1
            while time.monotonic() < end: pass
        """
        done = run(host, program, replace(LIMITS, cpu=0.5)).completed
        assert done.cpu is not None and done.cpu < 0.5 * done.wall + 0.5
