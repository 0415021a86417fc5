"""Leads (线索): uploads that resemble a work. What they are, people decide."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from cases.models import Case, CaseItem, Restriction
from cases.restrictions import Visibility, listed, visibility_of
from evidence.actors import Actor
from evidence.comparison import percent, place_of
from evidence.models import Document, Match, Work

PLACES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Lead:
    """One upload and the newest comparison of the work's sample with its text.

    case: the complaint or draft of this person that already lists it, if any;
    is_licensed: its holder has put the document or its account on the licence list.
    """

    work: Work
    document: Document
    match: Match
    visibility: Visibility
    case: Case | None
    is_licensed: bool = False

    @property
    def places(self) -> list[str]:
        """Where the first passages lie in the document, in its own order."""
        spans = sorted(passage["found"] for passage in self.match.passages)
        labels = [place_of(self.match.found, *span).label for span in spans]
        return list(dict.fromkeys(labels))[:PLACES_SHOWN]

    @property
    def in_work(self) -> int:
        """How much of the work is in the document, in per cent."""
        return percent(self.match.containment_query)

    @property
    def in_document(self) -> int:
        """How much of the document is from the work, in per cent."""
        return percent(self.match.containment_found)

    @property
    def passages(self) -> int:
        return len(self.match.passages)


def leads_of(work: Work, actor: Actor) -> list[Lead]:
    """Return the leads of a work, the most alike first. Seven queries at most."""
    matches = _newest_matches(work)
    documents = _documents(work).filter(current__text__in=matches)
    complained = _complained(work, actor)
    allowed = _licensed(work)
    leads = [
        Lead(
            work,
            document,
            matches[document.current.text_id],
            # Prefetched: the active ones only.
            visibility_of(document, [row.level for row in document.restrictions.all()]),
            complained.get(document.pk),
            bool({("document", document.pk), ("seller", document.seller_id)} & allowed),
        )
        for document in documents
        if document.current
    ]
    return sorted(leads, key=_likeness, reverse=True)


def lead_of(work: Work, number: str, actor: Actor) -> Lead | None:
    """Return the lead that is the document of this number."""
    found = (lead for lead in leads_of(work, actor) if lead.document.number == number)
    return next(found, None)


def same_titles(work: Work, leads: Sequence[Lead]) -> QuerySet[Document]:
    """Documents of others whose title is that of the work and whose text is no lead.

    A title proves nothing: such a document may hold a scan, or something else.
    """
    found = [lead.document.pk for lead in leads]
    titled = listed(Document.objects.titled_like(work.title)).exclude(pk__in=found)
    others = titled.exclude(seller__party=work.party_id).with_listing()
    return others.defer("current__text__content").order_by("-first_seen_at", "-pk")


def counts_of(works: Sequence[Work]) -> dict[int, int]:
    """Return how many leads each of the works has, by primary key. One query."""
    matched = "current__text__matches_found__query"
    samples = {work.sample_id for work in works}
    found = Document.objects.filter(**{f"{matched}__in": samples})
    rows = list(found.values_list(matched, "pk", "seller__party").distinct())
    return {
        work.pk: sum(
            sample == work.sample_id and seller != work.party_id
            for sample, _document, seller in rows
        )
        for work in works
    }


def _newest_matches(work: Work) -> dict[int, Match]:
    rows = Match.objects.filter(query=work.sample_id).select_related("found")
    rows = rows.defer("found__content", "ignored", "parameters").order_by("at", "pk")
    return {match.found_id: match for match in rows}


def _documents(work: Work) -> QuerySet[Document]:
    """What the holder sells is theirs to sell: no lead."""
    active = Prefetch("restrictions", Restriction.objects.active())
    documents = Document.objects.with_listing().prefetch_related(active)
    return documents.exclude(seller__party=work.party_id).defer(
        "current__text__content"
    )


def _complained(work: Work, actor: Actor) -> dict[int, Case]:
    """Only this person's own complaints: those of others are not theirs to know."""
    cases = Case.objects.visible_to(actor).filter(claimant=work.party_id)
    own = cases.values("pk")
    items = CaseItem.objects.filter(Q(case__in=own) | Q(merged_from__in=own), work=work)
    rows = items.select_related("case", "merged_from").order_by("pk")
    return {item.document_id: item.merged_from or item.case for item in rows}


def _licensed(work: Work) -> set[tuple[str, int | None]]:
    rows = work.licences.standing().values_list("document", "seller")
    return {
        each
        for document, seller in rows
        for each in (("document", document), ("seller", seller))
    }


def _likeness(lead: Lead) -> tuple[float, int, str]:
    match = lead.match
    share = max(match.containment_query, match.containment_found)
    return share, match.longest_run, lead.document.number
