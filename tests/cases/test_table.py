"""States × steps × people, whole: every cell is asked of the machine itself."""

from typing import Any

import pytest
from django.utils.translation import override
from pytest_django import Settings

from cases.models import Assignment, Case, CaseItem, CounterNotice, Proceeding
from cases.models.case import Statement
from cases.services import advance, claim
from cases.signing import sign
from cases.workflows.drawing import MACHINES, steps_of
from evidence.actors import SYSTEM, Actor
from evidence.models import Mandate, SellerAccount
from moderation.access import actor_of
from tests.cases import table
from tests.factories import (
    AT,
    make_case,
    make_document,
    make_party,
    make_text,
    make_user,
)

# What no law but the machine itself decides is asked once.
ALIKE = {"copyright", "proceeding"}
Purpose = Statement.Purpose
pytestmark = pytest.mark.django_db


class Stage:
    """One case under a profile, with a document, a counter-notice and a proceeding,
    and its people."""

    def __init__(self, profile: str) -> None:
        users = {name: make_user() for name in table.PEOPLE[:5]}
        duties = {"idle_moderator": "moderator"}
        for name in table.PEOPLE[5:10]:
            users[name] = make_user(duty=duties.get(name, name))
        party = make_party(user=users["claimant"])
        agent = make_party(name="代理", user=users["agent"])
        make_party(name="别人", user=users["other_claimant"])
        selling = make_party(name="卖家", user=users["uploader"])
        make_party(name="另一卖家", user=users["other_uploader"])
        Mandate.objects.create(agent=agent, principal=party, since=AT.date())
        seller = SellerAccount.objects.create(mask="Q****5", party=selling)
        document = make_document(seller=seller)
        self.people: dict[str, Actor] = {
            name: actor_of(user) for name, user in users.items()
        }
        self.people["system"] = SYSTEM
        self.case = make_case(
            state="accepted",
            claimant=party,
            documents=[document],
            by=self.people["moderator"],
            profile=profile,
        )
        Case.objects.filter(pk=self.case.pk).update(agent=agent)
        self.item = self.case.items.get()
        self.counter = CounterNotice.objects.create(
            case=self.case,
            item=self.item,
            party=selling,
            ground="own",
            amended=make_text(),
            statement=sign(self.case, selling, Purpose.COUNTER, (), "卖家", at=AT),
            opened_at=AT,
        )
        self.proceeding = Proceeding.objects.create(
            case=self.case, kind="suit", begun_on=AT.date(), opened_at=AT
        )
        self.proceeding.items.add(self.item)

    def subject(self, model: type[Any], state: str) -> Any:
        """The row of a machine as it would be in a state, unsaved."""
        row = {
            "copyright": self.case,
            "item": self.item,
            "counter_notice": self.counter,
            "proceeding": self.proceeding,
        }[model.MACHINE]
        fresh: Any = type(row).objects.get(pk=row.pk)
        fresh.__dict__["state"] = state
        fresh.case if model.MACHINE != "copyright" else None  # noqa: B018
        if model.MACHINE == "counter_notice":
            fresh.item.case = fresh.case
            fresh.item.__dict__["state"] = "measured"
        return fresh

    def handed_to(self, name: str) -> None:
        """Examiners act on what they hold; the idle one holds nothing."""
        if name in table.EXAMINERS:
            Assignment.objects.filter(case=self.case).delete()
            claim(self.case, by=self.people[name], at=AT)


@pytest.fixture
def stage() -> Stage:
    return Stage("civil")


@pytest.mark.parametrize("profile", table.UNLIKE)
def test_everybody_can_take_exactly_the_steps_of_the_table(
    profile: str, settings: Settings
) -> None:
    settings.CLOCK_PROFILES = [profile]
    stage, told = Stage(profile), table.under(profile)
    for _title, model in MACHINES:
        name = model.MACHINE
        if name in told and (profile == "civil" or name not in ALIKE):
            assert found_on(stage, model) == told[name], (profile, name)


def found_on(stage: Stage, model: type[Any]) -> table.Table:
    """Return who can take which step of a machine in which state."""
    states = [state for state, _label in model._meta.get_field("state").choices]
    found: table.Table = {step.name: {} for step in steps_of(model)}
    for name in table.PEOPLE:
        stage.handed_to(name)
        for state in states:
            subject = stage.subject(model, state)
            steps = subject.get_available_user_state_transitions(stage.people[name])
            for step in {each.name for each in steps}:
                people = found[step].get(state, ())
                found[step][state] = (*people, name)
    return found


