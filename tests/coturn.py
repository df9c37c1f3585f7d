"""coturn as docker-compose.yml starts it, but for its ports and files."""

import asyncio
import os
import re
import shutil
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from aioice import stun
from aioice.turn import UDP_TRANSPORT, make_integrity_key

from illico import lan, ports

ROOT = Path(__file__).parents[1]
SECRET = "the secret that coturn shares with us"
RELAYED = 50  # ports
FIRST_RELAYED = 33_000 + os.getpid() % 100 * RELAYED
TLS_PORT = 443
PATIENCE = 10.0
RETRANSMISSION = 0.3
UNAUTHORIZED, STALE_NONCE = 401, 438


@dataclass(frozen=True, slots=True)
class Coturn:
    """A TURN server that runs; ``tls`` says whether it has port 443."""

    address: str
    port: int
    tls: bool

    @property
    def urls(self):
        """What `ILLICO_TURN_URLS` says of it."""
        plain = f"turn:{self.address}:{self.port}"
        return f"{plain} turns:{self.address}:{TLS_PORT}?transport=tcp"


@asynccontextmanager
async def coturn(folder, certificate=None):
    """Start coturn until the block ends; TLS with a certificate, (chain, key)."""
    program = shutil.which("turnserver")
    if program is None:
        pytest.skip("turnserver is not here: `make browsers` installs coturn")
    (address, *_) = [each for each in lan.addresses() if lan.is_ipv4(each)]
    port = ports.any_free(address)
    tls = certificate is not None and is_free(address, TLS_PORT)
    process = await asyncio.create_subprocess_exec(
        program,
        *options(folder, address, port, certificate if tls else None),
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        for each in (port, *([TLS_PORT] if tls else [])):
            await _serves(address, each)
        yield Coturn(address, port, tls)
    finally:
        process.kill()  # asked to end, it takes seconds
        await process.wait()


def options(folder, address, port, certificate):
    """The compose file's words for coturn; what is said again counts."""
    given = {
        "ILLICO_TURN_SECRET": SECRET,
        "ILLICO_RELAY_ADDRESS": address,
        "TURN_ADDRESS": address,
    }
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    words = [
        re.sub(r"\$\{(\w+):\?[^}]*\}", lambda found: given[found[1]], word)
        for word in compose["services"]["coturn"]["command"]
    ]
    own = [
        f"--listening-port={port}",
        f"--min-port={FIRST_RELAYED}",
        f"--max-port={FIRST_RELAYED + RELAYED - 1}",
        f"--pidfile={folder}/pid",
        f"--userdb={folder}/turndb",
    ]
    if certificate is None:
        plain = [word for word in words if not word.startswith(("--cert", "--pkey"))]
        return [*plain, *own, "--no-tls", "--no-dtls"]
    return [*words, *own, f"--cert={certificate[0]}", f"--pkey={certificate[1]}"]


def is_free(address, port):
    """Whether a server of ours may have this port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


async def _serves(address, port):
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                _, writer = await asyncio.open_connection(address, port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


class Dialog(asyncio.DatagramProtocol):
    """One client of a TURN server, with its credentials; one request at a time."""

    def __init__(self, server):
        self._server = server
        self._realm, self._nonce = "", b""
        self._transport = asyncio.DatagramTransport()  # until there is one
        self._answers: asyncio.Queue[stun.Message] = asyncio.Queue()

    @classmethod
    @asynccontextmanager
    async def open(cls, turn, server):
        """Speak with coturn by the credentials that ``server`` (an `IceServer`) holds."""
        loop = asyncio.get_running_loop()
        transport, dialog = await loop.create_datagram_endpoint(
            lambda: cls(server), remote_addr=(turn.address, turn.port)
        )
        try:
            yield dialog
        finally:
            transport.close()

    def connection_made(self, transport):
        self._transport = transport

    def datagram_received(self, data, addr):
        self._answers.put_nowait(stun.parse_message(data))

    async def allocate(self):
        """Ask for an allocation; gives the error code, or None."""
        return await self.ask(
            stun.Method.ALLOCATE, {"REQUESTED-TRANSPORT": UDP_TRANSPORT}
        )

    async def refresh(self):
        return await self.ask(stun.Method.REFRESH, {"LIFETIME": 600})

    async def permit(self, peer):
        """Ask to reach a peer's address."""
        return await self.ask(
            stun.Method.CREATE_PERMISSION, {"XOR-PEER-ADDRESS": (peer, 40_000)}
        )

    async def ask(self, method, attributes):
        """Make a request; gives the error code, or None where it was granted."""
        answer = await self._request(method, attributes)
        code = answer.error_code
        if code in {UNAUTHORIZED, STALE_NONCE} and "NONCE" in answer.attributes:
            self._realm = answer.attributes["REALM"]
            self._nonce = answer.attributes["NONCE"]
            code = (await self._request(method, attributes)).error_code
        return code

    async def _request(self, method, attributes):
        message = stun.Message(method, stun.Class.REQUEST)
        message.attributes.update(attributes)
        if self._nonce:
            name, word = self._server.username, self._server.credential
            message.attributes["USERNAME"] = name
            message.attributes["REALM"] = self._realm
            message.attributes["NONCE"] = self._nonce
            message.add_message_integrity(make_integrity_key(name, self._realm, word))
        async with asyncio.timeout(PATIENCE):
            while True:
                self._transport.sendto(bytes(message))
                answer = await self._answer(message.transaction_id)
                if answer is not None:
                    return answer

    async def _answer(self, transaction):
        try:
            async with asyncio.timeout(RETRANSMISSION):
                while True:
                    answer = await self._answers.get()
                    if answer.transaction_id == transaction:
                        return answer
        except TimeoutError:
            return None
