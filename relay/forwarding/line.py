"""One negotiated m-line, as the forwarder needs it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from relay.forwarding.head import ExtensionIds


class Kind(StrEnum):
    """What an m-line carries."""

    AUDIO = "audio"
    VIDEO = "video"


CLOCK_RATES: Final = {Kind.AUDIO: 48_000, Kind.VIDEO: 90_000}


@dataclass(frozen=True, slots=True)
class Line:
    """What browser and relay agreed on. Numbers are 0 where there is none.

    ``receives`` and ``sends`` are the relay's view; ``their_…`` SSRCs are the
    browser's, ``our_…`` the relay's. ``cname`` names the sources that belong together.
    """

    mid: str
    kind: Kind
    receives: bool
    sends: bool
    payload_type: int
    rtx_payload_type: int
    extensions: ExtensionIds
    their_ssrc: int
    their_rtx_ssrc: int
    our_ssrc: int
    our_rtx_ssrc: int
    cname: str
