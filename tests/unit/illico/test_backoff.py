from illico.backoff import LONGEST_DELAY, MOST_DEATHS, Deaths


def after(*times):
    deaths = Deaths()
    for at in times:
        deaths = deaths.add(at)
    return deaths


def test_the_first_death_is_followed_by_a_start_within_a_second():
    assert 0 < after(100.0).delay < 1


def test_each_recent_death_doubles_the_delay_up_to_a_limit():
    delays = [after(*range(count)).delay for count in range(1, 12)]

    assert delays[1] == 2 * delays[0]
    assert delays == sorted(delays)
    assert delays[-1] == LONGEST_DELAY


def test_five_deaths_within_a_minute_are_enough():
    assert not after(*range(MOST_DEATHS - 1)).is_enough
    assert after(*range(MOST_DEATHS)).is_enough


def test_deaths_of_more_than_a_minute_ago_are_forgotten():
    deaths = after(0.0, 20.0, 40.0, 59.0, 119.0)

    assert deaths.times == (119.0,)
    assert not deaths.is_enough
