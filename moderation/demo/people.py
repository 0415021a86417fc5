"""The demo's people: one user a role, and the parties that they stand for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from evidence.actors import Actor, Role
from evidence.models import (
    Mandate,
    Membership,
    Party,
    PersonalDetails,
    SellerAccount,
)
from moderation.access import actor_of
from moderation.models import User

PASSWORD = "anjian-demo-2026"  # noqa: S105 -- published: the demo is local only


@dataclass(frozen=True, slots=True)
class Account:
    email: str
    name: str
    what: str
    duty: str = ""


ACCOUNTS = (
    Account("moderator@example.com", "何川", "审核员", Role.MODERATOR),
    Account("senior@example.com", "周敏", "高级审核员", Role.SENIOR),
    Account("legal@example.com", "韩立", "法务", Role.LEGAL),
    Account("compliance@example.com", "苏晴", "合规", Role.COMPLIANCE),
    Account("author@example.com", "林岚", "权利人（个人）"),
    Account("publisher@example.com", "唐宁", "权利人（出版机构经办人）"),
    Account("agent@example.com", "严律师", "代理人"),
    Account("seller@example.com", "毛强", "上传人"),
    Account("reader@example.com", "读者", "普通用户"),
)


@dataclass(frozen=True, slots=True)
class People:
    """Actors by the first part of their address; parties by a short key."""

    actors: dict[str, Actor]
    parties: dict[str, Party]
    sellers: tuple[SellerAccount, ...]


def make_people(at: datetime) -> People:
    since = at - timedelta(days=400)
    users = {
        account.email.split("@")[0]: User.objects.create_user(
            email=account.email,
            password=PASSWORD,
            name=account.name,
            duty=account.duty,
        )
        for account in ACCOUNTS
    }
    parties = _parties(since)
    members = {
        "author": ("author",),
        "publisher": ("publisher",),
        "agent": ("agent",),
        "seller": ("seller",),
    }
    for name, keys in members.items():
        for key in keys:
            Membership.objects.create(
                user=users[name], party=parties[key], role="owner", since=since
            )
    Mandate.objects.create(
        agent=parties["agent"],
        principal=parties["engineer"],
        since=since.date(),
        until=(at + timedelta(days=200)).date(),
    )
    actors = {name: actor_of(user) for name, user in users.items()}
    return People(actors, parties, _sellers(parties["seller"]))


def _parties(at: datetime) -> dict[str, Party]:
    rows = {
        "author": ("person", "林岚", "", "成都市锦江区书院街 8 号"),
        "publisher": (
            "organisation",
            "川江书社有限公司",
            "唐宁",
            "重庆市渝中区江岸路 21 号",
        ),
        "engineer": (
            "organisation",
            "启衡工程咨询有限公司",
            "罗工",
            "武汉市武昌区水果湖路 3 号",
        ),
        "agent": (
            "organisation",
            "北望律师事务所",
            "严律师",
            "北京市西城区月坛北街 5 号",
        ),
        "seller": ("person", "毛强", "", "绵阳市涪城区临园路 77 号"),
    }
    return {key: _party(key, *row, at) for key, row in rows.items()}


def _party(
    key: str, kind: str, name: str, contact: str, address: str, at: datetime
) -> Party:
    party = Party.objects.create(kind=kind, created_at=at)
    PersonalDetails.objects.create(
        party=party,
        name=name,
        contact=contact,
        email=f"{key}@example.com",
        phone="13800000000",
        address=address,
        updated_at=at,
    )
    return party


def _sellers(party: Party) -> tuple[SellerAccount, ...]:
    """The first account is the demo seller's; the others belong to nobody here."""
    own = SellerAccount.objects.create(
        marketplace_id="seller-1001", mask="M****8", party=party
    )
    others = [
        SellerAccount.objects.create(
            marketplace_id=f"seller-{1002 + number}", mask=mask
        )
        for number, mask in enumerate(("W****3", "z****6", "G****0", "s****2"))
    ]
    return (own, *others)
