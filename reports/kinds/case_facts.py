"""What a case file says, as plain values: the page shows them, the JSON carries them.

The keys are the sections of the paper. Values are strings, whole numbers, instants,
dates, lists and dicts; money is in cents, sizes in bytes.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from cases.chronicle import ranges
from cases.declarations import every_declaration
from cases.models import CaseItem, Restriction
from cases.profiles import profile_of
from cases.workflows.item import ItemState
from evidence.models import Party, Work
from reports import redaction
from reports.kinds.case_contest import contest_of
from reports.kinds.case_decisions import decisions_told
from reports.kinds.case_exhibits import Exhibits
from reports.kinds.case_pairs import methods_told, pairs_told
from reports.kinds.case_proceeds import proceeds_of, yuan
from reports.kinds.case_rows import CaseRows
from reports.models import CaseFile
from reports.redaction import Redaction
from reports.timeline import role_label, subject_of, told

FORMAT = "anjian.case_file/1"
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Edition:
    """How much is shown: all of it, or with personal data masked."""

    code: str
    redact: Redaction

    @property
    def is_full(self) -> bool:
        return self.code == CaseFile.Edition.FULL

    def name(self, party: Party) -> str:
        return party.name if self.is_full else party.masked_name

    def signed(self, author: str) -> str:
        """An author's name is a person's, also where the complainant is a firm."""
        return author if self.is_full else redaction.masked_name(author)


def facts_of(rows: CaseRows, edition: str, *, at: datetime) -> Facts:
    """Return every section; the language in force is that of the words."""
    shown = Edition(
        edition, Redaction([] if edition == CaseFile.Edition.FULL else rows.parties)
    )
    exhibits = Exhibits(rows, shown.redact, with_names=shown.is_full)
    return {
        "format": FORMAT,
        "cover": _cover(rows, shown, at),
        "summary": _summary(rows),
        "parties": _parties(rows, shown),
        "works": [_work(work, shown, exhibits) for work in rows.works],
        "documents": [_document(item, shown, exhibits) for item in rows.items],
        "comparison": pairs_told(rows.items, shown.redact),
        "methods": methods_told(rows.items),
        "timeline": _timeline(rows),
        "contest": contest_of(rows, shown.redact, shown.name, exhibits),
        "decisions": decisions_told(rows, shown.redact),
        "measures": [_measure(row, rows) for row in rows.restrictions],
        "proceeds": proceeds_of(rows.items, rows.income),
        "manifest": exhibits.manifest,
        "seal": rows.seal,
    }


def _cover(rows: CaseRows, shown: Edition, at: datetime) -> Facts:
    return {
        "reference": rows.case.stream,
        "kind": str(rows.case.get_kind_display()),
        "edition": shown.code,
        "edition_label": str(CaseFile.Edition(shown.code).label),
        "operator": dict(settings.OPERATOR),
        "made_at": at,
        "time_zone": "Asia/Shanghai (UTC+8)",
        "stream_length": rows.head.length,
        "stream_hash": rows.head.hash,
        "chain_holds": not rows.verification.breaks,
    }


def _notice(rows: CaseRows) -> Facts:
    """What the notice named when it was filed; a part that was split off has none of
    its own. What was merged into the case since has another one."""
    filed = [each.payload for each in rows.entries if each.kind == "copyright.submit"]
    if filed:
        return {"works": filed[0]["works"], "documents": filed[0]["items"]}
    return {"works": len(rows.works), "documents": len(rows.items)}


def _summary(rows: CaseRows) -> Facts:
    case, states = rows.case, Counter(item.state for item in rows.items)
    profile = profile_of(case.clock_profile) if case.clock_profile else None
    return {
        "state": case.state,
        "state_label": str(case.get_state_display()),
        **_notice(rows),
        "results": [
            {
                "state": state.value,
                "label": str(state.label),
                "documents": states[state],
            }
            for state in ItemState
            if state in states
        ],
        "submitted_at": case.submitted_at,
        "accepted_at": case.accepted_at,
        "closed_at": case.closed_at,
        "profile": case.clock_profile,
        "profile_label": str(profile.label) if profile else "",
        "article": str(profile.article) if profile else "",
        "mergers": rows.mergers,
    }


def _parties(rows: CaseRows, shown: Edition) -> Facts:
    case = rows.case
    acting = [(_("投诉人"), case.claimant), (_("代理人"), case.agent)]
    return {
        "acting": [_party(role, party, shown) for role, party in acting if party],
        "sellers": _sellers(rows, shown),
        "statements": [
            {
                "signed_by": shown.name(row.party),
                "signed_at": row.signed_at,
                "signature_digest": row.signature_digest,
                "declared": _declared(row.declarations),
            }
            for row in rows.statements
        ],
    }


def _party(role: str, party: Party, shown: Edition) -> Facts:
    """Empty strings are what the party did not give, or what was erased since."""
    kept = getattr(party, "details", None)
    held = {name: getattr(kept, name, "") for name in redaction.PERSONAL}
    if not shown.is_full:
        held = {name: redaction.MASKS[name](value) for name, value in held.items()}
    return {
        "role": role,
        "kind": str(party.get_kind_display()),
        "name": shown.name(party),
        **held,
    }


def _declared(declarations: list[dict[str, str]]) -> list[Facts]:
    """Pair each sealed declaration with today's text, and say whether it is that."""
    known = every_declaration()
    rows = []
    for sealed in declarations:
        text = known.get(sealed["code"])
        rows.append(
            {
                "code": sealed["code"],
                "sha256": sealed["sha256"],
                "text": str(text.text) if text else "",
                "unchanged": bool(text and text.sha256 == sealed["sha256"]),
            }
        )
    return rows


