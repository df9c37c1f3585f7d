"""What an operator types about services, hours, skills and people, and is told."""

import asyncio
import io
import sys

import pytest
from rich.console import Console
from typer import BadParameter
from typer.main import get_command

from accounts.client import AccountsClient
from accounts.errors import AccountsError
from accounts.holidays import Holiday
from accounts.hours_text import intervals_from_words
from accounts.model import Variant
from accounts.routing import Need, Overflow, OverflowStep, SkillKind, WideningStep
from illico.app import create_app
from illico.errors import AccountsRefusedError
from illico.folder import prepare
from illico.screen import Screen

PASSWORD = "long enough, surely"
TOPIC = frozenset({SkillKind.TOPIC})


@pytest.fixture
def admin(tmp_path, monkeypatch):
    """Type a command in this process, on a folder of its own; what is told comes back."""

    def typed(*words):
        told = io.StringIO()
        console = Console(file=told, width=160)
        monkeypatch.setattr(sys, "stdin", io.StringIO(PASSWORD + "\n"))
        command = get_command(create_app(Screen(console, console)))
        given = ["admin", *words, "--data-dir", str(tmp_path)]
        command.main(given, prog_name="illico", standalone_mode=False)
        return told.getvalue()

    return typed


@pytest.fixture
def house(admin):
    """A company with a service that asks for a topic of its own, and an agent."""
    admin("add-company", "acme", "Acme SA")
    admin("add-skill", "panne", "topic", "Les pannes")
    aide = ("add-service", "aide", "acme", "Aide", "--skill", "lsf:2")
    admin(*aide, "--topic", "panne:Une panne:panne:1")
    admin("add-agent", "agent1", "Agent 1", "--skill", "lsf:3", "--company", "acme")
    return admin


@pytest.fixture
def roster(tmp_path):
    async def read():
        async with AccountsClient.open(prepare(tmp_path).database_url) as accounts:
            return await accounts.roster()

    return lambda: asyncio.run(read())


def row(told, first):
    """The row of a table that begins with this word, without its frame."""
    (line,) = (
        line
        for line in told.splitlines()
        if [cell.strip() for cell in line.split("│")][1:2] == [first]
    )
    return [cell.strip() for cell in line.split("│")][2:-1]


def why(refused):
    """The code with which the accounts refused."""
    assert isinstance(refused.value.__cause__, AccountsError)
    return refused.value.__cause__.code


def test_the_waits_of_a_service_are_set_shown_and_corrected(house, roster):
    page = "https://acme.example/lsf"
    house("set-widening", "aide", "20:topic", "40:reserve")
    house(
        *("set-overflow", "aide", "45:call_back,text", "90:video_message"),
        *("--video-message", page),
    )
    house("set-priority", "aide", "5")
    house("set-rest", "aide", "--cool-down", "15", "--wrap-up", "60")
    house("set-promise", "aide", "--target", "90", "--share", "0.9")
    (service,) = roster().services
    told = house("show-service", "aide")

    assert service.handling.widening == (
        WideningStep(20, TOPIC),
        WideningStep(40, reserve=True),
    )
    assert service.handling.overflow == (
        OverflowStep(45, frozenset({Overflow.CALL_BACK, Overflow.TEXT})),
        OverflowStep(90, frozenset({Overflow.VIDEO_MESSAGE})),
    )
    assert service.video_message_url == page
    assert (service.target_s, service.share) == (90, 0.9)
    assert row(told, "widening") == ["20:topic 40:reserve"]
    assert row(told, "overflow") == ["45:call_back,text 90:video_message"]
    assert row(told, "video messages") == [page]
    assert row(told, "cool-down") == ["15 s"]
    assert row(told, "promise") == ["90.0% within 90 s"]

    house("set-widening", "aide", "none")
    house("set-overflow", "aide", "none", "--video-message", "none")
    house("set-rest", "aide", "--wrap-up", "0")
    corrected = roster().services[0].handling

    assert (corrected.widening, corrected.overflow) == ((), ())
    assert corrected.video_message_url is None
    assert (corrected.cool_down_s, corrected.wrap_up_s) == (15, None)


