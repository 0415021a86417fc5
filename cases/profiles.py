"""Clock profiles: the sets of rules that counsel may release for a marketplace.

The Chinese statutes are all in force and conflict, so none is a default. A case
keeps its profile as text, with the readings that were in force when it was accepted:
`civil`, `civil:N=7`, `civil:N=15,cap=whole,weekends=work`, `dsa:calendar=DE`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cases.calendars import CHINA, NEW_YORK
from cases.citations import CODES
from cases.errors import Sentence
from cases.readings import CHINAS, COURT_PRACTICE, Readings, read_option
from cases.terms import TERMS, Term

# Where counsel sets no other number for the 合理期限 of 民法典 1196.
DAYS = 15
_BY_MEMBER_STATE = _("欧盟《数字服务法》第20条第1款；第1182/71号条例第二条、第三条")


@dataclass(frozen=True, slots=True)
class Profile:
    """code: as the case keeps it, readings included.

    window: days that the uploader has to answer before the measure becomes final.
    No Chinese statute sets it: `answer` gives the right to answer, `source` says where
    the figure comes from. days: the 合理期限 of 民法典 1196, as set. terms: clock →
    term where it differs by profile. stopped_by: which kinds of proceeding stop the
    restoring, when told of in time; against_uploader: only one against who uploaded
    does. judges_answers: the answer is a complaint about our decision, and we decide
    on it ourselves.
    """

    code: str
    label: Sentence
    article: Sentence
    window: int
    source: Sentence
    answer: Sentence = ""
    days: int = DAYS
    terms: Mapping[str, str] = field(default_factory=dict)
    readings: Readings = COURT_PRACTICE
    stopped_by: tuple[str, ...] = ("suit", "complaint")
    against_uploader: bool = False
    judges_answers: bool = False

    def term(self, code: str) -> Term:
        """Return the term with its length as this profile sets it."""
        lengths = {"window": self.window, "civil1196": self.days}
        term = TERMS[code]
        return replace(
            term,
            length=lengths.get(code, term.length),
            article=self._article_of(term),
        )

    def _article_of(self, term: Term) -> Sentence:
        if term.union and self.readings.calendar != CHINAS:
            return _BY_MEMBER_STATE
        if term.code == "window" and self.answer:
            words = _("{article}（{source}）")
            return format_lazy(words, article=self.answer, source=self.source)
        return term.article

    def zone_of(self, term: Term) -> ZoneInfo:
        """In which zone the last day of a period is a day."""
        if term.unit == "business_day":
            return NEW_YORK
        return self.readings.zone if term.union else CHINA

    def calendar_of(self, term: Term) -> str:
        """By whose calendar a period is counted: cn, us, or a member state's."""
        if term.unit == "business_day":
            return "us"
        return (self.readings.calendar if term.union else CHINAS).lower()

    def knows(self, code: str) -> bool:
        """Whether such a clock runs under this profile at all."""
        term = self.term(code)
        is_set = bool(term.length) or term.unit == "hour"
        return is_set and (not term.profiles or self.base in term.profiles)

    @property
    def window_term(self) -> Term:
        """How long an answer is waited for before the measure becomes final."""
        return self.term(self.terms.get("window", "window"))

    @property
    def window_words(self) -> str:
        term = self.window_term
        words = _("%(n)d 个月") if term.unit == "month" else _("%(n)d 日")
        return str(words) % {"n": term.length}

    @property
    def chosen_words(self) -> str:
        """What counsel chose in it, "" for the common reading."""
        words = list(self.readings.words())
        if self.days != DAYS:
            words.insert(0, str(_("合理期限 %(n)d 日")) % {"n": self.days})
        return str(_("；")).join(words)

    @property
    def is_unions(self) -> bool:
        """Whether a period of an act of the EU runs under it."""
        return any(TERMS[code].union for code in self.terms.values())

    @property
    def restores_at_once(self) -> bool:
        """No waiting after a counter-notice was passed on: 条例 17."""
        waiting = self.terms.get("waiting")
        return waiting is None or not self.term(waiting).length

    @property
    def bars_renotices(self) -> bool:
        """条例 17: no second notice about what was restored under it."""
        return self.base == "regulation"

    @property
    def base(self) -> str:
        return self.code.partition(":")[0]


