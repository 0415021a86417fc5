"""What an examiner fills in: one form for each step that a person takes.

Every form carries the version that its page showed, so that a decision on a stale
page is refused and not written over somebody else's.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from cases.errors import Sentence
from cases.models import Restriction
from cases.profiles import Profile, released
from cases.workflows.item import Finding

Level = Restriction.Level
LEAST_REASONING = 20

LEVELS: dict[Level, Sentence] = {
    Level.ONLY_FORWARD: _("不限制文档，只把投诉转给上传人，请其答复。"),
    Level.STOP_DOWNLOAD: _("文档页和预览保留，停止下载。"),
    Level.LIMIT_PREVIEW: _("文档页保留，不再提供预览和下载。"),
    Level.INTERIM_DOWN: _("文档暂不可访问，移出检索；答复期内可以恢复。"),
    Level.REMOVE: _("文档不可访问，移出检索；证据充分、且其他措施不足以制止时使用。"),
}
FINDINGS: dict[Finding, Sentence] = {
    Finding.EVIDENCE: _("材料不能初步证明权属或侵权。"),
    Finding.FAIR_USE: _("著作权法第二十四条所列情形。"),
    Finding.NOT_PROTECTED: _("著作权法第五条所列内容，如法规、公文、通用表格。"),
    Finding.LICENSED: _("上传人已获授权，或者权利已经用尽。"),
    Finding.LOCATION: _("按所给编号或地址找不到被投诉的内容。"),
    Finding.BARRED: _("该文档曾依条例第十七条恢复，同一投诉人不得再次通知删除。"),
}


def explained(choices: Iterable[tuple[Any, Any, Any]]) -> list[tuple[str, Any]]:
    """Make radio choices of which each says below its name what it means."""
    return [
        (value, format_html("<span><b>{}</b><small>{}</small></span>", label, meaning))
        for value, label, meaning in choices
    ]


def level_choices() -> list[tuple[str, Any]]:
    return explained((level, level.label, LEVELS[level]) for level in Level)


def finding_choices() -> list[tuple[str, Any]]:
    return explained((each, each.label, FINDINGS[each]) for each in Finding)


def released_profiles() -> list[Profile]:
    """The clock profiles that counsel has released for this site."""
    return released(settings.CLOCK_PROFILES)


def _meaning(profile: Profile) -> str:
    words = _("%(article)s；上传人答复期 %(window)s（%(source)s）")
    meaning = words % {
        "article": profile.article,
        "window": profile.window_words,
        "source": profile.source,
    }
    return _("；").join(filter(None, (meaning, profile.chosen_words)))


class AcceptForm(forms.Form):
    profile = forms.ChoiceField(
        label=_("期限规则"),
        widget=forms.RadioSelect,
        help_text=_("受理后固定，不能再改。"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        profiles = released_profiles()
        field = self.fields["profile"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
        field.choices = explained(
            (profile.code, profile.label, _meaning(profile)) for profile in profiles
        )
        if len(profiles) == 1:
            field.initial = profiles[0].code


class ArrivalForm(forms.Form):
    """When the recipient's mail server took a letter, as its record says."""

    entered_at = forms.DateTimeField(
        label=_("进入收件人邮件系统的时间（北京时间）"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=_("以对方邮件服务器接受的记录为准；登记后不能更改。"),
    )

    def __init__(
        self, *args: Any, written_at: datetime, now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.written_at, self.now = written_at, now

    def clean_entered_at(self) -> datetime:
        entered: datetime = self.cleaned_data["entered_at"]
        # The field knows minutes: a letter can arrive in the minute it was written.
        if entered < self.written_at - timedelta(minutes=1) or entered > self.now:
            raise forms.ValidationError(_("应当在文书写成之后、现在之前。"))
        return entered


class DecisionForm(forms.Form):
    """What every decision on documents has: the reasons, as they will be read."""

    reasoning = forms.CharField(
        label=_("理由"),
        min_length=LEAST_REASONING,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("至少 20 字。写明事实、证据和依据，双方都会读到。"),
    )


class MeasureForm(DecisionForm):
    measure = forms.ChoiceField(
        label=_("措施"),
        choices=level_choices,
        widget=forms.RadioSelect,
        help_text=_("以能够制止侵权为限，选择影响最小的一种。"),
    )
    field_order = ["measure", "reasoning"]


class NoMeasureForm(DecisionForm):
    finding = forms.ChoiceField(
        label=_("认定"),
        choices=finding_choices,
        widget=forms.RadioSelect,
    )
    field_order = ["finding", "reasoning"]


# The decisions on documents: the desk shows no button without a form.
ITEM_FORMS: dict[str, type[DecisionForm]] = {
    "measure_and_forward": MeasureForm,
    "assess_no_measure": NoMeasureForm,
}
