"""HTTP with a helpdesk: what is tried again, what is not, for how long, and in which words it ends."""

from __future__ import annotations

import gzip
import json
import re
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from email.utils import formatdate

import pytest
from rewriter.integrations import api as module
from rewriter.integrations.api import AnswerLost, Api, Fixed, Refused, moment
from rewriter.integrations.environment import base_url, setting

from rewriter.errors import HelpdeskDenied, HelpdeskError, HelpdeskUnavailable, SettingsError

SECRET = "Bearer s3cret-t0ken"
Turn = Callable[[socket.socket], None]


def answer(status: str = "200 OK", body: str = "{}", **headers: str) -> bytes:
    lines = {"Content-Type": "application/json", "Content-Length": str(len(body.encode()))} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n{body}".encode()


class Server:
    """Answers each request on loopback with the next of its turns; the last one stays."""

    def __init__(self) -> None:
        self.turns: list[bytes | Turn] = []
        self.heard: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._over = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection:
            while request := self._request(connection):
                self.heard.append(request)
                turn = self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]
                if isinstance(turn, bytes):
                    connection.sendall(turn)
                else:
                    turn(connection)
                    return

    def _request(self, connection: socket.socket) -> str:
        data = b""
        while b"\r\n\r\n" not in data:
            try:
                piece = connection.recv(65536)
            except ConnectionResetError:
                piece = b""
            if not piece:
                return ""
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        told = re.search(rb"content-length: *(\d+)", head, re.I)
        length = int(told[1]) if told else 0
        while len(body) < length:
            body += connection.recv(65536)
        return (head + b"\r\n\r\n" + body).decode()

    def hang(self, connection: socket.socket) -> None:
        self._over.wait(20)

    def hang_up(self, connection: socket.socket) -> None:
        connection.close()

    def drip(self, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not self._over.wait(0.05):
            try:
                connection.sendall(b" ")
            except OSError:
                return

    def close(self) -> None:
        self._over.set()
        self._socket.close()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def naps(monkeypatch) -> list[float]:
    naps: list[float] = []
    sleep = time.sleep
    monkeypatch.setattr("time.sleep", lambda seconds: naps.append(seconds) or sleep(0))
    return naps


@pytest.fixture
def impatient(monkeypatch) -> None:
    monkeypatch.setattr(module, "CONNECT", 0.2)
    monkeypatch.setattr(module, "READ", 0.3)
    monkeypatch.setattr(module, "OUTAGE", 1.2)
    monkeypatch.setattr(module, "LAST_TRY", 0.1)


def talk(url: str) -> Api:
    return Api(url, Fixed(SECRET), vendor="Acme", rate_share=1.0)


# --- what is tried again -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bad",
    [
        answer("500 Internal Server Error", ""),
        answer("503 Service Unavailable", "<html>Busy</html>", Content_Type="text/html"),
        answer(body="<html>Sign in</html>", Content_Type="text/html"),
        answer(body='{"id": '),
        answer(body='{"other": 1}'),
        answer(body='{"id": null}'),
        answer(body="[]"),
        answer(body=""),
        answer(body='{"id": 1}', Content_Length="500"),  # and the rest never comes
    ],
)
def test_a_get_that_got_no_usable_answer_is_tried_again(server, naps, impatient, bad):
    server.turns = [bad, answer(body='{"id": 1}')]
    assert talk(server.url).get("/x", holds="id").content == {"id": 1}
    assert len(server.heard) == 2
    assert len(naps) == 1


@pytest.mark.parametrize("bad", ['{"rows": null}', '{"rows": 7}', '{"rows": "none"}', '{"rows": [null]}', "[]"])
def test_a_list_that_is_none_is_not_taken_for_an_empty_one(server, naps, impatient, bad):
    server.turns = [answer(body=bad), answer(body='{"rows": [{}]}')]
    assert talk(server.url).get("/x", holds="rows").content == {"rows": [{}]}


def test_json_counts_whatever_type_it_is_said_to_be(server):
    server.turns = [answer(body='{"id": 1}', Content_Type="text/html")]
    assert talk(server.url).get("/x", holds="id").content == {"id": 1}


