"""The works of rights holders and the proof they filed."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from evidence.models.files import Blob, Text
from evidence.models.identities import Party


class Work(models.Model):
    """A work that a party says is theirs (著作权法 第3条), with a sample to compare."""

    class Kind(models.TextChoices):
        TEXT = "text", _("文字作品")
        COURSEWARE = "courseware", _("课件")
        TEXTBOOK = "textbook", _("教材教辅")
        THESIS = "thesis", _("论文")
        COMPILATION = "compilation", _("汇编作品")
        SOFTWARE_DOCUMENT = "software_document", _("软件文档")
        GRAPHIC = "graphic", _("图形作品")
        OTHER = "other", _("其他")

    class Origin(models.TextChoices):
        """权利来源: how the right came to the complainant."""

        ORIGINAL = "original", _("原始取得")
        SERVICE = "service", _("职务作品")
        COMMISSIONED = "commissioned", _("委托作品")
        ASSIGNED = "assigned", _("受让取得")
        EXCLUSIVE_LICENCE = "exclusive_licence", _("独占许可")
        LICENCE = "licence", _("非独占许可并获维权授权")
        INHERITED = "inherited", _("继承取得")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="works")
    title = models.CharField(_("作品名称"), max_length=300)
    kind = models.CharField(_("作品类型"), max_length=20, choices=Kind.choices)
    author = models.CharField(_("作者署名"), max_length=200)
    origin = models.CharField(_("权利来源"), max_length=20, choices=Origin.choices)
    # Dates of works are dates: a time zone would move them (民法典 204 counts days).
    completed_on = models.DateField(_("完成日期"), null=True, blank=True)
    published_on = models.DateField(_("首次发表日期"), null=True, blank=True)
    publication = models.CharField(_("首次发表载体"), max_length=300, blank=True)
    registration = models.CharField(_("登记号"), max_length=100, blank=True)
    sample = models.ForeignKey(Text, on_delete=models.PROTECT, related_name="works")
    sample_name = models.CharField(max_length=255, blank=True)
    registered_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class Exhibit(models.Model):
    """A filed piece of evidence: the bytes as received, under the name they had."""

    class Kind(models.TextChoices):
        """Proof of ownership after 法释〔2002〕31号 第7条, and of infringement."""

        CERTIFICATE = "certificate", _("登记证书")
        MANUSCRIPT = "manuscript", _("底稿或原始文件")
        PUBLICATION = "publication", _("合法出版物")
        AUTHORITY = "authority", _("认证机构证明")
        CONTRACT = "contract", _("取得权利的合同")
        TIMESTAMP = "timestamp", _("可信时间戳或区块链存证")
        JUDGMENT = "judgment", _("生效裁判")
        SCREENSHOT = "screenshot", _("截图")
        LICENCE = "licence", _("授权书或许可合同")
        DOCKET = "docket", _("受理、立案或缴费凭证")
        ORDER = "order", _("裁定书或行政决定")
        SETTLEMENT = "settlement", _("和解协议")
        NOTARY = "notary", _("公证、认证办理凭证")
        OTHER = "other", _("其他")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="exhibits")
    work = models.ForeignKey(
        Work,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="exhibits",
    )
    kind = models.CharField(_("证据种类"), max_length=12, choices=Kind.choices)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="exhibits")
    original_name = models.CharField(max_length=255, blank=True)
    filed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"exhibit:{self.pk} {self.kind}"
