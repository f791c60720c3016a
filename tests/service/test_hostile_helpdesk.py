"""The real command line against a helpdesk that wants our credentials, and tickets that want our readers."""

from __future__ import annotations

import base64
import json
import re
import socket
import threading
from html.parser import HTMLParser

import pytest
import requests
from werkzeug.wrappers import Response

from rewriter.prompting import SHIPPED

STATUSES = (301, 302, 303, 307, 308)
CALLS = {"zendesk": 4, "freshdesk": 9}  # of a healthy run with one draft; tests/service/test_faults.py holds it


class Trap:
    """Another host that remembers whatever is sent to it, and gives one answer to all."""

    def __init__(self, answer: bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]") -> None:
        self.heard: list[bytes] = []
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                self.heard.append(connection.recv(65536))
                connection.sendall(self._answer)

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def trap():
    trap = Trap()
    yield trap
    trap.close()


class Desk:
    """The command line led to an office, by either way to sign in."""

    def __init__(self, office, commands, *, client: bool = False) -> None:
        self.office, self.commands = office, commands
        self.settings = {
            **office.served.environment(office.face),
            "REWRITER_LEDGER": office.ledger,
            "REWRITER_ENGINE": "phrasebook",
            "REWRITER_RATE_SHARE": "1",
        }
        if client:
            del self.settings["ZENDESK_OAUTH_TOKEN"]
            known = office.desk.credentials
            self.settings["ZENDESK_CLIENT_ID"] = known.client_id
            self.settings["ZENDESK_CLIENT_SECRET"] = known.client_secret

    def call(self, *arguments: str):
        ended = self.commands.run(*arguments, **self.settings)
        assert "Traceback" not in ended.stderr()
        return ended


def redirect(trap: Trap, status: int, path: str) -> Response:
    return Response("", status, headers={"Location": f"{trap.url}{path}"})


# --- addresses ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(max(CALLS.values())))
def test_no_call_of_a_run_follows_a_redirect_to_another_host(office, commands, trap, number) -> None:
    if number >= CALLS[office.face]:
        pytest.skip("a run with one draft has fewer calls")
    ticket = office.hand_over()
    seen, redirected = [], []

    def fault(call, answer):
        seen.append(call)
        if len(seen) - 1 != number:
            return answer()
        redirected.append(call)
        return redirect(trap, STATUSES[number % len(STATUSES)], call.path)

    office.desk.faults.append(fault)
    ended = Desk(office, commands).call("run")
    assert redirected
    assert ended.status in (0, 1, 3)
    assert trap.heard == []
    office.desk.faults.clear()
    assert Desk(office, commands).call("run").status == 0
    assert office.has_one_suggestion(ticket)


@pytest.mark.parametrize(
    ("status", "arguments"),
    [*((status, ("run",)) for status in STATUSES), (302, ("doctor",)), (307, ("setup", "--yes"))],
)
@pytest.mark.parametrize("client", [False, True])
def test_no_command_follows_a_redirect_to_another_host(office, commands, trap, status, arguments, client) -> None:
    if client and office.face == "freshdesk":
        pytest.skip("Freshdesk has one way to sign in")
    office.hand_over()
    office.desk.faults.append(lambda call, answer: redirect(trap, status, call.path))
    ended = Desk(office, commands, client=client).call(*arguments)
    assert ended.status == (0 if arguments[0] == "setup" and office.face == "freshdesk" else 3)
    assert trap.heard == []


@pytest.mark.parametrize("address", ["{trap}/x?page=2", "//127.0.0.1:9/x?page=2", "file:///etc/passwd"])
def test_the_next_page_is_asked_of_the_helpdesk_wherever_its_address_points(
    office, commands, trap, address
) -> None:
    tickets = [office.hand_over() for _ in range(3)]
    elsewhere = address.replace("{trap}", trap.url)
    office.desk.shown_host = elsewhere

    def fault(call, answer):
        response = answer()
        if call.method == "GET":
            response.headers["Link"] = f'<{elsewhere}>; rel="next"' * (call.face == "freshdesk")
            shown = json.loads(response.get_data() or b"null")
            if isinstance(shown, dict):
                response.set_data(json.dumps({**shown, "next_page": elsewhere, "links": {"next": elsewhere}}))
        return response

    office.desk.faults.append(fault)
    assert Desk(office, commands).call("run").status == 0
    assert all(map(office.has_one_suggestion, tickets))
    assert trap.heard == []


