"""Registering who complains and what is theirs, each act in the site's ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from cases.errors import NotPermitted
from evidence import ledger
from evidence.actors import Actor, Role
from evidence.intake import Readable, receive, receive_text
from evidence.ledger import SITE, Act
from evidence.models import Exhibit, Mandate, Membership, Party, PersonalDetails, Work
from evidence.pipeline import ask_again
from evidence.tasks import process_text


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived, and the name that it had."""

    content: bytes | Readable
    name: str


@dataclass(frozen=True, slots=True)
class Proof:
    kind: str
    upload: Upload


def register_party(
    kind: str, details: Mapping[str, str], *, by: Actor, at: datetime
) -> Party:
    """Create a party that the person acts for."""
    if by.user_id is None:
        raise NotPermitted
    with transaction.atomic():
        party = _new_party(kind, details, by=by, at=at)
        Membership.objects.create(
            user_id=by.user_id, party=party, role=Membership.Role.OWNER, since=at
        )
    return party


def amend_party(
    party: Party, details: Mapping[str, str], *, by: Actor, at: datetime
) -> None:
    """Write a party's details anew. Raises NotPermitted for who is not a member."""
    if party.pk not in by.parties:
        raise NotPermitted
    with transaction.atomic():
        PersonalDetails.objects.update_or_create(
            party=party, defaults={**details, "updated_at": at}
        )
        _note("party.amended", {"party": party.pk}, by=by, at=at)


def register_principal(
    kind: str,
    details: Mapping[str, str],
    *,
    agent: Party,
    since: date,
    until: date | None,
    authority: Upload,
    by: Actor,
    at: datetime,
) -> Mandate:
    """Create a principal, the agent's mandate, and file the 授权委托书 as received."""
    if agent.pk not in by.parties:
        raise NotPermitted
    with transaction.atomic():
        principal = _new_party(kind, details, by=by, at=at)
        mandate = Mandate.objects.create(
            agent=agent, principal=principal, since=since, until=until
        )
        proof = Proof(Exhibit.Kind.CONTRACT, authority)
        exhibit = file_exhibit(proof, party=principal, work=None, by=by, at=at)
        payload = {"mandate": mandate.pk, "agent": agent.pk, "principal": principal.pk}
        payload["exhibit"] = exhibit.pk
        _note("mandate.recorded", payload, by=by, at=at)
    return mandate


def register_work(
    party: Party,
    facts: Mapping[str, Any],
    *,
    sample: Upload,
    proofs: Sequence[Proof],
    by: Actor,
    at: datetime,
) -> Work:
    """Create a work with its sample and proof, and have the sample compared.

    The bytes are stored and hashed before this returns; reading and comparing them
    is the worker's. Raises UploadTooLarge and AllowanceSpent.
    """
    with transaction.atomic():
        # A work that quotes a listing page is a text all the same.
        text = receive_text(
            sample.content, name=sample.name, at=at, by=by, reading="text"
        )
        work = Work.objects.create(
            party=party,
            sample=text,
            sample_name=sample.name,
            registered_at=at,
            **facts,
        )
        # The same bytes may have been read before, for somebody else's upload.
        ask_again(text)
        exhibits = [
            file_exhibit(proof, party=party, work=work, by=by, at=at)
            for proof in proofs
        ]
        filed = [{"id": row.pk, "sha256": row.blob.sha256} for row in exhibits]
        payload = {"work": work.pk, "party": party.pk, "sample": text.blob.sha256}
        _note("work.registered", payload | {"exhibits": filed}, by=by, at=at)
        transaction.on_commit(lambda: process_text.enqueue(text.pk))
    return work


def _new_party(
    kind: str, details: Mapping[str, str], *, by: Actor, at: datetime
) -> Party:
    party = Party.objects.create(kind=kind, created_at=at)
    PersonalDetails.objects.create(party=party, updated_at=at, **details)
    _note("party.registered", {"party": party.pk, "kind": kind}, by=by, at=at)
    return party


def file_exhibit(
    proof: Proof, *, party: Party, work: Work | None, by: Actor, at: datetime
) -> Exhibit:
    """Keep a file as it was filed: its bytes are stored and hashed first."""
    return Exhibit.objects.create(
        party=party,
        work=work,
        kind=proof.kind,
        blob=receive(proof.upload.content, name=proof.upload.name, at=at, by=by),
        original_name=proof.upload.name,
        filed_at=at,
    )


def _note(kind: str, payload: dict[str, Any], *, by: Actor, at: datetime) -> None:
    role = by.duty or Role.CLAIMANT
    ledger.append(Act(SITE, kind, payload), by=by, role=role, at=at)
