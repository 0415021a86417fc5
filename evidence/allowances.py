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


class Room:
    """What is left of an account's day while files are still on their way in.

    Nothing is counted here: `spend` does that when a file is received.
    """

    def __init__(self, by: Actor, *, at: datetime) -> None:
        self._at, self._counts = at, by.user_id is not None and not by.is_staff
        self._files, self._bytes = settings.UPLOAD_DAY_FILES, settings.UPLOAD_DAY_BYTES
        if self._counts:
            day = timezone.localdate(at)
            spent = Allowance.objects.filter(account=by.label, day=day).first()
            self._files -= spent.files if spent else 0
            self._bytes -= spent.size_bytes if spent else 0

    def take(self, *, files: int = 0, size_bytes: int = 0) -> None:
        """Raises AllowanceSpent when so much more is not left."""
        self._files -= files
        self._bytes -= size_bytes
        if self._counts and min(self._files, self._bytes) < 0:
            raise AllowanceSpent(_until_midnight(self._at))


def _until_midnight(at: datetime) -> int:
    local = timezone.localtime(at)
    tomorrow = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(1)
    return int((tomorrow - local).total_seconds()) + 1
