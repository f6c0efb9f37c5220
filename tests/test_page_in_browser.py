"""The emulator's page in a real browser: headless Chromium on a real socket, while an account changes."""

from __future__ import annotations

import contextlib
import importlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cli import ACCOUNT, Account, account
from werkzeug.test import Client

from reconciler.emulator import Emulator, serve

pytestmark = pytest.mark.full

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUICKSTART = Path(__file__).parents[1] / "examples" / "quickstart.yaml"
WAIT = 15_000  # milliseconds
ADDRESS = (
    "<Address><HouseNumber>900</HouseNumber><StreetName>Main Campus Dr</StreetName>"
    "<City>Raleigh</City><StateCode>NC</StateCode><Zip>27606</Zip></Address>"
)
HOSTILE = ("<img src=x onerror=harm()>", '"><script>harm()</script>', "</li><svg onload=harm()>")
LAST_SEGMENT = (Path(__file__).parent / "last_segment.js").read_text(encoding="utf-8")
CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")


@dataclass
class Browser:
    """A browser, and what the pages that it opened asked for and complained of."""

    chromium: Any
    expect: Any
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def page(self, url: str, **options: Any) -> Iterator[Any]:
        """The page, once it has heard from the emulator; options are those of a browser's context."""
        with contextlib.closing(self.chromium.new_context(**options)) as context:
            context.set_default_timeout(WAIT)
            page = context.new_page()
            page.add_init_script("window.harm = () => { window.harmed = true; };")
            page.on("request", lambda request: self.asked.append(request.url))
            page.on("pageerror", lambda error: self.complaints.append(str(error)))
            page.on("console", lambda said: self.complaints.append(said.text))
            page.goto(url)
            self.expect(page.locator("#state")).to_have_text("Live", timeout=WAIT)
            yield page


@pytest.fixture(scope="module")
def chromium() -> Iterator[tuple[Any, Any]]:
    """Chromium as the system has it, driven by Playwright; and Playwright's `expect`."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.fail("No Chromium was found. On Debian: apt-get install chromium")
    try:
        playwright = importlib.import_module("playwright.sync_api")
    except ModuleNotFoundError:
        pytest.fail("Playwright is missing: pip install playwright, as `make test-full` does")
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=root)
        yield browser, playwright.expect
        browser.close()


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Account]:
    """An empty account on a socket, whose orders are carried out when they are next looked at."""
    with account(tmp_path, Emulator(order_seconds=0), SMS_HOOK_PASSWORD="hook-password") as one:
        yield one


@pytest.fixture
def browser(chromium: tuple[Any, Any], here: Account) -> Iterator[Browser]:
    """A browser whose pages have asked nobody else for anything, and logged nothing, when the test ends."""
    one = Browser(*chromium)
    yield one
    assert [url for url in one.asked if not url.startswith(here.url)] == []
    assert one.complaints == []


def apply(here: Account) -> None:
    """Applies the quickstart to its end."""
    ran = here.run("apply", "--yes", "-f", str(QUICKSTART))
    assert ran.code == 0, ran.said


def ask_often(here: Account, times: int, mark: str = "") -> None:
    """Makes requests whose queries are look=0, look=1 and so on, with the mark before the number."""
    caller = Client(here.emulator)
    for number in range(times):
        caller.get(f"/api/accounts/{ACCOUNT}/sites?look={mark}{number}")


def test_an_empty_account_says_what_to_do_first(browser: Browser, here: Account) -> None:
    """The first steps name this emulator's origin and its account, and no password."""
    with browser.page(here.url) as page:
        steps = page.locator("#first-steps")
        browser.expect(steps).to_contain_text(f"BW_API_URL={here.url} BW_ACCOUNT_ID={ACCOUNT}")
        browser.expect(page.locator("#account-tree")).to_be_hidden()
        browser.expect(page.locator("#log-says")).to_have_text("Nothing has been asked yet.")


def test_an_apply_is_followed_without_reloading(browser: Browser, here: Account) -> None:
    """The tree fills, orders open and complete, and numbers come in, in the page that was opened before."""
    here.emulator.hold_orders()
    with browser.page(here.url) as page:
        page.evaluate("window.opened = 'once'")
        running = here.start("apply", "--yes", "-f", str(QUICKSTART))
        location = page.locator("#sub-accounts .location")
        browser.expect(location.locator(".order")).to_have_count(2, timeout=WAIT)
        browser.expect(location.locator(".order").first).to_contain_text("RECEIVED")
        browser.expect(location).to_contain_text("0 numbers")
        here.emulator.release_orders()
        assert here.ended(running).code == 0
        browser.expect(location).to_contain_text("3 numbers", timeout=WAIT)
        browser.expect(location.locator(".order")).to_have_count(0)
        statuses = page.locator("#orders .order .word")
        browser.expect(statuses).to_have_text(["COMPLETE", "COMPLETE"])
        browser.expect(page.locator("#counts")).to_contain_text("0 open orders")
        browser.expect(page.locator("#applications")).to_contain_text("support-sms")
        assert page.evaluate("window.opened") == "once"


