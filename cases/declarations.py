"""What those who file declare, each by a code whose text is sealed when signed."""

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from cases.errors import Sentence
from evidence.canonical import sha256


@dataclass(frozen=True, slots=True)
class Declaration:
    code: str
    text: Sentence
    article: Sentence

    @property
    def sha256(self) -> str:
        """The digest of the Chinese text, which is the one that is signed."""
        with translation.override("zh-hans"):
            return sha256(str(self.text).encode())


# The designation that makes a letter arrive with its sending (designations.py).
DELIVERY = Declaration(
    "delivery",
    _(
        "我（单位）指定本站站内信为接收文书的系统，文书进入站内信之时即为送达；"
        "登录本站即可查阅。"
    ),
    _("电子签名法第十一条"),
)

DECLARATIONS = (
    Declaration(
        "right",
        _("我（单位）是所列作品的著作权人，或者已经取得著作权人的合法授权。"),
        _("法发〔2020〕32号第五条"),
    ),
    Declaration(
        "good_faith",
        _(
            "我（单位）已逐份核对所列文档，确信其使用作品未经许可，"
            "也不在合理使用或法定许可的范围之内。"
        ),
        _("著作权法第二十四条"),
    ),
    Declaration(
        "truth",
        _("本次投诉及所附材料真实、准确、完整，我（单位）对其真实性负责。"),
        _("条例第十四条"),
    ),
    Declaration(
        "liability",
        _(
            "我（单位）知道：通知错误造成损害的，应当承担侵权责任；"
            "恶意通知的，可能加倍赔偿；发现有误时会及时撤回。"
        ),
        _("民法典第一千一百九十五条；电子商务法第四十二条"),
    ),
    Declaration(
        "forwarding",
        _("我（单位）同意将投诉内容转送被投诉人，并在隐去个人信息后依法公示。"),
        _("条例第十五条；电子商务法第四十四条"),
    ),
    DELIVERY,
)

# 条例 16, 民法典 1196, 法发〔2020〕32号 7: what an uploader declares with an answer.
COUNTER_DECLARATIONS = (
    Declaration(
        "counter_truth",
        _("本人（本单位）提交的反通知及所附材料真实、准确、完整，并对其真实性负责。"),
        _("条例第十六条；法发〔2020〕32号第七条"),
    ),
    Declaration(
        "counter_good_faith",
        _("本人（本单位）善意确信该文档不构成侵权，或者对它采取的措施是出于误认。"),
        _("民法典第一千一百九十六条"),
    ),
    Declaration(
        "counter_liability",
        _(
            "本人（本单位）知道：恶意提交不实反通知的，应当依法承担责任，可能适用惩罚性赔偿。"
        ),
        _("法释〔2020〕9号第四条"),
    ),
    Declaration(
        "counter_forwarding",
        _("本人（本单位）同意将反通知转送投诉人，并在隐去个人信息后依法公示。"),
        _("条例第十七条；电子商务法第四十四条"),
    ),
    DELIVERY,
)

WITHDRAWAL_DECLARATIONS = (
    Declaration(
        "withdrawal",
        _(
            "我（单位）自愿撤回上列投诉，知道相应措施将随之解除；"
            "今后就同一事实再次投诉的，由本站人工审查。"
        ),
        _("法发〔2020〕32号第六条"),
    ),
)


def every_declaration() -> dict[str, Declaration]:
    """Return all declarations by code, whoever signs them."""
    every = (*DECLARATIONS, *COUNTER_DECLARATIONS, *WITHDRAWAL_DECLARATIONS)
    return {each.code: each for each in every}
