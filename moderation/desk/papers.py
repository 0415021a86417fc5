"""The desk enters a report that an authority sent on paper."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cases.authorities import Paper, file_paper
from cases.calendars import CHINA
from cases.errors import NothingToReport, NotPermitted
from cases.forms.listed import read_lines
from cases.forms.reports import Several, SeveralFilesField
from cases.models import AuthorityPaper
from cases.permissions.desk import may_enter_papers
from cases.reasons import grouped_choices
from cases.registration import Upload
from cases.reporting import Said
from evidence.actors import ActorRequest
from evidence.models import Document
from evidence.reading import shown_name
from moderation.desk.access import for_readers, show

MOMENT = "%Y-%m-%dT%H:%M"


class PaperForm(forms.Form):
    authority = forms.ChoiceField(
        label=gettext_lazy("来文机关类别"), choices=AuthorityPaper.Authority.choices
    )
    name = forms.CharField(label=gettext_lazy("来文机关名称"), max_length=120)
    number = forms.CharField(label=gettext_lazy("文号"), max_length=80)
    dated_on = forms.DateField(
        label=gettext_lazy("来文日期"), widget=forms.DateInput(attrs={"type": "date"})
    )
    ends_at = forms.DateTimeField(
        label=gettext_lazy("要求办结的时间"),
        required=False,
        input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        help_text=gettext_lazy("北京时间；来文没有规定的留空。到期未决定的列入告警。"),
    )
    document = forms.CharField(
        label=gettext_lazy("文档编号或网址"),
        max_length=300,
        help_text=gettext_lazy("文档已经下架或删除的也可以填写。"),
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("事由"),
        choices=lambda: [("", gettext_lazy("请选择")), *grouped_choices()],
    )
    minors = forms.BooleanField(label=gettext_lazy("涉及未成年人"), required=False)
    statement = forms.CharField(
        label=gettext_lazy("来文要求"),
        min_length=10,
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    scans = SeveralFilesField(
        label=gettext_lazy("来文扫描件和附件"),
        widget=Several,
        help_text=gettext_lazy("最多五个，每个不超过 10 MB。"),
    )

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at

    def clean_dated_on(self) -> Any:
        dated = self.cleaned_data["dated_on"]
        if dated > self.at.astimezone(CHINA).date():
            raise forms.ValidationError(_("来文日期不能在今天之后。"))
        return dated

    def clean_scans(self) -> list[Any]:
        scans: list[Any] = self.cleaned_data["scans"]
        if not scans:
            raise forms.ValidationError(_("请附上来文扫描件。"))
        return scans

    def clean_ends_at(self) -> Any:
        ends = self.cleaned_data["ends_at"]
        if ends and ends <= self.at:
            raise forms.ValidationError(_("办结时间已经过去，请核对来文。"))
        return ends

    def clean_document(self) -> Document:
        for line in read_lines(self.cleaned_data["document"]):
            row = Document.objects.filter(number__in=line.candidates).first()
            if row is not None:
                return row
        raise forms.ValidationError(_("没有找到这份文档，请核对文档编号。"))

    def said(self) -> Said:
        told = self.cleaned_data
        return Said(
            reason=told["reason"],
            minors=told["minors"],
            statement=told["statement"].strip(),
            files=[Upload(each, shown_name(each.name or "")) for each in told["scans"]],
        )

    def paper(self) -> Paper:
        told = self.cleaned_data
        names = ("authority", "name", "number", "dated_on", "ends_at")
        return Paper(**{name: told[name] for name in names})


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def desk_paper_new(request: ActorRequest) -> HttpResponse:
    if not may_enter_papers(request.actor):
        raise NotPermitted
    initial = {"document": request.GET.get("number", "")}
    now = timezone.now()
    form = PaperForm(
        request.POST or None, request.FILES or None, initial=initial, at=now
    )
    if request.method == "POST" and form.is_valid():
        document = form.cleaned_data["document"]
        try:
            report = file_paper(
                document,
                form.said(),
                form.paper(),
                by=request.actor,
                at=now,
            )
        except NothingToReport as nothing:
            form.add_error("document", str(nothing))
        else:
            messages.success(request, _("来文已登记，编号 %s。") % report.number)
            return redirect("desk_report", report.case.reference)
    return show(request, "desk/reports/paper_new.html", {"form": form})
