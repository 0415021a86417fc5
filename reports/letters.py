"""Our letters (文书): a Notice row becomes a paper, for the reader and for print.

What may be said to whom is decided here: to an uploader a natural person is a mask,
to a claimant a seller is nothing but the mask of the marketplace. Nothing calls a
document infringing; before an item is final not even a consequence is called settled.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cases.calendars import CHINA
from cases.clocks import CLOCKS, zone_of
from cases.models import Case, CaseItem, Notice, Restriction
from cases.models.item import named_in
from cases.notices import Kind
from cases.profiles import profile_of
from evidence.actors import Role
from evidence.comparison import percent, place_of
from evidence.models import Match, Party
from reports.answers import about_answer, about_filing
from reports.mergers import about_merger, complainants_of
from reports.pdf import in_chinese, pdf
from reports.redaction import Redaction
from reports.report_letters import addressee_of, said_of
from reports.told import LAST_MOMENT, window_of
from reports.wording import ANSWERED, SCOPES

C, U, R = Role.CLAIMANT, Role.UPLOADER, Role.REPORTER
# (the kind of the entry that caused the letter, its audience) → templates/letters/
TEMPLATES = {
    ("copyright.submit", C): "receipt",
    ("copyright.accept", C): "acceptance",
    ("copyright.find_defects", C): "defects_notice",
    ("copyright.cure", C): "receipt_cure",
    ("copyright.lapse", C): "lapse_notice",
    ("copyright.reject", C): "rejection",
    ("copyright.set_apart", C): "receipt_part",
    ("copyright.withdraw", C): "withdrawal_case",
    ("copyright.merge", C): "merger",
    ("copyright.take_in", C): "merger_joined",
    ("copyright.unmerge", C): "merger_undone",
    ("copyright.unmerge_accepted", C): "merger_undone",
    ("copyright.give_back", C): "merger_parted",
    ("item.measure_and_forward", U): "forwarding_measured",
    ("item.measure_and_forward", C): "decision_measured",
    ("item.assess_no_measure", U): "forwarding_no_measure",
    ("item.assess_no_measure", C): "decision_no_measure",
    ("item.finalise", U): "decision_final_uploader",
    ("item.finalise", C): "decision_final_claimant",
    ("item.drop", C): "withdrawal_item",
    ("item.withdraw", C): "withdrawal_item",
    ("item.withdraw", U): "restoration_uploader",
    ("item.forward_counter", C): "counter_waiting",
    ("item.forward_counter", U): "answer_forwarded",
    ("item.restore_at_once", C): "counter_at_once",
    ("item.restore_at_once", U): "restoration_uploader",
    ("item.restore_cured", C): "restoration_claimant",
    ("item.restore_cured", U): "restoration_uploader",
    ("item.restore_reversed", C): "restoration_claimant",
    ("item.restore_reversed", U): "restoration_uploader",
    ("item.restore", C): "restoration_claimant",
    ("item.restore", U): "restoration_uploader",
    ("item.restore_after_proceeding", C): "restoration_claimant",
    ("item.restore_after_proceeding", U): "restoration_uploader",
    ("item.ask_extension", C): "receipt_extension",
    ("item.refuse_extension", C): "extension_refused",
    ("item.extend", C): "extension",
    ("item.extend", U): "extension",
    ("item.await_outcome", C): "maintenance",
    ("item.await_outcome", U): "maintenance",
    ("item.obey_order", C): "maintenance",
    ("item.obey_order", U): "maintenance",
    ("item.outlast_order", C): "maintenance",
    ("item.outlast_order", U): "maintenance",
    ("item.reinstate", C): "reinstatement",
    ("item.reinstate", U): "reinstatement",
    ("item.reinstate_final", C): "reinstatement",
    ("item.reinstate_final", U): "reinstatement",
    ("item.restore_dismissed", C): "restoration_claimant",
    ("item.restore_dismissed", U): "restoration_uploader",
    ("item.stay_final", C): "decision_unmoved",
    ("item.stay_final", U): "decision_unmoved",
    ("item.confirm", C): "decision_confirmed",
    ("item.confirm", U): "decision_confirmed",
    ("counter_notice.file", U): "receipt_counter",
    ("counter_notice.find_defects", U): "defects_counter",
    ("counter_notice.cure", U): "receipt_cure",
    ("counter_notice.lapse", U): "lapse_counter",
    ("counter_notice.reject", U): "answer_rejected_uploader",
    ("counter_notice.reject", C): "answer_rejected_claimant",
    ("counter_notice.moot", U): "answer_moot",
    ("proceeding.notify", C): "proof",
    ("proceeding.return_proof", C): "proof",
    ("proceeding.acknowledge", C): "proof_docketing",
    ("item.announce", U): "announcement",
    ("report.request_info", R): "report_question",
    ("report.lapse", R): "report_lapsed",
    ("report.turn_down", R): "report_set_aside",
    ("report.tell_again", R): "report_outcome",
    ("report.transfer", R): "report_transferred",
    ("report.restrict", U): "report_interim_uploader",
    ("report.restrict", R): "report_interim_reporter",
    ("report.end_restriction", U): "report_interim_ended",
    ("report.end_restriction", R): "report_interim_ended",
    ("report.decide", U): "report_statement",
    ("report.end_measures", U): "report_measures_ended",
    ("report.decide", R): "report_outcome",
    **{
        (f"account.{step}", U): "account_measure"
        for step in ("begin", "close", "uphold", "lift", "expire", "void")
    },
    ("appeal.uphold", U): "appeal_answered",
    ("appeal.uphold", R): "appeal_answered",
    ("appeal.dismiss", U): "appeal_answered",
    ("appeal.dismiss", R): "appeal_answered",
    ("appeal.overturn", U): "appeal_changed_uploader",
    ("appeal.overturn", R): "appeal_changed_reporter",
    ("appeal.restore_mended", U): "appeal_mended_uploader",
    ("appeal.restore_mended", R): "appeal_mended_reporter",
    ("appeal.amend", U): "appeal_changed_uploader",
    ("appeal.amend", R): "appeal_changed_reporter",
}

# Where a statute of elsewhere asks for other words.
BY_PROFILE = {
    ("item.forward_counter", C, "dmca"): "counter_waiting_us",
    ("item.forward_counter", U, "dmca"): "answer_forwarded_us",
}
# Who is left without a measure reads no reasons for those of others.
UNMEASURED = {"report_statement": "report_unmeasured"}
PLACES_NAMED = 8
# Nothing is lifted after these (docs/adr/0032).
UNRESTRICTED = ("", Restriction.Level.ONLY_FORWARD)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it is laid on paper. reference: the case's, "" where there is none.
    body: whole sentences, as safe HTML."""

    reference: str
    number: str
    title: str
    sender: str
    body: SafeString
    on: date


