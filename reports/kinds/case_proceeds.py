"""Section 13 of a case file: what the listings say was taken in, and no guess."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from cases.models import CaseItem


def proceeds_of(items: Sequence[CaseItem], income: dict[int, str]) -> dict[str, Any]:
    """Return downloads × price as the frozen listings state them.

    cents is null where either is not stated; the sum is over what is known. income:
    by the item's id, what became of what the document brings in; "" while nothing.
    """
    told = [_of(item) | {"income": income.get(item.pk, "")} for item in items]
    known = [each["cents"] for each in told if each["cents"] is not None]
    total = sum(known) if known else None
    return {
        "documents": told,
        "known": len(known),
        "unknown": len(told) - len(known),
        "cents": total,
        "amount": yuan(total),
    }


def yuan(cents: int | None) -> str:
    """Return 1,234.50 元, or "" for what the listing does not say."""
    if cents is None:
        return ""
    return _("%(yuan)s 元") % {"yuan": f"{cents // 100:,}.{cents % 100:02d}"}


def _of(item: CaseItem) -> dict[str, Any]:
    listing = item.snapshot.listing if item.snapshot else {}
    price, downloads = listing.get("price_cents"), listing.get("downloads")
    cents = None if price is None or downloads is None else price * downloads
    return {
        "position": item.position,
        "number": listing.get("number", ""),
        "price_cents": price,
        "price": yuan(price),
        "downloads": downloads,
        "cents": cents,
        "amount": yuan(cents),
    }
