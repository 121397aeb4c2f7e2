"""Starting the demo over: never where real people work, and while everything runs."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from leads.models import Lead
from tests import stack as stacks
from tests.factories import make_lead, make_user

pytestmark = pytest.mark.django_db


def test_reset_is_refused_where_real_people_work():
    stranger = make_user(email="real@company.vn")
    lead = make_lead()
    with pytest.raises(CommandError, match=r"real@company\.vn"):
        call_command("demo", reset=True)
    assert (User.objects.get(), Lead.objects.get()) == (stranger, lead)


@pytest.mark.fault
def test_reset_brings_the_first_day_back_while_everything_runs():
    with stacks.up(test_build=False) as product:
        done = product.manage("demo", "--reset", "--leads", "15")
        assert (done.returncode, done.stderr) == (0, "")
        assert product.ask("SELECT count(*) FROM leads_lead") == [(15,)]
        assert product.inside("broken_invariants") == []
