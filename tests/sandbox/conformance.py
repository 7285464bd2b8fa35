"""What every back end promises, as tests to inherit; `strong.py` has what a back end promises that holds every limit.

A subclass gives a fixture `host`. Programs are Python texts, run as `python program.py`.
"""

from __future__ import annotations

import os
import textwrap
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from ai_scientist_sandbox import MIB, Completed, Limits, SandboxError, SandboxHost, laboratory, read_measurements

LIMITS = Limits(wall=20, memory=512 * MIB, processes=32, disk=16 * MIB, inodes=512)


@dataclass(frozen=True)
class Outcome:
    completed: Completed
    results: Mapping[str, bytes]

    @property
    def output(self) -> str:
        return self.completed.output


def run(host: SandboxHost, program: str, limits: Limits = LIMITS, files: Mapping[str, bytes] | None = None) -> Outcome:
    with host.open("python", limits) as sandbox:
        sandbox.put({"program.py": textwrap.dedent(program).encode(), **(files or {})})
        return Outcome(sandbox.run(["python", "program.py"]), sandbox.fetch())


def processes_with(mark: str) -> list[str]:
    """Pids of living processes whose command line or environment holds the mark."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            text = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
            dead = (folder / "stat").read_text().rpartition(")")[2].split()[0] in "ZX"
        except OSError:
            continue
        if mark.encode() in text and not dead and folder.name != str(os.getpid()):
            found.append(folder.name)
    return found


def gone(mark: str, seconds: float = 5.0) -> bool:
    """Whether every process with the mark ends within that time."""
    end = time.monotonic() + seconds
    while processes_with(mark):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


# A program that leaves a grandchild in a session of its own, deaf to SIGTERM, carrying a mark in its command line.
LINGERER = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGINT, signal.SIG_IGN)
code = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(300)"
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        subprocess.Popen([sys.executable, "-c", code, MARK], start_new_session=True)
        time.sleep(300)
    os._exit(0)
"""