def test_a_get_is_given_up_after_a_few_tries_that_wait_longer_each_time(server, naps):
    server.turns = [answer("500 Oops", "")]
    with pytest.raises(HelpdeskError) as raised:
        talk(server.url).get("/x", holds="id")
    assert not isinstance(raised.value, HelpdeskUnavailable)
    assert len(server.heard) == 4
    assert naps == sorted(naps)
    assert len(set(naps)) == 3


@pytest.mark.parametrize("status", ["502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout"])
def test_a_service_that_is_away_is_trouble_that_all_share(server, naps, status):
    server.turns = [answer(status, "")]
    with pytest.raises(HelpdeskUnavailable):
        talk(server.url).get("/x", holds="id")


def test_a_503_is_waited_for_as_long_as_it_asks_but_not_for_ever(server, naps):
    server.turns = [
        answer("503 Busy", "", Retry_After="7"),
        answer("503 Busy", "", Retry_After="999"),
        answer(body="[]"),
    ]
    talk(server.url).get("/x")
    assert naps == [7, module.OUTAGE / 3]


@pytest.mark.parametrize("status", ["500 Oops", "503 Busy", "302 Found"])
def test_a_write_is_never_tried_again_blindly(server, naps, status):
    server.turns = [answer(status, "", Location="https://elsewhere.example/x")]
    with pytest.raises(AnswerLost):
        talk(server.url).write("PUT", "/x", {})
    assert len(server.heard) == 1


@pytest.mark.parametrize(
    "bad", [answer(body="<html>"), answer(body='{"a": [1,'), answer(body="{}", Content_Length="9")]
)
def test_a_write_whose_answer_cannot_be_read_counts_as_lost(server, impatient, bad):
    server.turns = [bad]
    with pytest.raises(AnswerLost):
        talk(server.url).write("PUT", "/x", {})
    assert len(server.heard) == 1


def test_a_write_whose_connection_broke_counts_as_lost_and_is_over(server):
    server.turns = [server.hang_up]
    with pytest.raises(AnswerLost) as raised:
        talk(server.url).write("PUT", "/x", {})
    assert not raised.value.pending


def test_a_write_that_is_not_answered_in_time_may_yet_be_carried_out(server, impatient):
    server.turns = [server.hang]
    with pytest.raises(AnswerLost) as raised:
        talk(server.url).write("PUT", "/x", {})
    assert raised.value.pending


def test_a_write_that_found_no_connection_was_not_carried_out():
    with pytest.raises(HelpdeskUnavailable):
        talk(_closed_port()).write("PUT", "/x", {})


def test_a_write_sends_json_and_reads_an_empty_answer_too(server):
    server.turns = [answer("204 No Content", "")]
    assert talk(server.url).write("PUT", "/x", {"a": "é"}).content is None
    head, _, body = server.heard[0].partition("\r\n\r\n")
    assert "Content-Type: application/json" in head
    assert json.loads(body) == {"a": "é"}


# --- 429 -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"Retry_After": "93"}, "Number of allowed API requests per minute exceeded", 93),
        ({"Retry_After": "2"}, '{"message":"You have exceeded the limit"}', 2),
        ({"Retry_After": "0"}, "", 0.5),
        ({"Retry_After": "1.5"}, "", 1.5),
        ({}, "", 10),
        ({"Retry_After": "soon"}, "", 10),
        ({"Retry_After": formatdate(5_000_030, usegmt=True), "Date": formatdate(5_000_000, usegmt=True)}, "", 30),
    ],
)
def test_a_429_is_waited_out_for_reads_and_writes_alike(server, monkeypatch, method, headers, body, seconds):
    pauses: list[float] = []
    monkeypatch.setattr(module.Pace, "pause", lambda pace, seconds: pauses.append(seconds))
    server.turns = [answer("429 Too Many Requests", body, Content_Type="text/html", **headers), answer(body="[]")]
    api = talk(server.url)
    content = api.get("/x").content if method == "GET" else api.write(method, "/x", {}).content
    assert content == []
    assert pauses == [pytest.approx(seconds)]


def test_429s_without_end_are_left_for_the_next_run(server, monkeypatch):
    monkeypatch.setattr(module.Pace, "pause", lambda pace, seconds: None)
    server.turns = [answer("429 Too Many Requests", "", Retry_After="60")]
    with pytest.raises(HelpdeskUnavailable, match="429"):
        talk(server.url).get("/x")
    assert len(server.heard) == 4


