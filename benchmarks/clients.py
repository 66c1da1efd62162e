"""Several clients at once, each a process with an engine of its own, on one database.

What each used of the processors is told in processors: 0.5 is half of one. `strangers` is all else
that the machine did meanwhile; where it is much, the figures say little.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from pathlib import Path
from typing import Any

from benchmarks.ours import Ours
from benchmarks.places import Place
from benchmarks.work import walk

STAT = Path("/proc/stat")


def gains(place: Place, clients: tuple[int, ...], cases: int) -> list[dict[str, float]]:
    """Return steps a second for each number of clients, and who used the processors."""
    url = place.fresh()
    ours = Ours(url)
    ours.deploy()
    ours.close()
    return [measured(place, url, number, cases) for number in clients]


def measured(place: Place, url: str, number: int, cases: int) -> dict[str, float]:
    """Let so many clients walk cases at once."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(number + 1)
    answers: Any = context.Queue()
    work = (url, cases, barrier, answers)
    processes = [context.Process(target=client, args=work) for _each in range(number)]
    for process in processes:
        process.start()
    barrier.wait()
    worked, busy, begun = place.worked(), processor_seconds(), time.perf_counter()
    found = [answers.get() for _each in processes]
    elapsed, used = time.perf_counter() - begun, processor_seconds() - busy
    worked = place.worked() - worked
    for process in processes:
        process.join()
    steps, own = sum(each[0] for each in found), sum(each[1] for each in found)
    return {
        f"steps_per_s_{number}": steps / elapsed,
        f"cpu_engine_{number}": own / elapsed,
        f"cpu_database_{number}": worked / elapsed,
        f"cpu_strangers_{number}": max(used - own - worked, 0.0) / elapsed,
    }


def client(url: str, cases: int, barrier: Any, answers: Any) -> None:
    """Walk cases and tell how many steps and how much processor time they took."""
    ours = Ours(url)
    one_case(ours)  # warm
    barrier.wait()
    before = os.times()
    steps = sum(one_case(ours) for _case in range(cases))
    after = os.times()
    answers.put((steps, after.user + after.system - before.user - before.system))
    ours.close()


def one_case(ours: Ours) -> int:
    """Walk a case, looking for each item as a page would; return its durable steps."""
    case = ours.start()
    steps = 1
    for element, outcome in walk():
        ours.complete(ours.find(case, element), outcome)
        steps += 1
    return steps


def processor_seconds() -> float:
    """Return the seconds that all processors of the machine were busy."""
    user, nice, system, _idle, _wait, *rest = map(int, STAT.read_text().split("\n")[0].split()[1:])
    return (user + nice + system + sum(rest[:2])) / os.sysconf("SC_CLK_TCK")
