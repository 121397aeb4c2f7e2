import pytest

from core.errors import Invalid
from leads.calling import call_address, checked_address

PHONE = "+84912345678"


@pytest.mark.parametrize(
    ("template", "address"),
    [
        ("tel:{phone}", "tel:+84912345678"),
        ("sip:{local}@tongdai.vn", "sip:0912345678@tongdai.vn"),
        ("https://voip.vn/call?to={phone}", "https://voip.vn/call?to=%2B84912345678"),
        ("https://voip.vn/call/{plain}", "https://voip.vn/call/84912345678"),
    ],
)
def test_a_number_opens_the_administrators_address(template, address):
    assert call_address(checked_address(template), PHONE) == address


def test_a_foreign_number_keeps_its_country():
    assert call_address("callto:{local}", "+6591234567") == "callto:6591234567"
    assert call_address("tel:{phone}", None) == ""
    assert checked_address("  ") == "tel:{phone}"


@pytest.mark.parametrize(
    "template",
    [
        "javascript:alert({phone})",
        "http://voip.vn/{phone}",
        "//voip.vn/{phone}",
        "https://{phone}.vn/",
        "https://[{phone}",
        "https:{phone}",
        "tel:12345",
        'https://voip.vn/"{phone}',
        "data:text/html,{phone}",
    ],
)
def test_unsafe_addresses_are_refused(template):
    with pytest.raises(Invalid) as refused:
        checked_address(template)
    assert refused.value.field == "call_address"
