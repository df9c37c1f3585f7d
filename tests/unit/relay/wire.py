"""A browser at the end of a wire, for tests of what flows."""

from relay.forwarding import rtcp, rtp
from relay.forwarding.browser import Browser
from relay.forwarding.line import Kind
from tests.unit.relay.packets import (
    a_line,
    described,
    vp8,
)
from tests.unit.relay.packets import rtp as packet


class Wire:
    """A browser's end: keeps what it is sent."""

    def __init__(self, *, observes=False, **facts):
        self.rtp: list[bytes] = []
        self.rtcp: list[bytes] = []
        self.browser = Browser(self._take, self.rtcp.append, observes=observes)
        self.browser.agree([a_line(**facts)])

    def _take(self, head, payload):
        self.rtp.append(head + payload)

    @property
    def up(self):
        return self.browser.sources(Kind.VIDEO)[0]

    @property
    def down(self):
        return self.browser.outlets(Kind.VIDEO)[0]

    def shows(self, first, count, *, now=1.0, key=True, skip=(), timestamp=90_000):
        """Send one-packet frames, the first a key frame."""
        for n in range(count):
            if n in skip:
                continue
            payload = vp8(key=key and n == 0, picture=n, tl0=n)
            data = packet(first + n, timestamp + 3000 * n, payload)
            self.browser.hear_rtp(data, now + n / 30)

    def asked(self):
        """Everything that the relay asked this browser for, and forget it."""
        heard = [rtcp.parse(data) for data in self.rtcp]
        self.rtcp.clear()
        return heard


def a_pair(**facts):
    source, sink = Wire(), Wire(our_ssrc=3001, our_rtx_ssrc=3002, **facts)
    sink.down.attach(source.up)
    return source, sink


def key_frames_asked(source, now):
    source.asked()
    source.browser.tick(now)
    return any(heard.key_frames for heard in source.asked())


class UpTo:
    """The layers that a sink gets, as a constant."""

    def __init__(self, highest):
        self.highest = highest

    def passes(self, temporal_id, *, layer_sync):
        del layer_sync
        return temporal_id <= self.highest


def shows_layers(source, first, pictures, *, now=1.0, lost=()):
    """Send pictures of two packets in three layers; gives their (number, timestamp)."""
    sent = []
    for n in range(pictures):
        layer, tl0 = (0, 2, 1, 2)[n % 4], n // 4
        for part in range(2):
            payload = vp8(
                key=n == 0, start=part == 0, picture=n, tl0=tl0, temporal_id=layer
            )
            data = packet(first + 2 * n + part, 3000 * n, payload, marker=part == 1)
            sent.append(data)
            if (n, part) not in lost:
                source.browser.hear_rtp(data, now + n / 30)
    return sent


def rates(wire):
    return [h.remb for h in wire.asked() if h.remb is not None]


def films(source, *sinks, seconds, now, remb):
    """Let a source show three layers for a time in which sinks say what they take."""
    first = int(now * 60) & 0xFFFF
    sent = shows_layers(source, first, round(seconds * 30), now=now)
    for n in range(round(seconds * 10)):
        for sink in sinks:
            sink.browser.hear_rtcp(rtcp.remb(1, remb, [3001]), now + n / 10)
            sink.browser.tick(now + n / 10)
    return sent


def layers_of(packets):
    return {described(p[rtp.payload_offset(p) :]).temporal_id for p in packets}
