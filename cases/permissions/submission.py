"""Who may do what with a file at the gate, and what the policy may do alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.permissions.desk import EXAMINERS
from evidence.actors import Actor, Role

if TYPE_CHECKING:
    from cases.models import Submission
    from evidence.models import SellerAccount


def may_submit(seller: SellerAccount, actor: Actor) -> bool:
    """Who stands for the account, and the marketplace itself."""
    return actor.duty == Role.MARKETPLACE or seller.party_id in actor.parties


def may_answer_for(submission: Submission, actor: Actor) -> bool:
    return may_submit(submission.seller, actor)


def may_review(submission: Submission, actor: Actor) -> bool:
    """An examiner who has no part in it: neither sells the file, nor holds what it
    resembles, nor has decided on it before it was contested."""
    return (
        actor.duty in EXAMINERS
        and submission.seller.party_id not in actor.parties
        and not _holds_what_it_resembles(submission, actor)
        and not submission.acts.filter(
            step__in=("release", "refuse"), actor=actor.label
        ).exists()
    )


def _holds_what_it_resembles(submission: Submission, actor: Actor) -> bool:
    """The work, or the seller account of the document or of the other submission."""
    found = submission.findings.values_list(
        "work__party", "document__seller__party", "other__seller__party"
    )
    return any(set(holders) & actor.parties for holders in found)


def may_set_policy(actor: Actor) -> bool:
    return actor.duty == Role.COMPLIANCE


def policy_may_refuse(submission: Submission) -> bool:
    """Whatever the policy says, only on the finding that it may refuse on."""
    found = submission.findings.filter(outcome="refused")
    return found.filter(likeness="removed_copy").exists()
