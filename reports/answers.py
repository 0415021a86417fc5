"""What letters say of defects, answers, proceedings and restoring, masked already."""

from typing import Any

from django.db.models import Q

from cases.chronicle import ranges
from cases.deadlines import profile_in, zone_in
from cases.declarations import counter_declarations
from cases.errors import Sentence
from cases.extending import unanswered
from cases.models import (
    CaseItem,
    CounterNotice,
    DefectFound,
    Extension,
    Notice,
    Proceeding,
    Restriction,
    Words,
)
from cases.permissions.item import may_be_extended
from cases.workflows.copyright import Defect, Refusal, Withdrawal
from cases.workflows.counter_notice import CounterDefect, CounterRefusal, CounterState
from cases.workflows.proceeding import Outcome
from evidence.ledger import entries_of
from reports.mergers import complainants_of
from reports.redaction import Redaction
from reports.told import LAST_MOMENT, as_told
from reports.wording import RESTORED

SETTLED_BY_US = ("restore_cured", "restore_reversed")
ASKED_OR_ANSWERED = ("ask_extension", "extend", "refuse_extension")
# A document that waited for a suit is back for what the suit said.
AFTER: dict[str, str] = {Outcome.DISMISSED: "restore_dismissed"}
LABELS = {each.value: each.label for kind in (Defect, CounterDefect) for each in kind}
REFUSALS = {
    each.value: each.label for kind in (Refusal, CounterRefusal) for each in kind
}


def about_filing(notice: Notice) -> dict[str, Any]:
    """What belongs to the act itself: reasons as written, defects, its ground."""
    entry, payload = notice.entry, notice.entry.payload
    ground = payload.get("ground", "")
    known = ground in Withdrawal.values
    redact = _redaction(notice)
    origin = notice.case.origin
    said = {
        "words": {row.fact: redact(row.text) for row in entry.words.all()},
        "defects": _defects(notice),
        "refusal": REFUSALS.get(payload.get("refusal", ""), ""),
        "ground": Withdrawal(ground).label if known else "",
        "origin": origin.reference if origin else "",
        "is_barred": notice.case.items.filter(bar=CaseItem.Bar.BARRED).exists(),
    }
    if entry.kind.startswith("proceeding."):
        said |= _about_proceeding(Proceeding.objects.get(pk=payload["id"]))
    return said


def about_answer(notice: Notice, item: CaseItem) -> dict[str, Any]:
    """What belongs to one document: its answer, its proceeding, why it is back."""
    counter = _counter(notice, item)
    proceeding = _proceeding(notice, item)
    profile = profile_in(notice.case.clock_profile)
    others = Restriction.objects.standing(notice.at).filter(document=item.document)
    step = notice.entry.kind.partition(".")[2]
    said: dict[str, Any] = {
        "restored": _restored(step, profile.base, proceeding),
        "still_down": others.exclude(item=item).exists(),
        "bars_again": profile.bars_renotices,
        "is_order": step == "obey_order",
        "is_outlasted": step == "outlast_order",
        "proceeding": proceeding,
        "is_judged": _is_judged(notice, item),
        "is_told_before": _is_told_before(proceeding, notice),
        "is_provisional": any(
            as_told(row, notice).provisional
            for row in item.deadlines.filter(trigger=notice.entry)
        ),
    }
    said["may_be_extended"] = may_be_extended(item)
    if step in ASKED_OR_ANSWERED:
        said["extension"] = _extension(notice)
        said["waiting"] = _waiting(notice, item)
    if step == "restore":
        said["unanswered"] = unanswered(item, notice.at)
    if counter and step in SETTLED_BY_US:
        said |= _about_settling(notice, counter)
    copied = profile.base == "dmca"
    return said | (_about_counter(counter, copied) if counter else {})


def _restored(step: str, law: str, proceeding: Proceeding | None) -> Sentence:
    """Say why a document is back: with a judgment, however it was kept until then."""
    if step == "restore_after_proceeding" and proceeding is not None:
        step = AFTER.get(proceeding.outcome, step)
    return RESTORED.get(f"{step}:{law}", RESTORED.get(step, ""))


def _proceeding(notice: Notice, item: CaseItem) -> Proceeding | None:
    """The one whose end the letter is about; else the last that was told of in time
    by then, or the suit that outlasts an order."""
    told = item.timely_proceedings.filter(notified_at__lte=notice.at).order_by("pk")
    if notice.entry.kind == "item.outlast_order":
        return told.filter(is_order=False).last()
    ended = item.proceedings.filter(concluded_at=notice.at).order_by("pk")
    return ended.last() or told.last()


def _is_judged(notice: Notice, item: CaseItem) -> bool:
    """What was last said of the claim by then was that it is right."""
    spoke = item.proceedings.filter(outcome__in=(Outcome.UPHELD, Outcome.DISMISSED))
    last = spoke.filter(concluded_at__lte=notice.at).order_by("concluded_at", "pk")
    return last.values_list("outcome", flat=True).last() == Outcome.UPHELD


