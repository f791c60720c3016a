"""The page that `rewriter tones compare --html` writes, in a real browser; skipped where none is found."""

import os
import shutil

import pytest
from playwright.sync_api import expect, sync_playwright

pytestmark = pytest.mark.browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@pytest.fixture(scope="module")
def page_file(commands, tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    done = commands.run("tones", "compare", "warm", "formal", "--html", "page.html", cwd=folder)
    assert done.status == 0, done.stdout()
    return folder / "page.html"


@pytest.mark.parametrize(("width", "columns"), [(1400, 3), (380, 1)], ids=["wide", "narrow"])
def test_draft_and_both_tones_stand_side_by_side_where_there_is_room(page_file, width: int, columns: int) -> None:
    found = os.environ.get("REWRITER_TEST_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        pytest.skip("no browser: install Debian's chromium, or name one in REWRITER_TEST_BROWSER")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        tab = browser.new_page(viewport={"width": width, "height": 900})
        asked = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(page_file.as_uri())
        first = tab.locator("article").first
        tops = {round(section.bounding_box()["y"]) for section in first.locator("section").all()}
        assert len(tops) == 4 - columns
        expect(first.locator("ins").first).to_have_css("text-decoration-line", "underline")
        assert tab.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert asked == [page_file.as_uri()]
        browser.close()
