"""The names of this room."""

from typing import NewType

from relay.messages import Role

CallId = NewType("CallId", str)
ParticipantId = NewType("ParticipantId", str)
LegId = NewType("LegId", str)
ServerId = NewType("ServerId", str)

OBSERVERS = frozenset({Role.SUPERVISOR, Role.TRAINEE})
"""They watch: nothing about them may slow down those who talk."""


def role_of(participant: ParticipantId) -> Role | None:
    """Read the role out of an id such as ``agent:7``, where it is one."""
    try:
        return Role(participant.partition(":")[0])
    except ValueError:
        return None
