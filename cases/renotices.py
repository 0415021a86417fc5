"""A second notice of the same complainant about the same document.

条例 17 forbids it for the same work after a restoring under that statute; elsewhere
it is allowed, and a person is told. Never refused: it is received, numbered, read and
answered. Only what would follow by itself is off.
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
        rows = earlier.get(item.document_id)
        if rows:
            # The one that weighs most: a barring one, else the latest.
            barring = [row for row in rows if _is_barred_by(row, item)]
            item.earlier = [*rows, *barring][-1]
            item.bar = CaseItem.Bar.BARRED if barring else CaseItem.Bar.FLAGGED
            marked.append(item)
    update_each(marked, ["earlier", "bar"])
    return [item.position for item in marked if item.bar == CaseItem.Bar.BARRED]


def _earlier(case: Case, items: list[CaseItem]) -> dict[int, list[CaseItem]]:
    """What became of each document before, in its order; by document."""
    rows = CaseItem.objects.filter(
        case__claimant=case.claimant,
        document__in=[item.document_id for item in items],
        state__in=AGAIN,
    )
    rows = rows.exclude(case=case).select_related("case").order_by("restored_at", "pk")
    found: dict[int, list[CaseItem]] = {}
    for row in rows:
        found.setdefault(row.document_id, []).append(row)
    return found


def _is_barred_by(before: CaseItem, item: CaseItem) -> bool:
    profile = profile_in(before.case.clock_profile)
    return (
        profile.bars_renotices
        and before.state == ItemState.RESTORED
        and before.work_id == item.work_id
    )
