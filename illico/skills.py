"""Skills and topics as words of the command line."""


class BadWordsError(ValueError):
    """What was typed is no skill, no topic and no number."""


def skill_from_words(words: str) -> tuple[str, int]:
    """Read `lsf:3`.

    Raises:
        BadWordsError: it is not a word, a colon and a number.
    """
    skill, _, level = words.partition(":")
    if not skill or not level.isdecimal():
        raise BadWordsError(f"{words!r}: write a skill and its level as lsf:3")
    return skill, int(level)


def topic_from_words(words: str) -> tuple[str, str, str, int]:
    """Read `panne:Une panne:panne:1`: slug, label, skill, level.

    Raises:
        BadWordsError: it is not these four.
    """
    slug, _, rest = words.partition(":")
    label, *need = rest.rsplit(":", 2)
    if not slug or not label or len(need) != 2:
        raise BadWordsError(f"{words!r}: write a topic as slug:title:skill:level")
    return (slug, label, *skill_from_words(":".join(need)))
