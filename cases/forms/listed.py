"""Documents by number or address, several lines at once, each told apart."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.workflows.copyright import MAX_ITEMS
from evidence.models import Document

WORDS = re.compile(r"[0-9A-Za-z_-]+")
DIGITS = re.compile(r"[0-9]+")


@dataclass(slots=True)
class Line:
    """One line as pasted: its ordinal from 1, and what in it may be a number."""

    ordinal: int
    text: str
    candidates: list[str] = field(default_factory=list)


def read_lines(pasted: str) -> list[Line]:
    """Return the lines that are not blank. A candidate is the line itself, each word
    of an address, and each run of digits in it: full-width digits count as digits."""
    lines = []
    for ordinal, raw in enumerate(pasted.splitlines(), start=1):
        text = unicodedata.normalize("NFKC", raw).strip()
        if text:
            found = [text, *WORDS.findall(text), *DIGITS.findall(text)]
            lines.append(Line(ordinal, text, list(dict.fromkeys(found))))
    return lines


class DocumentNumbersField(forms.CharField):
    """Cleans to the documents that the lines name, in their order, each once."""

    widget = forms.Textarea

    def clean(self, value: Any) -> Any:
        lines = read_lines(super().clean(value))
        if len(lines) > MAX_ITEMS:
            raise forms.ValidationError(_("一次最多三百行。"))
        named = {name for line in lines for name in line.candidates if len(name) <= 40}
        rows = Document.objects.filter(number__in=named, current__isnull=False)
        held = {document.number: document for document in rows}
        documents: dict[int, Document] = {}
        errors = []
        for line in lines:
            found = [held[name] for name in line.candidates if name in held]
            if len(found) == 1:
                documents[found[0].pk] = found[0]
            else:
                errors.append(_fault(line, len(found)))
        if errors:
            raise forms.ValidationError(errors)
        return list(documents.values())


def _fault(line: Line, found: int) -> forms.ValidationError:
    message = _("第 %(line)d 行“%(text)s”：一行只能写一份文档。")
    if not found:
        message = _("第 %(line)d 行“%(text)s”：没有找到这份文档，请核对文档编号。")
    return forms.ValidationError(
        message, params={"line": line.ordinal, "text": line.text[:60]}
    )


class NumbersForm(forms.Form):
    numbers = DocumentNumbersField(
        label=_("按编号或网址添加"),
        required=False,
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行一份：文档编号，或含有编号的网页地址。"),
    )
