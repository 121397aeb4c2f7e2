"""Getting in and out, and around without a mouse."""

import re

import pytest
from playwright.sync_api import expect

from leadflow.demo.cast import PASSWORD
from tests.e2e.conftest import PEOPLE, Opener, fill_login
from tests.e2e.watch import Watch
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("e2e")]


def test_stranger_is_sent_to_the_login_and_then_where_they_wanted(open_as: Opener, watch: Watch):
    page = open_as("", "/leads/?status=new")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next="))
    fill_login(page, PEOPLE["admin"], PASSWORD)
    expect(page).to_have_url(re.compile(r"/leads/\?status=new$"))
    page.get_by_role("button", name="Trình đơn của Trịnh Quản Trị").click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page).to_have_url(re.compile(r"/accounts/login/"))
    page.goto("/leads/")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next="))
    assert watch.complaints == []


def test_wrong_password_and_unknown_address_are_told_the_same(open_as: Opener):
    page = open_as("", "/accounts/login/")
    told = []
    for email in (PEOPLE["rep"], "nobody@leadflow.example"):
        fill_login(page, email, "not the password")
        told.append(page.get_by_role("alert").first.inner_text())
        expect(page.get_by_label("E-mail")).to_have_value(email)
    assert told[0]
    assert told[0] == told[1]


def test_words_typed_when_the_session_lapsed_are_kept(open_as: Opener, product: Stack):
    lead = product.inside("give_lead", email=PEOPLE["rep"], lead_name="Hồ Bảo Châu")
    page = open_as("rep", f"/leads/{lead}/")
    note = page.locator("#lead-call").get_by_label("Ghi chú")
    note.fill("Hẹn gọi lại sau Tết")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.locator("#lead-call").get_by_role("button", name="Gặp khách").click()
    expect(page.locator("#toasts [data-toast]").first).to_be_visible()
    expect(note).to_have_value("Hẹn gọi lại sau Tết")
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.reload()
    expect(note).to_have_value("Hẹn gọi lại sau Tết")


def test_words_typed_are_not_shown_to_the_next_person_on_this_tab(open_as: Opener, product: Stack):
    lead = product.inside("give_lead", email=PEOPLE["rep"], lead_name="Hồ Bảo Trân")
    page = open_as("rep", f"/leads/{lead}/")
    page.locator("#lead-call").get_by_label("Ghi chú").fill("Chỉ mình tôi biết")
    page.context.clear_cookies()
    page.reload()
    fill_login(page, PEOPLE["admin"], PASSWORD)
    expect(page).to_have_url(re.compile(rf"/leads/{lead}/$"))
    expect(page.locator("#lead-call").get_by_label("Ghi chú")).to_have_value("")


def test_a_form_sent_after_the_session_lapsed_is_back_after_the_login(open_as: Opener):
    page = open_as("marketing_manager", "/scoring/models/")
    draft = page.locator("#new-draft")
    page.get_by_role("button", name="Bản nháp mới").click()
    draft.locator("[name=name]").fill("Mô hình Tết")
    page.context.clear_cookies(name="leadflow")
    draft.get_by_role("button", name="Tạo bản nháp").click()
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=/scoring/models/$"))
    fill_login(page, PEOPLE["marketing_manager"], PASSWORD)
    expect(draft.locator("[name=name]")).to_have_value("Mô hình Tết")
    expect(page.locator("#toasts")).to_contain_text("Những gì bạn nhập dở đã được khôi phục.")


def test_two_clicks_send_once(open_as: Opener):
    page = open_as("marketing_manager", "/scoring/models/")
    page.get_by_role("button", name="Bản nháp mới").click()
    page.locator("#new-draft [name=name]").fill("Bấm hai lần")
    page.locator("#new-draft").get_by_role("button", name="Tạo bản nháp").dblclick()
    expect(page).to_have_url(re.compile(r"/scoring/models/\d+/$"))
    page.locator("a[href='/scoring/models/']").first.click()
    expect(page.get_by_text("Bấm hai lần", exact=True)).to_have_count(1)


def test_menu_and_search_stay_in_sight_on_a_long_page(open_as: Opener):
    page = open_as("admin", "/leads/")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    assert page.evaluate("scrollY") > page.viewport_size["height"]  # type: ignore[index]
    for frame in ("#sidebar", ".topbar"):
        assert round(page.locator(frame).bounding_box()["y"]) == 0  # type: ignore[index]


def test_keyboard_finds_walks_and_opens(open_as: Opener, watch: Watch):
    page = open_as("admin", "/leads/")
    page.keyboard.press("/")
    search = page.get_by_placeholder("Tìm lead theo tên")
    expect(search).to_be_focused()
    page.keyboard.type("nguyen")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"q=nguyen"))
    rows = page.locator("[data-rows] tr[data-href]")
    expect(rows.first).to_contain_text("Nguyễn")
    second = rows.nth(1).get_attribute("data-href")
    for key in ("j", "j", "j", "k"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{second}$"))
    page.keyboard.press("g")
    page.keyboard.press("o")
    expect(page).to_have_url(re.compile(r"/overview/$"))
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Phím tắt")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.get_by_role("searchbox", name="Tìm lead và trang").fill("hom nay")
    expect(page.get_by_role("link", name="Hôm nay").last).to_be_visible()
    assert watch.complaints == []


def test_a_refused_form_leads_to_what_is_wrong(open_as: Opener, product: Stack):
    lead = product.inside("give_lead", email=PEOPLE["rep"], lead_name="Vũ Thảo Nguyên")
    page = open_as("rep", f"/leads/{lead}/")
    page.keyboard.press("e")
    profile = page.locator("form:has(input[name=phone])")
    profile.get_by_label("Điện thoại").fill("12ab")
    profile.get_by_role("button", name="Lưu").click()
    expect(profile.get_by_text("Đây không phải số điện thoại.")).to_be_in_viewport()
    expect(profile.get_by_label("Điện thoại")).to_be_focused()


def test_enter_takes_the_colleague_offered_in_a_note(open_as: Opener, product: Stack):
    lead = product.inside("give_lead", email=PEOPLE["rep"], lead_name="Lý Hoài Nam")
    page = open_as("rep", f"/leads/{lead}/")
    note = page.get_by_placeholder("@tên")
    note.press_sequentially("Nhờ @tri")
    expect(page.locator("[data-mention]:visible").first).to_be_visible()
    name = page.locator("[data-mention]:visible").first.get_attribute("data-mention")
    note.press("Enter")
    expect(note).to_have_value(f"Nhờ @{name} ")
