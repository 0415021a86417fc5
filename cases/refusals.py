"""What the site says when a file is refused or cannot be compared, by code."""

from django.utils.translation import gettext_lazy as _

from cases.errors import Sentence

REFUSALS: dict[str, Sentence] = {
    "empty": _("文件是空的，请检查后重新上传。"),
    "binary": _("该文件既不是文档，也不是文本，请提供 DOCX、PDF、PPTX 或 TXT。"),
    "unknown_type": _("不支持这种扩展名的文件，请提供 DOCX、PDF、PPTX 或 TXT。"),
    "mismatch": _("文件内容与扩展名不符，请用原来的软件重新保存后上传。"),
    "unsupported": _("不支持这种格式，请提供 DOCX、PDF、PPTX 或 TXT。"),
    "legacy_office": _("旧版 Office 文件无法自动读取，请另存为 DOCX 或 PPTX。"),
    "image": _("图片中没有可比对的文字，请提供含文字的文件，或粘贴文字。"),
    "encrypted": _("文件设有密码，请解除密码后上传。"),
    "malformed": _("文件已损坏，无法读取，请重新导出或另存后上传。"),
    "malware": _("文件带有病毒特征，已拒绝。请查杀病毒，重新制作文件后上传。"),
    "dtd": _("文件自带 XML 实体声明，已拒绝。请用办公软件另存为新文件后上传。"),
    "unsafe_archive": _(
        "文件内含文档不应有的成员，已拒绝。请用办公软件另存为新文件后上传。"
    ),
    "oversize": _(
        "文件过大：PDF、PPTX 至多 100 MB，DOCX、DOC 至多 60 MB，图片至多 50 MB，"
        "其他至多 40 MB。请拆分或压缩图片后再传。"
    ),
    "too_large": _("文件展开后超过允许的大小，请拆分或压缩图片后再传。"),
    "too_many_pages": _("文件页数超过允许的上限，请拆分后上传。"),
    "timeout": _("超出处理时限：文件未能在限定时间内读完，可请本站重新处理。"),
    "upload_too_large": _("文件超过允许的大小，请拆分或压缩后再传。"),
    "allowance_spent": _("今天上传的文件已达上限，请明天再传。"),
    "scanner_silent": _("文件在等待病毒查杀，完成后自动继续处理，无需重新上传。"),
    "too_long_to_scan": _(
        "文件超过病毒查杀程序的大小上限，须由本站处理，无需重新上传。"
    ),
    "worker_died": _("多次处理均未完成。可以重试；仍不成功的，请联系本站。"),
}


def told(code: str) -> Sentence:
    return REFUSALS.get(code, _("文件无法处理，请另存为新文件后再传，或者联系本站。"))
