"""A second notice of the same complainant about the same document.

条例 17 forbids it for the same work after a restoring under that statute; elsewhere
it is allowed, and a person is told. Never refused: it is received, numbered, read and
answered. Only what would follow by itself is off.

Asked when a notice comes, again in the one door before it is accepted and before any
measure, and whenever the scheduler comes round: the first document may be restored
only after the second notice has come.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from cases.deadlines import profile_in
from cases.models import Case, CaseItem
from cases.workflows.item import ItemState
from evidence import ledger
from evidence.actors import SYSTEM, Role
from evidence.compiled import Rows
from evidence.ledger import Act
from evidence.models import Text, Work
from evidence.writing import update_each

KIND = "case.bar"
AGAIN = (ItemState.RESTORED, ItemState.DROPPED)
# Before these steps it is asked again, of documents with such a key.
ASKED_BEFORE = {("copyright", "accept"): "case", ("item", "measure_and_forward"): "pk"}


def mark_renotices(case: Case) -> list[int]:
    """Mark the documents of a notice that were restored or let go before; return
    the positions of those that 条例 17 bars. Runs in the caller's transaction."""
    marked = _mark(case.items.select_related("case").order_by("position"))
    return [item.position for item in marked if item.bar == CaseItem.Bar.BARRED]


def mark_again(rows: Sequence[Any], step: str) -> None:
    """Mark what was restored or let go since its notice came, in the door and under
    its locks. One statement, and only for the steps that ask."""
    key = ASKED_BEFORE.get((rows[0].MACHINE, step))
    if key is None or not (found := _ASKED[key]([row.pk for row in rows])):
        return
    marked = {item.pk: item for item in _mark(_items(found))}
    for row in rows:
        if key == "pk" and (item := marked.get(row.pk)):
            row.bar, row.earlier = item.bar, item.earlier


def mark_since(*, at: datetime, limit: int = 300) -> int:
    """Mark documents of open notices whose like was restored or let go meanwhile, each
    under an entry of its own; return how many. Two callers at once do no harm."""
    waiting: dict[int, list[int]] = defaultdict(list)
    rows = _unmarked().order_by("case", "pk").values_list("case", "pk")
    for case, item in rows[:limit]:
        waiting[case].append(item)
    return sum(_mark_in(case, items, at) for case, items in waiting.items())


def _mark_in(case_id: int, items: list[int], at: datetime) -> int:
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
        marked = _mark(_items(_unmarked().filter(pk__in=items)))
        facts = [{"item": i.pk, "bar": i.bar, "earlier": i.earlier_id} for i in marked]
        acts = [Act(case.stream, KIND, each) for each in facts]
        ledger.append_all(acts, by=SYSTEM, roles=[Role.SYSTEM] * len(acts), at=at)
    return len(marked)


def _mark(rows: Iterable[CaseItem]) -> list[CaseItem]:
    """Mark those of one complainant's documents that it has been heard about before.
    What is barred stays so."""
    items = [row for row in rows if row.bar != CaseItem.Bar.BARRED]
    earlier, works = _earlier(items), _Works()
    marked = []
    for item in items:
        known = earlier[item.document_id, item.case.claimant_id]
        if before := [row for row in known if row.case_id != item.case_id]:
            # The one that weighs most: a barring one, else the latest.
            barring = [row for row in before if _is_barred_by(row, item, works)]
            item.earlier = [*before, *barring][-1]
            item.bar = CaseItem.Bar.BARRED if barring else CaseItem.Bar.FLAGGED
            marked.append(item)
    update_each(marked, ["earlier", "bar"])
    return marked


def _items(found: Any) -> QuerySet[CaseItem]:
    rows = CaseItem.objects.filter(pk__in=found).order_by("case", "position")
    return rows.select_related("case")


Key = tuple[int, int | None]


def _earlier(items: Sequence[CaseItem]) -> dict[Key, list[CaseItem]]:
    """What became of each document before, by document and complainant."""
    rows = CaseItem.objects.filter(
        case__claimant__in={item.case.claimant_id for item in items},
        document__in=[item.document_id for item in items],
        state__in=AGAIN,
    )
    found: dict[Key, list[CaseItem]] = defaultdict(list)
    for row in rows.select_related("case").order_by("restored_at", "pk"):
        found[row.document_id, row.case.claimant_id].append(row)
    return found


def _is_barred_by(before: CaseItem, item: CaseItem, works: "_Works") -> bool:
    profile = profile_in(before.case.clock_profile)
    return (
        profile.bars_renotices
        and before.state == ItemState.RESTORED
        and works.are_one(before.work_id, item.work_id)
    )


class _Works:
    """Which works are one: a text that is registered again is no other work. Asked of
    few, because the texts themselves are read for it."""

    def __init__(self) -> None:
        self.known: dict[frozenset[int], bool] = {}

    def are_one(self, one: int, other: int) -> bool:
        pair = frozenset({one, other})
        if pair not in self.known:
            self.known[pair] = len(pair) == 1 or _have_one_text(pair)
        return self.known[pair]


def _have_one_text(works: Iterable[int]) -> bool:
    """The same bytes, or bytes of another kind in which the same words were read: how
    they are set does not matter."""
    samples = Work.objects.filter(pk__in=works).values_list(
        "sample__blob", "sample__state", "sample__content"
    )
    (blob, state, words), (other, its_state, its_words) = samples
    if blob == other:
        return True
    is_read = state == its_state == Text.State.OK
    return is_read and "".join(words.split()) == "".join(its_words.split())


def _heard_before(**chosen: Any) -> QuerySet[CaseItem]:
    """Pending documents of which another case was restored or let go, whosever: the
    index of documents answers, and there are few."""
    rows = CaseItem.objects.filter(state=ItemState.PENDING, **chosen)
    return rows.exclude(bar=CaseItem.Bar.BARRED).filter(Exists(_of_document()))


def _of_document() -> QuerySet[CaseItem]:
    rows = CaseItem.objects.filter(document=OuterRef("document"), state__in=AGAIN)
    return rows.exclude(case=OuterRef("case"))


def _unmarked() -> QuerySet[CaseItem]:
    """Of open notices, those that nobody has been told of, or not of the latest."""
    like = _of_document().filter(case__claimant=OuterRef("case__claimant"))
    # What was dropped while pending has no moment of its own.
    known = Coalesce(OuterRef("earlier__restored_at"), OuterRef("case__submitted_at"))
    is_untold = Q(bar="") & Exists(like)
    rows = _heard_before(case__in=Case.objects.complaints().open())
    return rows.filter(is_untold | Exists(like.filter(restored_at__gt=known)))


def _asked(key: str) -> Rows:
    return Rows(
        lambda ids: (
            _heard_before(**{f"{key}__in": ids}).order_by().values_list("pk", flat=True)
        )
    )


_ASKED = {key: _asked(key) for key in set(ASKED_BEFORE.values())}
