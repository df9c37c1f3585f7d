"""Figures of a benchmark: percentiles, the machine, the last line."""

import json
import math
import os
import platform
from collections.abc import Iterable, Mapping
from typing import Any


def percentile(values: Iterable[float], share: float) -> float:
    """Give the smallest value that a share of all values do not exceed.

    It is the nearest rank: always a value that was measured, so that a few values
    never look better than they were.

    Args:
        values: at least one.
        share: above 0, at most 1; 0.95 is the p95.

    Raises:
        ValueError: there are no values, or no such share.
    """
    ordered = sorted(values)
    if not ordered or not 0 < share <= 1:
        raise ValueError("a percentile needs a value and a share in (0, 1]")
    return ordered[math.ceil(share * len(ordered)) - 1]


def percentiles(values: Iterable[float], *percents: int) -> dict[str, float]:
    """Give several at once, as {"p50": …, "p95": …}, to one decimal."""
    kept = list(values)
    return {f"p{n}": round(percentile(kept, n / 100), 1) for n in percents}


def machine() -> str:
    """Say what this runs on: cores, processor, system."""
    return (
        f"{os.cpu_count()} × {_processor()}, {platform.system()} {platform.release()}"
    )


def last_line(
    figures: Mapping[str, Any], *, seconds: float, where: str | None = None
) -> str:
    """Write the JSON object that every benchmark ends with."""
    whole = {**figures, "machine": where or machine(), "seconds": round(seconds, 1)}
    return json.dumps(whole, ensure_ascii=False)


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123
            names = (line.split(":")[1] for line in file if line.startswith("model n"))
            return " ".join(next(names).split())
    except (OSError, StopIteration):
        return platform.machine()
