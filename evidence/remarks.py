"""What is said of how a text was read, by the flags of its reader."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REMARKS: dict[str, str | Promise] = {
    "hidden_text": _("含有隐藏文字，已一并比对。"),
    "alt_text": _("图片的替代文字已一并比对。"),
    "form_text": _("表单（XFA）中的文字不在任何一页上，已一并比对。"),
    "attachments": _("附件中的文字已一并比对。"),
    "unread_attachments": _("带有未能读取的附件，需人工查看。"),
    "blank_pages": _("部分页没有文字层，这些页无法比对。"),
    "hard_breaks_only": _("页码按作者所设的分页推算，仅供参考。"),
}
