"""The line to a Dask scheduler: which workers there are, which of them refuse, how long one is waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING

from autograder.inflight import Unusable

if TYPE_CHECKING:
    from distributed import Client

TICK = 2.0          # seconds between two looks at which workers there are
LOST = (CancelledError, OSError, TimeoutError)      # how Dask says that a connection, and what went over it, is lost


class Connection:
    """To the scheduler at `address`, which may be away, or without workers, for `wait` seconds; all in one loop."""

    def __init__(self, address: str, wait: float):
        self.address, self.wait = address, wait
        self.refused: dict[str, str] = {}       # worker -> why, in its words
        self.there: dict[str, int] = {}         # worker -> threads
        self.client: Client | None = None
        self.watching: asyncio.Task | None = None

    async def open(self) -> None:
        """Raises OSError where nobody answers."""
        self.over = asyncio.get_running_loop().create_future()      # why the cluster cannot go on, once it cannot
        self.lock = asyncio.Lock()
        try:
            self.client = await self._client()
        except OSError as trouble:
            raise OSError(f"no Dask scheduler answers at {self.address}: {trouble}") from None
        await self.look(self.client)
        self.watching = asyncio.ensure_future(self._watch())

    async def close(self) -> None:
        if self.watching:
            self.watching.cancel()
            await asyncio.gather(self.watching, return_exceptions=True)
        if self.client:
            await self.client.close()

    def willing(self, avoid: Collection[str] = ()) -> list[str]:
        """Workers that may be asked."""
        return [address for address in self.there if address not in self.refused and address not in avoid]

    async def where(self, name: str) -> set[str]:
        """Workers that hold the hand-in now."""
        try:
            client = await self.connected()
            held = await client.processing()
        except LOST:
            return set()
        return {address for address, keys in held.items() if any(name in str(key) for key in keys)}

    async def connected(self) -> Client:
        """The client, connected; a new one where it gave up.

        Raises:
            Unusable: the scheduler did not come back.
        """
        async with self.lock:
            loop = asyncio.get_running_loop()
            patient_until = loop.time() + self.wait
            while self.client.status != "running":
                if loop.time() > patient_until:
                    raise Unusable(f"the scheduler {self.address} went away and did not come back for "
                                   f"{self.wait:g} seconds.")
                if self.client.status == "closed":
                    try:
                        self.client = await self._client()
                    except LOST:
                        pass
                await asyncio.sleep(TICK / 10)
            return self.client

    async def look(self, client: Client) -> None:
        """See which workers there are now."""
        self.there = dict(await client.nthreads())

    async def _client(self) -> Client:
        from distributed import Client

        return await Client(self.address, asynchronous=True, set_as_default=False, name="autograder", timeout=10)

    async def _watch(self) -> None:
        """Keep `there` current, and give up where there is nothing to wait for."""
        loop = asyncio.get_running_loop()
        seen = loop.time()
        while True:
            try:
                await self.look(await self.connected())
            except Unusable as gone:
                self.over.set_result(str(gone))
                return
            except LOST:
                pass
            now = loop.time()
            seen = now if self.there else seen
            if now - seen > self.wait:
                self.over.set_result(f"the scheduler {self.address} has had no workers for {self.wait:g} seconds.")
                return
            await asyncio.sleep(TICK)


def in_words(refused: dict[str, str]) -> str:
    """Why workers refuse, each reason once."""
    reasons: dict[str, list[str]] = {}
    for address, why in refused.items():
        reasons.setdefault(why, []).append(address)
    return " ".join(f"{', '.join(sorted(who))}: {why}." for why, who in reasons.items())
