"""How the relay tells what happens: facts on stderr, never what people say or show."""

import sys
from collections.abc import Iterator
from traceback import extract_tb

import structlog
from structlog.typing import ExcInfo


def configure() -> None:
    """Write one line for each fact to stderr."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(where),
            structlog.processors.LogfmtRenderer(bool_as_flag=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def where(exc_info: ExcInfo) -> str:
    """Tell the kinds and places of an error and of those behind it.

    Their messages are left out: they may quote an SDP, a word or a secret.
    """
    return " < ".join(
        " ".join(
            [
                type(error).__qualname__,
                *(f"{f.filename}:{f.lineno}" for f in extract_tb(error.__traceback__)),
            ]
        )
        for error in _behind(exc_info[1], set())
    )


def _behind(error: BaseException | None, told: set[int]) -> Iterator[BaseException]:
    if error is None or id(error) in told:
        return
    told.add(id(error))
    yield error
    parts = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    for other in (*parts, error.__cause__, error.__context__):
        yield from _behind(other, told)
