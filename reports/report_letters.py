"""What the letters of a report case name, already fit for their reader.

To a reporter: the result in general terms, nothing of the seller. To an uploader: the
reasons in full, nothing of who reported, not even that it was one or many. A name
that slipped into the reasons is blotted out.
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from cases.calendars import CHINA
from cases.models import (
    AccountMeasure,
    Appeal,
    Case,
    Notice,
    Report,
    Restriction,
    Ruling,
)
from cases.strikes import standing_of
from evidence.actors import Role
from evidence.models import Snapshot
from reports.redaction import Blotting
from reports.wording import SCOPES

TOLD_AGAIN = "report.tell_again"


def addressee_of(notice: Notice) -> str:
    """Who reported is addressed by the number of the receipt: the paper may be
    printed by others."""
    if notice.report is None:
        return ""
    return _("举报人（回执号 %(number)s）") % {"number": notice.report.number}


def said_of(notice: Notice) -> dict[str, Any]:
    case = notice.case
    blot = blotting_of(case)
    said: dict[str, Any] = {
        "listings": _listings(notice),
        "reason": notice.report.why if notice.report else None,
        "question": "",
        "appeal_ends": _last_day(_contest(notice)),
        "answer_ends": _last_day(notice.facts["due"].get("supply")),
    }
    ruling = ruling_of(notice)
    if ruling:
        said |= _about_ruling(ruling, notice, blot)
    if notice.entry.kind.startswith("appeal."):
        said |= _about_appeal(notice, blot)
    if notice.entry.kind.startswith("account."):
        said |= _about_account(notice, blot)
    if notice.facts["act"] == "request_info":
        asked = case.answers.filter(asked_at=notice.at).first()
        said["question"] = asked.question if asked else ""
    return said


def _contest(notice: Notice) -> str | None:
    """When the time for an appeal ends: for who is told later none begins anew."""
    if notice.entry.kind == TOLD_AGAIN:
        rows = notice.case.deadlines.filter(clock="contest", due_at__gt=notice.at)
        row = rows.filter(started_at__lte=notice.at).last()
        return row.due_at.isoformat() if row else None
    due: str | None = notice.facts["due"].get("contest")
    return due


def blotting_of(case: Case) -> Blotting:
    """Blot out what is personal of everybody who reported in this case."""
    reports = Report.objects.filter(case=case)
    rows = reports.select_related("details", "user")
    return Blotting(word for row in rows for word in row.known_of_reporter())


def ruling_of(notice: Notice) -> Ruling | None:
    """Return the ruling that the letter tells of, None for other letters."""
    made: Ruling | None = getattr(notice.entry, "ruling", None)
    if notice.entry.kind == TOLD_AGAIN:
        return notice.case.rulings.filter(at__lte=notice.at).latest("at", "pk")
    if made is None and notice.entry.kind.startswith("appeal."):
        return Appeal.objects.get(pk=notice.facts["subject"]).ruling
    return made


def _listings(notice: Notice) -> list[dict[str, Any]]:
    """A reporter reads of the document that they reported, a seller of theirs."""
    rows = notice.case.reported_documents.select_related("snapshot", "document")
    if notice.report is not None:
        rows = rows.filter(document=notice.report.document_id)
    else:
        rows = rows.filter(document__seller=notice.seller).exclude(restrictions=None)
    return [_listing(row.snapshot) for row in rows]


def _listing(snapshot: Snapshot) -> dict[str, Any]:
    listing: dict[str, Any] = snapshot.listing
    return listing


def _about_ruling(ruling: Ruling, notice: Notice, blot: Blotting) -> dict[str, Any]:
    basis = ruling.why
    numbers = {listing["number"] for listing in _listings(notice)}
    measures = [
        {
            "number": number,
            "label": Restriction.Level(level).label,
            "scope": SCOPES[level],
        }
        for number, level in sorted(ruling.measures.items())
        if number in numbers
    ]
    return {
        "ruling": ruling,
        "outcome": ruling.get_outcome_display(),
        "basis": basis,
        "facts": blot(ruling.facts),
        "passage": blot(ruling.passage),
        "measures": measures,
        "decider": Role(ruling.decided_by).label,
        "standing": standing_of(notice.seller, at=notice.at) if notice.seller else None,
    }


def _about_appeal(notice: Notice, blot: Blotting) -> dict[str, Any]:
    appeal = Appeal.objects.get(pk=notice.facts["subject"])
    is_mine = (
        appeal.report_id == notice.report_id and appeal.seller_id == notice.seller_id
    )
    now: Ruling = getattr(notice.entry, "ruling", appeal.ruling)
    return {
        "appeal": appeal,
        "is_mine": is_mine,
        "result": appeal.get_state_display(),
        "answer": blot(appeal.answer),
        "outcome": now.get_outcome_display(),
        "is_first": bool(notice.seller and now.is_first_for(notice.seller)),
    }


def _about_account(notice: Notice, blot: Blotting) -> dict[str, Any]:
    measure = AccountMeasure.objects.get(pk=notice.facts["subject"])
    words = notice.case.words.filter(entry=notice.entry, fact="reasoning").first()
    return {
        "measure": measure,
        "level": measure.ladder,
        "act": notice.facts["act"],
        "standing": standing_of(measure.seller, at=notice.at),
        "reasoning": blot(words.text) if words else "",
    }


def _last_day(due: str | None) -> datetime | None:
    """Return the last moment of a clock: the row holds the first one after it."""
    if due is None:
        return None
    return datetime.fromisoformat(due).astimezone(CHINA) - timedelta(microseconds=1)