def test_what_a_person_opened_stays_open_and_in_its_place(browser: Browser, here: Account) -> None:
    """An open row keeps its documents and its place on the screen while others come in above it."""
    apply(here)
    with browser.page(here.url) as page:
        row = page.locator("#log > li", has_text="POST").filter(has_text="/applications").first
        row.locator("summary").click()
        browser.expect(row.locator("pre")).to_have_count(2)
        browser.expect(row.locator("pre").first).to_contain_text("<AppName>support-sms</AppName>")
        browser.expect(row.locator("pre").first).to_contain_text("<Password>••••••</Password>")
        browser.expect(row.locator("pre").last).to_contain_text("ApplicationProvisioningResponse")
        top = row.bounding_box()["y"]
        ask_often(here, 30)
        browser.expect(page.locator("#log > li").first).to_contain_text("look=29", timeout=WAIT)
        browser.expect(row.locator("pre")).to_have_count(2)
        assert row.bounding_box()["y"] == pytest.approx(top, abs=1)


def test_a_row_at_the_top_is_not_pushed_away(browser: Browser, here: Account) -> None:
    """The same holds where nothing was scrolled, in any window; a button leads to the newest."""
    apply(here)
    for width in (1300, 380):
        here.ask(f"GET /sites?width={width}")
        with browser.page(here.url, viewport={"width": width, "height": 800}) as page:
            row = page.locator("#log > li", has_text=f"width={width}")
            row.locator("summary").click()
            browser.expect(row.locator("pre")).to_have_count(1)
            top = row.bounding_box()["y"]
            ask_often(here, 20, f"{width}-")
            browser.expect(page.locator("#log > li").first).to_contain_text(f"look={width}-19", timeout=WAIT)
            assert row.bounding_box()["y"] == pytest.approx(top, abs=1)
            page.get_by_role("button", name="Newest").click()
            browser.expect(page.locator("#log > li").first).to_be_in_viewport()
            browser.expect(page.locator("#newest")).to_be_hidden()


def test_the_end_of_a_long_path_is_seen(browser: Browser, here: Account) -> None:
    """Where a path has too little room its last segment stands whole in it; the fault that met it is told."""
    here.emulator.fail("refuse GET settings")
    path = "sites/1001/sippeers/500001/products/messaging/applications/and/more/settings"
    Client(here.emulator).get(f"/api/accounts/{ACCOUNT}/{path}?page=1&size=500")
    with browser.page(here.url, viewport={"width": 1000, "height": 700}) as page:
        row = page.locator("#log > li").first
        seen = row.locator(".path").evaluate(LAST_SEGMENT, "/settings")
        assert seen["width"] > 0
        assert seen["left"] <= seen["from"] < seen["to"] <= seen["right"]
        assert row.locator(".ending").evaluate("each => each.scrollWidth > each.clientWidth")
        browser.expect(row.locator(".fault")).to_have_text("fault refuse")


def test_hostile_names_are_text(browser: Browser, here: Account) -> None:
    """Names and documents made of markup are shown letter by letter, and nothing of them runs."""
    for name in HOSTILE:
        text = name.replace("<", "&lt;")
        here.ask(
            "POST /applications",
            f"<Application><AppName>{text}</AppName>"
            "<InboundCallbackUrl>https://a.example</InboundCallbackUrl></Application>",
        )
        here.ask("POST /sites", f"<Site><Name>{text}</Name><Description>{text}</Description>{ADDRESS}</Site>")
    with browser.page(here.url) as page:
        for list_ in ("#sub-accounts", "#applications"):
            names = page.locator(f"{list_} > li b")
            browser.expect(names).to_have_text(list(HOSTILE), use_inner_text=True)
        for summary in page.locator("#log summary").all():
            summary.click()
        browser.expect(page.locator("#log pre").first).to_contain_text("&lt;")
        assert page.locator("main img, main svg, main script").count() == 0
        assert page.evaluate("[typeof window.harm, window.harmed]") == ["function", None]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_can_be_read(browser: Browser, here: Account, scheme: str) -> None:
    """In either colour scheme every text has a contrast of 4.5 and more, and the schemes differ."""
    here.emulator.fail_next_order()
    here.run("apply", "--yes", "-f", str(QUICKSTART))
    with browser.page(here.url, color_scheme=scheme) as page:
        page.locator("#log summary").first.click()
        browser.expect(page.locator("#log pre").first).to_be_visible()
        browser.expect(page.locator("#orders")).to_contain_text("FAILED")
        found = page.evaluate(CONTRAST)
        assert len(found) > 100
        assert [each for each in found if each["contrast"] < 4.5] == []
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == {"light": "rgb(246, 247, 248)", "dark": "rgb(16, 20, 24)"}[scheme]


