"""A relay that tells what it keeps in memory when it is asked by SIGUSR1.

`python -m benchmarks.laid_open_relay` is `python -m relay`, with one line of JSON in its
log for each asking: how many objects the collector knows, which kinds most,
of which kinds it has just found garbage, and what the tasks do.
"""

import asyncio
import gc
import json
import signal
import sys
from collections import Counter
from typing import Final

from relay.__main__ import main

MARK: Final = "laid open "
KINDS: Final = 40


def tell(*_of_the_signal: object) -> None:
    """Write what is alive after a whole collection."""
    before = Counter(type(one).__qualname__ for one in gc.get_objects())
    gc.collect()
    alive = gc.get_objects()
    kinds = Counter(type(one).__qualname__ for one in alive)
    tasks = (one for one in alive if isinstance(one, asyncio.Task) and not one.done())
    works = Counter(getattr(task.get_coro(), "__qualname__", "") for task in tasks)
    told = {
        "objects": len(alive),
        "kinds": dict(kinds.most_common(KINDS)),
        "garbage": dict((before - kinds).most_common(KINDS)),
        "tasks": dict(works),
    }
    sys.stderr.write(f"{MARK}{json.dumps(told)}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, tell)
    main()
