"""What the queue can be narrowed to, and its orders."""

from datetime import datetime, timedelta
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cases.models import Case, CaseItem
from cases.permissions.desk import EXAMINERS
from cases.workflows.copyright import CaseState
from evidence.actors import Actor
from moderation.desk.queue import held_by, unclaimed
from moderation.models import User

ALL = "all"
ME, NOBODY = "me", "nobody"
STATES = [
    (ALL, _("全部状态")),
    *[(value, label) for value, label in CaseState.choices if value != "draft"],
]
# days: filed within them when positive, earlier than them when negative.
AGES = [
    ("1", _("24 小时内提交")),
    ("3", _("3 天内提交")),
    ("7", _("7 天内提交")),
    ("-3", _("提交已超过 3 天")),
    ("-7", _("提交已超过 7 天")),
]
ORDERS = {
    "due": (_("按到期时间"), F("due_at").asc(nulls_last=True)),
    "oldest": (_("最早提交在前"), F("submitted_at").asc()),
    "newest": (_("最近提交在前"), F("submitted_at").desc()),
    "similarity": (_("按相似度"), F("similarity").desc(nulls_last=True)),
}


def examiners() -> list[tuple[str, Any]]:
    people = User.objects.filter(duty__in=EXAMINERS, is_active=True).order_by("pk")
    named = [(str(person.pk), str(person)) for person in people]
    return [(ME, _("我领取的")), (NOBODY, _("无人领取")), *named]


class CaseFilter(filters.FilterSet):  # type: ignore[misc]
    """Filters over `queue.with_columns`. Left empty, it shows the open cases."""

    text = filters.CharFilter(
        method="with_text",
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "placeholder": _("案号、文档编号或标题、作品"),
                "aria-label": _("搜索案件"),
                "data-search": True,
                "maxlength": 100,
            }
        ),
    )
    state = filters.ChoiceFilter(
        method="in_state", choices=STATES, empty_label=_("未结案")
    )
    kind = filters.ChoiceFilter(choices=Case.Kind.choices, empty_label=_("全部类型"))
    age = filters.ChoiceFilter(
        method="of_age", choices=AGES, empty_label=_("提交时间不限")
    )
    assignee = filters.ChoiceFilter(
        method="assigned_to", choices=examiners, empty_label=_("全部处理人")
    )
    sort = filters.ChoiceFilter(
        method="in_order",
        choices=[(code, label) for code, (label, _order) in ORDERS.items()],
        empty_label=None,
    )

    def __init__(self, *args: Any, actor: Actor, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.at = actor, at
        for name, label in LABELS.items():
            self.form.fields[name].widget.attrs |= {
                "aria-label": label,
                "data-submit-on-change": True,
            }

    @property
    def is_narrowed(self) -> bool:
        """Something other than the order was asked for."""
        return any(self.form.data.get(name) for name in self.filters if name != "sort")

    def filter_queryset(self, queryset: QuerySet[Case]) -> QuerySet[Case]:
        # An empty choice reaches no method: what it means is said here.
        if not self.form.cleaned_data.get("state"):
            queryset = queryset.exclude(state=CaseState.CLOSED)
        rows: QuerySet[Case] = super().filter_queryset(queryset)
        return self.in_order(rows, "sort", self.form.cleaned_data.get("sort"))

    def with_text(self, rows: QuerySet[Case], _name: str, text: str) -> QuerySet[Case]:
        """The case number, or a document's number or title, or a work's title."""
        text = text.strip()
        items = CaseItem.objects.filter(
            Q(document__number=text)
            | Q(snapshot__version__title__icontains=text)
            | Q(work__title__icontains=text)
        )
        return rows.filter(
            Q(reference__icontains=text) | Q(pk__in=items.values("case"))
        )

    def in_state(self, rows: QuerySet[Case], _name: str, state: str) -> QuerySet[Case]:
        return rows if state == ALL else rows.filter(state=state)

    def of_age(self, rows: QuerySet[Case], _name: str, age: str) -> QuerySet[Case]:
        days = int(age)
        edge = self.at - timedelta(days=abs(days))
        return rows.filter(
            Q(submitted_at__gte=edge) if days > 0 else Q(submitted_at__lt=edge)
        )

    def assigned_to(self, rows: QuerySet[Case], _name: str, who: str) -> QuerySet[Case]:
        if who == NOBODY:
            return unclaimed(rows, self.at)
        mine = self.actor.user_id
        return held_by(rows, mine or 0 if who == ME else int(who))

    def in_order(self, rows: QuerySet[Case], _name: str, order: str) -> QuerySet[Case]:
        _label, first = ORDERS.get(order) or ORDERS["due"]
        return rows.order_by(first, "submitted_at", "pk")


LABELS = {
    "state": _("状态"),
    "kind": _("类型"),
    "age": _("提交时间"),
    "assignee": _("处理人"),
    "sort": _("排序"),
}
