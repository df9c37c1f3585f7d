import itertools
import json

import pytest

from illico import secret_words
from illico.secret_words import Secrets

A, B, C = ("a" * 43, "b" * 43, "c" * 43)


def numbered():
    counter = itertools.count()
    return lambda: f"{next(counter):043}"


def test_every_missing_secret_is_made_and_none_is_another():
    secrets = secret_words.complete({}, numbered())

    assert len({secrets.ticket, secrets.relay, secrets.turn}) == 3


def test_known_secrets_are_kept():
    secrets = secret_words.complete({"relay": B}, numbered())

    assert secrets.relay == B


def test_what_was_written_is_read_again():
    secrets = Secrets(A, B, C)

    known = secret_words.from_text(secret_words.to_text(secrets))

    assert secret_words.complete(known, numbered()) == secrets


def test_a_secret_is_never_shown():
    assert A not in repr(Secrets(A, B, C))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": "1"}',
        '{"format": 2}',
        json.dumps({"format": 1, "ticket": "short"}),
        json.dumps({"format": 1, "ticket": 7}),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(text):
    with pytest.raises(ValueError):
        secret_words.from_text(text)
