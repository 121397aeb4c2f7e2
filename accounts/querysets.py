from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models

from accounts.enums import SELLERS, Role

if TYPE_CHECKING:
    from accounts.models import User


class UserQuerySet(models.QuerySet["User"]):
    def here(self) -> "UserQuerySet":
        """People who have not left."""
        return self.filter(is_active=True)

    def sellers(self) -> "UserQuerySet":
        """People who work leads: sales reps and team leads who have not left."""
        return self.here().filter(role__in=SELLERS, team__isnull=False)


class UserManager(BaseUserManager["User"]):
    """People are made with an e-mail address; a user without a password can't log in."""

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def here(self) -> UserQuerySet:
        return self.get_queryset().here()

    def sellers(self) -> UserQuerySet:
        return self.get_queryset().sellers()

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str, **fields: Any) -> "User":
        return self.create_user(email, password, role=Role.ADMIN, **fields)
