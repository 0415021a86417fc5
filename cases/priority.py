"""Why a report case stands where it stands in the queue: points, each with its word.

The points order the queue within a priority; the clock stays the law. Nothing here is
a verdict, and a guest without any check adds nothing to the number of reporters.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from cases.models import Case, Report, Ruling
from cases.reasons import REASONS, priority_of
from cases.workflows.report import Outcome

BY_PRIORITY = (1_000, 500, 200, 0)
MINORS, EACH_REPORTER, MOST_REPORTERS = 200, 20, 200
AUTHORITY, LEAD = 300, 60
ACCURATE, INACCURATE = 80, -80
LATE, HALF_GONE, HALF = 400, 100, 0.5
# Fewer decided reports than this say nothing about who filed them.
ENOUGH_DECIDED = 5
JUDGED = (Outcome.UPHELD, Outcome.PARTLY, Outcome.NOT_UPHELD, Outcome.INVALID)


@dataclass(frozen=True, slots=True)
class Factor:
    """One line of the explanation."""

    label: str
    points: int


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How the decided reports of an account turned out; per_cent is None for few."""

    decided: int
    upheld: int

    @property
    def per_cent(self) -> int | None:
        if self.decided < ENOUGH_DECIDED:
            return None
        return round(100 * self.upheld / self.decided)


def accuracy_of(user_id: int) -> Accuracy:
    """What was found for a reason of another group neither counts for who reported
    nor against: they were there when somebody else was right."""
    last = Ruling.objects.filter(case=OuterRef("case")).order_by("-at", "-pk")
    rows = Report.objects.filter(user=user_id, outcome__in=JUDGED).annotate(
        group=Substr("reason", 1, 1),
        found=Substr(Subquery(last.values("basis")[:1]), 1, 1),
    )
    found = Q(outcome__in=(Outcome.UPHELD, Outcome.PARTLY))
    counted = rows.aggregate(
        decided=Count("pk", filter=~found | Q(group=F("found"))),
        upheld=Count("pk", filter=found & Q(group=F("found"))),
    )
    return Accuracy(counted["decided"], counted["upheld"])


def factors_of(case: Case, *, at: datetime | None = None) -> list[Factor]:
    """Return what the points of a case are made of, the weightiest first.

    at: also what its clock says at that moment; the stored score leaves that out, and
    the queue reads the clock itself.
    """
    reports = case.reports.standing()
    told = reports.aggregate(
        people=Count("pk", filter=~Q(checked=Report.Checked.NONE)),
        minors=Count("pk", filter=Q(minors=True)),
        authority=Count("pk", filter=Q(source=Report.Source.AUTHORITY)),
        leads=Count("pk", filter=Q(match__isnull=False)),
    )
    reason = REASONS[case.reason]
    factors = [
        Factor(
            _("事由 %(code)s %(label)s") % {"code": reason.code, "label": reason.label},
            BY_PRIORITY[case.priority or 0],
        )
    ]
    if told["minors"]:
        factors.append(Factor(_("涉及未成年人"), MINORS))
    if told["authority"]:
        factors.append(Factor(_("来自主管部门"), AUTHORITY))
    if told["people"]:
        points = min(MOST_REPORTERS, EACH_REPORTER * told["people"])
        people = _("经验证的举报人 %(n)d 名") % {"n": told["people"]}
        factors.append(Factor(people, points))
    if told["leads"]:
        factors.append(Factor(_("有文本比对线索"), LEAD))
    factors += _past(case)
    factors += _spread(case)
    if at is not None:
        factors += _age(case, at)
    return sorted(factors, key=lambda factor: -abs(factor.points))


def urgency_of(report: Report) -> int:
    return int(priority_of(report.reason, minors=report.minors))


def weigh(case: Case) -> None:
    """Count the points of a case anew, as they stand now."""
    Case.objects.filter(pk=case.pk).update(score=score_of(case))


def score_of(case: Case) -> int:
    return sum(factor.points for factor in factors_of(case))


def _age(case: Case, at: datetime) -> list[Factor]:
    """How much of the time to handle it is gone."""
    rows = case.deadlines.filter(ended_at__isnull=True, clock__startswith="sla_")
    row = rows.order_by("due_at").first()
    if row is None:
        return []
    if row.due_at <= at:
        return [Factor(_("已超过处理期限"), LATE)]
    gone = (at - row.started_at) / (row.due_at - row.started_at)
    return [Factor(_("处理期限已过半"), HALF_GONE)] if gone >= HALF else []


def _past(case: Case) -> list[Factor]:
    """The best and the worst past of those who reported from an account."""
    users = case.reports.standing().filter(user__isnull=False)
    pasts = [
        past.per_cent
        for user in users.values_list("user", flat=True).distinct()[:50]
        if (past := accuracy_of(user)).per_cent is not None
    ]
    if not pasts:
        return []
    best = max(pasts)
    label = _("举报人以往准确率 %(share)d%%") % {"share": best}
    if best >= 80:
        return [Factor(label, ACCURATE)]
    return [Factor(label, INACCURATE)] if best < 30 else []


def _spread(case: Case) -> list[Factor]:
    """What was sold often does more harm for every hour that it stays."""
    listings = case.reported_documents.values_list("snapshot__listing", flat=True)
    downloads = sum(listing.get("downloads") or 0 for listing in listings)
    points = min(100, downloads // 10)
    if not points:
        return []
    return [Factor(_("下载 %(n)d 次") % {"n": downloads}, points)]
