from illico import logs


def test_a_small_log_stays(tmp_path):
    log = tmp_path / "relay.log"
    log.write_text("one line\n")

    assert not logs.rotate(log, largest=100)
    assert log.read_text() == "one line\n"


def test_a_missing_log_is_nothing_to_do(tmp_path):
    assert not logs.rotate(tmp_path / "relay.log")


def test_a_child_that_keeps_its_file_open_writes_on_after_a_rotation(tmp_path):
    log = tmp_path / "relay.log"

    with log.open("ab", buffering=0) as child:
        child.write(b"before\n")
        assert logs.rotate(log, largest=3)
        child.write(b"after\n")

    assert log.read_bytes() == b"after\n"
    assert (tmp_path / "relay.log.1").read_bytes() == b"before\n"


def test_only_so_many_old_logs_are_kept(tmp_path):
    log = tmp_path / "relay.log"
    for number in range(6):
        log.write_text(f"{number}" * 10)
        logs.rotate(log, largest=3, kept=3)

    old = {path.name: path.read_text()[0] for path in tmp_path.glob("*.log.*")}
    assert old == {"relay.log.1": "5", "relay.log.2": "4", "relay.log.3": "3"}


def test_a_tail_tells_only_what_the_last_start_wrote(tmp_path):
    log = tmp_path / "relay.log"
    log.write_text("old\n")
    since = log.stat().st_size
    with log.open("a") as more:
        more.write("new\nlast\n")

    assert logs.tail(log, since=since) == "  new\n  last"


def test_a_tail_of_nothing_is_empty(tmp_path):
    assert logs.tail(tmp_path / "no.log") == ""