def _sellers(rows: CaseRows, shown: Edition) -> list[Facts]:
    """One row an account: accounts that share a mask are still two accounts."""
    listed: dict[int, list[int]] = {}
    sellers = {}
    for item in rows.items:
        seller = item.document.seller
        sellers[seller.pk] = seller
        listed.setdefault(seller.pk, []).append(item.position)
    return [
        {
            "mask": seller.mask,
            "account": (seller.marketplace_id or "") if shown.is_full else "",
            "name": seller.party.name if shown.is_full and seller.party else "",
            "positions": ranges(listed[pk]),
        }
        for pk, seller in sellers.items()
    ]


def _work(work: Work, shown: Edition, exhibits: Exhibits) -> Facts:
    return {
        "title": shown.redact(work.title),
        "kind": str(work.get_kind_display()),
        "holder": shown.name(work.party),
        "author": shown.signed(work.author),
        "origin": str(work.get_origin_display()),
        "completed_on": work.completed_on,
        "published_on": work.published_on,
        "publication": shown.redact(work.publication),
        "registration": shown.redact(work.registration),
        "characters": work.sample.characters,
        "exhibits": exhibits.of_work(work),
    }


def _document(item: CaseItem, shown: Edition, exhibits: Exhibits) -> Facts:
    listing = item.snapshot.listing if item.snapshot else {}
    uploaded = listing.get("uploaded_on")
    return {
        "position": item.position,
        "number": listing.get("number", ""),
        "title": shown.redact(listing.get("title", "")),
        "seller": listing.get("seller", ""),
        "uploaded_on": date.fromisoformat(uploaded) if uploaded else None,
        "format": listing.get("format", ""),
        "size_bytes": listing.get("size_bytes"),
        "pages": listing.get("pages"),
        "price_cents": listing.get("price_cents"),
        "price": yuan(listing.get("price_cents")),
        "downloads": listing.get("downloads"),
        "work": shown.redact(item.work.title),
        "manner": str(item.get_manner_display()),
        "taken_at": item.snapshot.taken_at if item.snapshot else None,
        "file_sha256": item.snapshot.blob.sha256 if item.snapshot else "",
        "snapshot_sha256": item.snapshot.sha256 if item.snapshot else "",
        "exhibit": exhibits.of_item(item),
        "state": item.state,
        "state_label": str(item.get_state_display()),
    }


def _timeline(rows: CaseRows) -> list[Facts]:
    positions = {item.pk: item.position for item in rows.items}
    return [
        {
            "seq": entry.seq,
            "at": entry.at,
            "kind": entry.kind,
            "told": told(entry.kind),
            "subject": subject_of(entry, positions),
            "role": role_label(entry.role),
            "hash": entry.hash,
        }
        for entry in rows.entries
    ]


def _measure(row: Restriction, rows: CaseRows) -> Facts:
    assert row.item is not None  # noqa: S101 -- case files are of complaints
    return {
        "position": row.item.position,
        "number": rows.numbers[row.item.pk],
        "level": row.level,
        "level_label": str(Restriction.Level(row.level).label),
        "placed_at": row.placed_at,
        "lifted_at": row.lifted_at,
    }
