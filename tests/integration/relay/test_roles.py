"""A role may change over a standing leg, and the other side hears how a leg is."""

import time

from relay.app import open_relay
from relay.messages import LegCondition, LegState, Role
from relay.settings import Settings
from tests.integration.relay.offers import an_offer
from tests.integration.relay.relays import SECRET, listening

CALL = "call-1"
BOSS = "supervisor:9"


def a_relay(folder):
    """A relay in this process."""
    settings = Settings.model_validate(
        {
            "ILLICO_RELAY_LISTEN": f"unix:{folder}/relay.sock",
            "ILLICO_RELAY_SECRET": SECRET,
            "ILLICO_RELAY_UDP_PORTS": "41910-41919",
            "ILLICO_EYE_WORKERS": "0",
        }
    )
    return open_relay(settings)


async def opens(client, name, **facts):
    await client.open_leg(
        **{
            "call": CALL,
            "participant": name,
            "role": Role(name.partition(":")[0]),
            "leg": f"leg of {name}",
            "token": 1,
            "sdp": an_offer(name.replace(":", "")),
            "eye": False,
            **facts,
        }
    )


async def test_a_new_role_holds_over_the_same_leg(relay_folder):
    async with (
        a_relay(relay_folder) as door,
        listening(door.address) as one,
    ):
        grant = one.client.grant(
            call=CALL, observer=BOSS, told=("caller", "x"), until=time.time() + 60
        )
        await opens(one.client, "caller")
        await opens(one.client, BOSS, grant=grant)
        leg = door.exchange.legs[CALL, BOSS]
        assert leg.browser.steering.observes

        await one.client.claim(call=CALL, participant=BOSS, role=Role.EXPERT)
        assert not leg.browser.steering.observes
        await one.client.claim(call=CALL, participant=BOSS, role=Role.TRAINEE)
        assert leg.browser.steering.observes
        assert door.exchange.legs[CALL, BOSS] is leg


async def test_the_other_side_hears_how_a_leg_is_and_of_a_hidden_one_nothing(
    relay_folder,
):
    async with (
        a_relay(relay_folder) as door,
        listening(door.address, "s1") as caller,
        listening(door.address, "s2") as agent,
    ):
        grant = caller.client.grant(
            call=CALL, observer=BOSS, told=("caller", "agent:1"), until=time.time() + 60
        )
        await opens(agent.client, "agent:1")
        await opens(caller.client, "caller")
        await opens(caller.client, BOSS, grant=grant)

        await caller.client.close_leg(call=CALL, participant=BOSS)
        await caller.client.close_leg(call=CALL, participant="caller")
        await agent.wait_for(LegState, participant="caller", state=LegCondition.CLOSED)

        assert not agent.of(LegState, participant=BOSS)
