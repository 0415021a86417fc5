"""The list of documents as a file, and its rows as they are corrected on the page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.bulk import Row, rows_in
from cases.forms.uploads import UploadField
from cases.refusals import told
from cases.workflows.copyright import MAX_ITEMS
from evidence.extractors import ExtractionError
from evidence.reading import read_table

LARGEST = 2 * 1024 * 1024


class ListForm(forms.Form):
    sheet = UploadField(
        label=_("文档清单"),
        help_text=_(
            "CSV 或 XLSX，每行一份，最多三百行：文档编号或网址、作品名称、侵权形式。"
        ),
    )

    def clean_sheet(self) -> list[Row]:
        """Return the rows; the file is read in a process of its own."""
        upload: Any = self.cleaned_data["sheet"]
        if upload.size > LARGEST:
            raise forms.ValidationError(_("清单文件不能超过 2 MB。"))
        try:
            rows = rows_in(read_table(upload.read()))
        except ExtractionError as error:
            raise forms.ValidationError(str(told(error.code))) from error
        if not rows:
            raise forms.ValidationError(_("清单里没有可读取的行。"))
        if len(rows) > MAX_ITEMS:
            raise forms.ValidationError(
                _("清单有 %(n)d 行，一件投诉最多三百份文档，请分开提交。"),
                params={"n": len(rows)},
            )
        return rows


def posted_rows(data: Any) -> list[Row]:
    """Return the rows that the page sent back, corrected or not, in their order."""
    numbers = data.getlist("number")[:MAX_ITEMS]
    works, manners = data.getlist("row-work"), data.getlist("manner")
    return [
        Row(ordinal, number, _at(works, ordinal), _at(manners, ordinal))
        for ordinal, number in enumerate(numbers, start=1)
        if number.strip()
    ]


def _at(values: list[str], ordinal: int) -> str:
    return values[ordinal - 1] if ordinal <= len(values) else ""
