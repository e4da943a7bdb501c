"""A fingerprint of everything that a hand-in's marks depend on: where it is the same, grading again is needless."""

from __future__ import annotations

import hashlib
import json
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

from autograder.assignment import Assignment
from autograder.handin import HandIn
from autograder.remembered import remembered

PACKAGES = ("numpy", "nbgrader", "nbclient", "ipykernel")      # what marks may depend on besides our own code


def digest(hand_ins: list[HandIn], assignment: Assignment, key: bytes, runner: str, strict: bool) -> str:
    """Of a student's files, the assignment with its limits, the hidden cases' key, the grader, the libraries."""
    parts = [
        *((h.stem, h.digest, h.beside, h.reason, h.timestamp) for h in hand_ins),
        fingerprint(assignment),
        hashlib.sha256(b"key" + key).hexdigest(),
        (runner, strict),
        surroundings(),
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()


@remembered
def fingerprint(assignment: Assignment) -> str:
    """Of the assignment alone."""
    return hashlib.sha256(assignment.to_json().encode("utf-8", "replace")).hexdigest()


@cache
def surroundings() -> str:
    """Of Python, the libraries, and the text of both packages: their version numbers move too rarely."""
    told = hashlib.sha256(json.dumps([platform.python_version(), *map(version, PACKAGES)]).encode())
    root = Path(__file__).resolve().parents[2]
    for package in ("autograder", "coursekit"):
        for path in sorted((root / package).rglob("*.py")):
            told.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return told.hexdigest()
