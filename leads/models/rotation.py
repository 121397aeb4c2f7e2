from django.conf import settings
from django.db import models


class Rotation(models.Model):
    """The turn-taking of one group of reps. Its row is the lock: whoever chooses a rep holds it."""

    key = models.CharField(max_length=40, primary_key=True)
    assigned = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return self.key


class Seat(models.Model):
    """One rep's place in a rotation. The next lead goes to the free rep with the lowest turn."""

    rotation = models.ForeignKey(Rotation, on_delete=models.CASCADE, related_name="seats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    turn = models.BigIntegerField(default=0, help_text="Steps taken, 2520 / weight for each lead.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rotation", "user"], name="seat_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.rotation_id} at {self.turn}"
