"""A station: the two warm processes of one assignment, started behind their walls and tried.

The student's one sees the assignment's edition of the library, the trusted one the assignment itself.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from pathlib import Path

from autograder.assignment import Assignment
from autograder.engine import view
from autograder.engine.box.clearing import clear
from autograder.engine.box.limits import Limits
from autograder.engine.box.sandbox import Policy
from autograder.engine.doctor import Layer, layer_of, layers
from autograder.engine.plan import Plan
from autograder.engine.process import Gone, Warm
from autograder.exercise.edition import edition, lay_out

MOST_PROGRAMS = 12        # processes and threads at a time, where hand-ins may start programs
TRUSTED_EXTRA_MB = 1024   # the trusted side holds the reference's values beside the student's


class Unsafe(RuntimeError):
    """This machine cannot give the sandbox that grading requires."""


@dataclass
class Station:
    """The two warm processes of one assignment, and how its cells are judged."""

    student: Warm
    trusted: Warm
    folder: Path
    plans: dict[str, Plan] = field(default_factory=dict)
    users: int = 0

    def lives(self) -> bool:
        return self.student.lives() and self.trusted.lives()

    def close(self) -> None:
        self.student.close()
        self.trusted.close()
        clear(self.folder)


def start(assignment: Assignment, folder: Path, namespaces: bool = True, weaker: bool = False) -> Station:
    """Both processes, ready to be leased from, with what they need in `folder`; Unsafe where a required wall is not."""
    library = folder / "library"
    lay_out(edition(assignment.provides, assignment.withheld), library)
    for path in [library, *library.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    walls = {"namespaces": namespaces, "weaker": weaker}
    seen, starts = view.of_student(assignment, library), view.may_start_programs(assignment)
    student = _warm(
        "box.warm", "box.student", folder / "student" / "scratch", seen, assignment.limits, walls,
        path=[str(view.ENGINE), *seen.path], preload=["numpy", *view.imported_modules(assignment)],
        denied=view.denied(assignment), programs=":".join(view.PROGRAMS) if starts else "",
    )
    seen = view.of_trusted()
    try:
        trusted = _warm(
            "autograder.engine.box.warm", "autograder.engine.trusted", folder / "trusted" / "scratch", seen,
            assignment.limits, walls, path=list(seen.path), assignment=assignment.to_json(), extra_mb=TRUSTED_EXTRA_MB,
        )
    except BaseException:
        student.close()
        raise
    station = Station(student, trusted, folder)
    try:
        for warm in (student, trusted):     # both make ready at the same time
            warm.wait_until_ready()
        _try_walls(station, weaker)
    except BaseException:
        station.close()
        raise
    return station


def _try_walls(station: Station, weaker: bool) -> None:
    """A child of each kind, to see that the required walls stand before the first hand-in does."""
    for warm in (station.student, station.trusted):
        if missing := [layer for layer in map(layer_of, warm.walls) if layer.required and not layer.ok and not weaker]:
            raise Unsafe(_refusal(missing))
        ours, theirs = socket.socketpair()
        with ours, theirs:
            child = warm.lease(0, {}, theirs)
            try:
                child.receive(60)
            except Gone as gone:
                missing = [layer for layer in layers() if layer.required and not layer.ok]
                raise Unsafe(_refusal(missing, str(gone))) from None
            finally:
                child.close()


def _refusal(missing: list[Layer], otherwise: str = "") -> str:
    words = "; ".join(f"{layer.name}: {layer.why} ({layer.remedy})" for layer in missing) or otherwise
    return f"this machine cannot give the sandbox that grading requires: {words}. A weaker sandbox must be asked for."


def _warm(module, role, scratch: Path, seen: view.View, limits, walls: dict, extra_mb=0, **errand) -> Warm:
    scratch.mkdir(parents=True)
    cpu = limits.cpu_seconds + (60 if extra_mb else 0)
    starts = bool(errand.get("programs"))
    allowed = Limits(
        cpu_seconds=cpu, memory_mb=limits.memory_mb + extra_mb, file_mb=limits.file_mb, scratch_mb=limits.file_mb,
        # Of programs each may use as much memory as the limit says.
        threads=min(limits.processes, MOST_PROGRAMS) if starts else limits.processes,
    )
    policy = Policy(seen.read, seen.list, seen.visible, str(scratch), allowed, programs=starts, **walls)
    errand |= {"role": role, "path_of_children": list(seen.path), "environment": {"COURSEKIT_GRADING": "/"}}
    return Warm(module, errand, policy)
