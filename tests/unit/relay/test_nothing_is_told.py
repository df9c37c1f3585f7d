"""What may end in a log shows no secret, no SDP, no word and no picture."""

import pytest

from relay import messages
from relay.errors import place_of
from relay.eye_port import EncodedFrame
from relay.forwarding.frames import Frame
from relay.settings import Settings
from relay.transport.sdp import read_offer
from tests.integration.relay.offers import an_offer

MARK = "something private, told to nobody"


@pytest.mark.parametrize(
    "shown",
    [
        messages.Hello(versions=(1,), server="s1", secret=MARK),
        messages.Request(
            n=1,
            incarnation="i",
            command=messages.OpenLeg(
                call="c1",
                participant="caller",
                role=messages.Role.CALLER,
                leg="leg-1",
                token=0,
                sdp=MARK,
                eye=False,
            ),
        ),
        messages.Answered(n=1, sdp=MARK),
        messages.Say(call="c1", participant="caller", kind="text", body=MARK),
        messages.Content(
            call="c1",
            participant="caller",
            role=messages.Role.CALLER,
            kind="text",
            body=MARK,
        ),
        Settings.model_validate(
            {
                "ILLICO_RELAY_LISTEN": "unix:/run/relay.sock",
                "ILLICO_RELAY_SECRET": MARK,
            }
        ),
        Frame(MARK.encode(), key=True, follows=True, temporal_id=0, timestamp=0),
        EncodedFrame(
            call="c1",
            participant="caller",
            data=MARK.encode(),
            key=True,
            follows=True,
            temporal_id=0,
            timestamp=0,
            arrived=0.0,
        ),
        read_offer(an_offer(username=MARK)),
    ],
    ids=lambda shown: type(shown).__name__,
)
def test_what_is_private_is_not_shown(shown):
    assert MARK not in repr(shown)
    assert MARK not in str(shown)


def test_a_message_still_shows_its_facts():
    say = messages.Say(call="c1", participant="caller", kind="text", body=MARK)

    assert repr(say) == "Say(call='c1', participant='caller', kind='text', body=…)"


def read(text):
    try:
        return int(text)
    except ValueError as error:
        raise KeyError(text) from error


def test_an_error_is_told_by_its_kind_and_place_without_its_message():
    with pytest.raises(KeyError) as failure:
        read(MARK)
    group = ExceptionGroup(MARK, [failure.value])

    told = place_of((ExceptionGroup, group, None))

    assert MARK not in told
    assert told.startswith("ExceptionGroup < KeyError ")
    assert " < ValueError " in told
    assert "test_nothing_is_told.py:" in told
