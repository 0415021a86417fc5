"""公告: notices that could not be forwarded are announced on the site (条例 15)."""

from contextlib import suppress
from datetime import datetime

from django.db.models import F, QuerySet

from cases.errors import CaseError
from cases.models import Case, CaseItem, Notice
from cases.notices import Kind
from cases.services import advance
from cases.workflows.item import ItemState, Unreached
from evidence.actors import SYSTEM

WAITING = CaseItem.objects.filter(state=ItemState.MEASURED)


def announce_unknown(*, at: datetime, limit: int = 300) -> int:
    """Announce what was decided about documents of sellers whose address nobody
    knows; return how many were announced."""
    # Few cases are open among all, and the index says which.
    rows = WAITING.filter(case__in=Case.objects.open())
    rows = rows.filter(announced_at__isnull=True, document__seller__party=None)
    announced = 0
    for row in rows.order_by("pk")[:limit]:
        # Somebody may have taken it on meanwhile.
        with suppress(CaseError):
            advance(row, "announce", by=SYSTEM, at=at, ground=Unreached.UNKNOWN.value)
            announced += 1
    return announced


def announcements() -> QuerySet[Notice]:
    """Those that stand: until the document is answered for, or finally decided on. One
    that an order cut off is not among them (ItemProcedure.announced_at)."""
    rows = Notice.objects.filter(kind=Kind.ANNOUNCEMENT, item__in=WAITING.values("pk"))
    rows = rows.filter(at=F("item__announced_at"))
    return rows.select_related("case", "item", "entry").order_by("-at", "-pk")
