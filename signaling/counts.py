"""What the eye counted goes to the ledger: per call, never per person."""

from queueing.model import CallId
from relay.messages import EyeCounted
from signaling.requests import request_id
from signaling.rooms import Rooms


async def note(rooms: Rooms, counted: EyeCounted) -> None:
    """Write down what one relay counted; it comes when the call may be over."""
    call = await rooms.queue.view(CallId(counted.call))
    if call is None:
        return
    await rooms.queue.note(
        kind="eye_counted",
        company=call.company,
        service=call.service,
        call=call.call,
        facts={
            "windows": counted.windows,
            "legible": counted.legible,
            "at_risk": counted.at_risk,
            "lost": counted.lost,
        },
        request=request_id(counted.call, "eye", counted.leg, counted.windows),
    )
