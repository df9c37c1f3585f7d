"""Draws a simulated day: own SVG, which a page, a mail or a printer shows alike. Pure.

Nothing is told by colour alone: what is late is hatched, every bar has its figure in
words, and every plot stands beside a table.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from illico.simulate_result import HalfHour, Result

PARIS: Final = ZoneInfo("Europe/Paris")
WIDTH, LEFT, RIGHT, TOP, BOTTOM = 720, 60, 60, 48, 44
INK, GRID, GOOD, LATE, LINE = "#1b1f24", "#d0d7de", "#1f6f5c", "#b3541e", "#2f4f8f"
EDGE: Final = 60

HATCH: Final = (
    '<defs><pattern id="late" width="6" height="6" patternUnits="userSpaceOnUse"'
    f' patternTransform="rotate(45)"><rect width="6" height="6" fill="{LATE}"/>'
    '<line y2="6" stroke="#fff" stroke-width="2"/></pattern></defs>'
)


def day_plot(result: Result) -> str:
    """Calls of each half-hour, answered in time and not, and who was there."""
    halves, height = result.half_hours, 320
    most = max(1, *(each.calls for each in halves))
    staff = max(1, *(each.agents for each in halves))
    floor, room = height - BOTTOM, height - TOP - BOTTOM
    step = (WIDTH - LEFT - RIGHT) / len(halves)
    parts = [*_grid(most, floor, room, "calls")]
    points = []
    for n, each in enumerate(halves):
        x = LEFT + n * step
        good, late = (
            room * each.in_time / most,
            room * (each.calls - each.in_time) / most,
        )
        parts += [
            _bar(x + 1, floor - good, step - 2, good, GOOD),
            _bar(x + 1, floor - good - late, step - 2, late, "url(#late)"),
        ]
        if n % 2 == 0:
            parts.append(_text(x, floor + 16, _clock(each), "start"))
        points.append(f"{x:.1f},{floor - room * each.agents / staff:.1f}")
        points.append(f"{x + step:.1f},{floor - room * each.agents / staff:.1f}")
    parts += [
        (
            f'<polyline points="{" ".join(points)}" fill="none" stroke="{LINE}"'
            ' stroke-width="2.5"/>'
        ),
        _text(WIDTH - RIGHT + 6, TOP + 4, f"{staff}", "start", LINE),
        _text(WIDTH - RIGHT + 6, TOP + 18, "agents", "start", LINE),
    ]
    legend = [("in time", GOOD), ("late or left", "url(#late)"), ("agents there", LINE)]
    words = f"{result.title}: calls and agents through the day"
    return _svg(height, words, [*parts, *_legend(legend)])


def waits_plot(result: Result) -> str:
    """How long the answered callers waited, with the promise as an edge."""
    height, bars = 300, result.waits_by_edge
    most = max(1, *(count for _, count in bars))
    floor, room = height - BOTTOM, height - TOP - BOTTOM
    step = (WIDTH - LEFT - RIGHT) / len(bars)
    parts = [*_grid(most, floor, room, "callers")]
    for n, (edge, count) in enumerate(bars):
        x, high = LEFT + n * step, room * count / most
        fill = GOOD if 0 < edge <= EDGE else "url(#late)"
        name = f"≤ {edge} s" if edge else "more"
        parts += [
            _bar(x + 4, floor - high, step - 8, high, fill),
            _text(x + step / 2, floor - high - 6, str(count)),
            _text(x + step / 2, floor + 16, name),
        ]
        if edge == EDGE:
            parts += [
                (
                    f'<line x1="{x + step:.1f}" x2="{x + step:.1f}" y1="{TOP - 8}"'
                    f' y2="{floor}" stroke="{INK}" stroke-width="2" stroke-dasharray="5 4"/>'
                ),
                _text(x + step + 6, TOP + 2, "the promise: 60 s", "start"),
            ]
    words = f"{result.title}: waits of answered callers"
    return _svg(height, words, parts)


def levels_plot(pooled: Result, dedicated: Result) -> str:
    """The service level of each company, with all agents and with agents of its own."""
    other = {each.name: each.level or 0 for each in dedicated.by_company}
    rows = [("the house", pooled.house.level or 0, dedicated.house.level or 0)]
    rows += [
        (each.name, each.level or 0, other.get(each.name, 0))
        for each in pooled.by_company[:20]
    ]
    height, left = TOP + 34 * len(rows) + BOTTOM, 150
    room = WIDTH - left - RIGHT
    parts = []
    for n, (name, one, two) in enumerate(rows):
        y = TOP + 34 * n
        parts += [
            _text(left - 8, y + 17, name, "end"),
            _bar(left, y, room * one / 10_000, 13, GOOD),
            _bar(left, y + 14, room * two / 10_000, 11, "url(#late)"),
            _text(left + room * one / 10_000 + 4, y + 11, percent(one), "start"),
            _text(left + room * two / 10_000 + 4, y + 24, percent(two), "start"),
        ]
    goal = left + room * 0.95
    parts += [
        (
            f'<line x1="{goal:.1f}" x2="{goal:.1f}" y1="{TOP - 8}" y2="{height - BOTTOM}"'
            f' stroke="{INK}" stroke-dasharray="5 4"/>'
        ),
        _text(goal, height - BOTTOM + 16, "promised: 95 %"),
    ]
    legend = [("pooled", GOOD), ("dedicated", "url(#late)")]
    words = f"{pooled.title}: service level, pooled and dedicated"
    return _svg(height, words, [*parts, *_legend(legend)])


def percent(hundredths: int) -> str:
    """Write hundredths of a percent, cut to tenths: 94.99 % never looks like 95."""
    return f"{hundredths // 100}.{hundredths // 10 % 10} %"


def _clock(half: HalfHour) -> str:
    return datetime.fromtimestamp(half.begins, PARIS).strftime("%H:%M")


def _grid(most: int, floor: float, room: float, what: str) -> Iterable[str]:
    for share in (0.0, 0.5, 1.0):
        y = floor - room * share
        yield (
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"'
            f' stroke="{GRID}"/>'
        )
        yield _text(LEFT - 8, y + 4, f"{most * share:.0f}", "end")
    yield _text(LEFT - 8, floor - room - 14, what, "end")


def _legend(entries: Sequence[tuple[str, str]]) -> Iterable[str]:
    for n, (name, fill) in enumerate(entries):
        x = LEFT + 130 * n
        yield _bar(x, 30, 12, 10, fill)
        yield _text(x + 18, 39, name, "start")


def _bar(x: float, y: float, width: float, height: float, fill: str) -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(0.0, width):.1f}"'
        f' height="{max(0.0, height):.1f}" fill="{fill}"/>'
    )


def _text(
    x: float, y: float, words: str, anchor: str = "middle", ink: str = INK
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{ink}"'
        f' font-size="12" paint-order="stroke" stroke="#fff" stroke-width="3">'
        f"{escape(words)}</text>"
    )


def _svg(height: int, words: str, parts: Iterable[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
        ' role="img" font-family="system-ui, sans-serif">'
        f"<title>{escape(words)}</title>"
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>{HATCH}'
        f'<text x="{LEFT}" y="18" font-size="15" font-weight="bold"'
        f' fill="{INK}">{escape(words)}</text>'
    )
    return head + "".join(parts) + "</svg>\n"
