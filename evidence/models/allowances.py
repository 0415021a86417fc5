"""What an account has brought on one day."""

from django.db import models


class Allowance(models.Model):
    """Files and bytes taken in from one account on one calendar day of the site."""

    account = models.CharField(max_length=40)
    day = models.DateField()
    files = models.PositiveIntegerField(default=0)
    size_bytes = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "day"], name="allowance_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.day}: {self.files}"
