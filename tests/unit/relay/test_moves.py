"""A browser has moved when its media come from elsewhere, twice in a row."""

from relay.transport.moves import Moves

HOME, CAFE = ("198.51.100.1", 5000), ("203.0.113.9", 6000)


def looks(*sources, target=HOME):
    moves = Moves()
    return [moves.moved(source, target) for source in sources]


def test_who_sends_from_where_media_go_has_not_moved():
    assert looks(HOME, HOME, HOME) == [None, None, None]


def test_who_has_sent_nothing_has_not_moved():
    assert looks((), ()) == [None, None]


def test_one_look_may_have_met_a_late_packet():
    assert looks(HOME, CAFE, HOME, CAFE) == [None, None, None, None]


def test_two_looks_in_a_row_name_the_new_address():
    assert looks(HOME, CAFE, CAFE, CAFE) == [None, None, CAFE, CAFE]


def test_an_address_of_ipv6_counts_without_flow_and_scope():
    home, cafe = ("2001:db8::1", 5000), ("2001:db8::9", 6000)

    assert looks((*home, 0, 0), (*home, 0, 0), target=home) == [None, None]
    assert looks((*cafe, 0, 0), (*cafe, 0, 0), target=home) == [None, cafe]
