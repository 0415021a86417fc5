"""The exhibits of a case: of its works, its answers, its cures, its
proceedings and its extensions."""

from django.db.models import Q, QuerySet

from cases.models.case import Case, works_of
from evidence.models import Exhibit


def exhibits_of(case: Case) -> QuerySet[Exhibit]:
    """Return everything that was filed in a case, each once, oldest first."""
    filed = (
        Q(work__in=works_of(case))
        | Q(counter_notices__case=case)
        | Q(defects__case=case)
        | Q(proceedings__case=case)
        | Q(extensions__item__case=case)
        | Q(granted_extensions__item__case=case)
    )
    found = Exhibit.objects.filter(filed).order_by().values("pk")
    rows = Exhibit.objects.filter(pk__in=found)
    return rows.select_related("blob").order_by("filed_at", "pk")
