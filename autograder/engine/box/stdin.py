"""Questions to whoever sits at the keyboard: nobody does, and they end in the error that a kernel raises then.

nbclient, and so nbgrader, tells the kernel that no questions are answered; student code that catches the error goes on
as it does there. Source: `raw_input` and `getpass` in ipykernel/kernelbase.py, which does not run here.
"""

from __future__ import annotations

import builtins
import getpass

from IPython.core.error import StdinNotImplementedError


def refuse() -> None:
    """Let `input` and `getpass.getpass` of this process raise StdinNotImplementedError, whatever they are asked."""
    builtins.input, getpass.getpass = _input, _getpass


def _input(prompt=""):
    raise _refused("raw_input")


def _getpass(prompt="", stream=None, *, echo_char=None):
    raise _refused("getpass")


def _refused(name: str) -> StdinNotImplementedError:
    return StdinNotImplementedError(f"{name} was called, but this frontend does not support input requests.")
