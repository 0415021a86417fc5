"""线索案件: an upload that copies what was removed, a work or another's document.

It becomes a report case of the system, by threshold and policy, with the match as its
evidence. A lead restricts nothing, and where a floor stands none is opened.
"""

import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import DatabaseError, transaction
from django.db.models import Q

from cases.errors import CaseError
from cases.models import MatchReading, Report, Restriction
from cases.policies import value_of
from cases.reporting import Origin, Said, file_report
from cases.restrictions import DOWN
from cases.workflows.report import OPEN
from evidence.actors import SYSTEM
from evidence.floors import footing_of
from evidence.models import Document, Match, Work

logger = logging.getLogger(__name__)
READING = "leads"
COPYRIGHT, REUPLOAD = "C1", "C2"


def open_leads(*, at: datetime, limit: int = 200) -> int:
    """Read the matches that are new since the last reading; return how many cases or
    reports were opened. Two readers at once do no harm: each match is read once, and
    what a reader that dies had begun is read by the next."""
    share = value_of("match_lead") / 100
    opened = 0
    for _ in range(limit):
        found = _read_next(share, at)
        if found is None:
            break
        opened += found
    return opened


def skip_to_now() -> None:
    """Begin with the next match: what is there already was looked at by people."""
    last = Match.objects.order_by("pk").values_list("pk", flat=True).last() or 0
    MatchReading.objects.update_or_create(name=READING, defaults={"after": last})


def _read_next(share: float, at: datetime) -> int | None:
    """Read one match of an upload with an older text, and open its leads with it; None
    when there is no further."""
    with transaction.atomic():
        MatchReading.objects.bulk_create(
            [MatchReading(name=READING)], ignore_conflicts=True
        )
        reading = MatchReading.objects.select_for_update().get(name=READING)
        rows = Match.objects.filter(pk__gt=reading.after).order_by("pk")
        match = rows.select_related("query", "found").first()
        if match is None:
            return None
        MatchReading.objects.filter(name=READING).update(after=match.pk)
        return sum(_open(match, at)) if _tells(match, share) else 0


def _tells(match: Match, share: float) -> bool:
    """Each pair is kept both ways round: the upload is the younger text."""
    contained = max(match.containment_query, match.containment_found)
    return bool(share) and contained >= share and match.query_id >= match.found_id


def _open(match: Match, at: datetime) -> Iterator[bool]:
    uploads = Document.objects.filter(current__text=match.query_id)
    for document in uploads.select_related("seller", "current").order_by("pk"):
        reason = _reason(match, document)
        if not reason or _is_known(document):
            continue
        if not footing_of(match, document.seller, document).may_act_alone:
            continue
        origin = Origin(Report.Checked.NONE, source=Report.Source.SYSTEM, match=match)
        try:
            file_report(document, Said(reason), origin, by=SYSTEM, at=at)
        except CaseError:
            continue
        except DatabaseError:
            raise  # is tried again: the match counts as unread
        except Exception:
            # One that no rule foresaw must not hold up those after it.
            logger.exception("no lead was opened for match %s", match.pk)
            continue
        yield True


def _reason(match: Match, document: Document) -> str:
    """What the older text is: removed by a ruling, a work, another's document."""
    holders = Document.objects.filter(versions__text=match.found_id).exclude(
        pk=document.pk
    )
    removed = Restriction.objects.active().filter(
        level__in=DOWN, document__in=holders.values("pk")
    )
    ruled = removed.filter(reported__case__decided_at__isnull=False)
    if row := ruled.select_related("reported__case").first():
        assert row.reported is not None  # noqa: S101 -- filtered so
        return str(row.reported.case.reason)
    if removed.exists() or Work.objects.filter(sample=match.found_id).exists():
        return COPYRIGHT
    same = Q(seller=document.seller_id)
    if document.seller.party_id is not None:
        same |= Q(seller__party=document.seller.party_id)
    earlier = holders.exclude(same).filter(first_seen_at__lte=document.first_seen_at)
    return REUPLOAD if earlier.exists() else ""


def _is_known(document: Document) -> bool:
    """The system says a thing once while its case is open."""
    rows = Report.objects.filter(source=Report.Source.SYSTEM, document=document)
    return rows.filter(case__state__in=OPEN).exists()
