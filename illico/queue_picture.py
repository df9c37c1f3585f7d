"""Draws a look at the queue for a terminal of any width."""

import time
from collections.abc import Iterable, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from illico.queue_look import (
    AgentLook,
    AlertLook,
    HalfHourLook,
    Look,
    ServedCall,
    WaitingCall,
)
from queueing.burn import Alert
from queueing.model import AgentState

LEASES: Final = {
    "call": ("call", "calls"),
    "agent": ("agent", "agents"),
    "pair": ("pair at rest", "pairs at rest"),
    "widen": ("step of widening", "steps of widening"),
    "server": ("server", "servers"),
    "promise": ("promise", "promises"),
}
"""What a lease is of, one and several."""

TOLD_IN_MINUTES: Final = 180.0
"""Waits that may be as long are told in minutes."""

ID_SHOWN: Final = 8
"""Characters of a call's id that tell it from the others on one screen."""


def draw(look: Look, rows: int) -> RenderableType:
    """Draw it, with at most so many rows in each table."""
    return Group(
        Text(_headline(look), style="bold"),
        Text(_checked(look), style="bold red" if _is_broken(look) else ""),
        *[Text(_alert(each), style="bold yellow") for each in look.alerts],
        *[Text(_staff(look.half_hours[0])) for _ in look.half_hours[:1]],
        *_table(
            "Waiting, in the order of their deadlines",
            ("", "call", "service", "waited", "due in", "expected", "risk", "requires"),
            [_waiting(place, each) for place, each in enumerate(look.waiting, 1)],
            rows,
        ),
        *_table(
            "Ringing and talking",
            ("call", "service", "state", "since T0", "agent", "ends in"),
            [_served(each) for each in look.served],
            rows,
        ),
        *_table(
            "Agents",
            ("agent", "state", "idle", "ends in", "call", "skills"),
            [_agent(each) for each in look.agents],
            rows,
        ),
        Text(_leases(look)),
    )


def duration(seconds: float) -> str:
    """Write seconds as a person reads them: 9 s, 1:09, 1:02:03."""
    sign, whole = "-" if seconds <= -1 else "", int(abs(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{sign}{hours}:{minutes:02}:{rest:02}"
    return f"{sign}{minutes}:{rest:02}" if minutes else f"{sign}{rest} s"


def _headline(look: Look) -> str:
    waits = [each.waited for each in look.waiting]
    line = f"{len(waits)} wait" if len(waits) != 1 else "1 waits"
    if waits:
        line += f", the longest for {duration(max(waits))}"
    late = sum(each.due_in < 0 for each in look.waiting)
    known = [state for state in AgentState if state in look.states]
    states = [f"{look.states[state]} {state}" for state in known]
    return f"Pool {look.pool}: {line}; {late} late. Agents: {', '.join(states) or '0'}."


def _alert(each: AlertLook) -> str:
    if each.alert == Alert.LONG_WAIT:
        return f"Alert: somebody has waited long for {each.service}."
    return (
        f"Alert: {each.service} breaks promises {each.burn_permille / 1000:.1f} times"
        f" as fast as it may, over the last {each.window_s // 60} min."
    )


def _staff(each: HalfHourLook) -> str:
    """Tell of the next half hour; a figure for one pool is the least that it takes."""
    clock = time.strftime("%H:%M", time.localtime(each.begins))
    missing = each.needed - each.at_work
    enough = f"{missing} too few" if missing > 0 else "enough"
    return (
        f"From {clock}: about {each.calls} calls in half an hour take at least"
        f" {each.needed} agents, {each.at_work} are at work ({enough};"
        f" {each.in_time_permille / 10:.0f}% in time)."
    )


def _checked(look: Look) -> str:
    if look.violations is None:
        return "Too many to check and to show all at once; --most raises how many."
    found = [f"{each.invariant}: {each.what}" for each in look.violations]
    if look.mended:
        found.append(f"I2: {look.mended} missed matches were mended by the sweeper")
    return "\n".join(found) or "Every invariant holds."


def _is_broken(look: Look) -> bool:
    return bool(look.violations or look.mended)


def _waiting(place: int, each: WaitingCall) -> Sequence[str]:
    notes = [each.requires]
    if each.widened:
        notes.append(f"step {each.widened}")
    if each.resting_agents:
        notes.append(f"{each.resting_agents} asked in vain")
    if each.call_back:
        notes.append("to be called back")
    elif each.state == "lost":
        notes.append("connection lost")
    risk = "" if each.breach is None else f"{each.breach:.0%}"
    return (
        str(place),
        each.call[:ID_SHOWN],
        each.service,
        duration(each.waited),
        duration(each.due_in),
        _expected(each),
        risk if each.due_in > 0 else "late",
        "; ".join(notes),
    )


def _expected(each: WaitingCall) -> str:
    """Write the range of the rest of the wait."""
    if each.nobody:
        return "nobody fits"
    if each.low is None or each.high is None:
        return ""
    if each.high < TOLD_IN_MINUTES:
        return f"{each.low:.0f}-{each.high:.0f} s"
    return f"{each.low / 60:.0f}-{each.high / 60:.0f} min"


def _served(each: ServedCall) -> Sequence[str]:
    return (
        each.call[:ID_SHOWN],
        each.service,
        each.state,
        duration(each.since_t0),
        each.agent,
        "" if each.ends_in is None else duration(each.ends_in),
    )


def _agent(each: AgentLook) -> Sequence[str]:
    return (
        each.agent,
        each.state,
        "" if each.idle is None else duration(each.idle),
        "" if each.ends_in is None else duration(each.ends_in),
        each.call[:ID_SHOWN],
        each.skills,
    )


def _table(
    title: str, heads: Sequence[str], lines: Sequence[Sequence[str]], rows: int
) -> Iterable[RenderableType]:
    if not lines:
        return
    table = Table(title=title, title_justify="left", title_style="bold", box=None)
    for head in heads:
        is_last = head == heads[-1]
        is_time = head in {
            "",
            "waited",
            "due in",
            "since T0",
            "idle",
            "ends in",
            "risk",
        }
        table.add_column(
            head,
            justify="right" if is_time else "left",
            no_wrap=not is_last,
            overflow="fold" if is_last else "ellipsis",
        )
    for line in lines[:rows]:
        table.add_row(*map(escape, line))
    yield Text()
    yield table
    if len(lines) > rows:
        yield Text(f"… and {len(lines) - rows} more")


def _leases(look: Look) -> str:
    kinds = [
        f"{count} {LEASES.get(kind, (kind, kind))[count != 1]}"
        for kind, count in sorted(look.leases.kinds.items())
    ]
    text = f"\nLeases: {', '.join(kinds) or '0'}"
    if look.leases.next_in is not None:
        text += f"; the next ends in {duration(look.leases.next_in)}"
    return f"{text}; {look.leases.overdue} overdue."
