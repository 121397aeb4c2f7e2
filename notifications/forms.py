from django import forms

from notifications.models import Preference


class PreferenceForm(forms.ModelForm[Preference]):
    class Meta:
        model = Preference
        fields = (
            "email_assigned",
            "email_pooled",
            "email_warned",
            "email_breached",
            "email_mentioned",
            "email_reminders",
            "email_house",
            "sound",
        )
