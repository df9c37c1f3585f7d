"""Addresses of one server and of Sentinels, good and bad."""

import pytest

from queueing.urls import Direct, ThroughSentinels, read_place


@pytest.mark.parametrize(
    "url", ["redis://h:1/0", "rediss://:secret@h", "unix:///run/valkey.sock"]
)
def test_one_server_keeps_its_address(url):
    assert read_place(url) == Direct(url)


def test_sentinels_are_read_with_the_name_of_the_master():
    place = read_place("redis+sentinel://a:1,b,[::1]:3/queue")

    assert place == ThroughSentinels((("a", 1), ("b", 26379), ("::1", 3)), "queue")


def test_everything_else_about_sentinels_is_read_too():
    place = read_place(
        "rediss+sentinel://me:p%40ss@a,b/queue/2?sentinel_username=s&sentinel_password=w"
    )

    assert place == ThroughSentinels(
        (("a", 26379), ("b", 26379)), "queue", True, 2, "me", "p@ss", "s", "w"
    )


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://somewhere", "begins with one of"),
        ("redis", "begins with one of"),
        ("redis://", "begins with one of"),
        ("sentinel://a/queue", "begins with one of"),
        ("redis+sentinel://a,b", "name the master"),
        ("redis+sentinel://a,b/", "name the master"),
        ("redis+sentinel:///queue", "no Sentinel"),
        ("redis+sentinel://a,,b/queue", "no Sentinel"),
        ("redis+sentinel://a:b/queue", "no Sentinel"),
        ("redis+sentinel://a:99999/queue", "no Sentinel"),
        ("redis+sentinel://a/queue/x", "no number"),
        ("redis+sentinel://a/queue?quorum=2", "no option"),
    ],
)
def test_a_bad_address_is_refused_with_its_reason(url, why):
    with pytest.raises(ValueError, match=why):
        read_place(url)


@pytest.mark.parametrize(
    "url",
    ["redis+sentinel://me:secret@a:b/queue", "redis+sentinel://me:secret@a/q?x=1"],
)
def test_no_reason_tells_the_password(url):
    with pytest.raises(ValueError) as refused:
        read_place(url)

    assert "secret" not in str(refused.value)
    assert "secret" not in repr(read_place("redis+sentinel://me:secret@a/q"))
