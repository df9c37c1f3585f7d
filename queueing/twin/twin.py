"""The whole queue as a plain-Python model: lists instead of indexes, no store, no Lua.

It decides by `queueing.transitions` and `queueing.matching` alone. Times are whole
microseconds, so that it never differs from the library by a rounding.
"""

from dataclasses import asdict

from queueing.catalogue import Directory
from queueing.model import Durations
from queueing.twin.agents import Agents
from queueing.twin.callers import Callers
from queueing.twin.dangers import Dangers
from queueing.twin.leases import Leases
from queueing.twin.legs import Legs
from queueing.twin.matches import Matches
from queueing.twin.offers import Offers
from queueing.twin.records import SECOND, Agent
from queueing.twin.servers import Servers
from queueing.twin.ways import Ways


class Twin(Callers, Agents, Offers, Legs, Ways, Matches, Dangers, Leases, Servers):
    """What the queue must do; `events` is what its ledger must hold."""

    def __init__(self, now: int, directory: Directory, lasts: Durations) -> None:
        self.now = now
        self.directory = directory
        self.services = {each.id: each for each in directory.services}
        self.agents = {each.id: Agent(each.id, each) for each in directory.agents}
        self.calls = {}
        self.servers = {}
        self.events = []
        self.lasts = {
            name: round(value * SECOND) for name, value in asdict(lasts).items()
        }

    def publish(self, directory: Directory) -> None:
        """Let a newer directory come into force."""
        for entry in sorted(directory.agents, key=lambda each: each.id):
            a = self.agents[entry.id]
            a.listed = True
            if a.entry != entry:
                a.entry = entry
                self.match_agent(a)
                self.let_go([a])
        listed = {entry.id for entry in directory.agents}
        for a in self.agents.values():
            if a.listed and a.id not in listed:
                self.unlist(a)
        old, self.directory = self.keeps(), directory
        self.services = {each.id: each for each in directory.services}
        if old != self.keeps():
            self.seek()
