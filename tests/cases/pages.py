"""The people of a case at their pages: every act is a form that is fetched, filled in
and sent, as a browser would; what the page does not offer cannot be done here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.test import Client
from django.utils import timezone

from cases.calendar_entries import Arrangement, enter
from cases.declarations import Declaration
from cases.firing import fire_due
from cases.models import Assignment, CounterNotice, Deadline, Notice, Proceeding
from cases.models.calendar_years import chinese_calendar
from evidence.actors import Actor, Role
from evidence.models import Document
from moderation.marketplace import deliver_effects, may_settle
from moderation.models import IncomeHold, User
from tests.cases.journeys import EXPLANATION, REASONING, Matter, make_matter

Form = dict[str, Any]


def paper(name: str, words: str = "受理通知书：（2026）川01民初1号") -> Any:
    return SimpleUploadedFile(name, words.encode())


def files(*names: str, kind: str = "manuscript", prefix: str = "proof") -> Form:
    rows: Form = {
        f"{prefix}-TOTAL_FORMS": "3",
        f"{prefix}-INITIAL_FORMS": "0",
    }
    for row, name in enumerate(names):
        rows[f"{prefix}-{row}-kind"] = kind
        rows[f"{prefix}-{row}-file"] = paper(name)
    return rows


@dataclass(slots=True)
class Pages:
    """A matter whose people hold nothing but a browser."""

    matter: Matter
    clients: dict[str, Client] = field(default_factory=dict)

    @property
    def desk_url(self) -> str:
        return f"/desk/cases/{self.matter.case.reference}/"

    @property
    def case_url(self) -> str:
        return f"/cases/{self.matter.case.reference}/"

    def client(self, who: str) -> Client:
        if who not in self.clients:
            actor: Actor = getattr(self.matter, who)
            client = self.clients[who] = Client()
            client.force_login(User.objects.get(pk=actor.user_id or 0))
        return self.clients[who]

    def read(self, who: str, url: str) -> str:
        answer = self.client(who).get(url)
        assert answer.status_code == 200, (who, url, answer.status_code)
        return answer.content.decode()

    def send(self, who: str, url: str, form: Form) -> None:
        """Send a form that is taken: anything else shows what was wrong with it."""
        answer = self.client(who).post(url, form)
        context = answer.context or {}
        told = context["form"].errors if "form" in context else answer.status_code
        assert answer.status_code == 302, (who, url, told)

    # --- the desk ------------------------------------------------------------------

    def take_over(self, who: str) -> None:
        """The other's lease has been given back by then."""
        Assignment.objects.filter(case=self.matter.case).delete()
        self.send(who, f"{self.desk_url}claim/", {})

    def accept(self, profile: str) -> None:
        self.take_over("moderator")
        form = {"version": self.matter.fresh().version, "profile": profile}
        self.send("moderator", f"{self.desk_url}accept/", form)

    def measure(self, position: int = 1) -> None:
        url = f"{self.desk_url}items/{position}/"
        assert "采取措施并转送" in self.read("moderator", url)
        form = {
            "step": "measure_and_forward",
            "seen": f"{position}:{self.matter.items[position - 1].version}",
            "measure": "interim_down",
            "reasoning": REASONING,
        }
        self.send("moderator", f"{url}decide/", form)

    def step(self, who: str, row: Any, step: str, **form: Any) -> None:
        """Press the button of a step: it must stand on the page of the case."""
        row = type(row).objects.get(pk=row.pk)
        url = f"{self.desk_url}steps/{row.MACHINE}/{row.public_id}/{step}/"
        assert url in self.read(who, self.desk_url), url
        self.send(who, url, {"version": row.version, **form})

    # --- the parties ---------------------------------------------------------------

    def answer(self, position: int = 1, **changed: Any) -> CounterNotice:
        """Answer with every declaration that the page asks for."""
        item = self.matter.items[position - 1]
        url = f"/seller/items/{item.public_id}/"
        assert f"{url}answer/" in self.read("uploader", url)
        page = self.client("uploader").get(f"{url}answer/")
        form = counter_form() | {"declared": [code for code, _ in declared_on(page)]}
        self.send("uploader", f"{url}answer/", form | changed)
        return CounterNotice.objects.filter(item=item).latest("pk")

    def sue(self, *positions: int, kind: str = "suit") -> Proceeding:
        """Tell of a suit, or of a complaint, without any paper."""
        url = f"{self.case_url}proceedings/new/"
        assert url in self.read("claimant", self.case_url)
        form = {
            "items": [self.matter.items[n - 1].pk for n in positions or (1,)],
            "kind": kind,
            "authority": "成都市中级人民法院",
            "begun_on": timezone.localdate().isoformat(),
            "against_uploader": "on",
            **files(),
        }
        self.send("claimant", url, form)
        return Proceeding.objects.latest("pk")

    def prove(self, suit: Proceeding) -> None:
        url = f"{self.case_url}proceedings/{suit.public_id}/"
        assert url in self.read("claimant", self.case_url)
        self.send("claimant", url, files("立案通知书.txt", kind="docket"))

    def withdraw(self, *positions: int) -> None:
        url = f"{self.case_url}withdraw/"
        page = self.client("claimant").get(url)
        form = {
            "version": self.matter.fresh().version,
            "scope": "part" if positions else "whole",
            "items": [self.matter.items[n - 1].pk for n in positions],
            "ground": "settled",
            "declared": [code for code, _text in declared_on(page)],
            "signature": self.matter.party.name,
        }
        self.send("claimant", url, form)

    # --- what follows --------------------------------------------------------------

    def deadline(self, clock: str, position: int = 1) -> Deadline:
        rows = Deadline.objects.open().filter(clock=clock, case=self.matter.case)
        own = Q(item=self.matter.items[position - 1]) | Q(item=None)
        return rows.get(own)

    def run_out(self, clock: str, position: int = 1) -> datetime:
        """Let a clock run to its end: what it fires is done by the scheduler."""
        due_at = self.deadline(clock, position).due_at
        fire_due(at=due_at)
        return due_at

    def status_of(self, document: Document) -> int:
        """What an anonymous visitor gets."""
        return Client().get(f"/documents/{document.number}/").status_code

    def letters(self) -> list[tuple[str, str]]:
        rows = Notice.objects.filter(case=self.matter.case).order_by("pk")
        return [(row.kind, row.audience) for row in rows]

    def letter(self, kind: str, audience: str) -> str:
        """The last letter of a kind, as its recipient reads it."""
        rows = Notice.objects.filter(case=self.matter.case, kind=kind)
        last = rows.filter(audience=audience).latest("pk")
        return self.read(audience, f"/letters/{last.public_id}/")

    def read_letters(self) -> None:
        """Each side opens every letter of its own, and the other side cannot."""
        sides = {"claimant": "uploader", "uploader": "claimant"}
        for letter in Notice.objects.filter(case=self.matter.case):
            url = f"/letters/{letter.public_id}/"
            assert letter.number in self.read(letter.audience, url)
            other = sides[letter.audience]
            assert self.client(other).get(url).status_code == 404

    def income(self, position: int = 1) -> tuple[str, bool]:
        """How the marketplace holds the income, and whether it would pay it out."""
        deliver_effects(at=timezone.now() + timedelta(days=366))
        item = self.matter.items[position - 1]
        hold = IncomeHold.objects.filter(claim=item.public_id).first()
        return hold.state if hold else "", may_settle(item.document.number)


