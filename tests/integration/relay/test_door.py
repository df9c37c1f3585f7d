"""What a signaling process may say to a relay, and what it hears."""

import asyncio
import contextlib
import socket
import sys
import time
from contextlib import asynccontextmanager

import aiohttp
import msgspec
import pytest

from relay import messages
from relay.app import open_relay
from relay.calls import CLAIM_GRACE, EMPTY_GRACE
from relay.errors import (
    BadMessageError,
    BadSdpError,
    DrainingError,
    FullError,
    IceRestartError,
    NoVideoError,
    RefusedError,
    StaleTokenError,
    UnknownParticipantError,
    UnreachableError,
    WrongSecretError,
)
from relay.messages import LegCondition, Role
from relay.settings import Settings
from relay.transport.leg import CONNECT_TIMEOUT, LOST_GRACE
from tests.integration.relay.browsers import chromium_browser, page_server
from tests.integration.relay.offers import AUDIO_ONLY, an_offer
from tests.integration.relay.relays import (
    SECRET,
    eventually,
    listening,
    relay_process,
)
from tests.integration.relay.stage import Person


class MovableClock:
    """The relay's monotonic clock, which a test may push on."""

    def __init__(self):
        self.pushed = 0.0

    def __call__(self):
        return time.monotonic() + self.pushed


@pytest.fixture
def clock():
    return MovableClock()


def a_relay(folder, clock=time.monotonic, **variables):
    """A relay in this process."""
    settings = Settings.model_validate(
        {
            "ILLICO_RELAY_LISTEN": f"unix:{folder}/relay.sock",
            "ILLICO_RELAY_SECRET": SECRET,
            "ILLICO_RELAY_UDP_PORTS": "41900-41909",
            "ILLICO_EYE_WORKERS": "0",
            **variables,
        }
    )
    return open_relay(settings, clock)


@pytest.fixture
async def door(relay_folder, clock):
    async with a_relay(relay_folder, clock) as door:
        yield door


@pytest.fixture
async def server(door):
    async with listening(door.address) as listener:
        yield listener


async def a_leg(server, participant="caller", *, leg="leg-1", token=0, sdp=None):
    role = Role(participant.partition(":")[0])
    return await server.client.open_leg(
        call="c1",
        participant=participant,
        role=role,
        leg=leg,
        token=token,
        sdp=sdp or an_offer(),
        eye=False,
    )


async def load_of(server):
    return await eventually(lambda: server.client.load)


async def test_an_offer_is_answered_at_once_with_host_candidates(server):
    answer = await a_leg(server)

    assert answer.count(" typ host") >= 1
    assert "a=end-of-candidates" in answer
    assert " 127.0.0.1 " not in answer
    assert "x-google-start-bitrate=1000" in answer
    assert answer.count("transport-cc") == answer.count("goog-remb") == 1
    assert "abs-send-time" in answer
    assert "VP8/90000" in answer
    assert "H264" not in answer


async def test_a_candidate_lies_in_the_range_of_ports(server):
    answer = await a_leg(server)

    ports = {
        int(line.split()[5])
        for line in answer.splitlines()
        if line.startswith("a=candidate:")
    }
    assert ports <= set(range(41900, 41910))


async def test_an_advertised_address_is_the_only_one_and_ports_can_run_out(
    relay_folder,
):
    async with (
        a_relay(
            relay_folder,
            ILLICO_RELAY_ADDRESS="198.51.100.7",
            ILLICO_RELAY_UDP_PORTS="41990-41991",
        ) as door,
        listening(door.address) as server,
    ):
        answer = await a_leg(server)
        await a_leg(server, "agent:1")
        with pytest.raises(FullError):
            await a_leg(server, "expert:1")

    candidates = [c for c in answer.splitlines() if c.startswith("a=candidate:")]
    assert {c.split()[4] for c in candidates} == {"198.51.100.7"}


async def test_a_relay_that_ends_takes_no_new_call_but_serves_its_own(server, door):
    await a_leg(server)
    door.exchange.draining = True

    await a_leg(server, "agent:1")
    with pytest.raises(DrainingError):
        await server.client.open_leg(
            call="c2",
            participant="caller",
            role=Role.CALLER,
            leg="leg-1",
            token=0,
            sdp=an_offer(),
            eye=False,
        )


async def test_values_outside_the_protocol_never_leave_the_client(server):
    await server.client.claim(call="c1", participant="caller")

    with pytest.raises(BadSdpError):
        await a_leg(server, sdp="v=0\r\n" + "a" * 40_000)
    with pytest.raises(BadMessageError):
        await server.client.pace(call="c1", participant="caller", max_kbps=0)

    assert not server.of(messages.ChannelLost)


