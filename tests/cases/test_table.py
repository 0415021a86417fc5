"""States × steps × people, whole: every cell is asked of the machine itself."""

from typing import Any

import pytest

from cases.models import Assignment, Case, CaseItem, CounterNotice, Proceeding
from cases.models.case import Statement
from cases.services import claim
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

TABLES = {
    "copyright": table.COPYRIGHT,
    "item": table.ITEM,
    "counter_notice": table.COUNTER_NOTICE,
    "proceeding": table.PROCEEDING,
}
Purpose = Statement.Purpose
pytestmark = pytest.mark.django_db


class Stage:
    """One case with a document, a counter-notice and a proceeding, and its people."""

    def __init__(self) -> None:
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
    return Stage()


@pytest.mark.parametrize(
    ("title", "model"),
    [(title, model) for title, model in MACHINES if model.MACHINE in TABLES],
)
def test_everybody_can_take_exactly_the_steps_of_the_table(
    title: str, model: type[Any], stage: Stage
) -> None:
    expected = TABLES[model.MACHINE]
    states = [state for state, _label in model._meta.get_field("state").choices]
    steps = {step.name for step in steps_of(model)}
    assert steps == expected.keys()
    for name in table.PEOPLE:
        stage.handed_to(name)
        for state in states:
            subject = stage.subject(model, state)
            found = {
                step.name
                for step in subject.get_available_user_state_transitions(
                    stage.people[name]
                )
            }
            told = {
                step for step, cells in expected.items() if name in cells.get(state, ())
            }
            assert found == told, f"{title}: {name} in {state}"


def test_a_hold_is_ended_by_those_who_may_place_one(stage: Stage) -> None:
    Case.objects.filter(pk=stage.case.pk).update(legal_hold=True)
    case = Case.objects.get(pk=stage.case.pk)
    for name in table.PEOPLE:
        steps = case.get_available_user_state_transitions(stage.people[name])  # type: ignore[attr-defined]
        names = {step.name for step in steps}
        assert ("end_hold" in names) == (name in table.HOLDERS), name
        assert "hold" not in names


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
