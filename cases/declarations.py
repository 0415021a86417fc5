"""What those who file declare, each by a code whose text is sealed when signed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from cases.errors import Sentence
from cases.profiles import released
from evidence.canonical import sha256


@dataclass(frozen=True, slots=True)
class Declaration:
    """original: the words that a foreign statute asks for, in its own language; they
    are shown beside the Chinese and signed with it."""

    code: str
    text: Sentence
    article: Sentence
    original: str = ""

    @property
    def sha256(self) -> str:
        """The digest of the Chinese text, which is the one that is signed."""
        with translation.override("zh-hans"):
            signed = [str(self.text), *([self.original] if self.original else [])]
            return sha256("\n".join(signed).encode())


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

# 512(c)(3)(A)(v)–(vi): offered where counsel has released that profile, asked of
# nobody who complains under Chinese law alone.
US_DECLARATIONS = (
    Declaration(
        "us_perjury",
        _(
            "（仅在同时依据美国法投诉时勾选）我（单位）善意确信所列使用未经权利人、其代理人"
            "或者法律许可；本通知内容准确，我（单位）是权利人或者有权代表权利人，"
            "如有虚假愿承担伪证责任。"
        ),
        _("《美国法典》第17编第512条(c)(3)(A)(v)、(vi)"),
        "I have a good faith belief that use of the material in the manner complained "
        "of is not authorized by the copyright owner, its agent, or the law. The "
        "information in this notification is accurate, and under penalty of perjury, "
        "I am the owner, or authorized to act on behalf of the owner, of an exclusive "
        "right that is allegedly infringed.",
    ),
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

# 512(g)(3)(C)–(D), and the copy of 512(g)(2)(B), without which nobody could sue.
US_COUNTER_DECLARATIONS = (
    Declaration(
        "us_mistake",
        _(
            "本人（本单位）声明并愿承担伪证责任：善意确信该材料系因错误或者误认而被删除或者"
            "停止访问。"
        ),
        _("《美国法典》第17编第512条(g)(3)(C)"),
        "I swear, under penalty of perjury, that I have a good faith belief that the "
        "material was removed or disabled as a result of mistake or misidentification "
        "of the material to be removed or disabled.",
    ),
    Declaration(
        "us_jurisdiction",
        _(
            "本人（本单位）同意接受住所所在司法区联邦地区法院的管辖；住所在美国境外的，"
            "同意接受本站可被诉的任何司法区联邦地区法院的管辖；并接受投诉人或者其代理人"
            "送达的诉讼文书。"
        ),
        _("《美国法典》第17编第512条(g)(3)(D)"),
        "I consent to the jurisdiction of the Federal District Court for the judicial "
        "district in which my address is located, or if my address is outside of the "
        "United States, for any judicial district in which the service provider may "
        "be found, and I will accept service of process from the person who provided "
        "the notification or an agent of such person.",
    ),
    Declaration(
        "us_copy",
        _(
            "本人（本单位）同意把反通知的副本提供给投诉人，其中包括姓名（名称）、地址和电话。"
        ),
        _("《美国法典》第17编第512条(g)(2)(B)；个人信息保护法第二十三条"),
        "I agree that a copy of this counter notification, with my name, address and "
        "telephone number, is provided to the person who provided the notification.",
    ),
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


def counter_declarations(profile: str) -> tuple[Declaration, ...]:
    """Return what an answer declares in a case under this clock profile."""
    american = profile.partition(":")[0] == "dmca"
    return (*COUNTER_DECLARATIONS, *(US_COUNTER_DECLARATIONS if american else ()))


def offered_declarations(texts: Iterable[str]) -> tuple[Declaration, ...]:
    """Return what a notice may declare besides, where these profiles are released."""
    american = any(profile.base == "dmca" for profile in released(texts))
    return US_DECLARATIONS if american else ()


def every_declaration() -> dict[str, Declaration]:
    """Return all declarations by code, whoever signs them."""
    every = (
        *(*DECLARATIONS, *US_DECLARATIONS),
        *(*COUNTER_DECLARATIONS, *US_COUNTER_DECLARATIONS),
        *WITHDRAWAL_DECLARATIONS,
    )
    return {each.code: each for each in every}
