"""What every page of the desk says until it is mended."""

from django.utils.translation import gettext as _

from evidence.quarantine import waiting
from evidence.rounds import open_faults


def alarms() -> list[str]:
    """Return a sentence for each thing that is wrong with the house, mostly none."""
    told = []
    if count := open_faults():
        told.append(
            _("证据存储有 %(count)d 处异常，请运维立即运行 sweep_evidence 查看。")
            % {"count": count}
        )
    if count := waiting():
        told.append(
            _("病毒查杀服务没有应答，%(count)d 份文件在等待处理。请运维检查 clamd。")
            % {"count": count}
        )
    return told
