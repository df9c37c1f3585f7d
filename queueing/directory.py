"""Writes a directory the way the library reads it: each skill with its level, as JSON."""

import msgspec

from queueing.catalogue import (
    AgentEntry,
    Directory,
    ServiceEntry,
)
from queueing.matching import needed_levels


def encode_directory(directory: Directory) -> str:
    """Give the JSON of a directory's services and agents."""
    return msgspec.json.encode(
        {
            "services": [_service(entry) for entry in directory.services],
            "agents": [_agent(entry) for entry in directory.agents],
        }
    ).decode()


def _service(entry: ServiceEntry) -> dict[str, object]:
    return {
        "id": entry.id,
        "company": entry.company,
        "needs": needed_levels(entry.needs),
        "topics": {
            topic: {need.skill: need.level} for topic, need in entry.topics.items()
        },
    }


def _agent(entry: AgentEntry) -> dict[str, object]:
    return {
        "id": entry.id,
        "name": entry.name,
        "skills": dict(entry.skills),
        "companies": ",".join(sorted(entry.companies)),
        "reserve": "1" if entry.reserve else "0",
    }