def test_a_429_pauses_every_thread(server):
    server.turns = [answer("429 Too Many Requests", "", Retry_After="0.6"), answer(body="[]")]
    api = talk(server.url)
    began = time.monotonic()
    first = threading.Thread(target=api.get, args=("/x",))
    first.start()
    while not server.heard:
        time.sleep(0.01)
    time.sleep(0.1)
    api.get("/y")
    assert time.monotonic() - began >= 0.55
    first.join()


def test_one_tickets_own_limit_is_that_tickets_trouble_alone(server):
    told = {"zendesk-ratelimit-per-ticket-updates": "total=30; remaining=0; resets=468"}
    server.turns = [answer("429 Too Many Requests", "", Retry_After="468", **told)]
    with pytest.raises(Refused) as raised:
        talk(server.url).write("PUT", "/tickets/1", {})
    assert raised.value.status == 429


# --- refusals ------------------------------------------------------------------------------------------------


def test_401_needs_a_person(server):
    server.turns = [answer("401 Unauthorized", '{"error":"Couldn\'t authenticate you"}')]
    with pytest.raises(HelpdeskDenied, match="authenticate"):
        talk(server.url).get("/x")
    assert len(server.heard) == 1


def test_403_on_the_runs_own_call_needs_a_person_and_on_a_ticket_does_not(server):
    server.turns = [answer("403 Forbidden", '{"error":{"title":"Forbidden","message":"No access"}}')]
    with pytest.raises(HelpdeskDenied):
        talk(server.url).get("/x", ours=True)
    with pytest.raises(Refused, match="Forbidden No access"):
        talk(server.url).get("/tickets/1")


def test_a_refusal_says_what_the_vendor_said_in_every_field(server):
    details = {"base": [{"description": "Assignee: is required"}], "status": [{"description": "Status: closed"}]}
    body = json.dumps({"error": "RecordInvalid", "details": details})
    server.turns = [answer("422 Unprocessable Entity", body)]
    with pytest.raises(Refused, match="RecordInvalid Assignee: is required Status: closed") as raised:
        talk(server.url).write("PUT", "/x", {})
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("header", "echoed"),
    [
        ("Bearer t0ken-t0ken", "token t0ken-t0ken is no good"),
        ("Basic a2V5LTEyMzpY", "the key key-123 is no good"),
        ("Basic a2V5LTEyMzpY", "Basic a2V5LTEyMzpY is no good"),
        ("Basic YW5hQGEuZXhhbXBsZS90b2tlbjp6ZW4tMTIz", "ana@a.example/token with zen-123 is no good"),
    ],
)
def test_a_vendors_words_are_told_without_our_secrets(server, header, echoed):
    server.turns = [answer("422 No", json.dumps({"error": "Invalid", "message": echoed}))]
    with pytest.raises(Refused, match="is no good") as raised:
        Api(server.url, Fixed(header), vendor="Acme", rate_share=1.0).get("/tickets/1")
    said = f"{raised.value} {raised.value.reason}"
    for secret in ("t0ken", "key-123", "a2V5", "ana@", "zen-123"):
        assert secret not in said


def test_a_vendors_words_are_told_without_a_customers_address_and_not_for_ever(server):
    long = {"message": "Requester: Email: ana.duarte@example.com is suspended. " + "More. " * 100}
    server.turns = [answer("422 No", json.dumps(long))]
    with pytest.raises(Refused, match="Email: … is suspended") as raised:
        talk(server.url).get("/tickets/1")
    assert len(str(raised.value)) < 260


def test_an_empty_404_is_a_refusal_all_the_same(server):
    server.turns = [answer("404 Not Found", "")]
    with pytest.raises(Refused) as raised:
        talk(server.url).get("/tickets/1")
    assert raised.value.status == 404


# --- an outage -----------------------------------------------------------------------------------------------


def _closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def test_the_longest_wait_for_an_unreachable_helpdesk_leaves_time_within_45_seconds():
    assert module.OUTAGE + module.CONNECT < 40


def test_a_helpdesk_that_never_answers_is_given_up_in_time(server, impatient):
    server.turns = [server.hang]
    began = time.monotonic()
    with pytest.raises(HelpdeskUnavailable, match="did not answer in time"):
        talk(server.url).get("/x")
    assert time.monotonic() - began < module.OUTAGE + 0.5