PROFILES = {
    profile.code: profile
    for profile in (
        Profile(
            "civil",
            _("民法典"),
            _("《民法典》第一千一百九十五条、第一千一百九十六条"),
            15,
            _("法律未规定具体天数，十五日为本站自行设定的期限"),
            answer=_("《民法典》第一千一百九十六条第一款"),
            terms={"waiting": "civil1196"},
        ),
        Profile(
            "ecommerce",
            _("电子商务法"),
            _("《电子商务法》第四十二条、第四十三条"),
            15,
            _("答复期为本站自行设定的期限；该法第二条第三款可能排除文库服务的适用"),
            answer=_("《电子商务法》第四十三条第一款"),
            terms={"waiting": "ec43"},
        ),
        Profile(
            "regulation",
            _("信息网络传播权保护条例"),
            _("《信息网络传播权保护条例》第十四条至第十七条"),
            15,
            _("条例未规定答复天数，十五日为本站自行设定的期限"),
            answer=_("《信息网络传播权保护条例》第十六条"),
            terms={"waiting": "reg17"},
        ),
        Profile(
            "dmca",
            _("美国数字千年版权法"),
            _("《美国法典》第17编第512条(c)、(g)"),
            15,
            _("该法未规定答复天数，十五日为本站自行设定的期限"),
            answer=_("《美国法典》第17编第512条(g)(3)"),
            terms={"waiting": "dmca_earliest", "waiting_latest": "dmca_latest"},
            # 512(g)(2)(C): an action seeking a court order to restrain the subscriber.
            stopped_by=("suit",),
            against_uploader=True,
        ),
        Profile(
            "dsa",
            _("欧盟数字服务法"),
            _("欧盟《数字服务法》第16条、第17条、第20条"),
            0,
            _("该法第20条第1款：获知决定之日起至少六个月内可以提出申诉"),
            terms={"window": "dsa6m"},
            judges_answers=True,
        ),
    )
}
# Before acceptance no profile is chosen: the clocks of the house run all the same.
UNCHOSEN = Profile("", "", "", 0, "")


def profile_of(text: str) -> Profile:
    """Return the profile that a case, a setting or a question names.

    Codes and cited names are both known. Raises ValueError naming what is wrong.
    """
    name, _colon, options = text.partition(":")
    base = PROFILES.get(CODES.get(name, name))
    if base is None:
        raise ValueError(f"no such clock profile: {name}")
    chosen = _chosen(options)
    profile = base
    # By name: a calendar brings a zone along, which one that is named replaces.
    for key, value in sorted(chosen.items()):
        profile = _with(profile, key, value)
    told = ",".join(f"{key}={value}" for key, value in chosen.items())
    return replace(profile, code=f"{base.code}:{told}" if told else base.code)


def _chosen(options: str) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for option in filter(None, options.split(",")):
        key, _equals, value = option.partition("=")
        if key in chosen:
            raise ValueError(f"a clock profile chooses {key} once, not twice")
        chosen[key] = value
    return chosen


def released(texts: Iterable[str]) -> list[Profile]:
    """Return the profiles that a site has released (settings.CLOCK_PROFILES)."""
    return [profile_of(text) for text in named(texts) if is_profile(text)]


def named(texts: Iterable[str]) -> list[str]:
    """Join what a list from the environment was split at: options stand after a
    colon, commas between them."""
    whole: list[str] = []
    for text in texts:
        if whole and "=" in text and ":" not in text:
            whole[-1] += f",{text}"
        else:
            whole.append(text)
    return whole


def is_profile(text: str) -> bool:
    try:
        profile_of(text)
    except ValueError:
        return False
    return True


def _with(profile: Profile, key: str, value: str) -> Profile:
    if key == "N" and value.isascii() and value.isdecimal() and 0 < int(value) <= 365:
        return replace(profile, days=int(value))
    if key == "calendar" and not profile.is_unions:
        raise ValueError(f"the clock profile {profile.code} has no option calendar")
    return replace(profile, readings=read_option(profile.readings, key, value))
