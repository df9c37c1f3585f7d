"""Administration at the terminal: what services promise, ask, and do in a wait."""

from typing import Annotated

import typer

from accounts.client import AccountsClient
from accounts.errors import UnknownServiceError
from accounts.model import CompanyId, Service, ServiceId, Topic, Variant
from accounts.routing import HandlingChange, Need
from accounts.routing_text import (
    overflow_from_text,
    overflow_to_text,
    widening_from_text,
    widening_to_text,
)
from illico.admin_hours import CALENDAR, hours_facts, hours_from_words
from illico.admin_work import NUMBERS, Skills, Slug, act, read
from illico.options import DataDir, database_url
from illico.screen import Screen
from illico.skills import skill_from_words, topic_from_words

PANEL = "Services"
NONE = "none"

Topics = Annotated[
    list[str] | None,
    typer.Option("--topic", help="A topic, as slug:title:skill:level; repeatable."),
]
Seconds = Annotated[float, typer.Argument(help="Seconds, 0 to 30.")]


def add_to(app: typer.Typer, screen: Screen) -> None:
    _list(app, screen)
    _show(app, screen)
    _add(app, screen)
    _set_needs(app, screen)
    _set_variant(app, screen)
    _remove_variant(app, screen)
    _set_promise(app, screen)
    _set_priority(app, screen)
    _set_widening(app, screen)
    _set_overflow(app, screen)
    _set_rest(app, screen)


