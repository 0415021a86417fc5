"""What a match may do by itself: the one question that everything automatic asks.

A hold before publication, a case opened by the system, a refusal by policy: each asks
`footing_of` first, and where a floor stands against it a person looks instead.
"""

from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evidence.comparing import compare
from evidence.matching.floors import Bond, evidence_in, may_act_alone
from evidence.matching.params import Params
from evidence.matching.passages import Resemblance
from evidence.models import Document, Licence, Match, SellerAccount, Work
from evidence.thresholds import in_force


class Floor(models.TextChoices):
    """Why a match may not act by itself."""

    LITTLE = "little", _("公共书架和数字以外的相同文字太少")
    OWNS = "owns", _("上传人自己持有在先文本")
    LICENSED = "licensed", _("上传人在作品的授权名单上")


@dataclass(frozen=True, slots=True)
class Footing:
    """What a match stands on.

    evidence: normalised characters outside shelves, in passages of words; floors:
    what keeps it from acting by itself, none when it may.
    """

    evidence: int
    floors: tuple[Floor, ...]

    @property
    def may_act_alone(self) -> bool:
        return not self.floors


def footing_of(
    match: Match, seller: SellerAccount | None, document: Document | None = None
) -> Footing:
    """Return whether a match may act by itself against the upload that it was made for.

    The match has the upload as its query and the older text as what was found, or the
    same text twice. seller: the account that uploads, None when nobody knows it yet;
    document: the listing, None before publication. The texts are compared again, so
    that what came onto a shelf since then is no evidence any more.
    """
    params = in_force()
    alike = _as_of_now(match, params)
    evidence, floors = 0, []
    if alike is not None:
        evidence = evidence_in(match.query.content, alike)
    if alike is None or not may_act_alone(match.query.content, alike, Bond(), params):
        floors.append(Floor.LITTLE)
    bond = bond_of(match, seller, document)
    if bond.owns:
        floors.append(Floor.OWNS)
    if bond.licensed:
        floors.append(Floor.LICENSED)
    return Footing(evidence, tuple(floors))


def bond_of(
    match: Match, seller: SellerAccount | None, document: Document | None = None
) -> Bond:
    """Return what ties the uploading account to the text that was found.

    It owns it when its party holds a work with that text, or when it or its party
    offers the text already; a licence to one of those works licenses it.
    """
    if seller is None:
        return Bond()
    works = Work.objects.filter(sample=match.found_id)
    offered = Document.objects.filter(versions__text=match.found_id)
    if document is not None and match.query_id == match.found_id:
        offered = offered.exclude(pk=document.pk)
    own = Q(seller=seller)
    owns = False
    if seller.party_id is not None:
        own |= Q(seller__party=seller.party_id)
        owns = works.filter(party=seller.party_id).exists()
    licences = Licence.objects.covering(seller, document).filter(work__in=works)
    return Bond(owns=owns or offered.filter(own).exists(), licensed=licences.exists())


def _as_of_now(match: Match, params: Params) -> Resemblance | None:
    screening = compare(match.query, match.found, params)
    return next(iter(screening.resemblances), None)
