"""The walls, in the order in which they go up, each with word of whether it stands.

`enclose` is for the warm process, once: namespaces, private root, no longer root.
`confine` is for each forked child: limits, Landlock, seccomp. Both answer with walls;
a required one that is missing stops everything, unless a weaker sandbox was asked for.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field

from . import kernel, landlock, namespaces, seccomp, user
from . import limits as ceilings

REQUIRED = ("not root", "limits", "no new privileges", "no capabilities", "landlock", "seccomp")
NO_PROGRAMS = "no other programs"
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/urandom", "/dev/random")


class Missing(RuntimeError):
    """A required wall does not stand."""


@dataclass(frozen=True)
class Policy:
    """What a kind of process may see, and how much it may use."""

    read: tuple[str, ...]            # files and folders, with all below them
    list: tuple[str, ...]            # folders that may be listed, though not all in them may be read
    visible: tuple[str, ...]         # what the private root shows
    scratch: str                     # the folder that may be written to
    limits: ceilings.Limits = field(default_factory=ceilings.Limits)
    namespaces: bool = True          # use them where the machine allows it
    weaker: bool = False             # go on where a required wall is missing
    programs: bool = False           # it may start other programs, where its namespaces hold them together

    @classmethod
    def of(cls, fields: dict) -> Policy:
        limits = ceilings.Limits(**fields["limits"])
        return cls(**{**fields, "limits": limits, **{k: tuple(fields[k]) for k in ("read", "list", "visible")}})


@dataclass(frozen=True)
class Wall:
    name: str
    stands: bool
    why: str = ""


def enclose(policy: Policy) -> list[Wall]:
    """Into the namespaces, and away from root. Call it with everything imported and one thread."""
    walls = []
    os.makedirs(policy.scratch, exist_ok=True)
    if not policy.namespaces:
        walls.append(Wall("namespaces", False, "not asked for"))
    else:
        why = _rehearse(lambda: _into_namespaces(policy))
        if not why:
            _into_namespaces(policy)
        walls.append(Wall("namespaces", not why, why))
    return [*walls, _away_from_root(policy)]


def _away_from_root(policy: Policy) -> Wall:
    if os.getuid() != 0:
        return Wall("not root", True)
    needed, refused = user.needed(), []
    for reader, words in user.ways(needed):
        why = _rehearse(lambda reader=reader: user.become(reader, policy.scratch, needed))
        if not why:
            user.become(reader, policy.scratch, needed)
            return Wall("not root", True, words)
        refused.append(why)
    root = user.is_root()
    return Wall("not root", not root, refused[0] if root else "")


def confine(policy: Policy, base: int | None, scratch: str) -> list[Wall]:
    """Up with the walls around this process. `base` is the ruleset that `readable` made."""
    walls: list[Wall] = []

    def build(name: str, step: Callable[[], object]) -> bool:
        try:
            step()
        except (OSError, ValueError) as error:
            walls.append(Wall(name, False, str(error)))
            if name in REQUIRED and not policy.weaker:
                raise Missing(f"{name}: {error}") from None
            return False
        walls.append(Wall(name, True))
        return True

    programs = False
    if policy.namespaces and build("own scratch", lambda: _own_scratch(policy)):
        scratch = policy.scratch
        counted = build("own threads", lambda: ceilings.threads(policy.limits))
        programs = policy.programs and counted and namespaces.heirs_are_known()
    os.makedirs(scratch, exist_ok=True)
    os.chdir(scratch)
    build("limits", lambda: ceilings.apply(policy.limits))
    build("no new privileges", lambda: kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1))
    build("no capabilities", lambda: kernel.capabilities(0))
    build("landlock", lambda: _enter_landlock(policy, base, scratch))
    build("undumpable", lambda: kernel.prctl(kernel.PR_SET_DUMPABLE, 0))
    build("seccomp", lambda: seccomp.load(programs))
    walls.append(Wall(NO_PROGRAMS, not programs, "this assignment starts some" if programs else ""))
    return walls


def readable(policy: Policy) -> int | None:
    """The Landlock ruleset that all children share; None where there is no Landlock."""
    rules = [(path, landlock.READ) for path in policy.read]
    rules += [(path, landlock.LIST) for path in policy.list]
    rules += [(path, landlock.DEVICE) for path in DEVICES]
    # Named by its parent: the folder itself may be covered by a mount later, and rules go by inode.
    rules += [(os.path.dirname(policy.scratch), landlock.WRITE)]
    return landlock.ruleset(rules) if landlock.abi() else None


def _enter_landlock(policy: Policy, base: int | None, scratch: str) -> None:
    # Two layers: the shared one says what of the machine may be read, the second that of the scratch folders
    # only this child's may be opened. A rule added to the shared one would be everybody's.
    if base is None:
        raise OSError("the kernel has no Landlock, or it is switched off")
    rules = [(path, landlock.READ) for path in _beside(policy.read + policy.list, scratch)]
    own = landlock.ruleset([*rules, (scratch, landlock.WRITE), *((path, landlock.DEVICE) for path in DEVICES)])
    landlock.enter(base)
    landlock.enter(own)
    os.close(own)


def _beside(paths: tuple[str, ...], scratch: str) -> set[str]:
    """The highest folders that hold the paths and do not hold the scratch folders: few rules instead of many."""
    above = os.path.dirname(scratch) + "/"
    found = set()
    for path in paths:
        parts = path.split("/")
        length = 2
        while length < len(parts) and above.startswith("/".join(parts[:length]) + "/"):
            length += 1
        found.add("/".join(parts[:length]))
    return found


def _into_namespaces(policy: Policy) -> None:
    namespaces.enter(policy.visible, policy.scratch, 4 * policy.limits.scratch_mb)


def _own_scratch(policy: Policy) -> None:
    if kernel.opens_files_as() != os.getuid():      # whom the folder's own namespace would not know
        raise OSError("files are opened with the rights of another user")
    namespaces.own_scratch(policy.scratch, policy.limits.scratch_mb)


def _rehearse(step: Callable[[], object]) -> str:
    """Try a step that cannot be taken back in a copy of this process; "" or why it failed."""
    reading, writing = os.pipe()
    copy = os.fork()
    if copy == 0:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        try:
            step()
            os._exit(0)
        except BaseException as error:
            os.write(writing, str(error).encode()[:500])
            os._exit(1)
    os.close(writing)
    _, status = os.waitpid(copy, 0)
    with os.fdopen(reading, "rb") as pipe:
        why = pipe.read().decode(errors="replace")
    return "" if status == 0 else why or f"ended with {os.waitstatus_to_exitcode(status)}"