@dataclass(frozen=True, slots=True)
class Likeness:
    """What the comparison of the two texts found: a lead, in whole per cent."""

    found: int
    longest_run: int
    passages: int
    places: str


def letter_of(notice: Notice) -> Letter:
    """Render a notice for its own audience, in Chinese."""
    with in_chinese():
        key = notice.entry.kind, Role(notice.audience)
        base = notice.facts["profile"].partition(":")[0]
        name, said = BY_PROFILE.get((*key, base), TEMPLATES[key]), _said(notice)
        if not said.get("measures"):
            name = UNMEASURED.get(name, name)
        return Letter(
            reference=notice.case.stream,
            number=notice.number,
            title=str(Kind(notice.kind).label),
            sender=_operator(notice)["name"] or _operator(notice)["site_name"],
            body=SafeString(render_to_string(f"letters/{name}.html", said).strip()),
            on=date.fromisoformat(notice.facts["on"]),
        )


def sheet_of(letter: Letter) -> SafeString:
    """Lay a letter on the paper that page and PDF share."""
    with in_chinese():
        numbers = {"number": letter.number, "reference": letter.reference}
        said = _("文号 %(number)s　案号 %(reference)s")
        if not letter.reference:
            said = _("文号 %(number)s")
        context = {
            "sender": letter.sender,
            "number": said % numbers,
            "title": letter.title,
            "body": letter.body,
            "on": letter.on,
        }
        return render_to_string("_components/sheet.html", context)


def letter_pdf_of(notice: Notice) -> bytes:
    """Print a letter, dated when it was written. Raises PrintingUnavailable."""
    letter = letter_of(notice)
    with in_chinese():
        context = {"letter": letter, "sheet": sheet_of(letter), "at": notice.at}
        return pdf(render_to_string("letters/print.html", context), at=notice.at)


def _operator(notice: Notice) -> dict[str, str]:
    operator: dict[str, str] = notice.facts["operator"]
    return operator


