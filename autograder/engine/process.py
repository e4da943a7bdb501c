"""The grader's hold on its processes: the warm ones, and the child that one submission leases."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path

from autograder.engine.box.channel import Channel
from autograder.engine.box.decoder import Decoder
from autograder.engine.box.encoder import Encoder
from autograder.engine.box.sandbox import Policy, Wall
from autograder.engine.box.wire import Malformed

ENVIRONMENT = {
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "NUMEXPR_NUM_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline", "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1",
    "JOBLIB_MULTIPROCESSING": "0", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
KEPT = ("HOME", "TZ", "LD_LIBRARY_PATH", "MPLCONFIGDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "VIRTUAL_ENV")
START_SECONDS = 120
MOST_REPLY = 12 << 20    # bytes: the outputs of one cell, pictures and all
MOST_MADE = 200_000      # lists and tables in them, since twelve million empty ones take a gigabyte and half a minute


class Gone(Exception):
    """The process at the other end has ended, or broke the protocol and was ended; says how."""


class Late(Exception):
    """No answer in time."""


class Warm:
    """A process that has everything imported and hands out forked children of itself."""

    def __init__(self, module: str, errand: dict, policy: Policy):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {name: os.environ[name] for name in KEPT if name in os.environ} | ENVIRONMENT
        environment |= errand.get("environment", {})
        environment["PYTHONPATH"] = os.pathsep.join(errand["path"][:1])
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", module, str(theirs.fileno())],
                pass_fds=[theirs.fileno()], env=environment, stdin=subprocess.PIPE, cwd="/", start_new_session=True,
            )
        self.control = ours
        self.lock = threading.Lock()
        with self.process.stdin as pipe:
            pipe.write(json.dumps(errand | {"policy": asdict(policy)}).encode())
        self.count = 0
        self.walls: list[Wall] = []

    def wait_until_ready(self) -> Warm:
        """Imports take seconds, so two of them are started before one is waited for."""
        self.control.settimeout(START_SECONDS)
        answer = self.control.recv(1 << 16)
        if not answer:
            raise RuntimeError(f"the warm process {self.process.args[3]} did not start: exit {self.process.wait(10)}")
        self.control.settimeout(None)
        self.walls = [Wall(**wall) for wall in json.loads(answer)]
        return self

    def lease(self, seed: int, environment: dict[str, str], *more: socket.socket) -> Child:
        """Fork a child; it gets one end of a channel to us, and the sockets of `more`."""
        held, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours, control = socket.socketpair()
        with theirs, control, self.lock:
            self.count += 1
            request = {"scratch": str(self.count), "seed": seed, "environment": environment}
            descriptors = [theirs.fileno(), control.fileno(), *(sock.fileno() for sock in more)]
            socket.send_fds(self.control, [json.dumps(request).encode()], descriptors)
        held.settimeout(START_SECONDS)
        message, descriptors, _, _ = socket.recv_fds(held, 1 << 12, 1)
        if not message:
            raise RuntimeError("the warm process could not fork")
        return Child(held, descriptors[0], ours)

    def lives(self) -> bool:
        """Has it neither ended nor hung up? In its namespace it may be gone before the process that we started is."""
        try:
            return self.process.poll() is None and bool(self.control.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
        except BlockingIOError:     # nothing to read, which is how it stays
            return True
        except OSError:             # closed by us
            return False

    def close(self) -> None:
        with self.lock:
            self.control.close()  # the warm process reads the end of its errand and takes its children along
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Child:
    """One forked process. It dies with this object's `close`, at the latest."""

    def __init__(self, held: socket.socket, pidfd: int, control: socket.socket):
        self.held, self.pidfd = held, pidfd
        control.setblocking(True)
        self.channel = Channel(control, MOST_REPLY, most_buffers=0)
        self.pid = _pid(pidfd)
        self.ended: dict | None = None
        self.broke = ""
        self.waited = 0.0
        self.schedule: int | None = None       # asked before each message, so it stays open
        self.used: float | None = None

    # ------------------------------------------------------------------ talking

    def send(self, message: dict) -> None:
        try:
            self.channel.send(*Encoder().encode(message))
        except OSError:
            raise Gone(self.last_words()) from None

    def receive(self, seconds: float) -> dict:
        """The next message, within so many seconds; Late or Gone."""
        if not select.select([self.channel.sock], [], [], max(0.0, seconds))[0]:
            raise Late
        self.channel.sock.settimeout(max(1.0, seconds))
        try:
            message = Decoder(rebuild=lambda told: None, most=MOST_MADE).decode(*self.channel.receive())
        except TimeoutError:
            self.kill("it began a message and did not end it")
            raise Gone(self.last_words()) from None
        except (EOFError, OSError):
            raise Gone(self.last_words()) from None
        except Malformed as error:
            self.kill(f"it sent a malformed message ({error})")
            raise Gone(self.last_words()) from None
        if not isinstance(message, dict):
            self.kill("it sent a malformed message")
            raise Gone(self.last_words())
        return message

    # ------------------------------------------------------------------ time

    def cpu_seconds(self) -> float:
        """CPU time of all its threads so far."""
        if self.used is not None:
            return self.used
        if self.ended:
            return self.ended["cpu_seconds"]
        try:
            return time.clock_gettime(~self.pid << 3 | 2)  # the kernel's name for the CPU clock of another process
        except OSError:
            return 0.0

    def queued_seconds(self) -> float:
        """How long it stood in line for a CPU that others used."""
        try:
            if self.schedule is None:
                self.schedule = os.open(f"/proc/{self.pid}/schedstat", os.O_RDONLY | os.O_CLOEXEC)
            self.waited = int(os.pread(self.schedule, 200, 0).split()[1]) / 1e9
        except (OSError, IndexError, ValueError):
            pass
        return self.waited

    # ------------------------------------------------------------------ ending

    def interrupt(self) -> None:
        self._signal(signal.SIGINT)

    def kill(self, why: str = "") -> None:
        self.broke = self.broke or why
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        try:
            signal.pidfd_send_signal(self.pidfd, number)
        except (ProcessLookupError, PermissionError):
            pass

    def last_words(self) -> str:
        """How it ended, in words."""
        self._wait(5)
        if self.broke:
            return self.broke
        if self.ended is None:
            return "it hung up"
        code = self.ended["exit"]
        if code == -signal.SIGXCPU:
            return "its CPU time was used up"
        if code == -signal.SIGKILL:
            return "it was stopped, or ran out of memory"
        if code < 0:
            return f"it crashed ({signal.Signals(-code).name})"
        return f"it ended itself (exit code {code})"

    def _wait(self, seconds: float) -> None:
        if self.ended is None and select.select([self.held], [], [], seconds)[0]:
            try:
                words = self.held.recv(1 << 12)
            except OSError:
                words = b""
            self.ended = json.loads(words) if words else {"exit": -signal.SIGKILL, "cpu_seconds": 0.0, "peak_kb": 0}

    def close(self) -> None:
        """Kill it if it lives. The warm process buries it; nobody waits for that."""
        self.used = self.cpu_seconds()
        self._signal(signal.SIGKILL)
        for sock in (self.channel.sock, self.held):
            sock.close()
        for descriptor in (self.pidfd, self.schedule):
            if descriptor is not None:
                os.close(descriptor)


def _pid(pidfd: int) -> int:
    """The process's number as this process sees it, whatever namespace it lives in."""
    for line in Path(f"/proc/self/fdinfo/{pidfd}").read_text().splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    raise OSError("the kernel does not tell a pidfd's process")
