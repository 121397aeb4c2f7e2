"""People and teams as the administrator edits them, and the own profile."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from core.typed import NameField, WholeField


class UserForm(forms.ModelForm[User]):
    """One person. A new one needs a password to log in with; an empty field leaves the old one."""

    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Leave empty to keep the present one. Tell the person in a safe way."),
    )

    class Meta:
        model = User
        fields = ["full_name", "email", "role", "team", "capacity", "weight", "language", "on_duty", "is_active"]
        field_classes = {"full_name": NameField, "capacity": WholeField, "weight": WholeField}

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        if not self.instance.pk:
            self.fields["password"].required = True
            self.fields["password"].help_text = _("At least 10 characters. Tell the person in a safe way.")

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if password:
            validate_password(password, self.instance)
        return password

    def clean(self) -> dict[str, Any]:
        """Nobody takes the administrator's rights from themselves: the last one would lock everybody out."""
        given = super().clean() or self.cleaned_data
        if self.instance.pk == self.by.pk:
            if not given.get("is_active"):
                self.add_error("is_active", _("You can't deactivate yourself."))
            if given.get("role") != self.by.role:
                self.add_error("role", _("You can't change your own role."))
        return given

    def save(self, commit: bool = True) -> User:
        if password := self.cleaned_data["password"]:
            self.instance.set_password(password)
        return super().save(commit)


class TeamForm(forms.ModelForm[Team]):
    class Meta:
        model = Team
        fields = ["name", "side", "in_hours_only"]
        field_classes = {"name": NameField}


class ProfileForm(forms.ModelForm[User]):
    """What everybody may change about themselves."""

    class Meta:
        model = User
        fields = ["full_name", "language"]
        field_classes = {"full_name": NameField}
