"""Rules of the house that no linter knows."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from cases.clocks import CLOCKS
from cases.models import Deadline
from cases.notices import NOTICES
from cases.profiles import PROFILES
from cases.terms import TERMS
from cases.workflows.drawing import MACHINES

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("evidence", "cases", "reports", "moderation")


def sources(*packages: str) -> Iterator[tuple[str, str]]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                place = path.relative_to(ROOT).as_posix()
                yield place, path.read_text(encoding="utf-8")


def places_of(pattern: str, *packages: str) -> set[str]:
    return {place for place, text in sources(*packages) if re.search(pattern, text)}


def test_no_state_is_written_past_the_one_door() -> None:
    """`QuerySet.update` passes the machine and its protection by."""
    assert (
        places_of(r"\.update\([^)]*\bstate=", "cases", "reports", "moderation") == set()
    )


def test_time_is_read_at_the_edges_alone() -> None:
    found = places_of(r"timezone\.now\(|datetime\.now\(|\.today\(", *PACKAGES)
    edges = re.compile(
        r"views|tasks|commands/|moderation/(desk|documents)/|_step\.py$|uploads\.py$"
    )
    assert {place for place in found if not edges.search(place)} == set()


def test_stored_bytes_go_out_through_one_door() -> None:
    """It knows quarantine, the fixed types and the headers."""
    assert places_of(r"FileResponse\(", *PACKAGES) == {"moderation/handing_out.py"}


def test_no_signals_and_no_callbacks_between_the_packages() -> None:
    assert places_of(
        r"django\.(db\.models|core|dispatch)[.\w]*signals?\b", *PACKAGES
    ) == (set())


def test_the_abandoned_namesake_is_never_installed() -> None:
    """django-fsm and django-fsm-2 share one folder: the last one installed wins."""
    for lock in ("requirements.txt", "requirements-prod.txt", "requirements-dev.txt"):
        pins = (ROOT / lock).read_text(encoding="utf-8")
        assert "django-fsm-2==" in pins
        assert not re.search(r"^django-fsm==", pins, re.MULTILINE)


def test_only_the_door_chains_entries_about_cases() -> None:
    """Whoever else writes to the ledger writes an act that changes no state."""
    machines = "copyright|item|counter_notice|proceeding|appeal|report|account"
    begun = rf"({machines})\.(?!rendered|downloaded)"
    kinds = places_of(rf"Act\([^)]*\"{begun}", *PACKAGES)
    assert kinds <= {"cases/services.py"}


def test_templates_hold_no_inline_script_or_style() -> None:
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:"
    )
    found = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if inline.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(("title", "model"), MACHINES)
def test_every_step_has_permission_article_and_actors(title: str, model: type) -> None:
    for step in model._meta.get_field("state").get_all_transitions(model):  # type: ignore[attr-defined]
        assert callable(step.permission), step.name
        rule = step.custom["rule"]
        assert str(rule.label)
        assert str(rule.article)
        assert str(rule.actors)


def test_clocks_and_letters_name_steps_that_exist() -> None:
    steps = {
        (model.MACHINE, step.name)
        for _title, model in MACHINES
        for step in model._meta.get_field("state").get_all_transitions(model)
    }
    for clock in CLOCKS.values():
        named = (clock.starts, clock.stops, clock.voids, clock.pauses, clock.resumes)
        assert set().union(*named, clock.extends) <= steps
        if clock.fires:
            assert (clock.on, clock.fires) in steps
        if clock.pauses:
            assert TERMS[clock.term].pausable, "a statute knows no suspension"
    assert NOTICES.keys() <= steps


def test_every_profile_says_where_its_window_comes_from() -> None:
    for profile in PROFILES.values():
        assert profile.window_term.length > 0
        assert str(profile.article)
        assert str(profile.source)
        # Nothing general: the article that lets an uploader answer under this law.
        article = str(profile.window_term.article)
        assert article.startswith(("《", "欧盟"))
        assert len(article) <= (Deadline._meta.get_field("article").max_length or 0)


def test_every_address_of_ours_ends_in_a_slash() -> None:
    def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                yield from patterns(pattern)
            else:
                yield pattern

    for pattern in patterns(get_resolver()):
        route = str(pattern.pattern).rstrip("$")
        assert not route or route.endswith("/"), route
