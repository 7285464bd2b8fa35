"""Conventions that a reader of the code relies on, each stated as a list of the places that break it."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

from tests.architecture.sources import ROOT, imported, name_of, parsed, product, tracked

LONGEST = 400

BLANKET_EXCEPTS = {
    "ai_scientist/cli/__init__.py:main": "a fault of ours is one sentence too, and says how to see all of it",
    "ai_scientist/models/stopping.py:work": "raised where the answer is waited for",
    "reviewer/ai_scientist_reviewer/asking.py:ask": "a filler may raise anything, and what it raises is recorded",
    "reviewer/ai_scientist_reviewer/reader/child.py:answer": "a hostile file may make any call fail, and the sentence says which",
}
"""`path:function` to the reason why everything is caught there."""

MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|farm|Users|home/[a-z]\w*)/")
REGISTRY = re.compile(r"--(?:extra-)?index-url[ =]|pypi\.org/simple|files\.pythonhosted\.org|registry\.npmjs")

# fmt: off
RUN_ENTRIES = frozenset((
    "run.json", "config.yaml", "events.jsonl", "idea.json", "tree", "claims.json", "figures", "paper",
    "reviews", "calls", "bundle", "bundle.zip", "report.html", "experiment.json", "program.py", "output",
    "log.txt", "measurements.jsonl", "arrays", "paper.tex", "references.bib", "paper.pdf", "compile.log",
    "review.json", "review.md", "environment.lock",
))
# fmt: on
"""What the run directory holds. Only its own module knows where."""

RUN_DIRECTORY = ("ai_scientist/runs/layout.py", "ai_scientist/runs/directory.py")


def _swallows_everything(handler: ast.ExceptHandler) -> bool:
    """Whether a handler names nothing, or everything. One that tidies up and raises again swallows nothing."""
    if isinstance(handler.body[-1], ast.Raise):
        return False
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(one is None or getattr(one, "id", None) in {"Exception", "BaseException"} for one in caught)


def _blanket_excepts(tree: ast.Module, path: str) -> list[str]:
    found = []

    def visit(node: ast.AST, inside: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ExceptHandler) and _swallows_everything(child):
                found.append(f"{path}:{inside}")
            visit(child, child.name if isinstance(child, ast.FunctionDef) else inside)

    visit(tree, "module")
    return found


def test_an_except_names_what_it_catches() -> None:
    found = [place for path in product() for place in _blanket_excepts(parsed(path), name_of(path))]
    assert sorted(found) == sorted(BLANKET_EXCEPTS)


BLANKET = """
def f():
    try: g()
    except (ValueError, Exception): pass
try: g()
except: pass
try: g()
except BaseException:
    tidy()
    raise
"""


def test_a_blanket_except_is_seen() -> None:
    assert _blanket_excepts(ast.parse(BLANKET), "a.py") == ["a.py:f", "a.py:module"]


def test_langgraph_is_imported_by_the_graph_alone() -> None:
    """As the contract in .importlinter, and for relative folders and tests of other parts too."""
    users = {name_of(path) for path in tracked() if path.suffix == ".py" and _uses(path, "langgraph")}
    assert all(
        user.startswith(("ai_scientist/graph", "tests/ai_scientist/test_graph", "tests/ai_scientist/graph"))
        for user in users
    ), users


def _uses(path: Path, package: str) -> bool:
    return any(name.split(".")[0] == package for name in imported(path))


def test_the_nouns_need_only_pydantic() -> None:
    nouns = [path for path in product() if re.match(r"ai_scientist/(records|errors|bundled)\b", name_of(path))]
    assert nouns
    known = sys.stdlib_module_names | {"pydantic", "pydantic_core", "ai_scientist"}
    assert not {
        f"{name_of(path)} imports {name}"
        for path in nouns
        for name in imported(path)
        if name.split(".")[0] not in known
    }


def test_no_file_is_too_long_to_hold_in_the_head() -> None:
    lengths = {name_of(path): len(path.read_bytes().splitlines()) for path in tracked() if path.suffix == ".py"}
    assert not {path: length for path, length in lengths.items() if length > LONGEST}


def test_no_tracked_file_names_one_machine_or_a_registry() -> None:
    found = []
    for path in tracked():
        if path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            if MACHINE_PATH.search(line) or REGISTRY.search(line) or str(ROOT) in line:
                found.append(f"{name_of(path)}:{number}: {line.strip()[:100]}")
    assert not found


def test_only_the_run_directory_joins_its_paths() -> None:
    joined = []
    for path in product():
        if name_of(path) in RUN_DIRECTORY or not name_of(path).startswith("ai_scientist/"):
            continue
        for node in ast.walk(parsed(path)):
            joined += [
                f"{name_of(path)}:{text.lineno}: {text.value}" for text in _joined(node) if text.value in RUN_ENTRIES
            ]
    assert not joined


def _joined(node: ast.AST) -> list[ast.Constant]:
    """The literal path segments that an expression appends to a path."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        segments = [node.right]
    elif isinstance(node, ast.Call) and getattr(node.func, "attr", None) in {"joinpath", "with_name"}:
        segments = node.args
    else:
        return []
    return [one for one in segments if isinstance(one, ast.Constant) and isinstance(one.value, str)]
