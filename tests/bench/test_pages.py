from bench import pages
from leads.models import Event
from tests.factories import NOW, make_lead


def test_a_long_log_is_topped_up_and_grows_no_further(db, monkeypatch):
    monkeypatch.setattr(pages, "LONG_LOG", 8)
    lead = make_lead().pk
    log = Event.objects.filter(lead=lead)
    assert pages.lead_with_long_log(at=NOW) == lead
    long = log.count()
    assert long >= 8
    pages.lead_with_long_log(at=NOW)
    assert log.count() == long
