"""ICE, DTLS and SRTP of one leg, and the certificate of all.

Of aiortc it knows what is public; what is not is in `private.py`.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Final

import structlog
from aiortc import (
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCIceParameters,
    RTCIceTransport,
)

from relay.transport.media_path import MediaPath
from relay.transport.ports import PortRange
from relay.transport.private import Gatherer, RelayConnection, RelayDtls
from relay.transport.srtp import SrtpCipher

log = structlog.get_logger()

GOODBYE_SECONDS: Final = 1.0


class SecureTransport:
    """ICE, DTLS and SRTP of one leg: plain packets in and out by way of ``media``."""

    def __init__(
        self,
        certificate: RTCCertificate,
        ports: PortRange,
        advertised: str | None,
        clock: Callable[[], float],
    ) -> None:
        self._connection = RelayConnection(ports, advertised)
        self.wire: Final = self._connection.wire
        self.media: Final = MediaPath(self._connection.send_now, self.wire, clock)
        self._connection.on_media = self.media.take
        self._gatherer = Gatherer(self._connection)
        self._ice = RTCIceTransport(self._gatherer)
        self._dtls = RelayDtls(self._ice, [certificate])

    def tell_round_trips(self, hear: Callable[[float], None]) -> None:
        """Let somebody hear how many seconds each check took."""
        self._connection.on_round_trip = hear

    def follow(self) -> None:
        """Send to where the browser is now; called some fifty times a second."""
        self._connection.follow()

    async def gather(self) -> None:
        """Bind the sockets.

        Raises:
            FullError: no port is free.
            NoAddressError: there is no address.

        """
        await self._gatherer.gather()

    @property
    def candidates(self) -> Sequence[tuple[str, int]]:
        """Where the browser reaches this leg: (address, port)."""
        return [(c.host, c.port) for c in self._connection.local_candidates]

    @property
    def credentials(self) -> tuple[str, str]:
        """ICE user name and password of this side."""
        return self._connection.local_username, self._connection.local_password

    async def connect(
        self,
        credentials: tuple[str, str],
        fingerprints: Sequence[tuple[str, str]],
        *,
        as_client: bool,
    ) -> bool:
        """Let the browser in; says whether it came (False: ICE or DTLS failed).

        There is no time-out of its own: without `end-of-candidates` aioice waits for
        ever, so the caller sets one.
        """
        self._dtls.play(client=as_client)
        await self._ice.start(
            RTCIceParameters(usernameFragment=credentials[0], password=credentials[1])
        )
        if self._ice.state != "completed":
            return False
        parameters = [RTCDtlsFingerprint(algorithm=a, value=v) for a, v in fingerprints]
        await self._dtls.start(RTCDtlsParameters(fingerprints=parameters))
        if self._dtls.state != "connected":
            return False
        incoming, outgoing = self._dtls.keys()
        self.media.open(SrtpCipher(incoming), SrtpCipher(outgoing))
        return True

    async def ended(self) -> None:
        """Wait until the browser says goodbye or ICE's consent expires."""
        over = asyncio.Event()

        def look() -> None:
            if self._dtls.state in {"closed", "failed"} or self._ice.state == "failed":
                over.set()

        self._dtls.on("statechange", look)
        self._ice.on("statechange", look)
        look()
        await over.wait()

    async def close(self) -> None:
        """Say goodbye, which may take a second, and free the socket in any case."""
        self.media.close()
        try:
            async with asyncio.timeout(GOODBYE_SECONDS):
                for stop in (self._dtls.stop, self._ice.stop):
                    with contextlib.suppress(ConnectionError):
                        await stop()
                await self._connection.close()
        except TimeoutError:
            log.warning("a leg takes long to say goodbye; its socket is closed")
        finally:
            self._connection.free()
            self._dtls.remove_all_listeners()


def new_certificate() -> RTCCertificate:
    """Make the certificate of one relay process."""
    return RTCCertificate.generateCertificate()


def sha256_of(certificate: RTCCertificate) -> str:
    """Give a certificate's SHA-256 fingerprint as SDP writes it."""
    return next(
        f.value for f in certificate.getFingerprints() if f.algorithm == "sha-256"
    )