def test_a_narrow_window_does_not_scroll_sideways(browser: Browser, here: Account) -> None:
    """At 380 pixels everything fits, open documents and long names too."""
    apply(here)
    here.ask("POST /sites", f"<Site><Name>{'x' * 50}</Name>{ADDRESS}</Site>")
    with browser.page(here.url, viewport={"width": 380, "height": 800}) as page:
        page.locator("#log summary").nth(3).click()
        browser.expect(page.locator("#log pre").first).to_be_visible()
        browser.expect(page.locator("#sub-accounts")).to_contain_text("x" * 50)
        assert page.evaluate("document.documentElement.scrollWidth") <= 380


def test_the_keyboard_is_enough(browser: Browser, here: Account) -> None:
    """Tab reaches the requests by the first link, arrows go from row to row, Enter opens and closes one."""
    apply(here)
    with browser.page(here.url) as page:
        page.keyboard.press("Tab")
        browser.expect(page.locator(".skip")).to_be_focused()
        page.keyboard.press("Enter")
        for _ in range(3):  # which requests, the filter, the first row
            page.keyboard.press("Tab")
        rows = page.locator("#log summary")
        browser.expect(rows.first).to_be_focused()
        page.keyboard.press("ArrowDown")
        browser.expect(rows.nth(1)).to_be_focused()
        page.keyboard.press("Enter")
        browser.expect(page.locator("#log details").nth(1)).to_have_attribute("open", "")
        page.keyboard.press("Enter")
        browser.expect(page.locator("#log details[open]")).to_have_count(0)


def test_the_log_can_be_narrowed_down(browser: Browser, here: Account) -> None:
    """Writes, errors and a part of a path leave the rows that fit; the page says how many."""
    apply(here)
    with browser.page(here.url) as page:
        methods = page.locator("#log .method")
        page.get_by_text("Writes", exact=True).click()
        browser.expect(methods).to_have_count(len(here.writes()))
        assert "GET" not in methods.all_text_contents()
        page.get_by_text("Errors", exact=True).click()
        browser.expect(page.locator("#log .word").first).to_have_text("404 Not Found")
        page.get_by_text("All", exact=True).click()
        page.locator("#path").fill("/nowhere")
        browser.expect(page.locator("#log-says")).to_have_text("None of them fits the filter.")


def test_a_large_account_stays_usable(browser: Browser, here: Account) -> None:
    """Of 2,000 numbers and 5,000 requests the page draws a few hundred, and says what it left out."""
    here.write(
        QUICKSTART.read_text(encoding="utf-8").replace("count: 2}", "count: 2000}")
        + "\npolicy: {max_numbers_ordered: 3000}\n"
    )
    ran = here.run("apply", "--yes")
    assert ran.code == 0, ran.said
    ask_often(here, 5000)
    with browser.page(here.url) as page:
        location = page.locator("#sub-accounts .location")
        browser.expect(location).to_contain_text("2,001 numbers")
        location.get_by_text("Numbers", exact=True).click()
        browser.expect(location).to_contain_text("… and 1,961 more numbers")
        browser.expect(page.locator("#log > li")).to_have_count(200)
        browser.expect(page.locator("#log-says")).to_contain_text("earlier ones are not shown")
        page.get_by_role("button", name="Show older requests").click()
        browser.expect(page.locator("#log > li")).to_have_count(400)
        assert page.locator("*").count() < 5000


def test_an_emulator_that_went_away_is_told_and_found_again(chromium: tuple[Any, Any]) -> None:
    """While nothing answers the page says so; once an emulator does, it shows that one's account."""
    browser = Browser(*chromium)
    before, after = Emulator(), Emulator(account_id="9900001")
    with contextlib.ExitStack() as stack:
        first = stack.enter_context(contextlib.ExitStack())
        url = first.enter_context(serve(before)).url
        page = stack.enter_context(browser.page(url))
        first.close()
        browser.expect(page.locator("#state")).to_have_text("No answer; trying again", timeout=WAIT)
        stack.enter_context(serve(after, port=int(url.rpartition(":")[2])))
        browser.expect(page.locator("#account")).to_have_text("account 9900001", timeout=WAIT)
        browser.expect(page.locator("#state")).to_have_text("Live")
