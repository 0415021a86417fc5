"""How much of what one address, one account or one document may see: in the database,
so that every web process counts in the same row and a restart forgets nothing."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Network, ip_address

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from cases.errors import TooMany
from cases.models import UseCount


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` in each window of `seconds`."""

    name: str
    count: int
    seconds: int


LIMITS = {
    limit.name: limit
    for limit in (
        Limit("report_address", 10, 3_600),
        Limit("report_address_day", 40, 86_400),
        # Of all accounts that one address uses: an office shares one.
        Limit("report_address_accounts", 60, 3_600),
        Limit("report_account", 30, 3_600),
        Limit("report_account_day", 100, 86_400),
        # One address and one document: more than a few are the same person again.
        Limit("report_target", 3, 86_400),
        Limit("receipt_address", 20, 900),
        Limit("receipt_number", 10, 900),
        Limit("mail_address", 5, 3_600),
        Limit("appeal_account", 20, 86_400),
    )
}


def digest_of(subject: str) -> str:
    """Return what is kept of an address or an account: never itself."""
    return salted_hmac("cases.limits", subject, algorithm="sha256").hexdigest()


def spend(name: str, subject: str, *, at: datetime) -> None:
    """Count one use by `subject`. Raises TooMany with the seconds to wait.

    Two processes at once count twice: the row's own UPDATE says whether there was
    room.
    """
    limit = LIMITS[name]
    window = _window(limit, at)
    key = {"limit": name, "subject": digest_of(subject), "window": window}
    with transaction.atomic():
        UseCount.objects.bulk_create([UseCount(**key)], ignore_conflicts=True)
        room = UseCount.objects.filter(**key, count__lt=limit.count)
        if not room.update(count=F("count") + 1):
            ends = window + timedelta(seconds=limit.seconds)
            raise TooMany(max(1, round((ends - at).total_seconds())))


def forget(*, at: datetime) -> int:
    """Delete counts whose window is over for two days; return how many."""
    gone, _rows = UseCount.objects.filter(window__lt=at - timedelta(days=2)).delete()
    return gone


def _window(limit: Limit, at: datetime) -> datetime:
    seconds = int(at.timestamp())
    return datetime.fromtimestamp(seconds - seconds % limit.seconds, UTC)


def address_of(meta: dict[str, str]) -> str:
    """Return the address that a request comes from, by its WSGI environment.

    Forwarding headers are what anybody can write: only the entry that the last of our
    own proxies (settings.PROXIES) has added is believed.
    """
    proxies: int = settings.PROXIES
    if proxies:
        forwarded = meta.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(forwarded) >= proxies:
            return _network(forwarded[-proxies].strip())
    return _network(meta.get("REMOTE_ADDR", ""))


def _network(address: str) -> str:
    """Return what one subscriber has of the address space: an IPv6 /64 as a whole."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(IPv6Network((int(found), 64), strict=False))
