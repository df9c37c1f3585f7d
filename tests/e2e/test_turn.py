"""Callers and agents whose network lets nothing through but TURN, down to TLS on 443."""

import datetime as dt
import subprocess
from contextlib import asynccontextmanager
from ipaddress import ip_address

import pytest
import pytest_asyncio
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from benchmarks.people import Agent, Caller, chromium, firefox
from benchmarks.platform import Platform
from illico import lan
from tests.coturn import SECRET, coturn
from tests.e2e.visitors import pictures_flow

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(90)]

NARROW = """
{
  const Whole = RTCPeerConnection;
  globalThis.usernames = [];
  globalThis.RTCPeerConnection = class extends Whole {
    constructor(configuration) {
      const iceServers = configuration.iceServers.map((server) => ({
        ...server,
        urls: server.urls.filter((url) => url.startsWith("SCHEME:")),
      }));
      usernames.push(...iceServers.map((server) => server.username));
      super({ ...configuration, iceServers, iceTransportPolicy: "relay" });
    }
  };
}
"""
"""A network of which only one kind of TURN server can be reached."""

WAY = """
async (element) => {
  const reports = await element.peerConnection.getStats();
  const found = [...reports.values()];
  const pair = found.find((each) => each.type === "candidate-pair" && each.nominated);
  const local = reports.get(pair?.localCandidateId);
  return [local?.candidateType, local?.relayProtocol];
}
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A home whose browser trusts the authority that signed (chain, key)."""
    home = tmp_path_factory.mktemp("home")
    chain, key = home / "fullchain.pem", home / "privkey.pem"
    issuer, issuer_key = signed("Illico's tests")
    addresses = [x509.IPAddress(ip_address(each)) for each in lan.addresses()]
    leaf, leaf_key = signed("TURN", by=(issuer, issuer_key), names=addresses)
    chain.write_bytes(pem(leaf) + pem(issuer))
    key.write_bytes(
        leaf_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    trust(home, issuer)
    return home, (chain, key)


def signed(name, by=None, names=()):
    """A certificate for these addresses and its key; of an authority where none signs."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer, issuer_key = (by[0].subject, by[1]) if by else (subject, key)
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.BasicConstraints(ca=not by, path_length=None), critical=True
        )
    )
    if names:
        spoken = x509.SubjectAlternativeName(names)
        certificate = certificate.add_extension(spoken, critical=False)
    return certificate.sign(issuer_key, hashes.SHA256()), key


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


def trust(home, issuer):
    """Let the browsers of this home trust an authority."""
    store, file = home / ".pki" / "nssdb", home / "authority.pem"
    store.mkdir(parents=True)
    file.write_bytes(pem(issuer))
    words = ("certutil", "-d", f"sql:{store}")
    subprocess.run([*words, "-N", "--empty-password"], check=True)
    subprocess.run([*words, "-A", "-t", "C,,", "-n", "tests", "-i", file], check=True)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def turn(tmp_path_factory, authority):
    async with coturn(tmp_path_factory.mktemp("coturn"), authority[1]) as server:
        yield server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def platform(tmp_path_factory, turn):
    async with Platform.start(
        tmp_path_factory.mktemp("platform"),
        settings={
            "ILLICO_EYE_WORKERS": "0",
            "ILLICO_RELAY_ADDRESS": turn.address,
            "ILLICO_TURN_URLS": turn.urls,
            "ILLICO_TURN_SECRET": SECRET,
        },
    ) as running:
        yield running


@asynccontextmanager
async def a_call(platform, account, browsers, scheme):
    """A call between two browsers that reach only TURN servers of this scheme."""
    theirs, ours = browsers
    script = NARROW.replace("SCHEME", scheme)
    agent = await Agent.open(ours, platform.url(), account("agent1"))
    caller = await Caller.open(theirs, platform.url(), "telecom-demo")
    for person in (agent, caller):
        await person.page.add_init_script(script)
        await person.page.reload()
    await agent.rests()
    await agent.is_ready()
    await caller.reaches("entry")
    await caller.call()
    await agent.accepts()
    await both_see(caller, agent)
    yield caller, agent
    await caller.press("hang-up")
    await agent.reaches("wrap-up")


async def both_see(caller, agent):
    await caller.reaches("call")
    await agent.reaches("in-call")
    await pictures_flow(caller)
    await pictures_flow(agent)


async def way_of(person):
    """How a page's packets leave: the kind of its candidate, and the way to TURN."""
    return await person.page.locator(person.root).evaluate(WAY)


async def test_a_call_passes_where_only_turn_does_with_credentials_of_each_leg(
    platform, account
):
    async with (
        firefox() as theirs,
        chromium() as ours,
        a_call(platform, account, (theirs, ours), "turn") as (caller, agent),
    ):
        assert await way_of(caller) == ["relay", "udp"]
        assert await way_of(agent) == ["relay", "udp"]
        (before,) = await caller.page.evaluate("usernames")

        await caller.page.reload()
        await both_see(caller, agent)

        (after,) = await caller.page.evaluate("usernames")
        assert after != before


async def test_a_call_passes_where_only_tls_on_port_443_does(
    platform, account, turn, authority
):
    if not turn.tls:
        pytest.skip("port 443 is taken here, or is not ours to take")
    home, _ = authority
    async with (
        chromium(home=home) as theirs,
        chromium(home=home) as ours,
        a_call(platform, account, (theirs, ours), "turns") as (caller, agent),
    ):
        assert await way_of(caller) == ["relay", "tls"]
        assert await way_of(agent) == ["relay", "tls"]
