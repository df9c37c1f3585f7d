"""What the relay's code promises of itself: private names, pure rules, no recording."""

import ast
import inspect
import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import aioice.ice
import pytest
from aioice import Candidate, Connection, stun
from aioice.candidate import candidate_foundation, candidate_priority
from aioice.ice import CandidatePair
from aiortc import RTCCertificate, RTCDtlsTransport, RTCIceGatherer, RTCIceTransport
from pylibsrtp import Session
from pylibsrtp._binding import ffi, lib  # type: ignore[import-not-found]

from relay.transport.private import (
    Gatherer,
    MediaFirstProtocol,
    RelayConnection,
    RelayDtls,
)
from tests.unit.relay.recorders import recordings

ROOT = Path(__file__).parents[3] / "relay"
PRIVATE = ROOT / "transport" / "private.py"
SECURE = ROOT / "transport" / "secure.py"
SRTP = ROOT / "transport" / "srtp.py"
WEBRTC = {
    "aioice": [PRIVATE],
    "aiortc": [PRIVATE, SECURE],
    "pylibsrtp": [PRIVATE, SRTP],
}
"""Who knows which library. Private names stand in the first and in the last file."""

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

BORROWED = [
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
    (aioice.ice.StunProtocol, "pause_writing", ""),
    (aioice.ice.StunProtocol, "resume_writing", ""),
    (RTCDtlsTransport, "__init__", "transport certificates"),
    (RTCDtlsTransport, "_set_role", "role"),
    (RTCDtlsTransport, "start", "remoteParameters"),
    (RTCDtlsTransport, "stop", ""),
    (RTCIceTransport, "__init__", "gatherer"),
    (RTCIceTransport, "start", "remoteParameters"),
    (RTCIceTransport, "stop", ""),
    (RTCIceGatherer, "gather", ""),
]


