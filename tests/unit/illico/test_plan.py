from pathlib import Path

from illico import plan
from illico.plan import Ground
from illico.ports import Ports
from illico.secret_words import Secrets


def a_ground(**facts):
    given = {
        "redis_url": "unix:///run/valkey.sock",
        "database_url": "sqlite+aiosqlite:////data/illico.sqlite3",
        "sockets": Path("/run/illico"),
        "clips": Path("/data/lsf"),
        "spool": Path("/data/spool"),
        "ledger_key": Path("/data/ledger-key.pem"),
        "ports": Ports((8600,), 8601),
        "udp_ports": ("40000-40999",),
        "secrets": Secrets("t" * 43, "r" * 43, "u" * 43),
    }
    return Ground(**{**given, **facts})


def names(ground):
    return [[program.name for program in stage] for stage in plan.stages(ground)]


def settings(ground, name):
    programs = (each for stage in plan.stages(ground) for each in stage)
    return next(each.environment for each in programs if each.name == name)


def test_the_queue_starts_first_and_the_doors_open_last():
    assert names(a_ground()) == [["queueing"], ["relay-1", "ledger"], ["signaling-1"]]


def test_every_signaling_process_knows_every_relay_by_its_own_socket():
    two = a_ground(
        ports=Ports((8600, 8700), 8601), udp_ports=("40000-40499", "40500-40999")
    )

    relays = settings(two, "signaling-2")["ILLICO_RELAYS"]

    assert relays == "r1=unix:/run/illico/relay-1.sock r2=unix:/run/illico/relay-2.sock"
    assert settings(two, "relay-2")["ILLICO_RELAY_LISTEN"] in relays
    assert settings(two, "relay-2")["ILLICO_RELAY_UDP_PORTS"] == "40500-40999"


def test_processes_of_a_kind_have_names_of_their_own():
    two = a_ground(ports=Ports((8600, 8700), 8601))

    assert settings(two, "signaling-1")["ILLICO_SERVER_ID"] == "s1"
    assert settings(two, "signaling-2")["ILLICO_SERVER_ID"] == "s2"
    assert settings(two, "signaling-2")["ILLICO_HTTP_PORT"] == "8700"
    assert settings(two, "signaling-2")["ILLICO_PUBLIC_URL"] == "http://localhost:8700"


def test_without_a_certificate_pages_are_plain_and_local():
    environment = settings(a_ground(), "ledger")

    assert environment["ILLICO_PORTAL_URL"] == "http://localhost:8601"
    assert environment["ILLICO_PORTAL_HOST"] == "127.0.0.1"
    assert "ILLICO_TLS_KEY" not in environment


def test_with_one_they_are_https_under_the_name_that_people_type():
    lan = a_ground(
        certificate=Path("/data/tls/certificate.pem"),
        key=Path("/data/tls/key.pem"),
        host="192.0.2.7",
        listen="0.0.0.0",
        relay_address="192.0.2.7",
    )

    assert lan.urls == ("https://192.0.2.7:8600",)
    assert settings(lan, "signaling-1")["ILLICO_TLS_KEY"] == "/data/tls/key.pem"
    assert settings(lan, "signaling-1")["ILLICO_HTTP_HOST"] == "0.0.0.0"
    assert settings(lan, "relay-1")["ILLICO_RELAY_ADDRESS"] == "192.0.2.7"


def test_an_address_of_the_operator_is_the_first_process_s():
    ground = a_ground(
        ports=Ports((8600, 8700), 8601),
        own_url="https://illico.example",
        own_portal_url="https://portal.example",
    )

    assert ground.urls == ("https://illico.example", "http://localhost:8700")
    assert ground.portal_url == "https://portal.example"


def test_each_room_gets_only_the_secrets_that_it_needs():
    ground = a_ground()
    secrets = ground.secrets

    assert secrets.ticket not in settings(ground, "relay-1").values()
    assert secrets.relay not in settings(ground, "ledger").values()
    assert secrets.turn not in settings(ground, "signaling-1").values()


def test_the_turn_secret_goes_to_signaling_when_there_are_turn_servers():
    ground = a_ground(has_turn=True)

    assert settings(ground, "signaling-1")["ILLICO_TURN_SECRET"] == ground.secrets.turn
