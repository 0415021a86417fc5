"""What every page of the desk says until it is mended."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.alarms import (
    failing_count,
    scheduler_alarms,
    sealing_alarms,
    undelivered_count,
)
from evidence.quarantine import waiting
from evidence.rounds import open_faults


@dataclass(frozen=True, slots=True)
class Banner:
    """One sentence; url: where more is told, "" where nothing more is."""

    sentence: str
    url: str = ""

    def __str__(self) -> str:
        return self.sentence


def alarms(*, at: datetime) -> list[Banner]:
    """Return a sentence for each thing that is wrong with the house, mostly none."""
    told = []
    if count := open_faults():
        words = _("证据存储有 %(count)d 处异常，请运维立即运行 sweep_evidence 查看。")
        told.append(Banner(words % {"count": count}))
    told += [
        Banner(alarm.sentence) for alarm in [*scheduler_alarms(at), *sealing_alarms(at)]
    ]
    if count := failing_count(at=at):
        words = ngettext(
            "%(count)d 个期限已届满而没有执行或完成。",
            "%(count)d 个期限已届满而没有执行或完成。",
            count,
        )
        told.append(Banner(words % {"count": count}, reverse("desk_deadlines")))
    if count := undelivered_count():
        words = ngettext(
            "%(count)d 份文书没有送达，有关期限不起算。",
            "%(count)d 份文书没有送达，有关期限不起算。",
            count,
        )
        told.append(Banner(words % {"count": count}, reverse("desk_deadlines")))
    if count := waiting():
        words = _(
            "病毒查杀服务没有应答，%(count)d 份文件在等待处理。请运维检查 clamd。"
        )
        told.append(Banner(words % {"count": count}))
    return told
