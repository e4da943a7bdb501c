"""Namespaces: a view of the machine with nothing else in it.

The warm process enters them once, all that it forks inherits them: no network, no other process,
and a root folder that holds the interpreter, its packages and nothing more. They need root or
unprivileged user namespaces, which some machines forbid; so they are extra, never the only wall.
"""

from __future__ import annotations

import ctypes
import os
import signal
import struct
from collections.abc import Iterable

from . import kernel

MOUNT, UTS, IPC, USER, PID, NET = 0x00020000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000
NOSUID, NODEV, NOEXEC, BIND, RECURSIVE, PRIVATE = 2, 4, 8, 0x1000, 0x4000, 0x40000
READ_ONLY_ATTRIBUTE, NOSUID_ATTRIBUTE, EVERYTHING_BELOW = 1, 2, 0x8000


def enter(visible: Iterable[str], scratch: str, scratch_mb: int) -> None:
    """Leave the machine behind: new namespaces, a private root, and this process as its first.

    The calling process stays outside and waits; its forked copy returns from here. `scratch` is
    the one folder that can be written to, `scratch_mb` its size.
    """
    user, group = os.getuid(), os.getgid()
    kernel.unshare(MOUNT | UTS | IPC | PID | NET | (0 if user == 0 else USER))
    if user != 0:
        write_maps(user, group)
    first = os.fork()
    if first:
        _stand_for(first)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    private_root(visible, scratch, scratch_mb)


def own_scratch(scratch: str, megabytes: int) -> None:
    """A user and mount namespace for this process alone, and an empty folder in memory at `scratch`.

    It vanishes with the process, it cannot fill anybody's disk, and threads are counted apart
    from those of the hand-in next door.
    """
    user, group = os.getuid(), os.getgid()
    kernel.unshare(USER | MOUNT)
    write_maps(user, group)
    kernel.mount("tmpfs", scratch, "tmpfs", NOSUID | NODEV, f"size={megabytes}m,mode=700,nr_inodes=4096")


def heirs_are_known() -> bool:
    """Does what this process leaves behind become its parent's child, as the first of the namespace, for it to see?"""
    pid = os.getpid()
    known = os.readlink("/proc/self") == str(pid) and os.path.exists(f"/proc/{pid}/task/{pid}/children")
    return known and os.getppid() == 1


def write_maps(user: int, group: int) -> None:
    """The new user namespace knows one user and one group, and they are who they were."""
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def private_root(visible: Iterable[str], scratch: str, scratch_mb: int) -> None:
    """Make a root folder that shows only the `visible` paths, read-only, and `scratch`."""
    kernel.mount(None, "/", None, RECURSIVE | PRIVATE)
    root = os.path.join(scratch, ".root")
    os.makedirs(root, exist_ok=True)
    kernel.mount("tmpfs", root, "tmpfs", NOSUID | NODEV, "size=4m,mode=755")
    for path in visible:
        _show(path, root)
    os.makedirs(root + scratch, exist_ok=True)
    os.makedirs(root + "/proc", exist_ok=True)
    read_only = struct.pack("QQQQ", READ_ONLY_ATTRIBUTE | NOSUID_ATTRIBUTE, 0, 0, 0)
    kernel.syscall(
        "mount_setattr", ctypes.c_int(-100), os.fsencode(root), ctypes.c_uint(EVERYTHING_BELOW),
        ctypes.c_char_p(read_only), ctypes.c_size_t(len(read_only)),
    )
    kernel.mount("tmpfs", root + scratch, "tmpfs", NOSUID | NODEV, f"size={scratch_mb}m,mode=1777")
    try:
        kernel.mount("proc", root + "/proc", "proc", NOSUID | NODEV | NOEXEC)
    except OSError:  # a container that hides parts of /proc does not let us mount another
        kernel.mount("/proc", root + "/proc", None, BIND | RECURSIVE)
    os.chdir(root)
    kernel.syscall("pivot_root", b".", b".")
    kernel.detach(".")
    os.chdir("/")


def _show(path: str, root: str) -> None:
    """Bind `path` into the new root at the same name; a symbolic link is made again."""
    target = root + path
    if os.path.lexists(target) or not os.path.exists(path):
        return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    if os.path.islink(path):
        os.symlink(os.readlink(path), target)
        return
    if os.path.isdir(path):
        os.mkdir(target)
    else:
        os.close(os.open(target, os.O_CREAT))
    kernel.mount(path, target, None, BIND | RECURSIVE)


def _stand_for(first: int) -> None:
    """Outside: end when the inside ends, and end the inside when asked to."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os.kill(first, signal.SIGKILL))
    os.closerange(3, os.sysconf("SC_OPEN_MAX") if os.sysconf("SC_OPEN_MAX") < 65536 else 65536)
    while True:
        try:
            _, status = os.waitpid(first, 0)
        except InterruptedError:
            continue
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
