"""What letters and case files say of 并案: which cases, and which documents where."""

from typing import Any

from django.db.models import Q

from cases.joining import merger_of
from cases.models import Case, CaseItem, Notice
from evidence.ledger import LedgerEntry, entries_of
from evidence.models import Party

# Acts that name the other case.
BETWEEN = ("copyright.merge", "copyright.take_in")


def about_merger(notice: Notice) -> dict[str, Any]:
    """What belongs to the act of a letter: the other case, by its number alone, and
    the documents that came or went."""
    entry, step = notice.entry, notice.entry.kind.partition(".")[2]
    if step == "merge":
        return {"other": _reference(entry.payload["into"])}
    if step in ("unmerge", "unmerge_accepted"):
        merger = entries_of([notice.case.stream]).filter(
            kind="copyright.merge", id__lt=entry.pk
        )
        return {"other": _reference(merger.latest("id").payload["into"])}
    if step in ("take_in", "give_back"):
        return {"other": _reference(entry.payload["merged"]), **_came(entry)}
    return {}


def _came(entry: LedgerEntry) -> dict[str, Any]:
    """What a case took in, under the numbers it has there; nothing for what it gave
    back. folded: what both named."""
    places = {pk: place for pk, _before, place in entry.payload.get("moved", [])}
    twins = [twin for _pk, twin in entry.payload.get("folded", [])]
    rows = CaseItem.objects.select_related("snapshot", "work")
    moved = list(rows.filter(pk__in=places))
    for item in moved:
        item.position = places[item.pk]
    return {
        "items": sorted(moved, key=lambda item: item.position),
        "folded": list(rows.filter(pk__in=twins).order_by("position")),
    }


def complainants_of(case: Case) -> list[Party]:
    """Return who complained: the complainant and each agent, of this case and of every
    notice that was ever one with it. Words written in either may quote any of them."""
    items = CaseItem.objects.filter(Q(case=case) | Q(merged_from=case))
    found = items.values_list("case", "merged_from", "folded_into__case")
    ids = {pk for row in found for pk in row if pk}
    # What has come apart again was written together all the same.
    acts = entries_of([case.stream]).filter(kind__in=BETWEEN)
    told = acts.values_list("payload", flat=True)
    ids |= {payload.get("merged") or payload["into"] for payload in told}
    cases = Case.objects.filter(Q(pk__in={case.pk, *ids}) | Q(merged_into=case))
    parties = [
        party
        for row in cases.select_related("claimant__details", "agent__details")
        for party in (row.claimant, row.agent)
        if party is not None
    ]
    return list({party.pk: party for party in parties}.values())


def mergers_told(case: Case) -> dict[str, Any]:
    """What a case file says: where this case went, and which came to it."""
    into = case.merged_into
    return {
        "into": into.reference if into else "",
        "at": merger_of(case).at if into else None,
        "from": [
            {"reference": row.reference, "at": row.closed_at}
            for row in case.merged_cases.order_by("pk")
        ],
    }


def _reference(pk: int) -> str:
    return Case.objects.get(pk=pk).stream
