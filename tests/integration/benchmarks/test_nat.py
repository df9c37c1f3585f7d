"""UDP goes through the proxy as over the lines that it was told to be."""

import asyncio
import socket
from contextlib import contextmanager

import pytest

from benchmarks.links import GOOD, Quality
from benchmarks.nat import Nat, open_nat

PATIENCE = 5


@contextmanager
def an_end():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
        end.setblocking(False)
        end.bind(("127.0.0.1", 0))
        yield end


@pytest.fixture
def browser():
    with an_end() as end:
        yield end


@pytest.fixture
def target():
    with an_end() as end:
        yield end


async def heard(end):
    async with asyncio.timeout(PATIENCE):
        return await asyncio.get_running_loop().sock_recvfrom(end, 2048)


def nothing_comes(end):
    with pytest.raises(BlockingIOError):
        end.recv(2048)
    return True


async def test_what_is_sent_comes_and_is_answered(browser, target):
    async with open_nat(target.getsockname(), GOOD, GOOD) as (door, _):
        browser.sendto(b"question", door)
        question, seen = await heard(target)
        target.sendto(b"answer", seen)
        answer, came_from = await heard(browser)

    assert (question, answer) == (b"question", b"answer")
    assert came_from == door
    assert seen not in {door, browser.getsockname()}


async def test_each_way_takes_as_long_as_it_says(browser, target):
    loop = asyncio.get_running_loop()
    up, down = Quality(delay=0.05), Quality(delay=0.15)
    async with open_nat(target.getsockname(), up, down) as (door, _):
        sent = loop.time()
        browser.sendto(b"question", door)
        _, seen = await heard(target)
        there = loop.time()
        target.sendto(b"answer", seen)
        await heard(browser)
        back = loop.time()

    assert there - sent >= 0.05
    assert back - there >= 0.15


async def test_the_order_stays_on_a_line_that_only_jitters(browser, target):
    async with open_nat(target.getsockname(), Quality(jitter=0.05), GOOD) as (door, _):
        for n in range(100):
            browser.sendto(bytes([n]), door)
        came = [(await heard(target))[0][0] for _ in range(100)]

    assert came == list(range(100))


async def test_a_line_may_change_while_it_is_used(browser, target):
    async with open_nat(target.getsockname(), Quality(loss=1), GOOD) as (door, line):
        browser.sendto(b"lost", door)
        while not (await line.counted())[0].packets:
            pass
        await line.change(GOOD, GOOD)
        browser.sendto(b"comes", door)
        came, _ = await heard(target)
        up, _ = await line.counted()

    assert came == b"comes"
    assert (up.packets, up.octets, up.lost, up.overflowed) == (2, 9, 1, 0)


async def test_all_doors_of_a_line_share_its_cap(browser, target):
    narrow = Quality(cap_bps=8_000, queue_ms=100)  # a thousand octets a second
    async with Nat.start() as nat:
        line = await nat.line(narrow, GOOD)
        doors = [await line.door(*target.getsockname()) for _ in range(2)]
        for n in range(6):
            browser.sendto(bytes(972), doors[n % 2])
        while (await line.counted())[0].packets < 6:
            pass
        up, _ = await line.counted()

    assert up.overflowed >= 4


async def test_after_a_roam_the_same_browser_comes_from_another_port(browser, target):
    async with open_nat(target.getsockname(), GOOD, GOOD) as (door, line):
        browser.sendto(b"before", door)
        _, before = await heard(target)
        await line.rebind()
        browser.sendto(b"after", door)
        _, after = await heard(target)
        target.sendto(b"to the old one", before)
        target.sendto(b"to the new one", after)
        answer, _ = await heard(browser)

    assert before != after
    assert answer == b"to the new one"
    assert nothing_comes(browser)
