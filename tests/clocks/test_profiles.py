"""Clock profiles: how a site, a case and a question name them."""

import pytest
from django.core.checks import run_checks
from pytest_django import Settings

from cases.declarations import US_DECLARATIONS
from cases.filing import signable
from cases.profiles import profile_of, released
from tests.factories import make_case


def codes(*texts: str) -> list[str]:
    return [profile.code for profile in released(texts)]


def test_options_that_a_setting_was_split_at_belong_to_the_profile_before() -> None:
    """An environment variable is a list with commas, and so are the options."""
    setting = "civil:N=15,cap=whole,weekends=work,ecommerce,dsa:zone=Europe/Berlin"
    assert codes(*setting.split(",")) == [
        "civil:N=15,cap=whole,weekends=work",
        "ecommerce",
        "dsa:zone=Europe/Berlin",
    ]


def test_a_profile_is_released_under_the_name_by_which_people_cite_it() -> None:
    assert codes("民法典:N=7", "DMCA") == ["civil:N=7", "dmca"]


@pytest.mark.parametrize("text", ["civil:N=7,N=9", "dsa:zone=UTC,zone=UTC"])
def test_an_option_is_chosen_once(text: str) -> None:
    with pytest.raises(ValueError, match="twice"):
        profile_of(text)


@pytest.mark.django_db
def test_a_case_is_accepted_under_a_profile_that_was_released_by_its_name(
    settings: Settings,
) -> None:
    settings.CLOCK_PROFILES = ["民法典:N=7"]
    case = make_case(state="accepted", profile="civil:N=7")
    assert case.clock_profile == "civil:N=7"


def test_a_notice_declares_what_a_profile_released_by_its_name_asks(
    settings: Settings,
) -> None:
    settings.CLOCK_PROFILES = ["民法典", "DMCA"]
    assert set(US_DECLARATIONS) <= set(signable(each.code for each in US_DECLARATIONS))


@pytest.mark.parametrize(
    "wrong", [["civli"], ["civil", "dsa:zone=Moon/1"], ["civil", "cap=whole"]]
)
def test_a_setting_that_names_no_profile_stops_the_site(
    settings: Settings, wrong: list[str]
) -> None:
    settings.CLOCK_PROFILES = wrong
    assert [found.id for found in run_checks()] == ["cases.E001"]


def test_a_setting_that_names_profiles_passes(settings: Settings) -> None:
    settings.CLOCK_PROFILES = ["条例", "civil:N=15", "cap=whole"]
    assert not run_checks()
