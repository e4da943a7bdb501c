"""Other programs: `!ls`, `%%bash`, `subprocess`. An assignment whose own cells start some may; no other may.

Where they may, the walls are those of the student's process: a program inherits them. Where they may not, the wall
is seccomp's, and this says so in words. A line that starts with `!` then is not run, and the cell goes on, as it would
after a program that failed; everything else ends in a PermissionError.
"""

from __future__ import annotations

import os
import subprocess
import sys

from IPython.core import interactiveshell

UNASKED = "other programs cannot be started here, since this assignment's own cells start none"
UNSAFE = "other programs cannot be started on this machine, which has no namespaces to hold them together"
APART = "other programs cannot be started where tests are judged apart"
NOT_RUN = 126       # the exit code by which a shell says that it found a program and could not run it
PIECE = 4096


def forbid(why: str, ends_the_cell: bool = False) -> None:
    """Let all ways to start a program say why they do not. `ends_the_cell`: a line with `!` does, too."""
    def refuse(*args, **kwargs):
        raise PermissionError(why)

    def skip(command: str, answer):
        if ends_the_cell:
            refuse()
        print(f"!{command}: not run, {why}")
        return answer

    for name in ("system", "fork", "forkpty", "posix_spawn", "posix_spawnp"):
        setattr(os, name, refuse)
    subprocess._fork_exec = refuse
    interactiveshell.system = lambda command: skip(command, NOT_RUN)
    interactiveshell.getoutput = lambda command: skip(command, "")


def allow(path: str) -> None:
    """Let programs be found along `path`. IPython itself would run `!ls` in a terminal; there is none here."""
    os.environ["PATH"] = path
    interactiveshell.system = _shown
    interactiveshell.getoutput = _brought


def _shown(command: str) -> int:
    """Run `!command`, its output as it comes; the exit code."""
    with _started(command) as process:
        try:
            while piece := os.read(process.stdout.fileno(), PIECE):
                sys.stdout.write(piece.decode("utf-8", "replace"))
        except BaseException:
            process.kill()
            raise
    return process.returncode


def _brought(command: str) -> str:
    """Run the right side of `x = !command`."""
    with _started(command) as process:
        return process.communicate()[0].decode("utf-8", "replace")


def _started(command: str) -> subprocess.Popen:
    return subprocess.Popen(command, shell=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT)
