"""Where an account stands on the ladder: points of the last year, and the level that
they make. What a level leads to is in cases/accounts.py."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet, Sum

from cases.levels import LEVELS, Level
from cases.models import Strike
from evidence.models import SellerAccount

WINDOW = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Standing:
    """points: as told, for instance 1.2; provisional: so many of them may still go."""

    points: float
    provisional: float
    level: Level


def standing_of(seller: SellerAccount, *, at: datetime) -> Standing:
    """Return where an account stands, from the strikes of the last 365 days."""
    total, final = tenths_of(seller, at=at)
    return Standing(total / 10, (total - final) / 10, level_of(total, final))


def tenths_of(
    seller: SellerAccount, *, at: datetime, without: QuerySet[Strike] | None = None
) -> tuple[int, int]:
    """Return all tenths of a point of the year before `at`, and the final ones."""
    rows = Strike.objects.filter(
        seller=seller,
        void_at__isnull=True,
        placed_at__gt=at - WINDOW,
        placed_at__lte=at,
    )
    if without is not None:
        rows = rows.exclude(pk__in=without.values("pk"))
    sums = rows.aggregate(
        all=Sum("tenths"), final=Sum("tenths", filter=Q(final_at__isnull=False))
    )
    return sums["all"] or 0, sums["final"] or 0


def level_of(total: int, final: int) -> Level:
    """Return the highest level that so many tenths make."""
    reached = [
        level for level in LEVELS if (final if level.closes else total) >= level.tenths
    ]
    return reached[-1]
