"""The bundle: everything that a stranger needs to check the paper, as a folder and as a zip."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ai_scientist_sandbox.laboratory import laboratory

from ai_scientist.config import dump
from ai_scientist.datasets import DataSummary
from ai_scientist.runs.events import PhaseFinished
from ai_scientist.runs.layout import Layout
from ai_scientist.services import Services

KEPT = (
    "run.json",
    "config.yaml",
    "environment.lock",
    "events.jsonl",
    "idea.json",
    "claims.json",
    "tree",
    "figures",
    "paper",
    "reviews",
    "calls",
    "plans",
)
"""What goes in, under the same names, so that `verify` reads a bundle as it reads a run."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of every member of the zip: two bundles of one run are the same bytes."""


def bundle(services: Services) -> None:
    run = services.run
    if run.progress.rounds("bundle"):
        return
    if run.bundle.exists():  # of a sitting that was killed between the folder and the event
        shutil.rmtree(run.bundle)
    with run.folder(run.bundle) as part:
        for name in KEPT:
            source = run.path / name
            if source.is_dir():
                shutil.copytree(source, part / name)
            elif source.exists():
                shutil.copy2(source, part / name)
        (part / "environment.json").write_text(json.dumps(environment(services), indent=1))
        (part / "requirements.txt").write_text(requirements(services))
        (part / "lab.py").write_bytes(laboratory()["lab.py"])
        if run.data:  # where they lie here is nobody's business
            told = run.config.model_copy(update={"data": dict.fromkeys(run.config.data, "")})
            Layout(part).config_yaml.write_text(dump(told), encoding="utf-8")
        (part / "README.md").write_text(READ_ME + users_data(run.data))
    run.write(run.bundle_zip, zipped(run.bundle))
    run.append(PhaseFinished(phase="bundle"))


def users_data(data: Sequence[DataSummary]) -> str:
    """What the bundle's README says of data that it does not hold."""
    if not data:
        return ""
    rows = "".join(f"| `{one.name}` | {one.gist} | `{one.sha256}` |\n" for one in data)
    options = " ".join(f"--data {one.name}=FOLDER" for one in data)
    return OWN_DATA.format(rows=rows, options=options, name=data[0].name)


def environment(services: Services) -> dict[str, object]:
    """What the programs ran in: each image, how many of them it ran, and what is installed in it."""
    run, experiments = services.run, services.run.experiments()
    begun = run.environment
    ran = Counter((one.sandbox, one.image) for one in experiments if one.image)
    return {
        "recipe": begun.recipe,
        "asked": list(begun.packages),
        "images": [{"sandbox": box, "digest": digest, "programs": ran[box, digest]} for box, digest in sorted(ran)],
        "begun_in": [one.model_dump() for one in begun.images],
        "python": {"packages": installed(services)},
        "seeds": sorted({one.seed for one in experiments}),
    }


def installed(services: Services) -> dict[str, str]:
    """As it was written down when the run was begun; of a run of before that was done, as it is now."""
    run = services.run
    found = run.environment.installed or services.hosts.for_author("ours").image(run.image).packages
    return dict(sorted(found.items()))


def requirements(services: Services) -> str:
    """The packages of environment.json, as pip and uv read them."""
    return "".join(f"{name}=={version}\n" for name, version in installed(services).items())


def zipped(folder: Path) -> bytes:
    import io

    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = f"{folder.name}/{file.relative_to(folder).as_posix()}"
            member = zipfile.ZipInfo(name, EPOCH)
            member.external_attr = 0o644 << 16  # without it, only its owner may read what is unpacked
            archive.writestr(member, file.read_bytes(), zipfile.ZIP_DEFLATED)
    return data.getvalue()


READ_ME = """\
# What this is

A paper and everything that it rests on. `paper/paper.pdf` is the paper; each number in it is a link to its line in the appendix.

- `events.jsonl`: what happened, in order: each experiment's start and end, what each stage carried forward, the idea's fingerprint.
- `claims.json`: every number and comparison of the paper, with the rule and the experiments it is computed from.
- `tree/<experiment>/`: program.py, its settings (job.json), what it measured (output/measurements.jsonl), its log and arrays.
- `figures/<name>/draw.py`: the script of each figure.
- `calls/`: every model call: prompt, reply, tokens, price.
- `environment.json`, `requirements.txt`: the packages and image digests that the programs ran with. `environment.lock`: the same packages with the hashes of
  their files, for every Python from 3.11 on; from it, `verify --rerun` builds what the programs see.
- `lab.py`: what a program imports to read its seed and settings and to record what it measures.

Check it: `ai-scientist verify bundle.zip` computes every number again from the measurements and holds the paper against them.

Run a program again, in a copy, so that what was measured stays as it is:

    pip install -r requirements.txt                      # in an environment of its own
    cp -r tree/<experiment> again && rm -r again/output
    cp lab.py again/                                     # what the program imports to read its settings and to measure
    (cd again && python program.py)
    diff again/output/measurements.jsonl tree/<experiment>/output/measurements.jsonl

It runs with your rights, outside any sandbox: read it first.
`ai-scientist verify bundle.zip --rerun` runs all confirming experiments of the baseline and the proposed method again, in a sandbox.
"""

OWN_DATA = """
## Data that are not here

The study was made on data of the user's. They are not in this bundle; `config.yaml` does not say where they lay. The hash is over the
paths and the bytes of all files of the folder, in the order of the paths, as `ai_scientist/datasets/files.py` computes it.

| name | what the folder held | SHA-256 |
| --- | --- | --- |
{rows}
Who has them can run the programs again: `ai-scientist verify bundle.zip --rerun {options}`. A folder with another hash is not taken.
To run one by hand, put the folder at `again/data/{name}`.
"""