def test_once_it_is_away_no_thread_waits_for_it_anew(server, impatient):
    server.turns = [server.hang]
    api = talk(server.url)
    with pytest.raises(HelpdeskUnavailable):
        api.get("/x")
    began = time.monotonic()
    with pytest.raises(HelpdeskUnavailable):
        api.get("/y")
    assert time.monotonic() - began < 0.3


def test_after_an_outage_the_next_poll_tries_again(server, impatient):
    server.turns = [server.hang, server.hang, server.hang, answer(body="[]")]
    api = talk(server.url)
    with pytest.raises(HelpdeskUnavailable):
        api.get("/x")
    api.forget_outage()
    server.turns = [answer("500 Oops", ""), answer("500 Oops", ""), answer(body="[]")]
    assert api.get("/x").content == []


def test_an_answer_that_drips_in_is_given_up_in_time(server, impatient):
    server.turns = [server.drip]
    began = time.monotonic()
    with pytest.raises(HelpdeskUnavailable):
        talk(server.url).get("/x")
    assert time.monotonic() - began < 3


def test_a_port_where_nobody_listens_is_unreachable_in_one_line(naps):
    with pytest.raises(HelpdeskUnavailable, match=r"^Acme at 127\.0\.0\.1:\d+ cannot be reached\.$"):
        talk(_closed_port()).get("/x")


def test_a_host_name_that_is_not_known_says_so(naps):
    with pytest.raises(HelpdeskUnavailable, match="host name is not known"):
        talk("https://nobody.invalid").get("/x")


# --- credentials ---------------------------------------------------------------------------------------------


def test_an_answer_that_unpacks_to_no_end_is_given_up(server, naps, monkeypatch):
    monkeypatch.setattr(module, "LARGEST_ANSWER", 1_000_000)
    packed = gzip.compress(b"[" + b" " * 50_000_000 + b"]")
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode()
    server.turns = [head + packed]
    tracemalloc.start()
    with pytest.raises(HelpdeskUnavailable, match="broke off"):
        talk(server.url).get("/x")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10_000_000


def test_a_certificate_that_nobody_vouches_for_is_not_spoken_to(self_signed, naps):
    api = talk(self_signed)
    with pytest.raises(HelpdeskUnavailable, match="TLS certificate could not be verified"):
        api.get("/x")
    with pytest.raises(HelpdeskUnavailable, match="TLS certificate could not be verified"):
        api.write("PUT", "/x", {})
    assert api.calls == 2  # it is not tried again


