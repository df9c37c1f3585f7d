"""How long a roll call waits for those who have not come."""

import asyncio
from typing import Any

import pytest

from signaling.roll_call import RollCall

PATIENCE = 0.1


@pytest.fixture
def people():
    everybody: Any = [object(), object(), object()]
    return everybody


async def the_end(roll_call):
    async with asyncio.timeout(5):
        await roll_call.taken()


async def test_it_is_over_when_the_last_one_has_come(people):
    roll_call = RollCall()
    roll_call.begin(people)
    for each in people:
        roll_call.here(each)

    await the_end(roll_call)


async def test_it_waits_for_everybody_as_long_as_some_come(people):
    roll_call = RollCall(PATIENCE)
    loop = asyncio.get_running_loop()
    roll_call.begin(people)
    for number, each in enumerate(people, 1):
        loop.call_later(0.8 * PATIENCE * number, roll_call.here, each)

    await the_end(roll_call)

    assert not roll_call._absent


async def test_it_does_not_wait_for_ever_for_who_never_comes(people):
    roll_call = RollCall(PATIENCE)
    roll_call.begin(people)
    roll_call.here(people[0])

    await the_end(roll_call)

    assert roll_call._absent == set(people[1:])


async def test_its_end_is_told_once_more_when_nobody_heard_it(people):
    roll_call = RollCall()
    roll_call.begin(())
    await the_end(roll_call)

    roll_call.again()

    await the_end(roll_call)


async def test_the_end_of_an_older_one_is_not_told_once_a_newer_one_has_begun(people):
    roll_call = RollCall(PATIENCE)
    roll_call.begin(())
    await the_end(roll_call)
    roll_call.begin(people)

    roll_call.again()
    async with asyncio.TaskGroup() as tasks:
        ends = tasks.create_task(the_end(roll_call))
        await asyncio.wait([ends], timeout=0)
        assert not ends.done()
        for each in people:
            roll_call.here(each)
