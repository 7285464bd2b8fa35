"""What a back end promises that holds every limit, as tests to inherit. That the limits hold is what `red_team/` shows."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from pathlib import Path

from ai_scientist_sandbox import MIB, SandboxHost

from tests.sandbox.conformance import LIMITS, Contract, run


class StrongContract(Contract):
    """Kept where every limit holds."""

    def test_every_limit_is_held(self, host: SandboxHost) -> None:
        assert {limit: why for limit, why in host.holds().items() if why} == {}

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