async def test_a_process_that_connects_again_replaces_its_older_channel(door):
    async with raw_channel(door.address) as older, raw_channel(door.address) as newer:
        await older.send_str(hello())
        await older.receive()
        await newer.send_str(hello())
        await newer.receive()

        async with asyncio.timeout(3):
            async for _ in older:
                pass
        assert door.is_connected("raw")


@pytest.mark.parametrize(
    ("sdp", "error"),
    [
        ("hello", BadSdpError),
        ("v=0\r\n", BadSdpError),
        ("v=0\r\nm=video x\r\n", BadSdpError),
        (AUDIO_ONLY, NoVideoError),
        (an_offer().replace("VP8", "VP9"), NoVideoError),
        (an_offer().replace("a=ice-pwd", "a=nothing"), BadSdpError),
        (an_offer().replace("a=fingerprint", "a=nothing"), BadSdpError),
    ],
)
async def test_an_offer_that_no_browser_makes_is_refused(server, sdp, error):
    with pytest.raises(error):
        await a_leg(server, sdp=sdp)

    assert (await load_of(server)).legs == 0


async def test_a_refused_offer_leaves_the_standing_leg_alone(server, door):
    await a_leg(server)

    with pytest.raises(BadSdpError):
        await a_leg(server, leg="leg-2", sdp="nonsense")

    assert [leg.id for leg in door.exchange.legs.values()] == ["leg-1"]


async def test_the_same_leg_is_renegotiated_and_never_restarted(server, door):
    await a_leg(server)
    await a_leg(server)
    [before] = door.exchange.legs.values()

    with pytest.raises(IceRestartError):
        await a_leg(server, sdp=an_offer(username="other"))

    assert list(door.exchange.legs.values()) == [before]


async def test_a_lower_token_is_refused(server):
    await a_leg(server, token=7)

    with pytest.raises(StaleTokenError):
        await a_leg(server, "agent:1", leg="leg-2", token=6)
    with pytest.raises(StaleTokenError):
        await server.client.route(call="c1", token=6, routes=())
    with pytest.raises(StaleTokenError):
        await server.client.close_call(call="c1", token=6)
    await server.client.close_call(call="c1", token=7)


async def test_somebody_unknown_cannot_speak(server):
    with pytest.raises(UnknownParticipantError):
        await server.client.content(
            call="c1", participant="caller", kind="text", body="bonjour"
        )


async def test_words_go_to_the_other_participants_servers_only(door, server):
    async with listening(door.address, server="s2") as other:
        await server.client.claim(call="c1", participant="caller")
        await other.client.claim(call="c1", participant="agent:1")

        await server.client.content(
            call="c1", participant="caller", kind="text", body="bonjour"
        )

        heard = await other.wait_for(messages.Content)
        assert (heard.participant, heard.role) == ("caller", Role.CALLER)
        assert (heard.kind, heard.body) == ("text", "bonjour")
        assert not server.of(messages.Content)


async def test_a_wrong_secret_is_turned_away(door):
    async with listening(door.address, secret="x" * 40) as stranger:
        with pytest.raises(WrongSecretError):
            await stranger.client.claim(call="c1", participant="caller")

        assert stranger.client.load is None


async def test_losing_the_channel_closes_nothing_and_a_claim_takes_over(door, server):
    async with listening(door.address, server="s2") as other:
        await a_leg(other)
    await eventually(lambda: not door.is_connected("s2"))

    assert len(door.exchange.legs) == 1
    async with listening(door.address, server="s3") as heir:
        await heir.client.claim(call="c1", participant="caller")
        await server.client.claim(call="c1", participant="agent:1")
        await server.client.content(
            call="c1", participant="agent:1", kind="text", body="bonjour"
        )

        await heir.wait_for(messages.Content)
        assert len(door.exchange.legs) == 1


async def test_whom_nobody_claims_leaves_after_the_grace(door, server, clock):
    async with listening(door.address, server="s2") as other:
        await a_leg(other)
        await other.client.claim(call="c1", participant="agent:1")
    await server.client.claim(call="c1", participant="supervisor:2")
    await eventually(lambda: not door.is_connected("s2"))
    assert len(door.exchange.legs) == 1

    clock.pushed = CLAIM_GRACE + 1

    await eventually(lambda: not door.exchange.legs)
    [call] = door.exchange.calls
    assert list(call.participants) == ["supervisor:2"]


async def test_a_leg_that_no_browser_uses_fails_after_its_own_time_out(server, clock):
    await a_leg(server)

    clock.pushed = CONNECT_TIMEOUT + 0.5
    state = await server.wait_for(messages.LegState)

    assert state.state is LegCondition.FAILED


