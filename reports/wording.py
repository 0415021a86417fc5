"""What the papers say of measures and answers: data that counsel can read."""

from django.utils.translation import gettext_lazy as _

from cases.errors import Sentence
from cases.models import Restriction

Level = Restriction.Level

# What each measure means for the document, in words that accuse nobody.
SCOPES: dict[str, Sentence] = {
    Level.ONLY_FORWARD: _("该文档的展示、预览和下载均不受影响"),
    Level.STOP_DOWNLOAD: _("停止提供该文档的下载，页面和预览不受影响"),
    Level.LIMIT_PREVIEW: _("停止提供该文档的下载和预览"),
    Level.INTERIM_DOWN: _(
        "暂停展示该文档，页面、预览、下载和站内检索均暂不提供，原文件由本站保存"
    ),
    Level.REMOVE: _(
        "不再公开展示该文档，页面、预览、下载和站内检索均不提供，原文件由本站作为证据保存"
    ),
}

# What follows when an uploader answers, by clock profile: the statutes conflict.
ANSWERED: dict[str, Sentence] = {
    "civil": _(
        "本站收到符合要求的书面说明后，及时转送投诉人，并告知其可以向有关部门投诉或者"
        "向人民法院提起诉讼。转送到达投诉人后的合理期限内，本站未收到其已经投诉或者"
        "提起诉讼的通知的，及时终止所采取的措施。"
    ),
    "ecommerce": _(
        "本站收到符合要求的书面说明后，及时转送投诉人，并告知其可以向有关主管部门投诉"
        "或者向人民法院起诉。转送到达投诉人后十五日内，本站未收到其已经投诉或者起诉的"
        "通知的，及时终止所采取的措施。"
    ),
    "regulation": _(
        "本站收到符合要求的书面说明后，立即恢复该文档，同时将书面说明转送投诉人；"
        "投诉人不得再通知本站删除该文档。"
    ),
    "dmca": _(
        "本站收到符合要求的反通知后，及时将副本转送投诉人，并告知其该文档将在本站收到反通知"
        "之日后十至十四个营业日内恢复，除非投诉人在此之前通知本站其已经向法院提起诉讼。"
    ),
    "dsa": _(
        "您可以在收到本决定之日起至少六个月内，免费向本站提出申诉。申诉由未参与原决定的"
        "人员处理，不会仅以自动化方式作出答复；您也可以提交经认证的庭外争议解决机构。"
    ),
}

# Why a document is back, by the step that restored it.
RESTORED: dict[str, Sentence] = {
    "withdraw": _("投诉人撤回了对该文档的投诉。"),
    "restore_at_once": _(
        "您提交了书面说明，依据《信息网络传播权保护条例》第十七条立即恢复。"
    ),
    "restore_reversed": _(
        "上传人提出的申诉理由充分，由未参与原决定的工作人员审查后撤销了原决定。"
    ),
    "restore_cured": _(
        "新版文件已删除涉案部分，重新比对后由审核人员确认，新版取代原文件。"
    ),
    "restore": _(
        "反通知转送后等待期已经届满，本站没有收到投诉人已经投诉或者起诉的通知。"
    ),
    "restore:dmca": _(
        "本站收到反通知后的十个营业日已经届满，没有收到投诉人已经向法院起诉的通知。"
    ),
    "restore_dismissed": _("已经生效的裁判或者决定驳回了投诉人就该文档提出的请求。"),
    "restore_after_proceeding": _(
        "投诉人所称的诉讼或者投诉已经终结而未确认侵权，或者投诉人未按期证明。"
    ),
}

# Why a case file could not be made, by the code of its Progress row.
FAILURES: dict[str, Sentence] = {
    "printing": _("本机缺少生成 PDF 的组件，请运行 script/bootstrap 安装后重新生成。"),
    "worker_died": _("生成多次中断，已停止重试。请联系运维人员查看日志。"),
}
