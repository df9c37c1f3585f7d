from pathlib import Path

from illico import sockets

TMP = Path("/tmp")
LONG = Path("/home/somebody") / ("a-folder-with-a-long-name/" * 5)


def places(data, *, linked=None, runtime=None):
    return sockets.candidates(
        data, linked=linked, runtime=runtime, temporary=TMP, user=1000
    )


def test_a_short_data_folder_holds_its_own_sockets():
    assert places(Path("/srv/illico"))[0] == Path("/srv/illico/run")


def test_a_long_one_gets_the_private_runtime_folder_or_a_temporary_one():
    first, second, *_ = places(LONG, runtime=Path("/run/user/1000"))

    assert first.parent == Path("/run/user/1000")
    assert second.parent == TMP
    assert "1000" in second.name


def test_what_an_earlier_start_chose_comes_before_what_would_be_chosen_now():
    linked = Path("/run/user/7/illico-x")

    assert places(LONG, linked=linked, runtime=Path("/run/user/8"))[0] == linked


def test_two_data_folders_never_share_a_socket_folder():
    assert set(places(LONG)).isdisjoint(places(LONG / "other"))


def test_every_place_leaves_room_for_a_socket_name_in_108_bytes():
    for place in places(LONG, runtime=Path("/r" * 60)):
        assert len(bytes(place / "valkey-temp.sock")) < 104


def test_length_is_counted_in_bytes_not_letters():
    assert not sockets.fits(Path("/é" * 40))
