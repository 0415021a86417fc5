"""From a login to the actor that the services know."""

from django.contrib.auth.models import AnonymousUser

from evidence.actors import ANONYMOUS, Actor
from evidence.models import Membership
from moderation.models import User


def actor_of(user: User | AnonymousUser) -> Actor:
    """Return who this is: their duty and the parties that they stand for."""
    if not user.is_authenticated:
        return ANONYMOUS
    parties = Membership.objects.filter(user=user).values_list("party", flat=True)
    return Actor(user_id=user.pk, duty=user.duty, parties=frozenset(parties))
