"""What one process may use, by the kernel's own counters."""

from __future__ import annotations

import math
from dataclasses import dataclass

try:
    import resource
except ImportError:     # Windows: this is read there, and no engine runs
    resource = None

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Ceilings for one process; crossing one costs the process, never the grader."""

    cpu_seconds: float = 60
    memory_mb: int = 2048    # on top of what is mapped when the limit is set
    file_mb: int = 64        # one file
    scratch_mb: int = 64     # all files together, where the scratch folder is the process's own
    open_files: int = 128
    threads: int = 64


def apply(limits: Limits) -> None:
    """Set them, hard, for this process; ValueError or OSError if one cannot be set."""
    cpu = math.ceil(limits.cpu_seconds)
    _set(resource.RLIMIT_CPU, cpu, cpu + 1)  # SIGXCPU ends the process; one that ignores it is killed a second later
    _set(resource.RLIMIT_AS, _mapped() + limits.memory_mb * MEGABYTE)
    _set(resource.RLIMIT_FSIZE, limits.file_mb * MEGABYTE)
    _set(resource.RLIMIT_NOFILE, limits.open_files)
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_MSGQUEUE, 0)
    _set(resource.RLIMIT_MEMLOCK, 0)


def threads(limits: Limits) -> None:
    """Bound the threads; only where the process is alone in its user namespace is the count its own."""
    _set(resource.RLIMIT_NPROC, limits.threads)


def _set(which: int, soft: int, hard: int | None = None) -> None:
    hard = soft if hard is None else hard
    ceiling = resource.getrlimit(which)[1]
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.setrlimit(which, (soft, hard))
    if resource.getrlimit(which) != (soft, hard):
        raise OSError(f"limit {which} stayed at {resource.getrlimit(which)}")


def _mapped() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()