def test_no_netrc_takes_the_place_of_our_credentials(server, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login eve password other\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    server.turns = [answer(body="[]")]
    talk(server.url).get("/x")
    assert f"Authorization: {SECRET}" in server.heard[0]


def test_no_proxy_stands_between_us_and_loopback(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", _closed_port())
    monkeypatch.setenv("http_proxy", _closed_port())
    server.turns = [answer(body="[]")]
    assert talk(server.url).get("/x").content == []


def test_a_proxy_of_the_environment_is_the_way_to_any_other_host(server, monkeypatch):
    monkeypatch.setenv("http_proxy", server.url)
    server.turns = [answer(body="[]")]
    assert talk("http://helpdesk.example.com").get("/x", {"page[size]": "9"}).content == []
    assert server.heard[0].startswith("GET http://helpdesk.example.com/x?page%5Bsize%5D=9 ")
    assert f"Authorization: {SECRET}" in server.heard[0]


def test_a_cookie_is_not_sent_back(server):
    server.turns = [answer(body="[]", Set_Cookie="session=1; Path=/")]
    client = talk(server.url)
    client.get("/x")
    client.get("/x")
    assert "cookie" not in server.heard[1].lower()


def test_a_redirect_is_not_followed_with_credentials_or_without(server, naps):
    elsewhere = Server()
    elsewhere.turns = [answer(body="[]")]
    server.turns = [answer("302 Found", "", Location=elsewhere.url + "/x")]
    with pytest.raises(HelpdeskUnavailable, match="redirect"):
        talk(server.url).get("/x", ours=True)
    with pytest.raises(HelpdeskError, match="redirect"):
        talk(server.url).get("/tickets/1")
    assert elsewhere.heard == []
    elsewhere.close()


def test_no_error_holds_a_secret(server, naps, impatient):
    echoes = answer("422 No", json.dumps({"error": "RecordInvalid", "value": SECRET}))
    for turn in (echoes, answer("401 No", ""), answer("500 No", SECRET), answer(body=SECRET), server.hang_up):
        server.turns = [turn]
        for call in (lambda api: api.get("/x"), lambda api: api.write("PUT", "/x", {"a": SECRET})):
            with pytest.raises(HelpdeskError) as raised:
                call(talk(server.url))
            assert "s3cret" not in str(raised.value)
            assert raised.value.__suppress_context__ or raised.value.__context__ is None
    assert "s3cret" not in repr(Fixed(SECRET))


def test_every_request_is_counted_retries_too(server, naps):
    server.turns = [answer("500 Oops", ""), answer("429 Slow", "", Retry_After="0"), answer(body="[]")]
    api = talk(server.url)
    api.get("/x")
    assert api.calls == 3


# --- paging, time --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "more"),
    [
        ('<https://elsewhere.example/x?page=2>; rel="next"', True),
        ('<https://a.example/x?page=2>;rel="next"', True),
        ('<https://a.example/x?page=1>; rel="prev"', False),
        ("", False),
        ("nonsense", False),
    ],
)
def test_a_next_page_is_known_by_the_link_header_alone(server, link, more):
    server.turns = [answer(body="[]", **({"Link": link} if link else {}))]
    assert talk(server.url).get("/x").more is more


def test_the_servers_clock_is_known_from_its_answers_and_never_ahead_of_it(server):
    api = talk(server.url)
    assert api.server_time() is None
    server.turns = [answer(body="[]", Date=formatdate(5_000_000, usegmt=True))]
    api.get("/x")
    told = api.server_time()
    assert told is not None
    assert 5_000_000 <= told < 5_000_001
    server.turns = [answer(body="[]", Date=formatdate(4_000_000, usegmt=True))]
    api.get("/x")
    assert (api.server_time() or 0) >= told


def test_a_stamp_that_is_none_is_the_beginning_of_time():
    assert moment(None).year == 1970
    assert moment("2026-11-22T10:00:00Z").isoformat() == "2026-11-22T10:00:00+00:00"
    assert moment("2026-11-22T10:00:00").tzinfo is not None


# --- settings ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example",
        "a.example",
        "https://",
        "https://user:pass@a.example",
        "https://a.example?x=1",
        "https://a.example:port",
        "http://[::1",
    ],
)
def test_an_address_that_is_none_is_refused_by_the_variables_name(url):
    with pytest.raises(SettingsError, match="ACME_URL"):
        base_url({"ACME_URL": url}, address="ACME_URL", name="ACME_NAME", host=str)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080/zendesk", "https://a.example/", "https://a.example/api/v2/"]
)
def test_an_address_is_taken_with_or_without_what_follows_the_host(url):
    base = base_url({"ACME_URL": url}, address="ACME_URL", name="ACME_NAME", host=str)
    assert base in ("http://127.0.0.1:8080/zendesk", "https://a.example")


@pytest.mark.parametrize("host", ["acme.zendesk.com", "support.acme.example:8080", "127.0.0.1.acme.example"])
def test_credentials_do_not_travel_in_the_clear(host):
    with pytest.raises(SettingsError, match="ACME_URL must begin with https"):
        base_url({"ACME_URL": f"HTTP://{host}"}, address="ACME_URL", name="ACME_NAME", host=str)


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8080", "localhost", "[::1]:8080", "helpdesk:80", "192.168.1.7", "host.docker.internal:80"]
)
def test_a_machine_of_ones_own_may_be_spoken_to_in_the_clear(host):
    base = base_url({"ACME_URL": f"http://{host}"}, address="ACME_URL", name="ACME_NAME", host=str)
    assert base == f"http://{host}"


def test_a_secret_with_a_space_or_a_line_break_is_refused_without_showing_it():
    with pytest.raises(SettingsError, match="ACME_KEY") as raised:
        setting({"ACME_KEY": "s3cret\nX-Evil: 1"}, "ACME_KEY")
    assert "s3cret" not in str(raised.value)
    assert setting({"ACME_KEY": " padded \n"}, "ACME_KEY") == "padded"
