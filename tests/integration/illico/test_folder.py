import os
import stat

import pytest

from illico import folder
from illico.errors import FolderInUseError, FolderNewerError, FolderUnusableError


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_folder_says_its_format_and_is_private(tmp_path):
    data = folder.prepare(tmp_path / "deep" / "data")

    assert (data.path / "version").read_text() == f"{folder.FORMAT}\n"
    assert mode(data.path) == mode(data.logs) == mode(data.valkey) == 0o700
    assert mode(data.path / "version") == 0o600


def test_a_folder_that_others_could_read_is_closed(tmp_path):
    (tmp_path / "data").mkdir(mode=0o755)

    assert mode(folder.prepare(tmp_path / "data").path) == 0o700


def test_a_newer_format_is_refused_and_left_alone(tmp_path):
    (tmp_path / "version").write_text(f"{folder.FORMAT + 1}\n")

    with pytest.raises(FolderNewerError):
        folder.prepare(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["version"]


def test_a_format_that_is_no_number_is_refused(tmp_path):
    (tmp_path / "version").write_text("soon\n")

    with pytest.raises(FolderUnusableError, match="no number"):
        folder.prepare(tmp_path)


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "data").write_text("")

    with pytest.raises(FolderUnusableError):
        folder.prepare(tmp_path / "data")


def test_only_one_keeps_a_folder_and_the_other_hears_who(tmp_path):
    data = folder.prepare(tmp_path)

    with (
        folder.locked(data),
        pytest.raises(FolderInUseError, match=f"process {os.getpid()}"),
        folder.locked(data),
    ):
        pass
    with folder.locked(data):
        pass


def test_a_private_file_is_whole_or_as_it_was(tmp_path):
    file = tmp_path / "secrets.json"
    folder.write_private(file, "old")

    with pytest.raises(UnicodeEncodeError):
        folder.write_private(file, "new\udc80")

    assert file.read_text() == "old"
    assert mode(file) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def sockets_of(data, temporary, runtime=None):
    return folder.socket_folder(data, runtime=runtime, temporary=temporary)


def test_sockets_lie_in_a_short_data_folder(tmp_path_factory):
    data = folder.DataFolder(tmp_path_factory.mktemp("d"))
    data.run.mkdir()

    place = sockets_of(data, data.path)

    assert place == data.run or len(bytes(data.run)) > 80


def test_a_long_one_is_linked_to_a_private_place_which_is_found_again(tmp_path):
    data = folder.prepare(tmp_path / ("long" * 30))
    runtime = tmp_path / "r"
    runtime.mkdir()

    place = sockets_of(data, tmp_path, runtime)

    assert place.parent in {runtime, tmp_path} or place.parent.name == "tmp"
    assert mode(place) == 0o700
    assert (data.run / "sockets").readlink() == place
    assert sockets_of(data, tmp_path) == place

    folder.clear_sockets(data, place)
    assert not place.exists()


def test_a_link_that_somebody_put_in_the_way_is_not_followed(tmp_path):
    data = folder.prepare(tmp_path / ("long" * 30))
    place = sockets_of(data, tmp_path)
    place.rmdir()
    (tmp_path / "trap").mkdir()
    place.symlink_to(tmp_path / "trap")
    try:
        assert sockets_of(data, tmp_path) != place
    except FolderUnusableError:
        pass
    finally:
        place.unlink()
