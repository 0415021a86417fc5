"""How much one account may bring in a day, counted across all processes."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from evidence.actors import Actor
from evidence.models import Allowance


class AllowanceSpent(Exception):
    """The account has brought as much as one day allows; midnight gives it back.

    retry_after: seconds until then.
    """

    code = "allowance_spent"

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


def spend(by: Actor, size_bytes: int, *, at: datetime) -> None:
    """Count a file against the day of who brings it. Raises AllowanceSpent.

    The house's own people and the house itself bring what they need. The row is
    changed by one conditional UPDATE, so that two processes cannot both take the
    last of it; a transaction that fails gives back what it took.
    """
    if by.user_id is None or by.is_staff:
        return
    day = timezone.localdate(at)
    Allowance.objects.get_or_create(account=by.label, day=day)
    taken = Allowance.objects.filter(
        account=by.label,
        day=day,
        files__lt=settings.UPLOAD_DAY_FILES,
        size_bytes__lte=settings.UPLOAD_DAY_BYTES - size_bytes,
    ).update(files=F("files") + 1, size_bytes=F("size_bytes") + size_bytes)
    if not taken:
        raise AllowanceSpent(_until_midnight(at))


def _until_midnight(at: datetime) -> int:
    local = timezone.localtime(at)
    tomorrow = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(1)
    return int((tomorrow - local).total_seconds()) + 1