def _extension(notice: Notice) -> Extension | None:
    """The request that the act received or answered, with its exhibits."""
    entry = Q(asked=notice.entry) | Q(settled=notice.entry)
    rows = Extension.objects.filter(entry)
    return rows.prefetch_related("exhibits__blob", "added__blob").first()


def _is_told_before(proceeding: Proceeding | None, notice: Notice) -> bool:
    """Of the suit that now stops the restoring we knew before the waiting began."""
    told = proceeding.notified_at if proceeding else None
    return told is not None and told < notice.at


def _about_counter(counter: CounterNotice, copied: bool) -> dict[str, Any]:
    """An uploader who signs with a name has it masked in the explanation as well;
    copied: 512(g)(2)(B) has the complainant get a copy, as was consented to."""
    kinds = {each.kind: each for each in counter.exhibits.order_by("pk")}
    party = counter.party
    return {
        "counter": counter,
        "uploader": party.name if copied else party.masked_name,
        "contact": getattr(party, "details", None) if copied else None,
        "declared": [
            each
            for each in counter_declarations(counter.case.clock_profile)
            if copied and each.original
        ],
        "explanation": counter.explanation
        if copied
        else Redaction([party])(counter.explanation),
        "counter_proof": "、".join(
            str(each.get_kind_display()) for each in kinds.values()
        ),
    }


def _about_settling(notice: Notice, counter: CounterNotice) -> dict[str, Any]:
    """Why we decided so on an answer. left: how much of the amended version the work
    still covered when it was compared again, in whole per cent; None without one."""
    kinds = [f"{CounterNotice.MACHINE}.{step}" for step in ("accept_cure", "reverse")]
    rows = Words.objects.filter(case=notice.case, fact="reasoning")
    rows = rows.filter(entry__kind__in=kinds, entry__payload__id=counter.pk)
    words = rows.select_related("entry").last()
    if words is None:
        return {}
    permille = words.entry.payload.get("containment_permille")
    return {
        "settled": _redaction(notice)(words.text),
        "left": None if permille is None else round(permille / 10),
    }


def _about_proceeding(proceeding: Proceeding) -> dict[str, Any]:
    positions = sorted(proceeding.items.values_list("position", flat=True))
    return {
        "proceeding": proceeding,
        "proceeding_items": ranges(positions),
        "timely_items": ranges(proceeding.timely_positions()),
        "late_items": ranges(proceeding.late_positions()),
    }


def _counter(notice: Notice, item: CaseItem) -> CounterNotice | None:
    """The counter-notice that an act is about: its own, or the last that was filed."""
    rows = item.counter_notices.exclude(state=CounterState.DRAFT)
    rows = rows.select_related("party__details")
    if notice.entry.kind.startswith("counter_notice."):
        return rows.filter(pk=notice.entry.payload["id"]).first()
    return rows.filter(filed_at__lte=notice.at).last()


def _defects(notice: Notice) -> list[dict[str, Any]]:
    """The defects that the act found; for a lapse, those that were never cured."""
    rows = DefectFound.objects.filter(case=notice.case, found_at__lte=notice.at)
    if notice.entry.kind.endswith(".find_defects"):
        rows = rows.filter(entry=notice.entry)
    elif notice.entry.kind.endswith(".lapse"):
        counter = notice.entry.kind.startswith("counter_notice.")
        subject = notice.entry.payload["id"] if counter else None
        rows = rows.filter(counter_notice=subject, answered_at__isnull=True)
    else:
        return []
    return [
        {"code": row.code, "label": LABELS.get(row.code, ""), "fact": row.fact}
        for row in rows
    ]


def _waiting(notice: Notice, item: CaseItem) -> dict[str, Any]:
    """The waiting of a document as it stood when the letter was written: its last
    day, and the 工作日 granted until then. What moved it later is not in the letter."""
    row = item.deadlines.filter(clock="waiting").order_by("pk").last()
    if row is None:
        return {}
    granted = entries_of([notice.case.stream]).filter(
        kind="item.extend",
        payload__id=item.pk,
        seq__gt=row.trigger.seq,
        seq__lte=notice.entry.seq,
    )
    return {
        "ends": (as_told(row, notice).ends - LAST_MOMENT).astimezone(zone_in(row)),
        "extension": sum(each.payload["days"] for each in granted),
        "cap": profile_in(row.profile).readings.cap,
    }


def _redaction(notice: Notice) -> Redaction:
    """Words of ours may quote the other side: names go, both ways."""
    if notice.seller:
        return Redaction(complainants_of(notice.case))
    sellers = [item.document.seller.party for item in _items(notice)]
    return Redaction([party for party in sellers if party is not None])


def _items(notice: Notice) -> list[CaseItem]:
    if notice.item is not None:
        return [notice.item]
    # Also those that were examined in another case since (并案).
    named = Q(case=notice.case) | Q(merged_from=notice.case)
    rows = CaseItem.objects.filter(named)
    return list(rows.select_related("document__seller__party__details"))
