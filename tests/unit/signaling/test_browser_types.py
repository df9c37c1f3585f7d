"""The pages read the protocol from a file that is made, never written."""

import re
from typing import get_args

from signaling import browser_types, protocol


def test_the_pages_types_are_those_of_the_protocol():
    assert browser_types.main(["--check"]) == 0


def test_an_old_file_is_noticed(tmp_path, monkeypatch, capsys):
    old = tmp_path / "wire.js"
    old.write_text("export {};\n")
    monkeypatch.setattr(browser_types, "TARGET", old)

    assert browser_types.main(["--check"]) == 1

    assert "python -m signaling.browser_types" in capsys.readouterr().err
    assert browser_types.main([]) == 0
    assert browser_types.main(["--check"]) == 0


def test_every_message_has_its_type():
    code = browser_types.generate()

    for union in (protocol.ClientMessage, protocol.ServerMessage):
        for message in get_args(union):
            assert f"@typedef {{object}} {message.__name__}\n" in code
            assert f'"{message.__struct_config__.tag}"}} type' in code


def test_a_page_may_leave_out_what_has_a_default_and_the_server_does_not():
    code = browser_types.generate()

    assert "@property {string | null} [topic]" in code
    state = re.search(r"@typedef \{object\} AgentState\n(.*?)\*/", code, re.DOTALL)
    assert state is not None
    assert "{number | null} token" in state[1]
