"""What a reader sees of HTML, whoever else is looking at other HTML meanwhile."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from inscriptis.model.html_document_state import HtmlDocumentState

from rewriter.visible import visible_text


def test_texts_that_are_read_side_by_side_do_not_mix(monkeypatch) -> None:
    begins = HtmlDocumentState.apply_starttag_layout

    def slowly(self, tag, attrs):
        time.sleep(0.01)
        begins(self, tag, attrs)

    monkeypatch.setattr(HtmlDocumentState, "apply_starttag_layout", slowly)
    words = [f"the words of customer {number}" for number in range(6)]
    with ThreadPoolExecutor(len(words)) as pool:
        assert list(pool.map(visible_text, [f"<p>{said}</p>" for said in words])) == words
