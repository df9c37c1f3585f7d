"""What the relay's code promises of itself: private names, pure rules, no recording."""

import ast
import inspect
from importlib.metadata import version
from pathlib import Path

import aioice.ice
import pytest
from aioice import Connection
from aiortc import RTCCertificate, RTCDtlsTransport, RTCIceGatherer, RTCIceTransport
from pylibsrtp import Session
from pylibsrtp._binding import ffi, lib  # type: ignore[import-not-found]

ROOT = Path(__file__).parents[3] / "relay"
PRIVATE = ROOT / "transport" / "private.py"
FILES = sorted(path for path in ROOT.rglob("*.py") if "vendor" not in path.parts)
RULES = [
    *(ROOT / "forwarding").glob("*.py"),
    *(ROOT / f"{name}.py" for name in ("calls", "grants", "seats", "wiring")),
]
NO_RULE_KNOWS = {
    "aiohttp",
    "aioice",
    "aiortc",
    "asyncio",
    "av",
    "os",
    "pylibsrtp",
    "random",
    "socket",
    "time",
}
RECORDERS = {
    "MediaRecorder",
    "VideoWriter",
    "add_mux_stream",
    "add_stream",
    "imwrite",
    "mkstemp",
    "savez",
    "tofile",
    "tempfile",
    "write_bytes",
    "write_text",
}


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def names(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id


def id_of(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", RULES, ids=id_of)
def test_rules_know_no_clock_no_socket_and_no_webrtc(path):
    roots = {name.partition(".")[0] for name in imports(path)}

    assert not roots & NO_RULE_KNOWS


def test_one_file_knows_aiortc_and_aioice():
    webrtc = {"aiortc", "aioice", "pylibsrtp"}
    knowing = [
        path
        for path in FILES
        if webrtc & {name.partition(".")[0] for name in imports(path)}
    ]

    assert knowing == [PRIVATE]


def test_no_peer_connection_sender_receiver_or_codec_is_named():
    forbidden = {
        "RTCPeerConnection",
        "RTCRtpReceiver",
        "RTCRtpSender",
        "MediaRelay",
        "get_decoder",
        "get_encoder",
    }

    for path in FILES:
        assert not forbidden & set(names(path)), path


@pytest.mark.parametrize("path", FILES, ids=id_of)
def test_there_is_no_code_that_records(path):
    assert not RECORDERS & set(names(path))
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and opens(node):
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            modes = [a.value for a in given if isinstance(a, ast.Constant)]
            assert not any(set(str(mode)) & set("wax+") for mode in modes)


def opens(call):
    return isinstance(call.func, ast.Name | ast.Attribute) and "open" in {
        getattr(call.func, "id", ""),
        getattr(call.func, "attr", "") if called_on_path(call.func) else "",
    }


def called_on_path(function):
    owner = getattr(function, "value", None)
    return isinstance(owner, ast.Name) and owner.id in {"io", "os", "path", "av"}


def test_the_versions_are_the_pinned_ones():
    assert version("aiortc") == "1.16.0"
    assert version("aioice") == "0.13.0"
    assert version("pylibsrtp") == "1.0.0"


@pytest.mark.parametrize(
    ("owner", "name", "parameters"),
    [
        (Connection, "get_component_candidates", "component addresses timeout"),
        (Connection, "data_received", "data component"),
        (Connection, "close", ""),
        (Connection, "request_received", "message addr protocol"),
        (Connection, "respond_error", "request addr protocol error_code"),
        (Connection, "check_incoming", "message addr protocol"),
        (Connection, "check_start", "pair"),
        (Connection, "check_state", "pair state"),
        (Connection, "check_complete", "pair"),
        (Connection, "switch_role", "ice_controlling"),
        (aioice.ice.StunProtocol, "datagram_received", "data addr"),
        (aioice.ice.StunProtocol, "connection_lost", "exc"),
        (
            aioice.ice.StunProtocol,
            "request",
            "request addr integrity_key retransmissions",
        ),
        (aioice.ice.StunProtocol, "__init__", "receiver"),
        (RTCDtlsTransport, "__init__", "transport certificates"),
        (RTCDtlsTransport, "_set_role", "role"),
        (RTCDtlsTransport, "start", "remoteParameters"),
        (RTCDtlsTransport, "stop", ""),
        (RTCIceTransport, "__init__", "gatherer"),
        (RTCIceTransport, "start", "remoteParameters"),
        (RTCIceTransport, "stop", ""),
        (RTCIceGatherer, "gather", ""),
    ],
)
def test_a_borrowed_method_has_the_signature_that_we_rely_on(owner, name, parameters):
    found = list(inspect.signature(getattr(owner, name)).parameters)

    assert found == ["self", *parameters.split()]


async def test_the_borrowed_attributes_are_where_we_look_for_them():
    gatherer = RTCIceGatherer(iceServers=[])
    ice = RTCIceTransport(gatherer)
    dtls = RTCDtlsTransport(ice, [RTCCertificate.generateCertificate()])

    assert isinstance(gatherer._connection, Connection)
    assert ice._connection is gatherer._connection
    assert gatherer._connection._nominated == {}
    assert gatherer._connection._check_list == []
    assert gatherer._connection._remote_candidates == []
    assert gatherer._connection._tie_breaker >= 0
    assert gatherer._connection._protocols == []
    assert gatherer._connection._queue.qsize() == 0
    assert {"_rx_srtp", "_tx_srtp"} <= set(vars(dtls))
    assert {"_recv", "_send"} <= set(vars(ice))


def test_libsrtp_is_reached_as_we_rely_on():
    session = Session()

    assert ffi.typeof(session._srtp) is ffi.typeof("srtp_t *")
    for name in ("protect", "protect_rtcp", "unprotect", "unprotect_rtcp"):
        call = ffi.typeof(getattr(lib, f"srtp_{name}"))
        assert call.result is ffi.typeof("srtp_err_status_t")
        assert [one.cname for one in call.args][1:] == ["void *", "int *"]


def test_every_private_name_of_theirs_stands_in_this_list():
    """Adding one means adding its line above."""
    own = {
        "_advertised",
        "_bind",
        "_buffer",
        "_connection",
        "_dtls",
        "_gatherer",
        "_has_room",
        "_ice",
        "_inner",
        "_is_used",
        "_kept",
        "_knows",
        "_length",
        "_pair",
        "_moves",
        "_ports",
        "_protocol",
        "_relay",
        "_revive",
        "_session",
        "_socket",
        "_target",
        "_turn_to",
    }
    theirs = {
        name
        for node in ast.walk(ast.parse(PRIVATE.read_text()))
        if isinstance(node, ast.Attribute)
        and (name := node.attr).startswith("_")
        and not name.startswith("__")
    } - own

    assert theirs == {
        "_check_list",
        "_nominated",
        "_protocols",
        "_queue",
        "_remote_candidates",
        "_rx_srtp",
        "_set_role",
        "_srtp",
        "_tie_breaker",
        "_tx_srtp",
    }
