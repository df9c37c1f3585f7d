"""What may be called how."""

import pytest

from accounts import naming
from accounts.errors import InvalidInputError


@pytest.mark.parametrize("slug", ["telecom-demo", "a", "4", "x" * 64])
def test_a_slug_is_small_letters_digits_and_single_hyphens(slug):
    assert naming.check_service_slug(slug) == slug


@pytest.mark.parametrize(
    "slug",
    ["", "-a", "a-", "a--b", "A", "é", "a b", "a/b", "a\n", "../x", "x" * 65, "a.b"],
)
def test_a_word_that_is_no_slug_is_refused(slug):
    with pytest.raises(InvalidInputError) as refused:
        naming.check_slug(slug)

    assert refused.value.code == "invalid_input"


@pytest.mark.parametrize(
    "slug", ["agent", "ws", "assets", "lsf", "healthz", "metrics", "api"]
)
def test_no_service_takes_an_address_of_the_platform(slug):
    with pytest.raises(InvalidInputError, match="address of the platform"):
        naming.check_service_slug(slug)


@pytest.mark.parametrize("level", [0, 4, -1, True, 1.5])
def test_a_level_is_1_2_or_3(level):
    with pytest.raises(InvalidInputError):
        naming.check_level(level)


@pytest.mark.parametrize("skill", ["", "LSF", "l s f", "lsf\n", "x" * 33, "a__b"])
def test_a_word_that_is_no_skill_is_refused(skill):
    with pytest.raises(InvalidInputError):
        naming.check_skill(skill)


def test_a_name_is_trimmed_and_its_accents_are_one_character():
    assert naming.check_name(" Te\u0301le\u0301com ") == "Télécom"


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\u202eb", "a\u200bb", "x" * 81])
def test_a_name_that_cannot_be_read_is_refused(name):
    with pytest.raises(InvalidInputError):
        naming.check_name(name)


def test_a_login_has_one_spelling():
    assert naming.check_login(" Agent.1@Maison.FR ") == "agent.1@maison.fr"


@pytest.mark.parametrize("login", ["", "a", ".a", "a b", "é-a", "x" * 65, "a\nb"])
def test_a_word_that_is_no_login_is_refused(login):
    with pytest.raises(InvalidInputError):
        naming.check_login(login)


@pytest.mark.parametrize("password", ["", "x" * 9, "x" * 257])
def test_a_password_has_10_to_256_characters_and_is_never_repeated(password):
    with pytest.raises(InvalidInputError) as refused:
        naming.check_password(password)

    assert "xx" not in str(refused.value)
