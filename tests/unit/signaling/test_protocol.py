"""Past the edge every value is right: what is wrong never gets in."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling import protocol

REQUEST = "0123456789abcdef"


def test_a_message_is_named_by_its_type():
    read = protocol.decode('{"type":"hello","versions":[1]}')

    assert read == protocol.Hello(versions=(1,))


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"type":"jion"}',
        '{"type":"hello"}',
        '{"type":"hello","versions":[]}',
        '{"type":"hello","versions":[1],"extra":1}',
        '{"type":"call_request","request":"short","service":"a","mode":"video","eye":true}',
        f'{{"type":"call_request","request":"{REQUEST}","service":"A b","mode":"video","eye":true}}',
        f'{{"type":"call_request","request":"{REQUEST}","service":"a","mode":"smoke","eye":true}}',
        f'{{"type":"accept","request":"{REQUEST}","call":"c","token":0}}',
        '{"type":"text","call":"c","chars":""}',
        '{"type":"first_frame","call":"c","elapsed_ms":-1}',
        '{"a":' * 5_000,
    ],
)
def test_what_is_no_message_is_refused(wrong):
    with pytest.raises(msgspec.DecodeError):
        protocol.decode(wrong)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data):
    try:
        protocol.decode(data)
    except msgspec.MsgspecError:
        return


def test_the_server_writes_what_a_page_reads():
    written = protocol.encode(
        protocol.Waiting(
            call="c", position=1, waited_ms=0, nobody=False, low_s=None, high_s=90
        )
    )

    assert json.loads(written) == {
        "type": "waiting",
        "call": "c",
        "position": 1,
        "waited_ms": 0,
        "nobody": False,
        "low_s": None,
        "high_s": 90,
    }
