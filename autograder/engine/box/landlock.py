"""Landlock: which files a process may see, decided without root.

A ruleset allows by folder and by file; what no rule names is refused. Each layer that a process
enters can only narrow the earlier ones. Source: Documentation/userspace-api/landlock.rst of the kernel.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

from . import kernel

RIGHTS = (
    "execute write_file read_file read_dir remove_dir remove_file make_char make_dir make_reg make_sock "
    "make_fifo make_block make_sym refer truncate ioctl_dev"
).split()
BIT = {name: 1 << i for i, name in enumerate(RIGHTS)}
RIGHTS_OF_ABI = {1: 13, 2: 14, 3: 15, 4: 15}  # later versions know all sixteen

READ = BIT["execute"] | BIT["read_file"] | BIT["read_dir"]
LIST = BIT["read_dir"]
WRITE = READ | sum(
    BIT[right] for right in "write_file remove_dir remove_file make_dir make_reg make_sym refer truncate".split()
)
DEVICE = BIT["read_file"] | BIT["write_file"] | BIT["truncate"]
ON_A_FILE = BIT["execute"] | BIT["write_file"] | BIT["read_file"] | BIT["truncate"] | BIT["ioctl_dev"]

NETWORK = 3   # ABI 4: bind and connect of TCP
SCOPES = 3    # ABI 6: abstract sockets and signals end at the domain's border


def abi() -> int:
    """Version of Landlock that the kernel speaks; 0 where it has none."""
    try:
        return kernel.syscall("landlock_create_ruleset", None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    except OSError:
        return 0


def ruleset(rules: Iterable[tuple[str, int]]) -> int:
    """A ruleset's file descriptor, from (path, rights); paths that do not exist are passed over."""
    version = abi()
    if not version:
        raise OSError("the kernel has no Landlock, or it is switched off")
    handled = (1 << RIGHTS_OF_ABI.get(version, 16)) - 1
    attributes = struct.pack("QQQ", handled, NETWORK if version >= 4 else 0, SCOPES if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    made = kernel.syscall(
        "landlock_create_ruleset", ctypes.c_char_p(attributes), ctypes.c_size_t(size), ctypes.c_uint32(0)
    )
    for path, rights in rules:
        try:
            place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except (FileNotFoundError, PermissionError, NotADirectoryError):
            continue
        try:
            if not stat.S_ISDIR(os.fstat(place).st_mode):
                rights &= ON_A_FILE
            if rights & handled:
                rule = struct.pack("=Qi", rights & handled, place)
                kernel.syscall("landlock_add_rule", ctypes.c_int(made), ctypes.c_int(1), ctypes.c_char_p(rule), 0)
        finally:
            os.close(place)
    return made


def enter(made: int) -> None:
    """Bind this thread, and all it starts, to a ruleset. Needs no_new_privs; there is no way back."""
    kernel.syscall("landlock_restrict_self", ctypes.c_int(made), ctypes.c_uint32(0))