def imports(path, *, whole=False):
    """Which modules a file imports, and ``whole``: what from them."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            yield from (f"{module}.{n.name}" for n in node.names) if whole else [module]


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


@pytest.mark.parametrize("library", WEBRTC)
def test_few_files_know_a_library_of_webrtc(library):
    knowing = [
        path
        for path in FILES
        if library in {name.partition(".")[0] for name in imports(path)}
    ]

    assert knowing == WEBRTC[library]


def test_two_files_look_into_the_private_modules_of_others():
    """`aioice.ice` is public, and what is imported from it bears no private name."""
    for path in FILES:
        private = {
            name
            for name in imports(path, whole=True)
            if re.search(r"(^|\.)_[a-z]", name)
        }
        allowed = {"pylibsrtp._binding.ffi", "pylibsrtp._binding.lib"}
        assert private == (allowed if path == SRTP else set()), path


def test_nobody_else_builds_on_a_class_of_theirs():
    """A subclass may use private names as its own, and `ruff` would not see it."""
    for path in FILES:
        tree = ast.parse(path.read_text())
        theirs = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            and (node.module or "").partition(".")[0] in WEBRTC
            for alias in node.names
        }
        bases = {
            ast.unparse(base)
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
            for base in node.bases
        }
        assert path == PRIVATE or not {b.partition(".")[0] for b in bases} & theirs, (
            path
        )


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
    tree = ast.parse(path.read_text())

    assert list(recordings(tree, path.relative_to(ROOT).as_posix())) == []


@pytest.mark.parametrize(
    "recorder",
    [
        "open(name, 'wb').write(data)",
        "open(name, mode)",
        "open(name, mode='ab')",
        "Path(name).open('ab')",
        "Path(name).open(mode)",
        "path.open('r+b')",
        "Path(name).write_bytes(data)",
        "io.open(name, 'xb')",
        "os.open(name, os.O_WRONLY | os.O_CREAT)",
        "os.write(descriptor, data)",
        "av.open(name, 'w')",
        "av.open(name, mode=chosen)",
        "container.mux(packet)",
        "container.add_stream('vp8')",
        "from av import open as look",
        "from os import write",
        "cv2.VideoWriter(name, 0, 30, size)",
        "cv2.imwrite(name, picture)",
        "np.savez(name, frames)",
        "frames.tofile(name)",
        "import pickle",
        "import shutil",
        "from sqlite3 import connect",
        "import subprocess",
        "import logging.handlers",
        "sys.stdout.buffer.write(data)",
        "socket.socket().sendto(data, elsewhere)",
        "await asyncio.open_connection(host, 443)",
        "aiohttp.ClientSession().post(url, data=data)",
        "loop.create_datagram_endpoint(make, remote_addr=elsewhere)",
        "urllib.request.urlopen(url, data)",
    ],
)
def test_a_recorder_would_be_found(recorder):
    tree = ast.parse(f"async def keep():\n    {recorder}")

    assert list(recordings(tree, "forwarding/uplink.py"))


@pytest.mark.parametrize(
    "harmless",
    [
        "Path(name).read_bytes()",
        "open(name)",
        "open(name, 'rb')",
        "self.media.open(incoming, outgoing)",
        "Exchange.open(premises, door.post, wall_clock, secret)",
        "os.open(os.devnull, os.O_RDWR)",
        "log.info('a leg', leg=leg.id)",
    ],
)
def test_what_is_no_recorder_is_not_taken_for_one(harmless):
    assert list(recordings(ast.parse(harmless), "forwarding/uplink.py")) == []


def test_the_versions_are_the_pinned_ones():
    assert version("aiortc") == "1.16.0"
    assert version("aioice") == "0.13.0"
    assert version("pylibsrtp") == "1.0.0"


@pytest.mark.parametrize("name", ["aiortc", "aioice", "pylibsrtp"])
def test_no_other_version_can_be_installed(name):
    project = tomllib.loads((ROOT.parent / "pyproject.toml").read_text())["project"]
    wanted = [w for w in project["dependencies"] if re.match(rf"{name}\b", w)]

    assert wanted == [f"{name}=={version(name)}"]


def test_nobody_else_is_let_look_at_private_names():
    """`ruff` forbids them (SLF001) wherever a file does not ask to be let.

    `private.py` has them as its own: its classes are built on theirs.
    """
    rooms = (
        "accounts",
        "benchmarks",
        "illico",
        "ledger",
        "queueing",
        "relay",
        "signaling",
    )
    files = (path for room in rooms for path in (ROOT.parent / room).rglob("*.py"))

    assert [path for path in files if "SLF001" in path.read_text()] == [SRTP]


@pytest.mark.parametrize(
    "ours", [MediaFirstProtocol, RelayConnection, Gatherer, RelayDtls]
)
def test_whatever_stands_in_the_place_of_theirs_is_pinned(ours):
    theirs = ours.__mro__[1]
    replaced = {
        name
        for name, value in vars(ours).items()
        if inspect.isfunction(value) and name in dir(theirs) and name != "__init__"
    }

    pinned = {name for owner, name, _ in BORROWED if owner is theirs}
    assert replaced <= pinned


async def test_no_name_of_ours_hides_one_of_theirs_by_chance():
    """Else a later aioice would use what we keep under a name that it takes, too."""
    theirs = Connection(ice_controlling=False)
    protocol = aioice.ice.StunProtocol(theirs)
    names = {
        "RelayConnection": {*dir(theirs), *vars(theirs)},
        "MediaFirstProtocol": {*dir(protocol), *vars(protocol)},
    }
    borrowed = {"_check_list", "_remote_candidates", "_tie_breaker"}

    tree = ast.parse(PRIVATE.read_text())
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name in names:
            assert kept_by(node) & names[node.name] <= borrowed


def kept_by(kind):
    """The attributes that a class sets on itself."""
    return {
        node.attr
        for node in ast.walk(kind)
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    }


@pytest.mark.parametrize(("owner", "name", "parameters"), BORROWED)
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
    there = Candidate("1", 1, "udp", 1, "192.0.2.1", 9, "host")
    protocol = aioice.ice.StunProtocol(gatherer._connection)
    gatherer._connection._nominated[1] = CandidatePair(protocol, there)
    gatherer._connection._queue.put_nowait((b"a datagram", 1))
    assert await gatherer._connection.recv() == b"a datagram"
    assert gatherer._connection._queue.qsize() == 0
    assert {"_rx_srtp", "_tx_srtp"} <= set(vars(dtls))
    assert {"_recv", "_send"} <= set(vars(ice))


@pytest.mark.parametrize(
    ("made", "parameters"),
    [
        (candidate_foundation, "candidate_type candidate_transport base_address"),
        (candidate_priority, "candidate_component candidate_type local_pref"),
        (CandidatePair, "protocol remote_candidate"),
    ],
)
def test_what_candidates_are_made_with_takes_what_we_give(made, parameters):
    assert list(inspect.signature(made).parameters) == parameters.split()


async def test_a_pair_of_candidates_tells_what_we_ask_it():
    there = Candidate("1", 1, "udp", 1, "192.0.2.1", 9, "host")
    protocol = aioice.ice.StunProtocol(Connection(ice_controlling=False))
    protocol.local_candidate = there
    pair = CandidatePair(protocol, there)

    assert (pair.protocol, pair.remote_candidate) == (protocol, there)
    assert pair.remote_addr == ("192.0.2.1", 9)
    assert (pair.task, pair.nominated) == (None, False)
    states = {state.name for state in CandidatePair.State}
    assert {"IN_PROGRESS", "SUCCEEDED", "FAILED"} <= states
    assert pair.state in CandidatePair.State


def test_a_check_that_is_answered_at_once_was_not_sent_again():
    """A round trip is measured where it is shorter than aioice's first patience."""
    assert stun.RETRY_RTO == 0.5