def _said(notice: Notice) -> dict[str, Any]:
    """Return what the sentences name, already masked for this audience."""
    case, item = notice.case, notice.item
    shown = _shown_to(Role(notice.audience))
    chosen = notice.facts["profile"]
    profile = profile_of(chosen) if chosen else None
    said: dict[str, Any] = {
        "addressee": _addressee(notice),
        "reference": case.stream,
        "act_on": date.fromisoformat(notice.facts["on"]),
        "filed_at": case.submitted_at,
        "claimant": shown(case.claimant),
        "agent": shown(case.agent),
        "profile": profile,
        "answered": ANSWERED[profile.base] if profile else "",
        "contacts": contacts_of(_operator(notice)),
        "due": {
            clock: datetime.fromisoformat(at).astimezone(CHINA)
            for clock, at in notice.facts["due"].items()
        },
    }
    # 24:00 of the last day is the first moment after a clock in days.
    said["ends"] = {
        clock: (at - LAST_MOMENT).astimezone(zone_of(CLOCKS[clock], profile))
        for clock, at in said["due"].items()
        if profile is not None
    }
    if case.kind == Case.Kind.REPORT:
        return said | said_of(notice)
    said |= about_filing(notice)
    return said | (_about(notice, item) if item else _about_case(notice))


def _about_case(notice: Notice) -> dict[str, Any]:
    items = _named(notice)
    works = {item.work_id: item.work for item in items}
    return {"items": items, "works": list(works.values())} | about_merger(notice)


def _named(notice: Notice) -> list[CaseItem]:
    """The documents that the case had when the letter was written: what it named
    itself, and what had joined it by then."""
    case = notice.case
    came = case.items.filter(merged_from__closed_at__lte=notice.at)
    joined = came.select_related("snapshot", "work").order_by("position")
    return [*named_in(case), *joined]


def _about(notice: Notice, item: CaseItem) -> dict[str, Any]:
    """What was decided, measured and set as a term when the letter was written: an
    order, a withdrawal or a second window may have come since."""
    decision = getattr(notice.entry, "decision", None)
    decided = item.decisions.filter(entry__lte=notice.entry_id).order_by("entry")
    last, reasoned = decided.last(), decided.exclude(reasoning="").last()
    measure = last.measure if last else ""
    # An examiner may have quoted the notice: the other side reads no names.
    redact = Redaction(complainants_of(notice.case) if notice.seller else [])
    exhibits = {exhibit.kind: exhibit for exhibit in item.work.exhibits.order_by("pk")}
    return {
        "item": item,
        "listing": item.snapshot.listing if item.snapshot else {},
        "work": item.work,
        "proof": "、".join(each.get_kind_display() for each in exhibits.values()),
        "decision": decision,
        "decider": Role(decision.decided_by).label if decision else "",
        "finding": item.get_finding_display(),
        "reasoning": redact(reasoned.reasoning) if reasoned else "",
        "measure": Restriction.Level(measure).label if measure else "",
        "scope": SCOPES.get(measure, ""),
        "is_restricted": measure not in UNRESTRICTED,
        "window": window_of(notice, item),
        "likeness": _likeness(item.match) if _was_known(notice, item) else None,
    } | about_answer(notice, item)


def _was_known(notice: Notice, item: CaseItem) -> bool:
    """A letter says what was known when it was written, whenever it is read."""
    found = item.matched_at
    return item.match is not None and (found is None or found <= notice.at)


def _likeness(match: Match | None) -> Likeness:
    if match is None:
        raise ValueError("asked of what was not compared")
    labels: dict[str, None] = {}
    for passage in sorted(match.passages, key=lambda each: each["found"]):
        labels[place_of(match.found, *passage["found"]).label] = None
    named = list(labels)[:PLACES_NAMED]
    more = _("等") if len(labels) > PLACES_NAMED else ""
    return Likeness(
        found=percent(match.containment_found),
        longest_run=match.longest_run,
        passages=len(match.passages),
        places="、".join(named) + more,
    )


def _shown_to(audience: Role) -> Callable[[Party | None], str]:
    """Names go to the claimant's side in full, to the uploader as masks."""

    def name(party: Party | None) -> str:
        if party is None:
            return ""
        return party.masked_name if audience == Role.UPLOADER else party.name

    return name


def _addressee(notice: Notice) -> str:
    if notice.party is not None:
        return notice.party.name
    if notice.report is not None:
        return addressee_of(notice)
    mask = notice.seller.mask if notice.seller else ""
    return _("卖家账号 %(mask)s") % {"mask": mask} if mask else _("上传人")


def contacts_of(operator: dict[str, str]) -> str:
    """Name every way in which the operator can be reached."""
    ways = {
        _("电子邮箱"): operator["email"],
        _("通信地址"): operator["address"],
        _("电话"): operator["phone"],
    }
    named = [f"{way} {value}" for way, value in ways.items() if value]
    return "，".join(named) or _("本站首页公布的联系方式")
