"""Who a request comes from, whatever strangers write into it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.proxies import TrustedProxies

PROXY, INNER, STRANGER, LIAR = "10.0.0.1", "10.0.0.2", "203.0.113.7", "198.51.100.9"
OURS = TrustedProxies.parse("10.0.0.0/8 fd00::/8")


def sender(peer=PROXY, *, xff=None, forwarded=None):
    return OURS.sender(
        peer,
        x_forwarded_for=[xff] if isinstance(xff, str) else xff or (),
        forwarded=[forwarded] if isinstance(forwarded, str) else forwarded or (),
    )


def test_without_trusted_proxies_no_header_says_anything():
    nobody = TrustedProxies.parse("")

    assert nobody.sender(PROXY, x_forwarded_for=[STRANGER]) == PROXY
    assert nobody.sender(PROXY, forwarded=[f"for={STRANGER}"]) == PROXY


def test_whoever_is_no_trusted_proxy_speaks_only_for_themself():
    assert sender(STRANGER, xff=LIAR, forwarded=f"for={LIAR}") == STRANGER


def test_a_trusted_proxy_is_believed():
    assert sender(xff=STRANGER) == STRANGER
    assert sender(forwarded=f"for={STRANGER};proto=https") == STRANGER
    assert sender("::ffff:10.0.0.1", xff=STRANGER) == STRANGER
    assert sender("fd00::1", xff="2001:db8::7") == "2001:db8::7"


def test_without_a_header_the_proxy_speaks_for_itself():
    assert sender() == PROXY


@pytest.mark.parametrize(
    "xff",
    [
        f"{LIAR}, {STRANGER}",
        f"{LIAR}, {STRANGER}, {INNER}",
        f"{LIAR},{PROXY},{STRANGER}",
        f"unknown, {STRANGER}",
        f", , {STRANGER}",
        f"<script>, {STRANGER}:4711",
        [LIAR, STRANGER],
        [f"{LIAR}, {STRANGER}", INNER],
    ],
)
def test_what_a_stranger_wrote_before_our_proxies_is_never_reached(xff):
    assert sender(xff=xff) == STRANGER


@pytest.mark.parametrize(
    "written",
    [
        f"for={LIAR}, for={STRANGER}",
        f"For={LIAR}, FOR={STRANGER};by={PROXY}",
        f'for={LIAR}, for="{STRANGER}:4711"',
        f"for=_hidden, for={STRANGER}",
        [f'for="{LIAR}', f"for={STRANGER}"],
    ],
)
def test_the_other_header_is_read_from_its_end_too(written):
    assert sender(forwarded=written) == STRANGER


def test_an_address_of_version_6_is_quoted_and_in_brackets():
    told = f'for={LIAR}, for="[2001:db8::7]:4711";proto=https'

    assert sender(forwarded=told) == "2001:db8::7"


@pytest.mark.parametrize(
    "told",
    [
        "",
        " ",
        ",",
        "for=",
        "for",
        "by=203.0.113.7",
        'for="',
        f'for={LIAR};x=", for="[2001:db8::7]"',
        f'for={LIAR};x=", for={STRANGER}',
        f"for={LIAR};",
        f"for={LIAR},",
        "for=unknown",
        'for="\\"',
        "for=fe80::1%eth0",
    ],
)
def test_a_header_that_cannot_be_read_says_nothing(told):
    assert sender(forwarded=told) == PROXY


@pytest.mark.parametrize(
    "told",
    ["", "unknown", "1.2.3", "1.2.3.4.5", "fe80::1%1", "[::1", "٣.1.1.1", "\x00"],
)
def test_an_entry_that_is_no_address_leaves_the_request_to_the_proxy(told):
    assert sender(xff=told) == PROXY
    assert sender(xff=f"{LIAR}, {told}, {INNER}") == INNER


def test_two_headers_that_disagree_are_both_disbelieved():
    assert sender(xff=STRANGER, forwarded=f"for={STRANGER}") == STRANGER
    assert sender(xff=STRANGER, forwarded=f"for={LIAR}") == PROXY


def test_who_is_inside_the_trusted_networks_is_the_first_of_them():
    assert sender(xff=f"10.9.9.9, {INNER}") == "10.9.9.9"


@pytest.mark.parametrize(
    "words", ["proxy.example", "10.0.0.1/8", "10.0.0.0/33", "0.0.0.0/0", "::/0", "10"]
)
def test_words_that_name_no_network_or_everybody_are_refused(words):
    with pytest.raises(ValueError, match=r"network|bits|address|everybody"):
        TrustedProxies.parse(words)


headers = st.lists(st.text(st.characters(codec="latin-1"), max_size=60), max_size=3)


@given(headers)
def test_whatever_strangers_write_before_it_our_proxys_word_counts(written):
    xff = ", ".join([*written, STRANGER])

    assert sender(xff=xff) == STRANGER


forging = st.lists(
    st.sampled_from(["for=", LIAR, '"', ";x=", ",", ";", " ", "\\", "[", "]:1", "by="])
).map("".join)


@given(forging | st.text(st.characters(codec="latin-1"), max_size=60))
def test_nobody_can_make_our_proxys_element_name_somebody_else(written):
    """It counts, or nothing does; also when a stranger leaves quotation marks open."""
    for own in (f"for={STRANGER}", f'for="{STRANGER}:80";by="[fd00::1]"'):
        assert sender(forwarded=f"{written}, {own}") in {STRANGER, PROXY}


@given(headers, headers)
def test_a_stranger_without_a_proxy_has_no_effect_at_all(xff, forwarded):
    assert sender(STRANGER, xff=xff, forwarded=forwarded) == STRANGER
