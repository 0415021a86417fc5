from django.apps import AppConfig
from django.core import checks

from cases.checks import clock_profiles


class CasesConfig(AppConfig):
    name = "cases"

    def ready(self) -> None:
        checks.register(clock_profiles)
