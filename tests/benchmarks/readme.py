"""README's figures are the benchmarks' own: `python tests/benchmarks/readme.py` writes them between its two marks."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MEASURED = ROOT / "course" / "site" / "benchmarks"
BEGIN, END = "<!-- measured: written by `make site-benchmarks` -->\n", "<!-- measured: end -->\n"
CLASSES = {"small": "functions only", "figures": "20 plots", "training": "cells that compute for a second"}
JOBS = {"J1": "train 64-64-10 on digits, Adam", "J2": "one epoch of 784-64-10 on 60,000 rows",
        "J3": "20 layers with batch norm and dropout", "J4": "inference through 784-512-512-10",
        "J5": "PCA whitening of 50,000 x 784", "start": "from process start to a trained network"}
PEERS = {"sklearn": "scikit-learn", "torch": "PyTorch", "keras_jax": "Keras on JAX"}


def tables() -> str:
    grading, library = (json.loads((MEASURED / f"{name}.json").read_text()) for name in ("grading", "library"))
    lines = ["| hand-ins graded a second | stock nbgrader | `autograder` | |", "|---|---|---|---|"]
    for name, words in CLASSES.items():
        rates = grading[name]["hand_ins_per_second"]
        lines.append(f"| {words} | {rates['stock']:.2f} | {rates['ours']:.1f} | "
                     f"**{grading[name]['throughput_ratio']:.0f} times** |")
    lines += ["", f"| time of others, `coursekit` = 1 | {' | '.join(PEERS.values())} |", "|---|---|---|---|"]
    for job, words in JOBS.items():
        ratios = [f"{library[job][peer]:.1f}" if peer in library[job] else "" for peer in PEERS]
        lines.append(f"| {words} | {' | '.join(ratios)} |")
    return "\n".join(lines) + "\n"


def with_tables(text: str) -> str:
    """README's text with what is between the marks written anew."""
    return re.sub(f"(?<={re.escape(BEGIN)}).*?(?={re.escape(END)})", lambda found: tables(), text, flags=re.DOTALL)


if __name__ == "__main__":
    path = ROOT / "README.md"
    path.write_text(with_tables(path.read_text(encoding="utf-8")), encoding="utf-8")