async def test_a_failed_leg_frees_its_ports_and_its_participant_stays(
    server, door, clock
):
    for n in range(5):
        await a_leg(server, leg=f"leg-{n}")
        assert busy_ports()
        clock.pushed += CONNECT_TIMEOUT + 0.5
        await server.wait_for(
            messages.LegState, leg=f"leg-{n}", state=LegCondition.FAILED
        )
        await eventually(lambda: not busy_ports())

    assert not door.exchange.legs
    [call] = door.exchange.calls
    assert list(call.participants) == ["caller"]


def busy_ports():
    """The ports of `a_relay` that somebody holds, on any address."""
    busy = []
    for port in range(41900, 41910):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind(("0.0.0.0", port))
            except OSError:
                busy.append(port)
    return busy


async def test_a_call_without_legs_and_without_claims_ends(door, server, clock):
    async with listening(door.address, server="s2") as other:
        await a_leg(other)
        await other.client.claim(call="c1", participant="agent:1")
    await eventually(lambda: not door.is_connected("s2"))

    clock.pushed = CLAIM_GRACE + 1
    await eventually(lambda: not door.exchange.legs)
    clock.pushed += EMPTY_GRACE + 1

    await eventually(lambda: len(door.exchange.calls) == 0)
    await eventually(lambda: not busy_ports())


async def test_a_leg_that_stays_lost_is_closed_and_its_participant_stays(
    door, server, clock
):
    async with page_server() as url, chromium_browser() as chromium:
        caller = Person(await chromium.new_page(), server.client, "c1", "caller")
        await caller.page.goto(url)
        await caller.join("leg-1")
        [leg] = door.exchange.legs.values()
        await eventually(lambda: leg.browser.has_shown)
        await caller.page.close()
        await server.wait_for(messages.LegState, state=LegCondition.LOST)

        clock.pushed = LOST_GRACE + 1
        await server.wait_for(messages.LegState, 3, state=LegCondition.CLOSED)

        assert not door.exchange.legs
        await eventually(lambda: not busy_ports())
        [call] = door.exchange.calls
        assert call.servers_of("caller") == {"s1"}


async def test_a_port_is_free_again_after_a_leg(server, door):
    for n in range(12):
        await a_leg(server, leg=f"leg-{n}")
        await server.client.close_call(call="c1", token=0)

    await eventually(lambda: not door.exchange.legs)


@asynccontextmanager
async def raw_channel(address):
    connector = aiohttp.UnixConnector(address.removeprefix("unix:"))
    async with (
        aiohttp.ClientSession(connector=connector) as session,
        session.ws_connect("ws://relay/control") as socket,
    ):
        yield socket


def hello(secret=SECRET, version=1):
    return messages.encode(
        messages.Hello(versions=(version,), server="raw", secret=secret)
    )


def a_claim(n, incarnation):
    command = messages.Claim(call="c1", participant="caller")
    return messages.encode(
        messages.Request(n=n, incarnation=incarnation, command=command)
    )


async def answers(address, *sent):
    """What a relay says to these messages before it closes."""
    async with asyncio.timeout(8), raw_channel(address) as socket:
        for message in sent:
            with contextlib.suppress(ConnectionError):
                await socket.send_str(message)
        return [msgspec.json.decode(frame.data) async for frame in socket]


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ((hello("y" * 40),), "wrong_secret"),
        ((hello(version=99),), "unknown_version"),
        (("{",), "bad_message"),
        (('{"type": "sing"}',), "bad_message"),
        (('{"a":' * 5_000,), "bad_message"),
        ((hello(), '{"a":' * 5_000), "bad_message"),
        ((a_claim(1, "x"),), "hello_first"),
        ((hello(), hello()), "hello_first"),
        ((hello(), '{"type": "request", "n": 1}'), "bad_message"),
    ],
)
async def test_a_broken_protocol_hears_its_code_and_the_end(door, sent, code):
    heard = await answers(door.address, *sent)

    assert [m["code"] for m in heard if m["type"] == "refused"] == [code]
    assert heard[-1]["n"] == 0


async def test_a_huge_message_closes_only_its_own_channel(door, server):
    await answers(door.address, hello(), "x" * 1_000_000)

    await server.client.claim(call="c1", participant="caller")


async def test_a_command_for_an_earlier_life_is_refused(door):
    async with raw_channel(door.address) as socket:
        await socket.send_str(hello())
        await socket.send_str(a_claim(5, "an earlier life"))
        refused = await anext(
            message
            async for frame in socket
            if (message := msgspec.json.decode(frame.data))["type"] == "refused"
        )

    assert (refused["n"], refused["code"]) == (5, "other_incarnation")


