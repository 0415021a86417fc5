"""Who complains: a person or an organisation, as 条例 14 asks, and its principal."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from cases.forms.uploads import ProofField
from cases.identity_numbers import is_credit_code, is_resident_number
from evidence.models import Party

Kind = Party.Kind
PHONE = RegexValidator(r"^\+?[0-9][0-9 ()-]{5,22}$", _("请填写电话号码，可含区号。"))


class DetailsForm(forms.Form):
    """What persons and organisations have in common; subclasses name the rest."""

    kind: str
    name = forms.CharField(label=_("姓名"), max_length=120)
    identity_number = forms.CharField(max_length=24)
    phone = forms.CharField(label=_("联系电话"), max_length=24, validators=[PHONE])
    email = forms.EmailField(label=_("电子邮箱"), max_length=200)
    address = forms.CharField(
        label=_("通信地址"),
        max_length=300,
        help_text=_("文书与反通知按此地址送达，请写到门牌号。"),
    )

    def clean_identity_number(self) -> str:
        number = re.sub(r"\s", "", self.cleaned_data["identity_number"]).upper()
        self.check_number(number)
        return number

    def check_number(self, number: str) -> None:
        """Raise ValidationError when the number's check place does not hold."""
        raise NotImplementedError

    def details(self) -> dict[str, str]:
        """Return the fields of PersonalDetails."""
        asked = [name for name in DETAILS if name in self.fields]
        return {name: self.cleaned_data[name] for name in asked}


DETAILS = (
    "name",
    "identity_number",
    "representative",
    "contact",
    "phone",
    "email",
    "address",
)


class PersonForm(DetailsForm):
    kind = Kind.PERSON
    identity_number = forms.CharField(
        label=_("公民身份号码"),
        max_length=24,
        help_text=_("加密保存，页面和文书中只显示首尾几位。"),
    )

    def check_number(self, number: str) -> None:
        if not is_resident_number(number):
            raise forms.ValidationError(_("号码有误：应为 18 位，且校验位须相符。"))


class OrganisationForm(DetailsForm):
    kind = Kind.ORGANISATION
    name = forms.CharField(label=_("名称"), max_length=200)
    identity_number = forms.CharField(
        label=_("统一社会信用代码"),
        max_length=24,
        help_text=_("营业执照或登记证书上的 18 位代码。"),
    )
    representative = forms.CharField(label=_("法定代表人或负责人"), max_length=80)
    contact = forms.CharField(label=_("联系人"), max_length=80)
    field_order = DETAILS

    def check_number(self, number: str) -> None:
        if not is_credit_code(number):
            raise forms.ValidationError(_("代码有误：应为 18 位，且校验位须相符。"))


FORMS: dict[str, type[DetailsForm]] = {
    Kind.PERSON: PersonForm,
    Kind.ORGANISATION: OrganisationForm,
}


class MandateForm(forms.Form):
    """Which of one's own parties is the agent, and since and until when."""

    agent = forms.ModelChoiceField(
        Party.objects.none(), label=_("代理人"), empty_label=None
    )
    since = forms.DateField(label=_("委托起始日"))
    until = forms.DateField(
        label=_("委托截止日"), required=False, help_text=_("未约定期限的可不填。")
    )
    authority = ProofField(
        label=_("授权委托书"),
        help_text=_("权限须包括提出和撤回通知、收受送达。扫描件或照片均可。"),
    )

    def __init__(self, *args: Any, parties: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        agents = self.fields["agent"]
        agents.queryset = parties  # type: ignore[attr-defined]
        agents.label_from_instance = lambda party: party.name  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        since, until = facts.get("since"), facts.get("until")
        if until and since and until < since:
            self.add_error("until", _("截止日早于起始日。"))
        elif until and until < self.today:
            self.add_error("until", _("委托期限已经届满。"))
        return facts
