"""From a login to the actor that the services know."""

from collections.abc import Iterable
from dataclasses import replace

from django.contrib.auth.models import AnonymousUser

from evidence.actors import ANONYMOUS, Actor
from evidence.models import Membership
from moderation.models import User


def actor_of(user: User | AnonymousUser, reports: Iterable[int] = ()) -> Actor:
    """Return who this is: their duty, the parties that they stand for, and the
    reports whose query codes this browser has shown."""
    shown = frozenset(reports)
    if not user.is_authenticated:
        return replace(ANONYMOUS, reports=shown)
    parties = Membership.objects.filter(user=user).values_list("party", flat=True)
    return Actor(
        user_id=user.pk, duty=user.duty, parties=frozenset(parties), reports=shown
    )
