"""For whom a person may act: their own parties, and those that mandated them."""

from datetime import datetime

from django.db.models import Q, QuerySet

from cases.calendars import CHINA
from cases.identity_numbers import masked
from evidence.actors import Actor
from evidence.models import Mandate, Party, Work


def own_parties(actor: Actor) -> QuerySet[Party]:
    """The parties that the person is a member of."""
    parties = Party.objects.filter(pk__in=actor.parties)
    return parties.select_related("details").order_by("pk")


def mandates_of(actor: Actor, at: datetime) -> QuerySet[Mandate]:
    """The powers of attorney in force that the person's parties hold."""
    # Its days are days in China, whatever zone the instant came in.
    held = Mandate.objects.in_force(at.astimezone(CHINA)).filter(
        agent__in=actor.parties
    )
    return held.select_related("agent__details", "principal__details").order_by("pk")


def agents_of(principal_id: int | None, at: datetime) -> set[int]:
    """Return the ids of those who hold a power of attorney in force of a party."""
    held = Mandate.objects.in_force(at.astimezone(CHINA))
    return set(held.filter(principal=principal_id).values_list("agent", flat=True))


def represented(actor: Actor, at: datetime) -> QuerySet[Party]:
    """The parties in whose name the person may register works and complain."""
    principals = mandates_of(actor, at).values("principal")
    parties = Party.objects.filter(Q(pk__in=actor.parties) | Q(pk__in=principals))
    return parties.select_related("details").order_by("pk")


def works_within_reach(actor: Actor, at: datetime) -> QuerySet[Work]:
    """The works of those parties: every view of a work starts here."""
    works = Work.objects.filter(party__in=represented(actor, at).values("pk"))
    return works.select_related("party__details").order_by("-registered_at", "-pk")


def shown_number(party: Party | None) -> str:
    """Return a party's number as pages show it: an organisation's is public."""
    details = getattr(party, "details", None)
    if party is None or details is None:
        return ""
    if party.kind == Party.Kind.ORGANISATION:
        return str(details.identity_number)
    return masked(details.identity_number)


def agent_for(principal: Party, actor: Actor, at: datetime) -> Party | None:
    """Who acts when this person complains in that name; None when they are it."""
    if principal.pk in actor.parties:
        return None
    mandate = mandates_of(actor, at).filter(principal=principal).first()
    return mandate.agent if mandate else None