def test_variants_are_added_corrected_and_removed(house, roster):
    house("set-variant", "aide", "lfpc", "LfPC", "--skill", "lfpc:1")
    house("set-variant", "aide", "text", "Par écrit", "--skill", "text:1")
    house("set-variant", "aide", "lfpc", "LfPC !", "--skill", "lfpc:2")
    variants = roster().services[0].variants
    told = house("show-service", "aide")
    house("remove-variant", "aide", "lfpc")

    assert variants == (
        Variant("lfpc", "LfPC !", (Need("lfpc", 2),)),
        Variant("text", "Par écrit", (Need("text", 1),)),
    )
    assert row(told, "variant lfpc") == ["LfPC ! — lfpc:2"]
    assert [each.id for each in roster().services[0].variants] == ["text"]


def test_a_calendar_is_changed_by_days_and_shown_day_by_day(house, roster):
    house("set-week", "aide", "mon-fri", "08:30-12:00,13:30-18:00")
    house("set-week", "aide", "sun", "22:00-26:00")
    closed = ("set-holidays", "aide", "closed", "--region", "alsace_moselle")
    house(*closed, "--day", "whit_monday=ordinary", "--day", "christmas=10:00-12:00")
    house("set-day", "aide", "2026-12-24", "08:30-12:00")
    (service,) = roster().services
    told = house("show-hours", "aide", "--from", "2026-12-23", "--days", "5")

    assert service.hours.weekly[6] == intervals_from_words("22:00-26:00")
    assert service.hours.holidays.own[Holiday.WHIT_MONDAY] is None
    shown = [line.split("│")[1:-1] for line in told.splitlines() if "2026-" in line]
    assert [[cell.strip() for cell in line] for line in shown[:5]] == [
        ["wed", "2026-12-23", "08:30-12:00,13:30-18:00", ""],
        ["thu", "2026-12-24", "08:30-12:00", "exception"],
        ["fri", "2026-12-25", "10:00-12:00", "christmas"],
        ["sat", "2026-12-26", "closed", "saint_stephen"],
        ["sun", "2026-12-27", "22:00-26:00", ""],
    ]

    house("set-day", "aide", "2026-12-24", "ordinary")
    house("set-holidays", "aide", "ignored")
    corrected = roster().services[0].hours

    assert corrected.exceptions == {}
    assert corrected.holidays is None


def test_an_announced_close_is_shown_until_the_service_is_reopened(house):
    house("set-hours", "aide", "always")
    house("close-service", "aide", "--since", "2099-07-01 08:30:00")
    announced = house("show-hours", "aide")
    house("reopen-service", "aide")

    assert "closed from 2099-07-01 08:30 until it is reopened" in announced
    assert "2099" not in house("show-hours", "aide")


def test_skills_are_named_corrected_and_removed(house, roster):
    house("add-skill", "braille", "language")
    house("set-skill", "braille", "--kind", "mode", "--label", "Braille")
    house("set-reserve", "lfpc", "2")
    told = house("skills")

    assert row(told, "braille") == ["mode", "Braille", ""]
    assert row(told, "lfpc")[-1] == "2"

    house("remove-skill", "braille")
    house("set-reserve", "lfpc", "0")

    assert "braille" not in house("skills")
    assert roster().reserves == ()


def test_the_terms_skills_and_companies_of_an_agent_are_corrected(house, roster):
    add = ("add-agent", "agent2", "Agent 2", "--skill", "lsf:2")
    house(*add, "--reserve", "--independent")
    added = roster().staff[1]
    house("set-agent", "agent2", "--no-reserve")
    house("grant-skill", "agent2", "panne:1")
    house("revoke-skill", "agent2", "lsf")
    house("grant-company", "agent2", "acme")
    told = house("people")

    assert (added.reserve, added.independent) == (True, True)
    assert row(told, "agent2") == [
        *("Agent 2", "agent", "acme", "panne:1", "independent")
    ]

    house("revoke-company", "agent2", "acme")
    house("close-account", "agent2")
    closed = house("people")
    house("reopen-account", "agent2")

    assert row(closed, "agent2")[-1] == "closed"
    assert roster().staff[1].companies == frozenset()


def test_what_a_service_asks_is_replaced_and_services_are_listed(house, roster):
    house("set-needs", "aide", "--skill", "lsf:3")

    (service,) = roster().services
    assert (service.needs, service.topics) == ((Need("lsf", 3),), ())
    assert row(house("services"), "acme") == ["Acme SA", "/aide"]