async def test_figures_are_shown_to_who_knows_the_secret(door, server):
    await a_leg(server)
    async with asking(door) as ask:
        async with ask.get("http://relay/metrics", headers={}) as response:
            assert response.status == 401
        text = await figures(ask)

    for figure in (
        "illico_relay_packets_in_total 0.0",
        "illico_relay_malformed_total 0.0",
        'illico_relay_legs{state="connecting"} 1.0',
        "illico_relay_calls 1.0",
        "illico_relay_remb_bps 0.0",
        'illico_eye_absent{reason="switched_off"} 1.0',
        "illico_eye_workers 0.0",
    ):
        assert figure in text


async def test_a_leg_that_ends_leaves_no_task_and_no_udp_socket(door, server):
    await load_of(server)
    async with asking(door) as ask:

        async def look():
            lines = (await figures(ask)).splitlines()
            found = dict(line.split(" ") for line in lines if "#" not in line)
            names = ("illico_relay_sockets", "illico_relay_tasks")
            return tuple(float(found[name]) for name in names)

        before = await look()
        await a_leg(server)
        during = await look()
        await server.client.close_leg(call="c1", participant="caller")

        async def are_as_before():
            return await look() == before

        assert during[0] > before[0] == 0
        assert during[1] > before[1]
        await eventually(are_as_before)


def asking(door):
    connector = aiohttp.UnixConnector(door.address.removeprefix("unix:"))
    return aiohttp.ClientSession(connector=connector)


async def figures(ask):
    headers = {"Authorization": f"Bearer {SECRET}"}
    async with ask.get("http://relay/metrics", headers=headers) as response:
        assert response.status == 200
        return await response.text()


async def test_a_relay_that_comes_back_is_noticed(relay_folder):
    async with (
        relay_process(relay_folder) as (address, process),
        listening(address) as listener,
    ):
        await load_of(listener)
        process.terminate()
        await listener.wait_for(messages.ChannelLost)
        assert listener.client.load is None
        with pytest.raises(UnreachableError):
            await listener.client.claim(call="c1", participant="caller")

        async with relay_process(relay_folder, ILLICO_RELAY_LISTEN=address):
            back = await listener.wait_for(messages.ChannelBack)
            await listener.client.claim(call="c1", participant="caller")

    assert not back.same


async def test_a_relay_with_legs_and_channels_ends_within_five_seconds(relay_folder):
    async with (
        relay_process(relay_folder) as (address, process),
        listening(address) as listener,
    ):
        await a_leg(listener)
        began = time.monotonic()
        process.terminate()
        await process.wait()

        assert time.monotonic() - began < 5
        assert listener.of(messages.Load)[-1].draining


async def test_a_relay_whose_calls_stayed_ends_without_a_fault(relay_folder):
    with (relay_folder / "log").open("wb") as log:
        async with (
            relay_process(
                relay_folder, stderr=log, ILLICO_RELAY_DRAIN_SECONDS="0.1"
            ) as (address, process),
            listening(address) as listener,
        ):
            await a_leg(listener)
            process.terminate()
            await process.wait()

    assert "Traceback" not in (relay_folder / "log").read_text()


async def test_no_log_holds_a_secret_an_sdp_or_a_word(relay_folder):
    marked = an_offer(username="marked-user")
    with (relay_folder / "log").open("wb") as log:
        async with (
            relay_process(relay_folder, stderr=log) as (address, _),
            listening(address) as server,
        ):
            await a_leg(server, sdp=marked)
            await server.client.content(
                call="c1", participant="caller", kind="text", body="marked-word"
            )
            for wrong in ("marked", marked.replace("m=video", "m=marked")):
                with pytest.raises(RefusedError):
                    await a_leg(server, leg="leg-2", sdp=wrong)
            for sent in (hello("marked-secret" * 4), '{"type": "marked"}', "marked"):
                await answers(address, sent)
            await server.client.close_call(call="c1", token=0)
    told = (relay_folder / "log").read_text()

    assert "channel open" in told
    assert "wrong_secret" in told
    assert "state=closed" in told
    assert "marked" not in told
    assert SECRET not in told
    assert "fingerprint" not in told


async def test_a_bad_environment_is_told_whole_and_ends_with_two():
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "relay",
        env={"ILLICO_RELAY_SECRET": "short", "ILLICO_RELAY_UDP_PORTS": "9-1"},
        stderr=asyncio.subprocess.PIPE,
    )
    _, told = await process.communicate()

    assert process.returncode == 2
    assert b"short" not in told
    assert b"ILLICO_RELAY_LISTEN" in told
    assert b"ILLICO_RELAY_SECRET" in told