@pytest.mark.parametrize(
    ("style", "answer"),
    [
        ("json", b"HTTP/1.1 500 Oops\r\nno header at all\r\nContent-Length: 2\r\n\r\n[]"),
        ("text", b"HTTP/1.1 999 \x1b[2J\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
    ],
)
def test_an_answer_that_is_no_http_ends_in_one_line_of_ours(office, commands, answer, style) -> None:
    nobody = Trap(answer)
    address = {f"{office.face.upper()}_URL": nobody.url, "REWRITER_LOG": style}
    ended = commands.run("run", **{**Desk(office, commands).settings, **address})
    nobody.close()
    assert ended.status == 3
    lines = ended.stderr().splitlines()
    assert all(line.isprintable() for line in lines)
    assert [line for line in lines if not line.startswith(("{", "at=", "rewriter: "))] == []


# --- tickets -----------------------------------------------------------------------------------------------

HOSTILE = (
    '<script>alert(1)</script><img src=x onerror="alert(1)"><a href="javascript:alert(1)">here</a>'
    '<a href=" java&#115;cript:alert(1)">there</a><svg onload=alert(1)><animate onbegin=alert(1)></svg>'
    "<style>p { background: url(http://127.0.0.1:9/) }</style><iframe srcdoc='<p>x'></iframe>"
    '<form action="http://127.0.0.1:9/"><input name=q></form><math><mi xlink:href="data:x,<script>">'
    '</math><p style="position:fixed;top:0;background:url(http://127.0.0.1:9/)">close</p>'
    '<object data="x"></object><base href="http://127.0.0.1:9/"><meta http-equiv=refresh content=0>'
)
HARMLESS = {
    "a", "b", "br", "code", "dd", "div", "dl", "dt", "em", "h1", "h2", "h3", "hr", "i", "img", "li", "ol", "p",
    "pre", "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
    "blockquote",
}  # fmt: skip


class Danger(HTMLParser):
    """Collects what a browser would run, fetch or lay over the page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag not in HARMLESS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            plain = re.sub(r"[\s\x00-\x1f]", "", value or "").lower()
            if name.startswith("on") or plain.startswith(("javascript:", "data:", "vbscript:")):
                self.found.append(f"{name}={value}")
            if name == "style" and re.search(r"url|position|expression|@import", plain):
                self.found.append(f"{name}={value}")


def posted(office) -> list[str]:
    """The notes that are sent from now on, as they are sent."""
    sent = []

    def listen(call, answer):
        if call.method == "POST" and call.path.endswith("/notes"):
            sent.append(call.body["body"])
        if call.method == "PUT" and call.face == "zendesk" and "comment" in (call.body or {}).get("ticket", {}):
            sent.append(call.body["ticket"]["comment"]["html_body"])
        return answer()

    office.desk.faults.append(listen)
    return sent


def test_no_note_holds_anything_of_a_ticket_that_a_browser_would_run_or_fetch(office, commands) -> None:
    sent = posted(office)
    office.ana.name = f"Ana {HOSTILE}"
    office.sam.name = f"Sam {HOSTILE}"
    ticket = office.hand_over(f"Your refund of $49.99 was issued on March 3.</p>{HOSTILE}<p>It takes 5 days.")
    ticket.subject = HOSTILE
    ticket.comments[0].html = f"<p>I have waited three weeks for my refund, this is frustrating!</p>{HOSTILE}"
    assert Desk(office, commands).call("run").status == 0
    (note,) = sent
    assert "$49.99" in note
    assert Danger(note).found == []


def test_the_danger_that_these_tests_look_for_is_seen() -> None:
    assert len(Danger(HOSTILE).found) > 15


def page_of(commands, folder, words: str, name: str) -> str:
    row = {"id": words, "draft": f"Your refund was issued. {words}", "customer": f"So late! {words}", "name": name}
    (folder / "drafts.jsonl").write_text(json.dumps(row) + "\n")
    ended = commands.run("tones", "preview", "warm", "--drafts", "drafts.jsonl", "--html", "page.html", cwd=folder)
    assert ended.status == 0
    return (folder / "page.html").read_text()


def test_the_page_of_a_preview_shows_html_as_words(commands, tmp_path) -> None:
    quiet, hostile = (page_of(commands, tmp_path, words, f"Ana {words}") for words in ("Thanks.", HOSTILE))
    assert "alert(1)" in hostile
    assert Danger(hostile).found == Danger(quiet).found


def test_the_agents_page_shows_nothing_that_a_browser_would_run_or_fetch(office) -> None:
    page = f"{office.served.url}/tickets/{office.face}"
    quiet = office.hand_over()
    before = Danger(requests.get(f"{page}/{quiet.id}", timeout=5).text).found
    office.ana.name = f"Ana {HOSTILE}"
    quiet.subject = HOSTILE
    quiet.tags.append('"><script>alert(1)</script>')
    for comment in quiet.comments:
        comment.html += HOSTILE
    answer = requests.get(f"{page}/{quiet.id}", timeout=5)
    assert Danger(answer.text).found == before
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


# --- what admins write -------------------------------------------------------------------------------------

SECRET = "s3cret-of-this-machine"
WAYS_OUT = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ html.__class__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ ''['__class__'] }}",
    "{{ (''|attr('__class__')).__base__ }}",
    "{{ cycler.__init__.__globals__.os.environ }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ environ }}",
    "{{ '%s' | format(html.__init__.__globals__) }}",
    "{% include '/etc/passwd' %}",
    "{% include '../../../etc/passwd' %}",
    "{% import 'os' as os %}{{ os.environ }}",
    "{% extends '/etc/hostname' %}",
]


@pytest.mark.parametrize("office", ["zendesk"], indirect=True)
@pytest.mark.parametrize(
    ("file", "way"),
    [
        *(("note.html.j2", way) for way in WAYS_OUT),
        *(("phrasebook/en.toml", way) for way in WAYS_OUT[3:12:2]),
        *(("tones/warm.toml", way) for way in WAYS_OUT[::6]),
    ],
)
def test_no_prompt_file_leads_out_of_its_sandbox(office, commands, tmp_path, way, file) -> None:
    sent = posted(office)
    office.hand_over()
    ours = tmp_path / "ours" / file
    ours.parent.mkdir(parents=True)
    shipped = (SHIPPED / file).read_text()
    if file.endswith(".j2"):
        ours.write_text(shipped.replace("<hr>", f"<hr><p>{way}</p>"))
    elif file.startswith("tones"):
        ours.write_text(f'description = "Ours."\nexpertise = [{json.dumps(way)}]\nhandoff = [{json.dumps(way)}]\n')
    else:
        ours.write_text(re.sub(r"(?<=\nsay = \[\n)(  .*\n)+", lambda _: f"  {json.dumps(way)},\n", shipped))
    settings = {"REWRITER_PROMPTS": str(tmp_path / "ours"), "SOME_SECRET": SECRET}
    ended = commands.run("run", **{**Desk(office, commands).settings, **settings})
    said = ended.stdout() + ended.stderr() + "".join(sent)
    for inside in (SECRET, "root:x:0:0", "uid=", "<class", "&lt;class", "object at 0x", socket.gethostname()):
        assert inside not in said
    assert ended.status == 2 or file == "tones/warm.toml"  # whose phrases are words and nothing else


# --- what may be read by others ----------------------------------------------------------------------------


def echo(secrets: list[str], status: int) -> Response:
    """An answer that repeats, wherever an answer has words, what was sent with the request."""
    said = " ".join(secrets)
    body = {"error": said, "description": said, "message": said, "code": said, "errors": [{"field": said}]}
    headers = {"WWW-Authenticate": said, "X-Zendesk-API-Warn": said, "Retry-After": "0"}
    return Response(json.dumps(body), status, headers=headers, content_type="application/json")


@pytest.mark.parametrize("status", [200, 401, 403, 422])
@pytest.mark.parametrize("client", [False, True])
def test_a_secret_that_the_helpdesk_repeats_is_shown_nowhere_and_written_to_no_file(
    office, commands, tmp_path, status, client
) -> None:
    if client and office.face == "freshdesk":
        pytest.skip("Freshdesk has one way to sign in")
    office.hand_over()
    desk = Desk(office, commands, client=client)
    desk.settings |= {"REWRITER_METRICS": str(tmp_path / "metrics.prom"), "OPENAI_API_KEY": "sk-s3cret-0001"}
    known = office.desk.credentials
    basic = base64.b64encode(f"{known.api_key}:X".encode()).decode()
    fixed = {"zendesk": [known.oauth_token] * (not client), "freshdesk": [known.api_key, basic]}[office.face]
    secrets = {*fixed, known.client_secret, "sk-s3cret-0001"}
    reads = []

    def fault(call, answer):
        """Begin to repeat at the third call, so that signing in and the poll may have gone well."""
        reads.append(call)
        secrets.update(office.desk.issued)
        return echo([*fixed, *office.desk.issued], status) if len(reads) > 2 else answer()

    shown = ""
    calls = (("run", "--json"), ("ledger", "list", "--json"), ("doctor",), ("setup", "--yes"))
    for arguments in calls[: 2 if status == 200 else 4]:  # nonsense is asked for again and again
        office.desk.faults[:] = [fault]
        office.desk.issued.clear()
        reads.clear()
        ended = desk.call(*arguments)
        shown += ended.stdout() + ended.stderr()
    files = "".join(file.read_bytes().decode("latin-1") for file in tmp_path.rglob("*") if file.is_file())
    assert "outcome" in files + shown
    for secret in secrets:
        assert secret not in shown
        assert secret not in files