def test_the_journal_tells_every_change_with_its_facts(house):
    house("set-widening", "aide", "20:topic")
    house("set-variant", "aide", "lfpc", "LfPC", "--skill", "lfpc:2")
    house("set-agent", "agent1", "--independent")
    house("set-reserve", "lfpc", "1")

    told = house("journal", "--limit", "4").splitlines()

    assert [line.split("  ", 2)[2] for line in told] == [
        "reserve_changed  lfpc  keep=1",
        "terms_changed  agent1  independent=True",
        "variant_changed  aide  variant=lfpc  label=LfPC  needs=lfpc:2",
        "handling_changed  aide  widening=20:topic",
    ]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("set-widening", "aide", "20:language"), "invalid_steps"),
        (("set-widening", "aide", "20:accreditation"), "invalid_steps"),
        (("set-widening", "aide", "40:topic", "20:reserve"), "invalid_steps"),
        (("set-widening", "aide", "soon:topic"), "invalid_steps"),
        (("set-overflow", "aide", "20:video_message"), "invalid_steps"),
        (("set-overflow", "aide", "20:pigeon"), "invalid_steps"),
        (("set-overflow", "aide", "--video-message", "acme.fr"), "invalid_input"),
        (("set-priority", "aide", "-1"), "invalid_input"),
        (("set-priority", "aide", "nan"), "invalid_input"),
        (("set-rest", "aide", "--cool-down", "90", "--wrap-up", "60"), "invalid_input"),
        (("set-promise", "aide", "--share", "95"), "invalid_input"),
        (("set-needs", "aide", "--skill", "lsf:0"), "invalid_input"),
        (("set-needs", "aide", "--skill", "lsf:4"), "invalid_input"),
        (("set-needs", "aide", "--skill", "panne:1"), "invalid_input"),
        (("set-needs", "aide", "--skill", "lfs:1"), "unknown_skill"),
        (("set-variant", "aide", "x", "X", "--skill", "lfs:1"), "unknown_skill"),
        (("set-variant", "aide", "x", "X", "--skill", "panne:1"), "invalid_input"),
        (("remove-variant", "aide", "nope"), "unknown_variant"),
        (("grant-skill", "agent1", "lfs:1"), "unknown_skill"),
        (("revoke-skill", "agent1", "lsf"), "last_skill"),
        (("add-skill", "panne", "topic"), "taken"),
        (("add-skill", "lsf", "topic"), "taken"),
        (("set-skill", "lsf", "--kind", "topic"), "invalid_input"),
        (("remove-skill", "panne"), "skill_in_use"),
        (("set-reserve", "lfpc", "-1"), "invalid_input"),
        (("set-reserve", "lfpc", "51"), "invalid_input"),
        (("set-reserve", "lfs", "1"), "unknown_skill"),
        (("set-week", "aide", "mon", "12:00-08:00"), "invalid_hours"),
        (("set-week", "aide", "mon", "08:00-12:00,11:00-13:00"), "invalid_hours"),
        (("set-week", "aide", "lundi", "08:00-12:00"), "invalid_hours"),
        (("set-holidays", "aide", "closed", "--day", "noel=closed"), "invalid_hours"),
        (("set-holidays", "aide", "ignored", "--region", "mayotte"), "invalid_hours"),
        (("set-day", "aide", "9999-12-31", "closed"), "invalid_hours"),
        (("show-service", "nothing"), "unknown_service"),
        (("show-hours", "nothing"), "unknown_service"),
        (("set-priority", "nothing", "1"), "unknown_service"),
        (("set-promise", "nothing", "--share", "0.9"), "unknown_service"),
        (("set-week", "nothing", "mon", "closed"), "unknown_service"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence_and_changes_nothing(
    house, roster, words, code
):
    before = roster()

    with pytest.raises(AccountsRefusedError) as refused:
        house(*words)

    assert why(refused) == code
    assert "\n" not in str(refused.value)
    assert roster() == before


def test_a_kind_that_would_leave_a_step_without_effect_is_refused(house, roster):
    house("set-widening", "aide", "20:topic")
    before = roster()

    with pytest.raises(AccountsRefusedError, match="Service aide: ") as refused:
        house("set-skill", "panne", "--kind", "accreditation")

    assert why(refused) == "invalid_steps"
    assert roster() == before


@pytest.mark.parametrize(
    ("command", "could_be"),
    [
        ("set-promise", "a --target, a --share, or both"),
        ("set-overflow", "steps, a --video-message, or both"),
        ("set-rest", "a --cool-down, a --wrap-up, or both"),
    ],
)
def test_whoever_names_nothing_to_change_is_told_what_could_be(
    admin, command, could_be
):
    with pytest.raises(BadParameter, match=could_be):
        admin(command, "aide")