def counter_form(declared: Iterable[Declaration] = ()) -> Form:
    """An answer that lacks nothing but, perhaps, declarations."""
    return {
        "ground": "own",
        "explanation": EXPLANATION,
        "declared": [each.code for each in declared],
        "signature": "毛强",
        **files("底稿.txt"),
    }


def declared_on(page: Any) -> list[tuple[str, Any]]:
    """The declarations that a page asks to be ticked."""
    found: list[tuple[str, Any]] = page.context["form"].fields["declared"].choices
    return found


def publish_calendars() -> None:
    """These tests begin today: no period of theirs may end in a year of which the
    rest days are not known yet."""
    compliance, now = Actor(user_id=None, duty=Role.COMPLIANCE), timezone.localtime()
    for year in (now.year, now.year + 1):
        if not chinese_calendar().is_published(year):
            told = Arrangement(year, (date(year, 1, 1),), (), True, "国办发明电")
            enter(told, by=compliance, at=now, expect_version=0)


def pages_of(*, items: int = 1, profile: str = "civil") -> Pages:
    """A notice received now, accepted and decided on through the desk's own pages."""
    publish_calendars()
    pages = Pages(make_matter(items=items, state="submitted", at=timezone.now()))
    pages.accept(profile)
    for position in range(1, items + 1):
        pages.measure(position)
    return pages
