"""The few Linux calls that Python's library lacks, by number, for x86-64 and ARM64."""

from __future__ import annotations

import ctypes
import os
import platform
import struct

libc = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
MACHINE = platform.machine()

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 24, 38
PR_SET_CHILD_SUBREAPER, PR_SET_KEEPCAPS = 36, 8

# name: (x86-64, ARM64); None where the machine has no such call
NUMBERS: dict[str, tuple[int | None, int | None]] = {
    "socket": (41, 198), "connect": (42, 203), "accept": (43, 202), "accept4": (288, 242), "bind": (49, 200),
    "listen": (50, 201), "clone": (56, 220), "fork": (57, None), "vfork": (58, None), "clone3": (435, 435),
    "execve": (59, 221), "execveat": (322, 281), "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "pidfd_send_signal": (424, 424),
    "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "ptrace": (101, 117), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "process_madvise": (440, 440), "process_mrelease": (448, 448),
    "kcmp": (312, 272), "prlimit64": (302, 261), "setpriority": (141, 140), "ioprio_set": (251, 30),
    "sched_setaffinity": (203, 122), "sched_setscheduler": (144, 119), "sched_setparam": (142, 118),
    "sched_setattr": (314, 274), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "move_mount": (429, 429), "open_tree": (428, 428), "mount_setattr": (442, 442), "unshare": (272, 97),
    "setns": (308, 268), "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "kexec_load": (246, 104), "kexec_file_load": (320, 294), "swapon": (167, 224),
    "swapoff": (168, 225), "reboot": (169, 142), "sethostname": (170, 161), "setdomainname": (171, 162),
    "quotactl": (179, 60), "acct": (163, 89), "settimeofday": (164, 170), "adjtimex": (159, 171),
    "clock_settime": (227, 112), "clock_adjtime": (305, 266), "syslog": (103, 116), "personality": (135, 92),
    "shmget": (29, 194), "shmat": (30, 196), "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180),
    "migrate_pages": (256, 238), "move_pages": (279, 239), "memfd_create": (319, 279), "memfd_secret": (447, 447),
    "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None), "ioctl": (16, 29),
    "fanotify_init": (300, 262), "inotify_init1": (294, 26), "capset": (126, 91),
    "fcntl": (72, 25), "socketpair": (53, 199), "shmctl": (31, 195), "semctl": (66, 191), "semop": (65, 193),
    "semtimedop": (220, 192), "msgctl": (71, 187), "msgsnd": (69, 189), "msgrcv": (70, 188), "mq_unlink": (241, 181),
    "inotify_init": (253, None), "quotactl_fd": (443, 443), "chmod": (90, None), "fchmod": (91, 52),
    "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, None), "fchown": (93, 55), "lchown": (94, None),
    "fchownat": (260, 54), "utime": (132, None), "utimes": (235, None), "futimesat": (261, None),
    "utimensat": (280, 88), "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
    "truncate": (76, 45),
    "landlock_create_ruleset": (444, 444), "landlock_add_rule": (445, 445), "landlock_restrict_self": (446, 446),
}
LAST_KNOWN = 462  # mseal; whatever a newer kernel adds is not looked at here and is refused


def number(name: str) -> int | None:
    """Number of a system call on this machine; None if it has none."""
    if MACHINE not in ("x86_64", "aarch64"):
        raise OSError(f"the sandbox knows x86_64 and aarch64, this machine is {MACHINE}")
    return NUMBERS[name][0 if MACHINE == "x86_64" else 1]


def syscall(name: str, *args) -> int:
    """Call the kernel; OSError with errno where it refuses."""
    return _checked(libc.syscall(ctypes.c_long(number(name)), *args), name)


def prctl(option: int, *args: int) -> None:
    # Every argument as a long: the kernel rejects rubbish in the unused upper halves.
    padded = [ctypes.c_ulong(a) for a in (*args, 0, 0, 0, 0)[:4]]
    _checked(libc.prctl(ctypes.c_int(option), *padded), f"prctl {option}")


def mount(source: str | None, target: str, kind: str | None, flags: int, options: str | None = None) -> None:
    encoded = [None if text is None else os.fsencode(text) for text in (source, target, kind, options)]
    _checked(libc.mount(*encoded[:3], ctypes.c_ulong(flags), encoded[3]), f"mount {target}")


def detach(path: str) -> None:
    """Unmount lazily (MNT_DETACH): what is open stays open, the name is gone."""
    _checked(libc.umount2(os.fsencode(path), 2), f"umount {path}")


def unshare(flags: int) -> None:
    _checked(libc.unshare(ctypes.c_int(flags)), "unshare")


def capabilities(kept: int) -> None:
    """Keep these of root's powers, as bits, and no other."""
    header = struct.pack("Ii", 0x20080522, 0)  # version 3, this process
    syscall("capset", ctypes.c_char_p(header), ctypes.c_char_p(struct.pack("6I", kept, kept, 0, 0, 0, 0)))


def opens_files_as() -> int:
    """The user whose rights on files this process has: its own, unless it was told otherwise."""
    return libc.setfsuid(ctypes.c_uint(0xFFFFFFFF))     # no user; the call changes nothing and tells


def open_files_as(user: int) -> None:
    libc.setfsuid(ctypes.c_uint(user))
    if opens_files_as() != user:
        raise PermissionError(f"files cannot be opened as user {user}")


def _checked(result: int, what: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result
