"""The playground: what is drawn, what is asked, and that each number is the engine's."""

from playwright.sync_api import expect

from tests.web.conftest import Visitor


def test_do_on_the_first_page_cuts_the_arrow_and_shows_the_numbers_of_the_engine(
    visitor: Visitor,
) -> None:
    page = visitor.open("/")
    expect(page.locator("[data-number=see]")).to_have_text("0.685")
    expect(page.locator("[data-number=do]")).to_have_text("0.554")
    page.get_by_role("button", name="do(Smoking = 1)").click()
    expect(page.get_by_role("status")).to_have_text("do(Smoking=1): 1 arrow cut.")
    expect(page.locator("path.cut")).to_have_count(1)
    expect(page.locator("[data-marginal=Cancer]")).to_have_text("1 0.554")
