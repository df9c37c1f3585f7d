"""Everything that can be asked: routes, OpenAPI file, its page and the tests read this."""

from typing import Final

from accounts.model import Scope
from ledger.api import history, reading
from ledger.api.asking import Form, Operation
from ledger.api.words import (
    Calls,
    CallsOf,
    Day,
    HalfHours,
    Heads,
    LinksFrom,
    Me,
    MonthWaits,
    MonthWeek,
    Nothing,
    OneDay,
    OneMonth,
)
from ledger.figures.reports import Report

ROOT: Final = "/api/v1"

OPERATIONS: Final = (
    Operation(
        name="me",
        path="/me",
        summary=(
            "À qui est la clé, et ce qu’elle ouvre",
            "Whom the key belongs to, and what it opens",
        ),
        params=Nothing,
        answer=Me,
        handler=reading.me,
    ),
    Operation(
        name="day",
        path="/days/{date}",
        summary=("Les chiffres d’une journée", "The figures of a day"),
        params=OneDay,
        answer=Day,
        handler=reading.day,
        scope=Scope.FIGURES,
    ),
    Operation(
        name="half_hours",
        path="/days/{date}/half-hours",
        summary=(
            "Les demi-heures d’une journée",
            "The half-hours of a day",
        ),
        params=OneDay,
        answer=HalfHours,
        handler=history.half_hours,
        scope=Scope.FIGURES,
    ),
    Operation(
        name="month",
        path="/months/{month}",
        summary=(
            "Les chiffres d’un mois : niveau du contrat, attentes, motifs, lignes à payer",
            "The figures of a month: the contract’s level, waits, reasons, what is billed",
        ),
        params=OneMonth,
        answer=Report,
        handler=history.month,
        scope=Scope.FIGURES,
    ),
    Operation(
        name="month_waits",
        path="/months/{month}/waits",
        summary=(
            "Les attentes d’un mois, jour par jour",
            "The waits of a month by day",
        ),
        params=OneMonth,
        answer=MonthWaits,
        handler=history.waits,
        scope=Scope.FIGURES,
    ),
    Operation(
        name="month_week",
        path="/months/{month}/week",
        summary=(
            "Un mois par jour de semaine et par heure",
            "A month by weekday and hour",
        ),
        params=OneMonth,
        answer=MonthWeek,
        handler=history.week,
        scope=Scope.FIGURES,
    ),
    Operation(
        name="days_csv",
        path="/months/{month}/days.csv",
        summary=("Un mois jour par jour, pour tableur", "A month by day, as CSV"),
        params=OneMonth,
        answer=None,
        handler=history.days_csv,
        scope=Scope.FIGURES,
        form=Form.CSV,
    ),
    Operation(
        name="calls_csv",
        path="/months/{month}/calls.csv",
        summary=("Un mois appel par appel, pour tableur", "A month’s calls, as CSV"),
        params=OneMonth,
        answer=None,
        handler=history.calls_csv,
        scope=Scope.CALLS,
        form=Form.CSV,
    ),
    Operation(
        name="calls",
        path="/calls",
        summary=("Les appels d’une journée, ligne à ligne", "The calls of a day"),
        params=CallsOf,
        answer=Calls,
        handler=reading.calls,
        scope=Scope.CALLS,
    ),
    Operation(
        name="heads",
        path="/heads",
        summary=(
            "L’état de la chaîne et les empreintes signées",
            "The chain’s end and the signed heads",
        ),
        params=Nothing,
        answer=Heads,
        handler=reading.heads,
        scope=Scope.PROOF,
    ),
    Operation(
        name="export",
        path="/export",
        summary=(
            "La chaîne entière, à vérifier chez vous",
            "The whole chain, to be checked by you",
        ),
        params=LinksFrom,
        answer=None,
        handler=reading.export,
        scope=Scope.PROOF,
        form=Form.LINES,
    ),
)
