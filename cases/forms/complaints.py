"""The steps of a complaint that ask something: parties, works, declarations."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from cases.declarations import DECLARATIONS, offered_declarations
from cases.forms.signing import SigningForm
from evidence.models import Party, Work


class PartyStepForm(forms.Form):
    """Whose rights were touched; who signs follows from whose member one is."""

    claimant = forms.ModelChoiceField(
        Party.objects.none(),
        label=_("以谁的名义投诉"),
        empty_label=None,
        widget=forms.RadioSelect,
    )

    def __init__(
        self, *args: Any, parties: Any, agents: dict[int, Party], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.agents = agents
        claimant = self.fields["claimant"]
        claimant.queryset = parties  # type: ignore[attr-defined]
        claimant.label_from_instance = self.label_of  # type: ignore[attr-defined]

    def label_of(self, party: Party) -> str:
        agent = self.agents.get(party.pk)
        if agent is None:
            return party.name
        facts = {"principal": party.name, "agent": agent.name}
        return str(_("%(principal)s（由 %(agent)s 代理）") % facts)


class WorksStepForm(forms.Form):
    works = forms.ModelMultipleChoiceField(
        Work.objects.none(),
        label=_("被侵权的作品"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一部作品。")},
    )

    def __init__(self, *args: Any, works: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["works"]
        field.queryset = works  # type: ignore[attr-defined]
        field.label_from_instance = _title_of  # type: ignore[attr-defined]


def _title_of(work: Work) -> str:
    return format_html("《{}》 {}", work.title, work.get_kind_display())


class DeclarationsForm(SigningForm):
    """Every declaration has a tick of its own, and none is ticked beforehand.

    What was filled in is kept in the draft even when it is not all of it, so the
    browser is not told to hold the form back.
    """

    use_required_attribute = False

    def __init__(self, *args: Any, signer: Party | None, **kwargs: Any) -> None:
        offered = offered_declarations(settings.CLOCK_PROFILES)
        super().__init__(
            *args, signer=signer, declarations=DECLARATIONS, offered=offered, **kwargs
        )
        self.every = [*DECLARATIONS, *offered]

    def ticked(self) -> list[str]:
        """Return the declarations that were ticked, all of them or not."""
        posted = self["declared"].value() or []
        return [each.code for each in self.every if each.code in posted]