async def test_a_role_stands_where_the_handshake_looks_for_it():
    ice = RTCIceTransport(RTCIceGatherer(iceServers=[]))
    dtls = RelayDtls(ice, [RTCCertificate.generateCertificate()])

    for client, role in ((True, "client"), (False, "server")):
        dtls.play(client=client)
        assert dtls._role == role
    assert [*dtls.keys()] == [None, None]


def test_libsrtp_is_reached_as_we_rely_on():
    session = Session()

    assert ffi.typeof(session._srtp) is ffi.typeof("srtp_t *")
    for name in ("protect", "protect_rtcp", "unprotect", "unprotect_rtcp"):
        call = ffi.typeof(getattr(lib, f"srtp_{name}"))
        assert call.result is ffi.typeof("srtp_err_status_t")
        assert [one.cname for one in call.args][1:] == ["void *", "int *"]


THEIRS = {
    PRIVATE: {
        "_check_list",
        "_connection",
        "_nominated",
        "_protocols",
        "_queue",
        "_remote_candidates",
        "_rx_srtp",
        "_set_role",
        "_tie_breaker",
        "_tx_srtp",
    },
    SRTP: {"_srtp"},
}
OWN = {
    PRIVATE: {
        "_advertised",
        "_bind",
        "_handshakes",
        "_has_room",
        "_is_used",
        "_knows",
        "_moves",
        "_pair",
        "_ports",
        "_protocol",
        "_relay",
        "_revive",
        "_socket",
        "_target",
        "_turn_to",
    },
    SRTP: {"_buffer", "_inner", "_kept", "_length", "_session"},
}


@pytest.mark.parametrize("path", THEIRS, ids=id_of)
def test_every_private_name_of_theirs_stands_in_this_list(path):
    """Adding one means adding its line above."""
    found = {
        name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and (name := node.attr).startswith("_")
        and not name.startswith("__")
    }

    assert found == THEIRS[path] | OWN[path]
