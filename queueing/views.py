"""Reads what the library shows of a call or an agent, in the order of `texts`."""

from collections.abc import Sequence
from typing import Final

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
    OfferReason,
    Overflow,
    RelayId,
    ServerId,
    ServiceId,
    TopicId,
    VariantId,
)
from queueing.texts import AGENT_FIELDS, CALL_FIELDS, SEPARATOR

UNCONFIRMED: Final = "unconfirmed"
"""After what was written without a copy."""


def _time(text: str) -> float | None:
    return seconds(int(text)) if text else None


def read_call(reply: Sequence[str]) -> CallView:
    """Read a call; an empty value is an absent one."""
    _, call, *values = reply[0].split(SEPARATOR)
    fields = dict(zip(CALL_FIELDS, values, strict=False))
    more = values[len(CALL_FIELDS) :]
    state = CallState(fields["state"])
    position, nobody = more if state is CallState.QUEUED else (None, None)
    return CallView(
        call=CallId(call),
        service=ServiceId(fields["service"]),
        company=CompanyId(fields["company"]),
        topic=TopicId(fields["topic"]) if fields["topic"] else None,
        variant=VariantId(fields["variant"]) if fields["variant"] else None,
        mode=Mode(fields["mode"]),
        state=state,
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
        nobody=nobody == "1",
        end_reason=EndReason(fields["reason"]) if fields["reason"] else None,
        ways=frozenset(map(Overflow, filter(None, fields["ways"].split(",")))),
        call_back=fields["call_back"] == "1",
        server=ServerId(fields["server"]) if fields["server"] else None,
        connection=fields["connection"] or None,
        version=int(fields["version"]),
        unconfirmed=UNCONFIRMED in reply,
        evidence=Evidence(fields["evidence"]) if fields["evidence"] else None,
        why=OfferReason(more[0]) if state is CallState.OFFERED else None,
    )


def read_agent(reply: Sequence[str]) -> AgentView:
    """Read an agent; an empty value is an absent one."""
    _, agent, *values = reply[0].split(SEPARATOR)
    fields = dict(zip(AGENT_FIELDS, values, strict=True))
    return AgentView(
        agent=AgentId(agent),
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
