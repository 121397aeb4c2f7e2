import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leads.numbering import CARRIER_OF, OLD_MOBILE, REGION_OF
from leads.phones import (
    UNUSABLE,
    UNVERIFIED,
    Phone,
    carrier,
    fixed_line_region,
    parse_phone,
    phone_fragment,
    search_forms,
)

# DOMAIN 7, written out once more: the table under test must not be its own proof.
OLD_TO_NEW = {
    "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036", "0167": "037",
    "0168": "038", "0169": "039", "0120": "070", "0121": "079", "0122": "077", "0126": "076",
    "0128": "078", "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip
SPELLINGS = ["0{}", "+84{}", "84{}", "0084{}", "+840{}", "+84 (0){}", "(+84) {}", "{}", "Zalo: 0{} (chị Hoa)"]
MOBILES = st.from_regex(r"(?:3[2-9]|5[68]|7[06-9]|8[1-8]|9[0-8])\d{7}", fullmatch=True).filter(str.isascii)
SEVEN = st.from_regex(r"[0-9]{7}", fullmatch=True)
SEPARATORS = st.lists(st.sampled_from(["", "", " ", ".", "-", ") ", " (", "\u00a0", "–"]), min_size=9, max_size=9)


def spelled(number: str, separators: list[str]) -> str:
    return "".join(char + gap for char, gap in zip(number, [*separators, *[""] * len(number)], strict=False))


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_parse_phone_reads_a_mobile_in_every_spelling(spelling):
    assert parse_phone(spelling.format("912345678")) == Phone("+84912345678", "")


@pytest.mark.parametrize(
    ("raw", "e164"),
    [
        ("0912 345 678", "+84912345678"),
        ("0912.345.678", "+84912345678"),
        ("0912/345/678", "+84912345678"),
        ("０９１２３４５６７８", "+84912345678"),
        ("＋８４ ９１２ ３４５ ６７８", "+84912345678"),
        ("٠٩١٢٣٤٥٦٧٨", "+84912345678"),
        ("+0912345678", "+84912345678"),
        ("0912345678 / 0987654321", "+84912345678"),
        ("0912345678;0987654321", "+84912345678"),
        ("0912.345.678 - 0987.654.321", "+84912345678"),
        ("09123 - 45678", "+84912345678"),
        ("gọi sau 5h: 0912345678", "+84912345678"),
        ("0912345678 gặp sau 17 giờ", "+84912345678"),
        ("0912345678x12", "+84912345678"),
        ("(028) 3823 4567", "+842838234567"),
        ("（028）3823 4567", "+842838234567"),
        ("2838234567", "+842838234567"),
        ("024 3825 1234 máy lẻ 12", "+842438251234"),
        ("1900 1234", "+8419001234"),
        ("18001234", "+8418001234"),
        ("+1 415 555 2671", "+14155552671"),
        ("001 415 555 2671", "+14155552671"),
        ("+44 (0)20 7946 0958", "+442079460958"),
    ],
)
def test_parse_phone_accepts_what_people_write(raw, e164):
    assert parse_phone(raw) == Phone(e164, "")


@pytest.mark.parametrize(
    ("raw", "e164"),
    [
        ("0001234567", "+841234567"),
        ("38234567", "+38234567"),
        ("+999 1234 5678", "+99912345678"),
        ("14155552671", "+14155552671"),
        ("8401234567", "+841234567"),
        ("0912 345 678 99", "+8491234567899"),
    ],
)
def test_parse_phone_keeps_a_plausible_number_with_a_warning(raw, e164):
    assert parse_phone(raw) == Phone(e164, UNVERIFIED)


@pytest.mark.parametrize("raw", ["9.12345678E+08", "9,12345678e8", "8.4912345678E+10"])
def test_parse_phone_reads_a_spreadsheet_number_that_kept_all_its_digits(raw):
    assert parse_phone(raw) == Phone("+84912345678", "")


@pytest.mark.parametrize(
    "raw",
    [
        "",
        " ",
        "113",
        "không có",
        "0912345",
        "+84",
        "00000000",
        "+00 000 000",
        "1" * 18,
        "+1234567890123456",
        "\x00",
        "9.12346E+08",  # a spreadsheet has rounded the last digits away
        "8,49123E+10",
    ],
)
def test_parse_phone_refuses_what_nobody_can_call(raw):
    assert parse_phone(raw) == Phone(None, UNUSABLE)


@pytest.mark.parametrize(
    ("raw", "region", "expected"),
    [
        ("020 7946 0958", "GB", Phone("+442079460958", "")),
        ("06 6981 2345", "IT", Phone("+390669812345", "")),
        ("0168 234 5678", "GB", Phone("+441682345678", UNVERIFIED)),
        ("+84168 234 5678", "GB", Phone("+84382345678", "")),
        ("020 7946 0958", "??", Phone(None, UNUSABLE)),
        ("20 7946 0958", "??", Phone("+2079460958", UNVERIFIED)),
    ],
)
def test_parse_phone_dials_from_another_region(raw, region, expected):
    assert parse_phone(raw, region=region) == expected


def test_old_prefixes_are_those_of_the_change_of_2018():
    assert {f"0{old}": f"0{new}" for old, new in OLD_MOBILE.items()} == OLD_TO_NEW


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(("old", "new"), OLD_TO_NEW.items())
def test_parse_phone_converts_every_old_prefix(old, new, spelling):
    assert parse_phone(spelling.format(f"{old[1:]}2345678")).e164 == f"+84{new[1:]}2345678"


@given(st.sampled_from(sorted(OLD_TO_NEW)), SEVEN, SEPARATORS)
def test_parse_phone_converts_old_numbers_however_they_are_spaced(old, rest, separators):
    assert parse_phone(spelled(old + rest, separators)).e164 == f"+84{OLD_TO_NEW[old][1:]}{rest}"


@given(MOBILES, SEPARATORS, st.sampled_from(SPELLINGS[:5]))
def test_parse_phone_ignores_punctuation(mobile, separators, spelling):
    assert parse_phone(spelled(spelling.format(mobile), separators)) == Phone(f"+84{mobile}", "")


@given(st.from_regex(r"[35789][0-9]{8}", fullmatch=True))
def test_parse_phone_agrees_with_the_library_on_mobiles(national):
    number = phonenumbers.parse(national, "VN")
    expected = "" if phonenumbers.is_valid_number(number) else UNVERIFIED
    assert parse_phone(f"0{national}") == Phone(f"+84{national}", expected)


@given(st.text(st.characters()) | st.text("0123456789+() .-/x"), st.sampled_from(["VN", "US", "??"]))
@settings(max_examples=500)
def test_parse_phone_never_raises_and_fits_its_column(raw, region):
    found = parse_phone(raw, region=region)
    assert (found.e164 is None) == (found.warning == UNUSABLE)
    assert found.e164 is None or (found.e164[0] == "+" and 9 <= len(found.e164) <= 16)


@given(st.from_regex(r"(\+|00|0|84|)[0-9]{7,16}", fullmatch=True))
@settings(max_examples=500)
def test_parse_phone_is_idempotent_on_its_output(raw):
    once = parse_phone(raw).e164
    assert once is None or parse_phone(once).e164 == once


@pytest.mark.parametrize(
    ("e164", "forms"),
    [
        ("+84912345678", "0912345678 84912345678"),
        ("+842838234567", "02838234567 842838234567"),
        ("+14155552671", "14155552671"),
    ],
)
def test_search_forms_hold_both_spellings(e164, forms):
    assert search_forms(e164) == forms


@pytest.mark.parametrize(
    ("query", "fragment"),
    [
        ("0912 345", "0912345"),
        ("+84 912345", "84912345"),
        ("84912", "84912"),
        ("0084 912", "84912"),
        ("+84 (0)912", "0912"),
        ("840912345678", "0912345678"),
        ("001 415 555 2671", "14155552671"),
        ("0168 2", "0382"),
        ("84 168 2", "84382"),
        ("+84 (0)168 2", "0382"),
        ("168 234 5678", "0382345678"),
        ("+1 682 345 678", "1682345678"),
        ("0168", "0168"),
        ("5678", "5678"),
        ("９１２", "912"),
        ("0912-345.", "0912345"),
        ("12", ""),
        ("", ""),
        ("+++", ""),
        ("nguyen 0912", ""),
        ("lead-2026", ""),
    ],
)
def test_phone_fragment_gives_the_digits_to_look_for(query, fragment):
    assert phone_fragment(query) == fragment


@given(MOBILES, st.integers(0, 9), st.integers(3, 10))
def test_phone_fragment_finds_any_part_of_a_mobile(mobile, start, length):
    part = f"0{mobile}"[start : start + length]
    found = phone_fragment(part)
    # From five digits on, a part that reads like an old number or a country code is taken for one.
    ambiguous = len(part) > 4 and part.startswith(("00", "01", "1", "84"))
    assert len(part) < 3 or ambiguous or found in search_forms(f"+84{mobile}")


@given(MOBILES, st.integers(3, 10), st.sampled_from(["0{}", "+84{}", "84{}", "0084{}", "+84 (0){}"]), SEPARATORS)
def test_phone_fragment_finds_a_beginning_in_any_spelling(mobile, length, spelling, separators):
    query = spelled(spelling.format(mobile[:length]), separators)
    assert phone_fragment(query) in search_forms(f"+84{mobile}")
    assert len(phone_fragment(query)) >= 3


@given(st.sampled_from(sorted(OLD_TO_NEW)), SEVEN, st.integers(1, 7), st.sampled_from(SPELLINGS[:5]))
def test_phone_fragment_finds_new_numbers_by_their_old_beginning(old, rest, length, spelling):
    stored = parse_phone(old + rest).e164
    assert phone_fragment(spelling.format(old[1:] + rest[:length])) in search_forms(stored)


@given(st.text(st.characters()))
def test_phone_fragment_never_raises(query):
    assert set(phone_fragment(query)) <= set("0123456789")


@pytest.mark.parametrize(
    ("e164", "name"),
    [
        ("+84981234567", "Viettel"),
        ("+84382345678", "Viettel"),
        ("+84912345678", "VinaPhone"),
        ("+84901234567", "MobiFone"),
        ("+84921234567", "Vietnamobile"),
        ("+84591234567", "Gmobile"),
        ("+84871234567", "iTel"),
        ("+84551234567", "Wintel"),
        ("+842838234567", ""),
        ("+849123", ""),
        ("+14155552671", ""),
        ("", ""),
    ],
)
def test_carrier_names_the_owner_of_the_prefix(e164, name):
    assert carrier(e164) == name


def test_every_new_prefix_has_its_carrier():
    assert [new for new in OLD_MOBILE.values() if new not in CARRIER_OF] == []


@pytest.mark.parametrize(
    ("e164", "province"),
    [
        ("+842838234567", "TP. Hồ Chí Minh"),
        ("+842438251234", "Hà Nội"),
        ("+842363812345", "Đà Nẵng"),
        ("+842301234567", ""),
        ("+84912345678", ""),
        ("+390669812345", ""),
        ("", ""),
    ],
)
def test_fixed_line_region_names_the_province(e164, province):
    assert fixed_line_region(e164) == province


def test_every_area_code_is_in_the_numbering_plan():
    numbers = [f"+84{code}{'3812345678'[: 10 - len(code)]}" for code in REGION_OF]
    assert len(numbers) == 63
    assert [number for number in numbers if not phonenumbers.is_valid_number(phonenumbers.parse(number))] == []


@given(st.from_regex(r"0[0-9]{8,10}", fullmatch=True))
def test_the_way_most_people_write_theirs_reads_like_any_other(typed):
    assert parse_phone(typed) == parse_phone(f" {typed}") == parse_phone(f"{typed[:4]}.{typed[4:]}")
