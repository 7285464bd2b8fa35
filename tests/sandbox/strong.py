"""What a back end promises that holds every limit, as tests to inherit. That the limits hold is what `red_team/` shows."""

from __future__ import annotations

import textwrap
from pathlib import Path

from ai_scientist_sandbox import SandboxHost

from tests.sandbox.conformance import LIMITS, Contract


class StrongContract(Contract):
    """Kept where every limit holds."""

    def test_every_limit_is_held(self, host: SandboxHost) -> None:
        assert {limit: why for limit, why in host.holds().items() if why} == {}

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
