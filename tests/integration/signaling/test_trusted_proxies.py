"""Tries at the console's door, through a proxy that is trusted and past it."""

import aiohttp

from accounts.throttle import PER_ADDRESS


async def code(platform, http, login, headers):
    """What a wrong password is told; each login has its own limit, so it changes."""
    answer = await http.post(
        f"{platform.url()}/agent/sign-in",
        json={"login": login, "password": "wrong"},
        headers={"Origin": platform.url(), **headers},
    )
    return (await answer.json())["code"]


async def use_up(platform, http, who, headers):
    """Try until the address has used up its tries; on a slow machine some come back."""
    told = ""
    for number in range(3 * PER_ADDRESS.burst):
        told = await code(platform, http, f"{who}{number}", headers(number))
        if told == "too_many_tries":
            break
    return told


async def test_behind_a_trusted_proxy_each_address_has_its_own_limit(platform):
    async with aiohttp.ClientSession() as http:
        spent = await use_up(
            platform,
            http,
            "xff",
            lambda number: {"X-Forwarded-For": f"192.0.2.{number}, 203.0.113.1"},
        )
        other = await code(platform, http, "o", {"X-Forwarded-For": "203.0.113.2"})
        same = await code(platform, http, "s", {"Forwarded": "for=203.0.113.1"})

    assert spent == "too_many_tries"
    assert other == "bad_credentials"
    assert same == "too_many_tries"


async def test_whoever_comes_past_the_proxy_gains_nothing_by_its_headers(platform):
    past = aiohttp.TCPConnector(local_addr=("127.0.0.2", 0))
    async with aiohttp.ClientSession(connector=past) as http:
        spent = await use_up(
            platform,
            http,
            "past",
            lambda number: {
                "X-Forwarded-For": f"198.51.100.{number}",
                "Forwarded": f"for=198.51.100.{number}",
            },
        )

    assert spent == "too_many_tries"
