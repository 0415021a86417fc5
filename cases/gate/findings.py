"""What a screened file resembles, whose that is, and how weighty the likeness is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from cases.gate.policy import HELD, REFUSED
from cases.models import Restriction, Submission, SubmissionFinding
from cases.models.submissions import Outcome
from cases.restrictions import DOWN
from cases.workflows.item import ItemState
from evidence.floors import Floor, Footing, footing_of
from evidence.models import DocumentVersion, Licence, Match, Text, Work
from evidence.thresholds import in_force

# The likenesses behind which somebody's right stands.
RIGHTS = ("removed_copy", "removed", "work")
KEPT = 60
"""Findings that are kept of one file, the weightiest: nobody reads more."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A text that the file resembles. is_stored: the match is a row, and not the
    same stored text twice."""

    match: Match
    footing: Footing
    is_stored: bool

    @property
    def is_exact(self) -> bool:
        """Word for word the same, nothing more on either side."""
        found = self.match
        return (
            min(found.containment_query, found.containment_found) >= 1
            and len(found.passages) == 1
            and found.passages[0]["similarity"] == 1000
        )


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds the text that was found, by which right.

    is_own: the seller's own or one that they are licensed to offer.
    """

    likeness: str
    is_own: bool = False
    document: int | None = None
    work: int | None = None
    other: int | None = None


def findings_on(
    submission: Submission, text: Text, rules: Mapping[str, Outcome]
) -> list[SubmissionFinding]:
    """Return every likeness with what it leads to, the weightiest first; unsaved."""
    if text.state == Text.State.NO_TEXT:
        return [_untold("no_text", submission, rules)]
    matches = {match.found_id: match for match in _matches(text)}
    holders = list(_holders(submission, list(matches)))
    found = {
        key: _alike(matches[key], submission) for key in {key for key, _ in holders}
    }
    rows = [_row(submission, found[key], holder, rules) for key, holder in holders]
    rows.sort(key=_weight, reverse=True)
    unread = "unread_attachments" in text.flags
    if unread:
        rows[KEPT - 1 :] = [_untold("unread", submission, rules)]
    return rows


def found_since(
    submission: Submission, text: Text, rules: Mapping[str, Outcome]
) -> list[SubmissionFinding]:
    """Return what a person should see that was not there when the file was screened:
    works registered and documents taken down since; unsaved.

    Another seller's later copy is theirs to explain and none of these.
    """
    held = set(submission.findings.values_list("likeness", "found", "document", "work"))
    return [
        row
        for row in findings_on(submission, text, rules)
        if row.likeness in RIGHTS
        and row.outcome != Outcome.CLEARED
        and (row.likeness, row.found_id, row.document_id, row.work_id) not in held
    ]


def _untold(
    why: str, submission: Submission, rules: Mapping[str, Outcome]
) -> SubmissionFinding:
    return SubmissionFinding(submission=submission, likeness=why, outcome=rules[why])


def _matches(text: Text) -> Iterator[Match]:
    """What was matched under the parameters in force, and the text itself: the same
    bytes are stored once, whoever handed them in."""
    rows = Match.objects.filter(
        query=text, parameters_digest=in_force().digest()
    ).exclude(found=text)
    for match in rows.select_related("found").order_by("pk"):
        match.query = text
        yield match
    whole, size = [0, text.characters], text.characters
    passage = {"query": whole, "found": whole, "similarity": 1000, "length": size}
    yield Match(
        query=text,
        found=text,
        containment_query=1,
        containment_found=1,
        longest_run=size,
        passages=[passage],
    )


def _alike(match: Match, submission: Submission) -> Alike:
    footing = footing_of(match, submission.seller)
    return Alike(match, footing, is_stored=match.pk is not None)


