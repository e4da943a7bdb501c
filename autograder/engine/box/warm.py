"""The warm process: everything imported once, then one fork for each submission.

Run as `python -m box.warm <fd>` (student's side) or `python -m autograder.engine.box.warm <fd>`
(trusted side). It reads its errand from stdin, makes ready, and from then on answers each lease that
arrives on the socket <fd> with a child. It runs one thread, always: a forked copy of a process with more may hang.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import random
import select
import signal
import socket
import sys
from dataclasses import asdict, dataclass

from . import hugepages, kernel, sandbox
from .clearing import clear

MAX_REQUEST = 1 << 18
MOST_SWEEPS = 1000
MISSING_WALL = 71        # exit code of a child that a required wall was refused to


@dataclass
class Lease:
    """One child, for as long as the other end of its socket is held."""

    socket: socket.socket
    pid: int
    pidfd: int
    scratch: str


def main(descriptor: int) -> None:
    control = socket.socket(fileno=descriptor)
    errand = json.load(sys.stdin)
    sys.path[:] = errand["path"]
    role = importlib.import_module(errand["role"])
    role.prepare(errand)
    # The modules by which this process came to life must not be found again from within.
    sys.path[:] = errand["path_of_children"]
    importlib.invalidate_caches()
    sys.path_importer_cache.clear()
    policy = sandbox.Policy.of(errand["policy"])
    gc.collect()
    gc.freeze()  # else the first collection in each child copies every page
    hugepages.gather()
    walls = sandbox.enclose(policy)
    control.send(json.dumps([asdict(wall) for wall in walls]).encode())
    serve(control, role, policy)


def serve(control: socket.socket, role, policy: sandbox.Policy) -> None:
    base = sandbox.readable(policy)
    null = os.open("/dev/null", os.O_RDWR)
    poll = select.epoll()
    poll.register(control, select.EPOLLIN)
    leases: dict[int, Lease] = {}  # by the descriptor that woke us: the lease's socket, or its pidfd
    while True:
        for ready, _ in poll.poll():
            if ready == control.fileno():
                request, received, _, _ = socket.recv_fds(control, MAX_REQUEST, 8)
                if not request:
                    for lease in leases.values():
                        _kill(lease)
                    os._exit(0)
                lease = _fork(json.loads(request), received, role, policy, base, null)
                leases[lease.socket.fileno()] = leases[lease.pidfd] = lease
                poll.register(lease.socket, select.EPOLLIN)
                poll.register(lease.pidfd, select.EPOLLIN)
            elif (lease := leases.get(ready)) is None:
                continue
            elif ready == lease.pidfd:
                _bury(lease, poll, leases)
            elif not _still_held(lease.socket):
                poll.unregister(lease.socket)
                _kill(lease)


def _fork(request: dict, received: list[int], role, policy: sandbox.Policy, base: int | None, null: int) -> Lease:
    """A child for this request. The first descriptor is the lease's socket, the others are for the child."""
    if len(os.listdir("/proc/self/task")) != 1:
        raise RuntimeError("the warm process has more than one thread: a fork would not be safe")
    scratch = os.path.join(policy.scratch, request["scratch"])
    pid = os.fork()
    if pid == 0:
        code = 70
        try:
            _child(request, received[1:], role, policy, base, null, scratch)
            code = 0
        except SystemExit:
            code = 0
        except sandbox.Missing:
            code = MISSING_WALL
        except BaseException as error:
            sys.__stderr__.write(f"{type(error).__name__}: {error}\n")
        finally:
            os._exit(code)
    held = socket.socket(fileno=received[0])
    pidfd = os.pidfd_open(pid)
    for descriptor in received[1:]:
        os.close(descriptor)
    socket.send_fds(held, [json.dumps({"pid": pid}).encode()], [pidfd])
    return Lease(held, pid, pidfd, scratch)


def _child(request: dict, given: list[int], role, policy: sandbox.Policy, base: int | None, null: int, scratch: str):
    """What the copy does: close what is not its own, build its walls, and serve."""
    os.setsid()
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if policy.programs:
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)      # orphans stay below this process while it lives
    keep = [os.dup2(descriptor, 100 + i, inheritable=False) for i, descriptor in enumerate(given)]
    shelf = os.dup2(base, 99, inheritable=False) if base is not None else None
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.closerange(3, 99)
    os.closerange(100 + len(keep), 4096)
    os.environ.update(request["environment"], HOME=scratch, TMPDIR=scratch, PWD=scratch)
    _seed(request["seed"])
    walls = sandbox.confine(policy, shelf, scratch)
    if shelf is not None:
        os.close(shelf)
    os.environ.update(HOME=os.getcwd(), TMPDIR=os.getcwd(), PWD=os.getcwd())
    role.serve([socket.socket(fileno=descriptor) for descriptor in keep], [asdict(wall) for wall in walls])


def _seed(seed: int) -> None:
    """Forked children must not share one stream of random numbers, and a rerun must repeat its own."""
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed % 2**32)


def _still_held(held: socket.socket) -> bool:
    try:
        return bool(held.recv(1))
    except OSError:
        return False


def _kill(lease: Lease) -> None:
    try:
        signal.pidfd_send_signal(lease.pidfd, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _bury(lease: Lease, poll: select.epoll, leases: dict[int, Lease]) -> None:
    """The child has ended: say how and what it used, and forget it."""
    _, status, used = os.wait4(lease.pid, 0)
    for descriptor in (lease.pidfd, lease.socket.fileno()):
        leases.pop(descriptor, None)
        try:
            poll.unregister(descriptor)
        except (FileNotFoundError, ValueError, OSError):
            pass
    _sweep({other.pid for other in leases.values()})
    clear(lease.scratch)
    last = {
        "exit": os.waitstatus_to_exitcode(status),
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "peak_kb": used.ru_maxrss,
    }
    try:
        lease.socket.send(json.dumps(last).encode())
    except OSError:
        pass
    os.close(lease.pidfd)
    lease.socket.close()


def _sweep(living: set[int]) -> None:
    """End what a child had started and left behind: as the first of its namespace, this process has inherited it."""
    for _ in range(MOST_SWEEPS):
        try:
            with open(f"/proc/self/task/{os.getpid()}/children") as file:
                strays = {int(pid) for pid in file.read().split()} - living
        except FileNotFoundError:       # no list, no programs: see namespaces.heirs_are_known
            return
        if not strays:
            return
        for pid in strays:      # several rounds, since ending one hands us its own children
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    os._exit(70)                # the namespace ends with its first process, and everything in it


if __name__ == "__main__":
    main(int(sys.argv[1]))
