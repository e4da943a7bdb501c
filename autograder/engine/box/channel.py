"""Frames over a stream socket: <tree length, number of buffers> <their lengths> <tree> <buffers>.

Each length is checked against a ceiling before a byte of what it promises is read.
"""

from __future__ import annotations

import socket
import struct

import numpy as np

from .wire import MAX_BUFFERS, MAX_MESSAGE, MAX_TREE, Malformed, NotPlain


class Channel:
    """One end of a stream that carries frames."""

    def __init__(self, sock: socket.socket, most_tree: int = MAX_TREE, most_buffers: int = MAX_BUFFERS):
        self.sock, self.most_tree, self.most_buffers = sock, most_tree, most_buffers

    def send(self, tree: bytes, buffers: list[np.ndarray] = ()) -> None:
        views = [memoryview(np.ravel(b, order="K").view(np.uint8)) if b.nbytes else memoryview(b"") for b in buffers]
        sizes = [len(view) for view in views]
        if len(tree) > MAX_TREE or len(views) > MAX_BUFFERS or sum(sizes) > MAX_MESSAGE:
            raise NotPlain("this value is too large to cross between the processes")
        head = struct.pack(f"<II{len(sizes)}Q", len(tree), len(sizes), *sizes)
        self.sock.sendall(head + tree)
        for view in views:
            self.sock.sendall(view)

    def receive(self) -> tuple[bytes, list[bytearray]]:
        """The next frame; EOFError where the other side has gone, Malformed where it breaks a ceiling."""
        tree, count = struct.unpack("<II", self._read(8))
        if tree > self.most_tree or count > self.most_buffers:
            raise Malformed("frame too large")
        sizes = struct.unpack(f"<{count}Q", self._read(8 * count))
        if sum(sizes) > MAX_MESSAGE:
            raise Malformed("message too large")
        return bytes(self._read(tree)), [self._read(size) for size in sizes]

    def _read(self, size: int) -> bytearray:
        # Grows with what really arrives: a frame that promises much and sends nothing costs nothing.
        data = bytearray(min(size, 1 << 20))
        got = 0
        while got < size:
            if got == len(data):
                data.extend(bytes(min(size - got, len(data))))
            with memoryview(data) as view:
                count = self.sock.recv_into(view[got:])
            if not count:
                raise EOFError
            got += count
        return data
