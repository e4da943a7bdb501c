"""What this machine gives for a sandbox, layer by layer, and what to do about a missing one.

Found out by building it: a warm process is started as for grading, and one child of it reports.
"""

from __future__ import annotations

import socket
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment
from autograder.engine import view
from autograder.engine.box.sandbox import REQUIRED, Policy, Wall
from autograder.engine.folder import Folder
from autograder.engine.process import Warm

PURPOSE = {
    "namespaces": "no network, no other process and no other file in sight",
    "not root": "student code does not run as root",
    "own scratch": "a scratch folder in memory, of a fixed size, that nobody else sees",
    "own threads": "threads counted apart from the hand-in next door",
    "limits": "CPU time, memory, file size and open files are bounded",
    "no new privileges": "no program can give back what was taken away",
    "no capabilities": "none of root's powers",
    "landlock": "only listed files can be opened",
    "undumpable": "no other process of the same user can look into it",
    "seccomp": "no network, no new processes, no signals to others",
}
_USERNS = (
    "allow unprivileged user namespaces (sysctl user.max_user_namespaces above 0, and "
    "kernel.apparmor_restrict_unprivileged_userns=0 on Ubuntu)"
)
REMEDY = {
    "namespaces": f"{_USERNS}; in Docker, run with --security-opt seccomp=unconfined or as a user namespace of its own",
    "not root": "install Python where the user `nobody` can read it, or run the grader as an ordinary user",
    "own scratch": _USERNS,
    "own threads": _USERNS,
    "limits": "raise the hard limits of this session (ulimit -H)",
    "landlock": "use Linux 5.13 or newer with Landlock in the `lsm=` list of the kernel's command line",
    "seccomp": "use a kernel with CONFIG_SECCOMP_FILTER, on x86-64 or ARM64",
}


@dataclass(frozen=True)
class Layer:
    """One wall of the sandbox on this machine."""

    name: str
    ok: bool
    why: str = ""        # why it is missing; where it stands, what it is for
    remedy: str = ""
    required: bool = False


def layers() -> list[Layer]:
    """All walls, in the order in which they go up; a missing one with what to do about it."""
    if sys.platform != "linux":
        why = f"the sandbox is made of Linux's means, and this is {sys.platform}"
        return [Layer("linux", False, why, "grade on Linux, or use the plain runner for people you trust", True)]
    with closing(Folder()) as held:
        return [layer_of(wall) for wall in _walls(held.path)]


def _walls(folder: Path) -> list[Wall]:
    seen = view.of_student(Assignment("doctor"), folder)
    scratch = folder / "box" / "scratch"
    scratch.mkdir(parents=True)
    policy = Policy(seen.read, seen.list, seen.visible, str(scratch), weaker=True)
    path = list(seen.path)
    errand = {"role": "box.student", "path": [str(view.ENGINE), *path], "path_of_children": path, "preload": [],
              "denied": []}
    warm = Warm("box.warm", errand, policy)
    try:
        warm.wait_until_ready()
        ours, theirs = socket.socketpair()
        with ours, theirs:
            child = warm.lease(0, {}, theirs)
            report = child.receive(60)
            child.close()
        return warm.walls + [Wall(**wall) for wall in report["walls"]]
    finally:
        warm.close()


def layer_of(wall: Wall) -> Layer:
    required = wall.name in REQUIRED
    if wall.stands:     # a wall that stands and has something to say could stand better
        remedy = REMEDY.get(wall.name, "") if wall.why else ""
        return Layer(wall.name, True, wall.why or PURPOSE.get(wall.name, ""), remedy, required)
    return Layer(wall.name, False, wall.why, REMEDY.get(wall.name, ""), required)