# Whom the page means (Rule.actors).
NAMED = {
    "投诉人": table.FILERS,
    "上传人": table.UPLOADER,
    "审核员": table.EXAMINERS,
    "未作原决定的审核员": table.EXAMINERS,
    "高级审核员": ("senior", "legal"),
    "法务": table.LEGAL,
    "合规": ("compliance",),
    "系统": table.SYSTEM,
}
# What the stage of these tests never opens, by what it lacks (tests/cases/table.py).
UNOPENED = {
    *(("copyright", "end_hold"), ("copyright", "set_apart")),
    *(("copyright", "unmerge"), ("copyright", "unmerge_accepted")),
    *(("item", "deem_served"), ("item", "refuse_extension")),
    *(("item", "reinstate"), ("item", "reinstate_final")),
    *(("item", "restore_dismissed"), ("item", "outlast_order")),
}


def meant_by(actors: str) -> set[str]:
    """The people whom the words of a rule name: "甲；乙、丙，何时何故" or, where only
    some cases are theirs, "何种情形的，乙、丙"."""
    people: set[str] = set()
    for part in actors.split("；"):
        names, _comma, more = part.partition("，")
        if names not in NAMED and names.endswith("的"):
            names = more
        for name in names.split("、"):
            people.update(NAMED[name])
    return people


def test_the_page_names_those_who_can_take_each_step_and_no_others() -> None:
    """The prose that people read, and the table that the machine is held to."""
    tables = [table.under(profile) for profile in table.UNLIKE]
    unopened = set()
    for _title, model in MACHINES[:4]:
        for step in steps_of(model):
            cells = [told[model.MACHINE][step.name] for told in tables]
            people = {who for cell in cells for held in cell.values() for who in held}
            if people:
                with override("zh-hans"):
                    named = meant_by(str(step.custom["rule"].actors))
                assert named == people, (model.MACHINE, step.name)
            else:
                unopened.add((model.MACHINE, step.name))
    assert unopened == UNOPENED


def test_the_page_names_those_too_who_take_what_is_never_open_here(
    stage: Stage,
) -> None:
    """Asked of the permission alone, whatever the guards say."""
    Case.objects.filter(pk=stage.case.pk).update(origin=stage.case)
    found: dict[tuple[str, str], set[str]] = {key: set() for key in UNOPENED}
    steps = [
        (model, step)
        for _title, model in MACHINES[:4]
        for step in steps_of(model)
        if (model.MACHINE, step.name) in UNOPENED
    ]
    for name in table.PEOPLE:
        stage.handed_to(name)
        for model, step in steps:
            subject = stage.subject(model, step.source)
            if step.permission(subject, stage.people[name]):
                found[model.MACHINE, step.name].add(name)
    for model, step in steps:
        with override("zh-hans"):
            named = meant_by(str(step.custom["rule"].actors))
        assert found[model.MACHINE, step.name] == named, (model.MACHINE, step.name)


def test_a_hold_closes_no_step_to_anybody(stage: Stage) -> None:
    """I8: it stops deletion, and that its case goes into another. All the rest of
    the table is as it was, restoring above all."""
    Case.objects.filter(pk=stage.case.pk).update(legal_hold=True)
    told = table.under("civil")
    held = {"hold": {}, "end_hold": told["copyright"]["hold"], "merge": {}}
    told["copyright"] = told["copyright"] | held
    for _title, model in MACHINES:
        if model.MACHINE in told:
            assert found_on(stage, model) == told[model.MACHINE], model.MACHINE


def test_who_sells_the_document_decides_nothing_about_it(stage: Stage) -> None:
    """I5, on every machine: an examiner who is the uploader."""
    uploader = stage.people["uploader"]
    insider = Actor(
        user_id=stage.people["legal"].user_id, duty="legal", parties=uploader.parties
    )
    stage.handed_to("legal")
    item: Any = CaseItem.objects.get(pk=stage.item.pk)
    assert not list(item.get_available_user_state_transitions(insider))
    counter = stage.subject(CounterNotice, "filed")
    assert not list(counter.get_available_user_state_transitions(insider))
    proceeding = stage.subject(Proceeding, "verified")
    assert not list(proceeding.get_available_user_state_transitions(insider))


def test_who_took_the_measure_judges_no_complaint_about_it(settings: Settings) -> None:
    """I5, DSA 20: another person does, with all the rest of the table as it is."""
    settings.CLOCK_PROFILES = ["dsa"]
    stage = Stage("dsa")
    facts = {"measure": "remove", "reasoning": "两份文本有整段相同，初步证据充分。"}
    stage.handed_to("legal")
    legal = stage.people["legal"]
    advance(stage.item, "measure_and_forward", by=legal, at=AT, **facts)
    ruling = {"reverse", "reject"}
    for name, open_to in (("legal", set()), ("senior", {"reverse"})):
        stage.handed_to(name)
        counter = stage.subject(CounterNotice, "filed")
        steps = counter.get_available_user_state_transitions(stage.people[name])
        assert {each.name for each in steps} & ruling == open_to, name
