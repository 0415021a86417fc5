"""The member states of the European Union: their names and their capitals' zones."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from cases.errors import Sentence


@dataclass(frozen=True, slots=True)
class MemberState:
    """zone: where nobody names another, as for the Azores or the Canaries."""

    label: Sentence
    zone: str


# ISO 3166-1, as in calendar=DE.
STATES = {
    "AT": MemberState(_("奥地利"), "Europe/Vienna"),
    "BE": MemberState(_("比利时"), "Europe/Brussels"),
    "BG": MemberState(_("保加利亚"), "Europe/Sofia"),
    "HR": MemberState(_("克罗地亚"), "Europe/Zagreb"),
    "CY": MemberState(_("塞浦路斯"), "Asia/Nicosia"),
    "CZ": MemberState(_("捷克"), "Europe/Prague"),
    "DK": MemberState(_("丹麦"), "Europe/Copenhagen"),
    "EE": MemberState(_("爱沙尼亚"), "Europe/Tallinn"),
    "FI": MemberState(_("芬兰"), "Europe/Helsinki"),
    "FR": MemberState(_("法国"), "Europe/Paris"),
    "DE": MemberState(_("德国"), "Europe/Berlin"),
    "GR": MemberState(_("希腊"), "Europe/Athens"),
    "HU": MemberState(_("匈牙利"), "Europe/Budapest"),
    "IE": MemberState(_("爱尔兰"), "Europe/Dublin"),
    "IT": MemberState(_("意大利"), "Europe/Rome"),
    "LV": MemberState(_("拉脱维亚"), "Europe/Riga"),
    "LT": MemberState(_("立陶宛"), "Europe/Vilnius"),
    "LU": MemberState(_("卢森堡"), "Europe/Luxembourg"),
    "MT": MemberState(_("马耳他"), "Europe/Malta"),
    "NL": MemberState(_("荷兰"), "Europe/Amsterdam"),
    "PL": MemberState(_("波兰"), "Europe/Warsaw"),
    "PT": MemberState(_("葡萄牙"), "Europe/Lisbon"),
    "RO": MemberState(_("罗马尼亚"), "Europe/Bucharest"),
    "SK": MemberState(_("斯洛伐克"), "Europe/Bratislava"),
    "SI": MemberState(_("斯洛文尼亚"), "Europe/Ljubljana"),
    "ES": MemberState(_("西班牙"), "Europe/Madrid"),
    "SE": MemberState(_("瑞典"), "Europe/Stockholm"),
}


def state_of(calendar: str) -> MemberState | None:
    """Return the state of a calendar: DE, or DE-BY for one of its parts."""
    return STATES.get(calendar.partition("-")[0])


def zone_of_state(calendar: str) -> ZoneInfo | None:
    state = state_of(calendar)
    return ZoneInfo(state.zone) if state else None


def name_of(calendar: str) -> str:
    """Say whose calendar it is, in the language in force."""
    state = state_of(calendar)
    label = str(state.label) if state else calendar
    return f"{label} ({calendar})" if "-" in calendar else label