def _list(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def services(data_dir: DataDir = None) -> None:
        """Show every company and its services."""

        async def show(accounts: AccountsClient) -> None:
            found = await accounts.services()
            rows = []
            for company in await accounts.companies():
                own = [one for one in found if one.company == company.id]
                pages = " ".join(f"/{one.slug}" for one in own)
                rows.append((company.id, company.name, pages or NONE))
            screen.show("Services", ("company", "name", "pages"), rows)

        act(show, database_url(data_dir))


def _show(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def show_service(service: Slug, data_dir: DataDir = None) -> None:
        """Show all that is set of a service."""

        async def show(accounts: AccountsClient) -> None:
            found = await accounts.service(service)
            if found is None:
                raise UnknownServiceError(f"There is no service {service!r}.")
            screen.show(found.title, ("what", "set to"), _facts(found))

        act(show, database_url(data_dir))


def _add(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def add_service(  # noqa: PLR0917 - typer calls it by name
        slug: Slug,
        company: str,
        title: str,
        skill: Skills,
        topic: Topics = None,
        hours: Annotated[str, typer.Option(help=CALENDAR)] = "never",
        data_dir: DataDir = None,
    ) -> None:
        """Add a service of a company: its page is /SLUG."""
        needs = [read(skill_from_words, each) for each in skill]
        topics = [Topic(*read(topic_from_words, each)) for each in topic or ()]

        async def add(accounts: AccountsClient) -> None:
            await accounts.add_service(
                slug=slug,
                company=CompanyId(company),
                title=title,
                needs=needs,
                topics=topics,
                hours=hours_from_words(hours),
            )

        act(add, database_url(data_dir))
        screen.tell(f"Service {slug} is there.")


def _set_needs(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def set_needs(
        service: Slug, skill: Skills, topic: Topics = None, data_dir: DataDir = None
    ) -> None:
        """Ask for these skills and topics, in place of all that were asked for."""
        needs = [read(skill_from_words, each) for each in skill]
        topics = [Topic(*read(topic_from_words, each)) for each in topic or ()]

        async def change(accounts: AccountsClient) -> None:
            await accounts.set_needs(ServiceId(service), needs=needs, topics=topics)

        act(change, database_url(data_dir))
        screen.tell(f"Service {service} asks for other skills and topics.")


def _set_variant(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def set_variant(
        service: Slug,
        variant: Annotated[str, typer.Argument(help="As lfpc, slow or text.")],
        label: Annotated[str, typer.Argument(help="What callers read.")],
        skill: Skills,
        data_dir: DataDir = None,
    ) -> None:
        """Add another way to be served, or correct the one of this name."""
        needs = tuple(Need(*read(skill_from_words, each)) for each in skill)

        async def change(accounts: AccountsClient) -> None:
            await accounts.set_variant(
                ServiceId(service), Variant(variant, label, needs)
            )

        act(change, database_url(data_dir))
        screen.tell(f"Service {service} has the variant {variant}.")


def _remove_variant(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def remove_variant(service: Slug, variant: str, data_dir: DataDir = None) -> None:
        """Remove a way to be served."""

        async def remove(accounts: AccountsClient) -> None:
            await accounts.remove_variant(ServiceId(service), variant)

        act(remove, database_url(data_dir))
        screen.tell(f"Service {service} has the variant {variant} no longer.")


def _set_promise(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def set_promise(
        service: Slug,
        target: Annotated[
            float | None, typer.Option(help="Seconds within which calls are answered.")
        ] = None,
        share: Annotated[
            float | None, typer.Option(help="Share of the calls, as 0.95.")
        ] = None,
        data_dir: DataDir = None,
    ) -> None:
        """Set what the contract promises; what is not named stays."""
        _name_one("a --target, a --share", target, share)

        async def change(accounts: AccountsClient) -> None:
            await accounts.set_promise(ServiceId(service), target_s=target, share=share)

        act(change, database_url(data_dir))
        screen.tell(f"Service {service} has another promise.")


def _set_priority(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL, context_settings=NUMBERS)
    def set_priority(service: Slug, seconds: Seconds, data_dir: DataDir = None) -> None:
        """Bring the deadline of every caller of a service forward."""
        _handle(service, {"priority_s": seconds}, data_dir)
        screen.tell(f"Service {service} has a priority of {seconds:g} s.")


def _set_widening(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def set_widening(
        service: Slug,
        steps: Annotated[
            list[str],
            typer.Argument(help="20:topic 40:accreditation danger:reserve; or none."),
        ],
        data_dir: DataDir = None,
    ) -> None:
        """Set who else may answer after how many seconds of waiting, or in danger."""

        async def change(accounts: AccountsClient) -> None:
            await accounts.set_handling(
                ServiceId(service), widening=widening_from_text(_text(steps))
            )

        act(change, database_url(data_dir))
        screen.tell(f"Service {service} widens: {_text(steps) or NONE}.")


def _set_overflow(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def set_overflow(
        service: Slug,
        steps: Annotated[
            list[str] | None,
            typer.Argument(help="45:call_back,text danger:video_message; or none."),
        ] = None,
        video_message: Annotated[
            str | None,
            typer.Option(help="The company's page for signed messages, or none."),
        ] = None,
        data_dir: DataDir = None,
    ) -> None:
        """Set which other ways callers are offered after how many seconds, or in danger."""
        _name_one("steps, a --video-message", steps or None, video_message)

        async def change(accounts: AccountsClient) -> None:
            changed: HandlingChange = {}
            if steps:
                changed["overflow"] = overflow_from_text(_text(steps))
            if video_message is not None:
                changed["video_message_url"] = (
                    None if video_message == NONE else video_message
                )
            await accounts.set_handling(ServiceId(service), **changed)

        act(change, database_url(data_dir))
        screen.tell(f"Service {service} offers other ways out of a wait.")


def _set_rest(app: typer.Typer, screen: Screen) -> None:
    @app.command(rich_help_panel=PANEL)
    def set_rest(
        service: Slug,
        cool_down: Annotated[
            float | None, typer.Option(help="Seconds of rest that nothing shortens.")
        ] = None,
        wrap_up: Annotated[
            float | None,
            typer.Option(help="Seconds for notes; 0: as long as the queue allows."),
        ] = None,
        data_dir: DataDir = None,
    ) -> None:
        """Set how long agents rest and write notes after a call."""
        _name_one("a --cool-down, a --wrap-up", cool_down, wrap_up)
        changed: HandlingChange = {}
        if cool_down is not None:
            changed["cool_down_s"] = cool_down
        if wrap_up is not None:
            changed["wrap_up_s"] = wrap_up or None
        _handle(service, changed, data_dir)
        screen.tell(f"Service {service} has other rests after calls.")


def _name_one(words: str, *given: object) -> None:
    """What is not named stays; whoever names nothing is told what could be."""
    if all(each is None for each in given):
        raise typer.BadParameter(f"name {words}, or both")


def _handle(service: str, changed: HandlingChange, data_dir: DataDir) -> None:
    async def change(accounts: AccountsClient) -> None:
        await accounts.set_handling(ServiceId(service), **changed)

    act(change, database_url(data_dir))


def _text(steps: list[str]) -> str:
    return "" if steps == [NONE] else " ".join(steps)


def _facts(service: Service) -> list[tuple[str, str]]:
    handling = service.handling
    wrap_up = handling.wrap_up_s
    return [
        ("page", f"/{service.slug}"),
        ("company", f"{service.company} ({service.company_name})"),
        ("promise", f"{service.share:.1%} within {service.target_s:g} s"),
        ("priority", f"{handling.priority_s:g} s"),
        ("asks for", _needs(service.needs)),
        *(
            (f"topic {each.slug}", f"{each.label} — {each.skill}:{each.level}")
            for each in service.topics
        ),
        *(
            (f"variant {each.id}", f"{each.label} — {_needs(each.needs)}")
            for each in service.variants
        ),
        ("widening", widening_to_text(handling.widening) or NONE),
        ("overflow", overflow_to_text(handling.overflow) or NONE),
        ("video messages", handling.video_message_url or NONE),
        ("cool-down", f"{handling.cool_down_s:g} s"),
        ("wrap-up", "the queue's" if wrap_up is None else f"{wrap_up:g} s"),
        *hours_facts(service.hours),
    ]


def _needs(needs: tuple[Need, ...]) -> str:
    return " ".join(f"{skill}:{level}" for skill, level in needs)
