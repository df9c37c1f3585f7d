"""Reads what the library shows of a call or an agent: flat names and values."""

from collections.abc import Sequence

from queueing.library import seconds
from queueing.model import (
    AgentId,
    AgentState,
    AgentView,
    CallId,
    CallState,
    CallView,
    CompanyId,
    EndReason,
    Evidence,
    Mode,
    Overflow,
    RelayId,
    ServerId,
    ServiceId,
    TopicId,
    VariantId,
)


def pairs(flat: Sequence[str]) -> dict[str, str]:
    """Turn name, value, name, value … into a mapping."""
    return dict(zip(flat[::2], flat[1::2], strict=True))


def _time(text: str) -> float | None:
    return seconds(int(text)) if text else None


def read_call(flat: Sequence[str]) -> CallView:
    """Read a call; an empty value is an absent one."""
    fields = pairs(flat)
    position = fields.get("position")
    return CallView(
        call=CallId(fields["call"]),
        service=ServiceId(fields["service"]),
        company=CompanyId(fields["company"]),
        topic=TopicId(fields["topic"]) if fields["topic"] else None,
        variant=VariantId(fields["variant"]) if fields["variant"] else None,
        mode=Mode(fields["mode"]),
        state=CallState(fields["state"]),
        t0=seconds(int(fields["t0"])),
        t1=_time(fields["t1"]),
        deadline=seconds(int(fields["deadline"])),
        leg=int(fields["leg"]),
        leg_t0=seconds(int(fields["leg_t0"])),
        step=int(fields["step"]),
        agent=AgentId(fields["agent"]) if fields["agent"] else None,
        agent_name=fields["agent_name"] or None,
        token=int(fields["token"]) if fields["token"] else None,
        relay=RelayId(fields["relay"]),
        attempts=int(fields["attempts"]),
        position=int(position) if position else None,
        nobody=fields.get("nobody") == "1",
        end_reason=EndReason(fields["reason"]) if fields["reason"] else None,
        ways=frozenset(map(Overflow, filter(None, fields["ways"].split(",")))),
        call_back=fields["call_back"] == "1",
        server=ServerId(fields["server"]) if fields["server"] else None,
        connection=fields["connection"] or None,
        version=int(fields["version"]),
        unconfirmed="unconfirmed" in fields,
        evidence=Evidence(fields["evidence"]) if fields["evidence"] else None,
    )


def read_agent(flat: Sequence[str]) -> AgentView:
    """Read an agent; an empty value is an absent one."""
    fields = pairs(flat[2:])
    return AgentView(
        agent=AgentId(flat[1]),
        state=AgentState(fields["state"]),
        call=CallId(fields["call"]) if fields["call"] else None,
        token=int(fields["token"]) if fields["token"] else None,
        until=_time(fields["until"]),
        cool_until=_time(fields["cool_until"]),
        wish=AgentState(fields["wish"]) if fields["wish"] else None,
        server=ServerId(fields["server"]) if fields["server"] else None,
        connection=fields["connection"] or None,
        version=int(fields["version"]),
    )


def read_positions(flat: Sequence[str]) -> dict[CallId, tuple[int, bool]]:
    """Read call, position, nobody; call, position, nobody, and so on."""
    return {
        CallId(flat[i]): (int(flat[i + 1]), flat[i + 2] == "1")
        for i in range(0, len(flat), 3)
    }
