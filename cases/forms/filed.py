"""What a complainant fills in after filing: a withdrawal, a notice of suit."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from cases.declarations import WITHDRAWAL_DECLARATIONS
from cases.extending import Plea
from cases.forms.signing import SigningForm
from cases.forms.works import date_input
from cases.models import CaseItem, Proceeding
from cases.proceedings import Particulars
from cases.terms import TERMS
from cases.workflows.copyright import Withdrawal
from cases.workflows.extension import Delay

WHOLE, PART = "whole", "part"
SCOPES = {PART: _("所选文档"), WHOLE: _("全案")}


class ItemsField(forms.ModelMultipleChoiceField[CaseItem]):
    """Documents of a case, named by position, number and title. numbers: what is
    said instead of the position, by the id of the document."""

    widget = forms.CheckboxSelectMultiple
    numbers: Mapping[int, int] = MappingProxyType({})

    def label_from_instance(self, item: Any) -> str:
        current = item.document.current
        return format_html(
            '{}. {} <span class="grey number">{}</span>',
            self.numbers.get(item.pk, item.position),
            current.title if current else "",
            item.document.number,
        )


class WithdrawForm(SigningForm):
    """The whole case, or some of its documents; signed either way."""

    scope = forms.ChoiceField(
        label=_("撤回范围"),
        choices=list(SCOPES.items()),
        widget=forms.RadioSelect,
    )
    items = ItemsField(CaseItem.objects.none(), label=_("要撤回的文档"), required=False)
    ground = forms.ChoiceField(
        label=_("撤回理由"), choices=Withdrawal.choices, widget=forms.RadioSelect
    )
    reasoning = forms.CharField(
        label=_("补充说明"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ["scope", "items", "ground", "reasoning", "declared", "signature"]

    def __init__(
        self, *args: Any, items: list[CaseItem], whole: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, declarations=WITHDRAWAL_DECLARATIONS, **kwargs)
        held = CaseItem.objects.filter(pk__in=[item.pk for item in items])
        field = self.fields["items"]
        field.queryset = held.select_related("document__current")  # type: ignore[attr-defined]
        if not whole:
            # A closed case is over: only its documents can still be let go.
            self._leave_only(PART)
        elif not items:
            # An order holds every document: the complaint can still be let go.
            self._leave_only(WHOLE)
            del self.fields["items"]

    def _leave_only(self, scope: str) -> None:
        field = self.fields["scope"]
        field.choices = [(scope, SCOPES[scope])]  # type: ignore[attr-defined]
        field.initial = scope

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if facts.get("scope") == PART and not facts.get("items"):
            self.add_error("items", _("请勾选要撤回的文档。"))
        return facts


class ProceedingForm(forms.Form):
    """What was begun; the papers that show it may follow (a formset beside)."""

    items = ItemsField(CaseItem.objects.none(), label=_("涉及的文档"))
    kind = forms.ChoiceField(
        label=_("种类"),
        choices=[
            (Proceeding.Kind.SUIT, Proceeding.Kind.SUIT.label),
            (Proceeding.Kind.COMPLAINT, Proceeding.Kind.COMPLAINT.label),
        ],
        widget=forms.RadioSelect,
    )
    authority = forms.CharField(label=_("法院或机关"), max_length=200)
    docket = forms.CharField(
        label=_("案号或受理号"),
        max_length=100,
        required=False,
        help_text=_("尚未取得的可以不填，之后随证明补交。"),
    )
    begun_on = forms.DateField(label=_("起诉或投诉的日期"), widget=date_input())
    against_uploader = forms.BooleanField(
        label=_("被告或被投诉人为该文档的上传人"), required=False, initial=True
    )

    def __init__(
        self,
        *args: Any,
        items: Any,
        numbers: Mapping[int, int],
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["items"].numbers = numbers  # type: ignore[attr-defined]
        self.fields["items"].queryset = items  # type: ignore[attr-defined]

    def clean_begun_on(self) -> date:
        day: date = self.cleaned_data["begun_on"]
        if day > self.today:
            raise forms.ValidationError(_("日期不能晚于今天。"))
        return day

    def particulars(self) -> Particulars:
        told = self.cleaned_data
        return Particulars(
            kind=told["kind"],
            authority=told["authority"],
            begun_on=told["begun_on"],
            docket=told["docket"],
            against_uploader=told["against_uploader"],
        )


class ExtensionForm(forms.Form):
    """Why the waiting should be longer, and by how much; proof stands beside."""

    ground = forms.ChoiceField(
        label=_("事由"), choices=Delay.choices, widget=forms.RadioSelect
    )
    days = forms.IntegerField(
        label=_("申请延长的工作日"),
        min_value=1,
        max_value=TERMS["civil1196"].extension,
    )
    reasoning = forms.CharField(
        label=_("说明"),
        min_length=10,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("向哪个机构、何时申请，预计何时办结。"),
    )

    def plea(self) -> Plea:
        told = self.cleaned_data
        return Plea(told["ground"], told["days"], told["reasoning"])
