"""The agents' page in a real browser; skipped where none is found."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Error, expect, sync_playwright
from rewriter.integrations.embedded import Desk, serve
from rewriter.integrations.embedded.markup import clean

from rewriter.model import Suggestion
from rewriter.note import suggestion_note
from rewriter.prompting import load
from rewriter.visible import visible_text

pytestmark = pytest.mark.browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@pytest.fixture(scope="module")
def browser():
    found = os.environ.get("REWRITER_TEST_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        pytest.skip("no browser: install Debian's chromium, or name one in REWRITER_TEST_BROWSER")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=[(1280, 900), (360, 740)], ids=["wide", "narrow"])
def tab(browser, request):
    """A page that has failed if anything was fetched from elsewhere, or anything was written to its console."""
    width, height = request.param
    tab = browser.new_page(viewport={"width": width, "height": height})
    asked, said = [], []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    yield tab
    tab.close()
    assert not [url for url in asked if not url.startswith("http://127.0.0.1:") or url.endswith("favicon.ico")]
    assert not said


@pytest.fixture(scope="module")
def demo():
    """The address that `rewriter demo --serve` prints, with the program still up."""
    command = [str(Path(sys.executable).parent / "rewriter"), "demo", "--serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        address = None
        for line in running.stdout:
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                address = found[0]
                break
        assert address, "the demo ended without an address"
        yield address
        running.terminate()


def fits(tab):
    return tab.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def colour(element):
    return element.evaluate("element => getComputedStyle(element).backgroundColor")


def test_an_agent_finds_the_draft_and_below_it_the_suggestion(tab, demo):
    tab.goto(demo)
    tab.get_by_role("link", name="Espresso machine").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text(re.compile("Espresso machine"))
    expect(tab.locator(".ticket > header .tag.ours")).to_have_text("rewrite_suggested")
    message, draft, suggestion = (tab.locator("section.comment").nth(n) for n in range(3))
    expect(message).to_contain_text("I was so looking forward to this")
    for note in (draft, suggestion):
        expect(note).to_contain_text("Internal note")
        red, green, blue = map(int, re.findall(r"\d+", colour(note.locator(".card")))[:3])
        assert red > 240, "notes are yellow"
        assert green > 220
        assert blue < red - 15
    assert draft.locator("ol li").all_inner_texts() == suggestion.locator("ol li").all_inner_texts()
    expect(suggestion.get_by_role("link", name="track.example.com")).to_have_attribute(
        "href", "https://track.example.com/48213-B"
    )
    expect(suggestion.locator("hr")).to_have_count(1)
    above, below = suggestion.inner_text().split("rewriter-key:")[0], suggestion.inner_text()
    assert "Hi Maya," in above
    assert "zendesk:1001:" in below
    assert fits(tab)


def test_both_helpdesks_are_a_click_away_and_every_ticket_fits(tab, demo):
    tab.goto(demo)
    tab.get_by_role("link", name="Freshdesk").click()
    expect(tab.get_by_role("link", name="Freshdesk")).to_have_attribute("aria-current", "page")
    assert fits(tab)
    links = [link.get_attribute("href") for link in tab.locator(".list li > a").all()]
    assert len(links) >= 6
    for link in links:
        tab.goto(demo + link)
        assert tab.locator("section.comment.note").count() >= 1
        assert fits(tab), link


def test_one_pane_is_the_list_or_the_ticket_and_two_are_both(tab, demo):
    tab.goto(f"{demo}/tickets/zendesk/1002")
    listed = tab.locator(".list")
    if tab.viewport_size["width"] > 900:
        expect(listed).to_be_visible()
        expect(tab.locator(".back")).to_be_hidden()
    else:
        expect(listed).to_be_hidden()
        tab.locator(".back").click()
        expect(listed).to_be_visible()


def test_what_a_hostile_customer_writes_does_nothing(tab):
    desk = Desk(limits={})
    mallory = desk.add_person("<script>alert(1)</script>", "mallory@example.com")
    html = (
        "<p>Hi</p><script>document.title='owned'</script>"
        "<img src='https://elsewhere.example/x.png' onerror='owned()'>"
        "<style>.card{display:none}</style><p style='position:fixed' onclick='owned()'>there</p>"
        "<a href='javascript:owned()'>link</a><form action='https://elsewhere.example'><button>Go</button></form>"
    )
    ticket = desk.open_ticket("<b>subject</b>" + "x" * 300, mallory, html, tags=["<i>tag</i>"])
    with serve(zendesk=desk) as served:
        tab.goto(f"{served.url}/tickets/zendesk/{ticket.id}")
        body = tab.locator(".body")
        expect(body).to_contain_text("there")
        assert "owned" not in tab.title()
        for gone in ("script", "img", "form", "button", "style", "[onclick]", "[style]"):
            expect(body.locator(gone)).to_have_count(0)
        expect(body.get_by_text("link")).not_to_have_attribute("href", re.compile("javascript"))
        expect(tab.get_by_role("heading", level=1)).to_contain_text("<b>subject</b>")
        assert fits(tab)


def test_the_page_is_there_while_the_helpdesk_is_and_gone_after_it(tab):
    served = serve(zendesk=Desk())
    tab.goto(served.url)
    expect(tab.locator(".empty")).to_be_visible()
    served.close()
    with pytest.raises(Error, match="ERR_CONNECTION"):
        tab.reload()


LONG_LINK = "https://track.example.com/48213-B?ref=mail&amp;x=" + "averylongparameter" * 6
DRAFTS = {
    "en": "<p>Do this:</p><ol><li>Close valve A for 20 minutes.</li>"
    f"<li>See <a href='{LONG_LINK}'>{LONG_LINK}</a></li>"
    "</ol><table><tr><th>Part</th><th>Number</th><th>Price</th><th>In stock</th></tr><tr><td>Gasket</td>"
    "<td>G-1001-22</td><td>$4.50</td><td>on May 9</td></tr></table>",
    "ja": "<p>お荷物は5月3日に発送いたしました。追跡番号はZX-48213です。</p>",
    "ar": "<p>تم رد المبلغ 49.99$ في 3 مارس.</p><p>رقم الطلب 48213.</p>",
}


@pytest.mark.parametrize("language", DRAFTS)
@pytest.mark.parametrize("face", ["zendesk", "freshdesk"])
def test_a_note_fits_its_pane_with_the_suggestion_above_its_one_rule(tab, face, language):
    desk = Desk(limits={})
    agent = desk.add_person("Tom Berg", "tom@example.com", role="agent")
    ticket = desk.open_ticket("A note", desk.add_person("Ana Reyes", "ana@example.com"), "<p>Hello?</p>")
    draft = Suggestion(
        "rewritten", "phrasebook", "warm", language, visible_text(DRAFTS[language]), DRAFTS[language]
    )
    note = clean(suggestion_note(draft, "zendesk:1:2:0123456789abcdef", load()))
    desk.say(ticket, agent, note, public=False, channel="api")
    with serve(**{face: desk}) as served:
        tab.goto(f"{served.url}/tickets/{face}/{ticket.id}")
        body = tab.locator("section.comment.note .body")
        expect(body.locator("hr")).to_have_count(1)
        above = body.evaluate(
            "body => { const range = document.createRange(); range.setStart(body, 0);"
            " range.setEndBefore(body.querySelector('hr')); return range.cloneContents().textContent }"
        )
        assert above == re.sub(r"<[^>]*>", "", DRAFTS[language]).replace("&amp;", "&") + "\n"
        below = body.locator("hr ~ ul > li")
        assert below.count() >= 2
        assert below.last.evaluate("line => parseFloat(getComputedStyle(line.firstChild).fontSize)") < 15
        assert fits(tab)
