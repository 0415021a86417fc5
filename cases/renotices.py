"""A second notice of the same complainant about the same document.

条例 17 forbids it after a restoring under that statute; elsewhere it is allowed, and
a person is told. Never refused: it is received, numbered, read and answered. Only
what would follow by itself is off.
"""

from cases.deadlines import profile_in
from cases.models import Case, CaseItem
from cases.workflows.item import ItemState
from evidence.writing import update_each

AGAIN = (ItemState.RESTORED, ItemState.DROPPED)


def mark_renotices(case: Case) -> list[int]:
    """Mark the documents of a notice that were restored or let go before; return
    the positions of those that 条例 17 bars. Runs in the caller's transaction."""
    items = list(case.items.order_by("position"))
    earlier = _earlier(case, items)
    marked = []
    for item in items:
        before = earlier.get(item.document_id)
        if before is not None:
            item.earlier, item.bar = before, _bar(before)
            marked.append(item)
    update_each(marked, ["earlier", "bar"])
    return [item.position for item in marked if item.bar == CaseItem.Bar.BARRED]


def _earlier(case: Case, items: list[CaseItem]) -> dict[int, CaseItem]:
    """The item that weighs most for each document: a barring one, else the latest."""
    rows = CaseItem.objects.filter(
        case__claimant=case.claimant,
        document__in=[item.document_id for item in items],
        state__in=AGAIN,
    )
    rows = rows.exclude(case=case).select_related("case").order_by("restored_at", "pk")
    found: dict[int, CaseItem] = {}
    for row in rows:
        held = found.get(row.document_id)
        if held is None or _bar(held) != CaseItem.Bar.BARRED:
            found[row.document_id] = row
    return found


def _bar(before: CaseItem) -> str:
    profile = profile_in(before.case.clock_profile)
    if profile.bars_renotices and before.state == ItemState.RESTORED:
        return str(CaseItem.Bar.BARRED)
    return str(CaseItem.Bar.FLAGGED)