class Contract:
    """Kept by every back end."""

    def test_a_program_gets_its_files_and_its_results_come_back(self, host: SandboxHost) -> None:
        limits = LIMITS
        with host.open("python", limits) as sandbox:
            sandbox.put(
                {"program.py": b"import shutil; shutil.copytree('data', 'output/data')", "data/in/a": b"\0\xff"}
            )
            sandbox.put({"data/b": b"b" * 3 * MIB})
            done = sandbox.run(["python", "program.py"])
            assert done.succeeded, done
            assert sandbox.fetch() == {"data/in/a": b"\0\xff", "data/b": b"b" * 3 * MIB}

    def test_output_keeps_the_order_of_both_streams(self, host: SandboxHost) -> None:
        done = run(host, "import sys\nfor i in range(50): print(i, file=(sys.stderr if i % 2 else sys.stdout))")
        assert done.output.split() == [str(i) for i in range(50)]

    def test_output_that_is_not_utf_8_is_replaced(self, host: SandboxHost) -> None:
        done = run(host, r"import sys; sys.stdout.buffer.write(b'a\xffb')")
        assert done.output == "a�b"

    def test_status_and_use_are_told(self, host: SandboxHost) -> None:
        done = run(host, "x = bytearray(100 << 20)\nfor _ in range(3_000_000): pass\nraise SystemExit(3)").completed
        assert (done.ending, done.status, done.succeeded) == ("exited", 3, False)
        assert done.memory is not None and 100 * MIB < done.memory < 200 * MIB
        assert done.cpu is not None and 0.02 < done.cpu < 10 and 0.02 < done.wall < 10

    def test_a_signal_is_told(self, host: SandboxHost) -> None:
        done = run(host, "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)").completed
        assert (done.ending, done.status) == ("killed", -11)

    def test_a_failing_program_leaves_its_traceback_and_its_results(self, host: SandboxHost) -> None:
        done = run(host, "open('output/a', 'w').write('kept'); raise ValueError('why')")
        assert (done.completed.ending, done.completed.status) == ("exited", 1)
        assert "ValueError: why" in done.output and done.results == {"a": b"kept"}

    def test_the_wall_limit_ends_all_that_was_started(self, host: SandboxHost) -> None:
        mark = f"mark-{uuid.uuid4()}"
        begun = time.monotonic()
        program = LINGERER.replace("MARK", repr(mark)) + "\nopen('output/a', 'w').write('kept')\ntime.sleep(300)"
        done = run(host, program, replace(LIMITS, wall=0.7))
        assert (done.completed.ending, done.completed.succeeded) == ("timed_out", False)
        assert 0.6 < done.completed.wall < 3 and time.monotonic() - begun < 6
        assert done.results == {"a": b"kept"}
        assert gone(mark)

    def test_what_a_finished_program_left_running_is_ended(self, host: SandboxHost) -> None:
        mark = f"mark-{uuid.uuid4()}"
        done = run(host, LINGERER.replace("MARK", repr(mark)) + "\ntime.sleep(0.4)")
        assert done.completed.ending == "exited" and done.completed.wall < 5
        assert gone(mark)

    def test_a_flood_of_output_is_ended_and_head_and_tail_kept(self, host: SandboxHost) -> None:
        program = "import sys\nprint('the head')\nwhile True: sys.stdout.write('x' * 65536)"
        done = run(host, program, replace(LIMITS, output=10_000, flood=4 * MIB))
        assert done.completed.ending == "output_too_large" and done.completed.wall < 10
        assert done.output.startswith("the head") and done.output.endswith("xxx") and "left out" in done.output
        assert len(done.output.encode()) <= 10_000

    def test_long_output_below_the_flood_is_no_fault(self, host: SandboxHost) -> None:
        done = run(host, "print('the head', 'é' * 500_000, 'the tail')", replace(LIMITS, output=5_000))
        assert done.completed.succeeded and done.output.startswith("the head") and done.output.endswith("the tail\n")
        assert len(done.output.encode()) <= 5_000

    def test_the_environment_is_clean(self, host: SandboxHost, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-the-user")
        with host.open("python", LIMITS, environment={"GIVEN": "1"}) as sandbox:
            done = sandbox.run(["python", "-c", "import os; print(dict(os.environ)); print(os.getcwd())"])
        assert done.succeeded and "sk-secret" not in done.output and "'GIVEN': '1'" in done.output
        environment, folder = done.output.splitlines()
        assert f"'HOME': '{folder}'" in environment and "'OMP_NUM_THREADS': '1'" in environment

    def test_stop_ends_the_run_from_another_thread(self, host: SandboxHost) -> None:
        with host.open("python", LIMITS) as sandbox:
            sandbox.stop()  # before the run: nothing
            timer = threading.Timer(2.0, sandbox.stop)  # a container takes a while to begin
            timer.start()
            done = sandbox.run(["python", "-c", "import time; print('begun', flush=True); time.sleep(300)"])
            sandbox.stop()
            timer.join()
        assert (done.ending, done.output) == ("killed", "begun\n") and done.wall < 5

    def test_links_and_odd_files_are_not_results(self, host: SandboxHost) -> None:
        program = """
            import os, socket
            os.symlink("/etc/passwd", "output/link")
            os.symlink("/etc", "output/folder")
            os.symlink("loop", "output/loop")
            os.mkfifo("output/fifo")
            socket.socket(socket.AF_UNIX).bind("output/socket")
            open("output/bad\\nname", "w").write("x")
            open(b"output/\\xff", "w").write("x")
            open("output/plain", "w").write("x")
            os.makedirs("output/" + "/".join("d" * 30))
            open("output/" + "/".join("d" * 30) + "/deep", "w").write("x")
        """
        done = run(host, program)
        assert done.completed.succeeded, done
        assert done.results == {"plain": b"x"}
        left_out = dict(text.rsplit(": ", 1) for text in done.completed.left_out)
        assert {left_out[name] for name in ("link", "folder", "loop", "fifo", "socket")} == {"no plain file"}
        assert len(left_out) == 8 and "bad?name" in left_out and "too deep" in left_out.values()

    def test_an_output_folder_that_became_a_link_is_not_followed(self, host: SandboxHost) -> None:
        done = run(host, "import os; os.rmdir('output'); os.symlink('/etc', 'output')")
        assert done.completed.succeeded and done.results == {} and done.completed.left_out

    def test_results_are_capped(self, host: SandboxHost) -> None:
        program = "open('output/b', 'w').truncate(2 << 20); open('output/a', 'w').write('x')"
        limits = replace(LIMITS, disk=2 * MIB)
        done = run(host, program, limits)
        assert done.results == {"a": b"x"} and done.completed.left_out == ("b: too large",)

    @pytest.mark.parametrize("path", ["../a", "/a", "a/../../b", "", "a//b", "./a", "a\nb", "d/" * 20 + "a"])
    def test_files_may_not_climb_out(self, host: SandboxHost, path: str) -> None:
        with host.open("python", LIMITS) as sandbox, pytest.raises(ValueError, match="cannot lay"):
            sandbox.put({path: b""})

    def test_a_missing_command_is_the_machines_fault(self, host: SandboxHost) -> None:
        with host.open("python", LIMITS) as sandbox, pytest.raises(SandboxError, match="no-such-command"):
            sandbox.run(["no-such-command"])

    def test_an_unknown_image_is_the_machines_fault(self, host: SandboxHost) -> None:
        with pytest.raises(SandboxError, match="no-such-image"):
            host.open("no-such-image", LIMITS)

    def test_a_sandbox_runs_once(self, host: SandboxHost) -> None:
        with host.open("python", LIMITS) as sandbox:
            sandbox.run(["python", "-c", ""])
            with pytest.raises(RuntimeError):
                sandbox.run(["python", "-c", ""])

    def test_mounts_are_seen_under_data(self, host: SandboxHost, tmp_path: Path) -> None:
        for name in ("one", "two"):
            (tmp_path / name / "deep").mkdir(parents=True)
            (tmp_path / name / "deep" / "a.csv").write_text(name)
        tmp_path.chmod(0o755)  # where we are root, programs run as another user
        mounts = {"one": tmp_path / "one", "two": tmp_path / "two"}
        program = "import glob; print([open(f).read() for f in sorted(glob.glob('data/*/deep/*') + ['data/own'])])"
        with host.open("python", LIMITS, mounts=mounts) as sandbox:
            sandbox.put({"data/own": b"put beside them"})
            done = sandbox.run(["python", "-c", program])
        assert done.output == "['one', 'put beside them', 'two']\n"
        assert (tmp_path / "one" / "deep" / "a.csv").read_text() == "one"  # closing removed what was shown, not what is

    def test_mounts_that_are_not_there_are_the_machines_fault(self, host: SandboxHost, tmp_path: Path) -> None:
        with pytest.raises(SandboxError, match="no such folder"):
            host.open("python", LIMITS, mounts={"set": tmp_path / "absent"})
        with pytest.raises(ValueError, match="no name"):
            host.open("python", LIMITS, mounts={"../set": tmp_path})

    def test_a_program_with_the_laboratory_measures(self, host: SandboxHost) -> None:
        program = """
            import numpy
            import lab
            settings = lab.config(rate=0.1, depth=2)
            rng = numpy.random.default_rng(lab.seed())
            lab.measure("accuracy", numpy.float64(settings.rate), better="higher", dataset="digits")
            lab.measure("accuracy", 1.0, better="higher", dataset="digits", split="test")
            lab.array("curve", numpy.arange(3))
        """
        done = run(host, program, LIMITS, laboratory(seed=7, config={"rate": 0.5}))
        assert done.completed.succeeded, done
        recorded = read_measurements(done.results["measurements.jsonl"])
        assert [(found.metric, found.value, found.split) for found in recorded.measurements] == [
            ("accuracy", 0.5, "validation")
        ]
        assert (recorded.seed, recorded.config, recorded.faults) == (7, {"rate": 0.5, "depth": 2}, ())
        assert done.results["arrays/curve.npy"].startswith(b"\x93NUMPY")

    def test_jobs_side_by_side_do_not_disturb_each_other(self, host: SandboxHost) -> None:
        outputs: dict[int, str] = {}

        def job(number: int) -> None:
            outputs[number] = run(host, f"import time; time.sleep(0.1); print({number})").output

        threads = [threading.Thread(target=job, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert outputs == {number: f"{number}\n" for number in range(6)}

    def test_latex_compiles_and_neither_runs_commands_nor_reads_the_system(self, host: SandboxHost) -> None:
        paper = rb"""
            \documentclass{article}\usepackage{graphicx,booktabs,hyperref,microtype,natbib,lmodern}
            \begin{document}Hello \cite{a}.\immediate\write18{touch output/pwned}
            \IfFileExists{/etc/passwd}{\typeout{READ THE SYSTEM}}{}
            \bibliographystyle{plainnat}\bibliography{refs}\end{document}
        """
        refs = b"@article{a, author={A. Author}, title={T}, journal={J}, year={2020}}"
        with host.open("latex", replace(LIMITS, wall=60)) as sandbox:
            sandbox.put({"paper.tex": paper, "refs.bib": refs})
            done = sandbox.run(["latexmk", "-pdf", "-interaction=nonstopmode", "-output-directory=output", "paper.tex"])
            results = sandbox.fetch()
        assert done.succeeded, done.output[-3000:]
        assert results["paper.pdf"].startswith(b"%PDF") and "pwned" not in results
        assert "READ THE SYSTEM" not in done.output and b"Author" in results["paper.bbl"]

    def test_latex_that_fails_is_a_value(self, host: SandboxHost) -> None:
        with host.open("latex", LIMITS) as sandbox:
            sandbox.put(
                {"paper.tex": rb"\documentclass{article}\begin{document}\undefined\openout9=../x\end{document}"}
            )
            done = sandbox.run(["latexmk", "-pdf", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"])
        assert done.ending == "exited" and done.status and "Undefined control sequence" in done.output
