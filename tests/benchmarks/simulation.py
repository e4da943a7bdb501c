"""A grading run as a queue: how long many hand-ins take on many workers, and who is waited for.

    client    one process: reads and packs a hand-in, sends it; unpacks what comes back and writes it
    scheduler one process: passes a hand-in on, passes its marks back
    workers   any number, each with one hand-in at a time

At most `ahead` hand-ins for each worker are on their way, as in grade(). Everything is served in the order in
which it arrives, what came back before what is still to be sent.
"""

import heapq
import itertools
from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True)
class Costs:
    """Seconds for each hand-in."""

    send: float          # client: read, digest, pack
    write: float         # client: unpack, files, gradebook, record
    forward: float       # scheduler: on the way there
    back: float          # scheduler: on the way back


@dataclass(frozen=True)
class Outcome:
    seconds: float               # until the last mark is written
    busy: dict[str, float]       # share of the time in which client, scheduler and the average worker worked

    @property
    def limit(self) -> str:
        """Who is waited for."""
        return max(self.busy, key=self.busy.get)


def simulate(workers: int, hand_ins: int, costs: Costs, service: list[float], ahead: int = 3) -> Outcome:
    """A run of `hand_ins` whose times on a worker are those of `service`, over and over."""
    queues = {name: deque() for name in ("client", "scheduler", "worker")}
    free = {"client": 1, "scheduler": 1, "worker": workers}
    worked = dict.fromkeys(free, 0.0)
    takes = {("client", "send"): costs.send, ("client", "write"): costs.write,
             ("scheduler", "forward"): costs.forward, ("scheduler", "back"): costs.back}
    way = {"send": ("scheduler", "forward"), "forward": ("worker", "mark"), "mark": ("scheduler", "back"),
           "back": ("client", "write")}
    times, order = itertools.cycle(service), itertools.count()
    events: list[tuple[float, int, str, str]] = []      # when a step ends, whose, which
    now, left, written = 0.0, hand_ins, 0

    def arrive(who, step):
        if step in ("write", "back"):
            queues[who].appendleft(step)
        else:
            queues[who].append(step)
        begin(who)

    def begin(who):
        while free[who] and queues[who]:
            step = queues[who].popleft()
            seconds = next(times) if who == "worker" else takes[who, step]
            free[who] -= 1
            worked[who] += seconds
            heapq.heappush(events, (now + seconds, next(order), who, step))

    for _ in range(min(ahead * workers, left)):
        left -= 1
        arrive("client", "send")
    while written < hand_ins:
        now, _, who, step = heapq.heappop(events)
        free[who] += 1
        if step == "write":
            written += 1
            if left:
                left -= 1
                arrive("client", "send")
        else:
            arrive(*way[step])
        begin(who)
    return Outcome(now, {"client": worked["client"] / now, "scheduler": worked["scheduler"] / now,
                         "worker": worked["worker"] / now / workers})