def _holders(submission: Submission, texts: list[int]) -> Iterator[tuple[int, Holder]]:
    yield from _documents(submission, texts)
    party, seller = submission.seller.party_id, submission.seller
    licensed = set(Licence.objects.covering(seller).values_list("work", flat=True))
    for work in Work.objects.filter(sample__in=texts).order_by("pk"):
        is_own = party is not None and work.party_id == party
        is_own = is_own or work.pk in licensed
        yield work.sample_id, Holder("work", is_own, work=work.pk)
    others = Submission.objects.unpublished().filter(text__in=texts)
    for other in others.exclude(seller=submission.seller).order_by("pk"):
        yield other.text_id, Holder("submission", other=other.pk)


def _documents(
    submission: Submission, texts: list[int]
) -> Iterator[tuple[int, Holder]]:
    """One row a document, by its current version where that is among the texts."""
    versions = DocumentVersion.objects.filter(text__in=texts)
    versions = versions.select_related("document__seller").order_by("pk")
    chosen: dict[int, DocumentVersion] = {}
    for version in versions:
        is_current = version.document.current_id == version.pk
        if is_current or version.document_id not in chosen:
            chosen[version.document_id] = version
    down = _taken_down(chosen)
    for version in chosen.values():
        holder = Holder("document", document=version.document_id)
        if (rows := down.get(version.document_id)) is not None:
            yield version.text_id, _removed(holder, rows, submission)
        else:
            is_own = _is_sold_by(submission, version)
            yield version.text_id, replace(holder, is_own=is_own)


def _is_sold_by(submission: Submission, version: DocumentVersion) -> bool:
    seller, party = version.document.seller, submission.seller.party_id
    is_same_party = party is not None and seller.party_id == party
    return is_same_party or seller.pk == submission.seller_id


def _taken_down(documents: Iterable[int]) -> dict[int, list[Restriction]]:
    rows = Restriction.objects.active().filter(document__in=list(documents))
    found: dict[int, list[Restriction]] = {}
    rows = rows.filter(level__in=DOWN)
    for row in rows.select_related("item__work", "reported__case"):
        found.setdefault(row.document_id, []).append(row)
    return found


def _removed(holder: Holder, rows: list[Restriction], submission: Submission) -> Holder:
    """The uploader of what was taken down is not its owner: the complainant is.
    While a case is open nothing is settled, so the likeness is a mere lead."""
    is_final = any(_is_final(row) for row in rows)
    party = submission.seller.party_id
    is_own = party is not None and all(
        row.item is not None and row.item.work.party_id == party for row in rows
    )
    return replace(
        holder, likeness="removed_copy" if is_final else "removed", is_own=is_own
    )


def _is_final(row: Restriction) -> bool:
    if row.level == Restriction.Level.REMOVE:
        return True
    if row.item is not None:
        return bool(row.item.state == ItemState.FINAL)
    return row.reported is not None and row.reported.case.closed_at is not None


def _row(
    submission: Submission,
    alike: Alike,
    holder: Holder,
    rules: Mapping[str, Outcome],
) -> SubmissionFinding:
    found, footing = alike.match, alike.footing
    likeness = holder.likeness
    if likeness == "removed_copy" and not alike.is_exact:
        likeness = "removed"
    if holder.is_own:
        likeness = "own"
    elif Floor.LITTLE in footing.floors:
        likeness = "slight"
    outcome = rules[likeness]
    if outcome == REFUSED and not footing.may_act_alone:
        outcome = HELD
    return SubmissionFinding(
        submission=submission,
        likeness=likeness,
        outcome=outcome,
        found_id=found.found_id,
        match=found if alike.is_stored else None,
        document_id=holder.document,
        work_id=holder.work,
        other_id=holder.other,
        containment_query=found.containment_query,
        containment_found=found.containment_found,
        longest_run=found.longest_run,
        evidence=footing.evidence,
    )


def _weight(row: SubmissionFinding) -> tuple[int, float, int]:
    rank = list(Outcome).index(Outcome(row.outcome))
    return rank, row.containment_query, row.evidence
