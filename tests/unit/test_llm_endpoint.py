"""One question to an endpoint: every kind of endpoint is asked as it wants, every trouble ends in bounded time."""

import json
import re
import socket
import time
from pathlib import Path

import pytest
from model_server import Asked, Kind, ModelServer, Reply, error

from rewriter.errors import EngineDenied, EngineError, EngineUnavailable, SettingsError
from rewriter.llm.endpoint import Endpoint
from rewriter.llm.wire import Form, Question, give_up, read_answer, request_body
from rewriter.model import Usage

SCHEMA = {"type": "object", "properties": {"colour": {"type": "string", "pattern": "^red$"}}}
QUESTION = Question("SYSTEM", "USER", "plan", SCHEMA, room=100, seed=7)
GOOD = Reply("the answer")


def good(_: Asked) -> Reply:
    return GOOD


def endpoint(server: ModelServer, seconds: float = 5.0) -> Endpoint:
    return Endpoint("sk-test", "some-model", server.url, seconds)


# --- kinds of endpoint (docs/models.md has this table) ----------------------------------------------------

NEVER_HEARD = "Unrecognized request argument supplied: {}"
KINDS = {
    "chat completions with everything": (Kind(), 1),
    "responses alone": (Kind(apis=frozenset({"responses"})), 2),
    "a reasoning model on responses": (
        Kind(
            apis=frozenset({"responses"}),
            refuses={"temperature": error(400, "Unsupported parameter", param="temperature")},
        ),
        3,
    ),
    "a reasoning model on chat": (
        Kind(
            refuses={
                "temperature": error(
                    400, "'temperature' does not support 0.4 with this model.", param="temperature"
                ),
                "max_tokens": error(
                    400, "Use 'max_completion_tokens' instead of 'max_tokens'.", param="max_tokens"
                ),
            }
        ),
        2,
    ),
    "an older server that knows max_tokens only": (
        Kind(refuses={"max_completion_tokens": error(400, NEVER_HEARD.format("max_completion_tokens"))}),
        2,
    ),
    "a strict server without seed and store": (
        Kind(
            refuses={
                "seed": Reply(
                    status=422,
                    body={"detail": [{"loc": ["body", "seed"], "msg": "extra inputs are not permitted"}]},
                ),
                "store": Reply(
                    status=422,
                    body={"detail": [{"loc": ["body", "store"], "msg": "extra inputs are not permitted"}]},
                ),
            }
        ),
        3,
    ),
    "JSON mode without schemas": (
        Kind(refuses={"json_schema": error(400, "response_format type json_schema is not supported")}),
        2,
    ),
    "schemas without patterns": (
        Kind(
            refuses={
                "pattern": error(400, "Invalid schema for response_format 'plan': 'pattern' is not permitted.")
            }
        ),
        2,
    ),
    "no JSON mode at all": (
        Kind(
            refuses={
                "json_schema": error(400, "bad value", param="response_format"),
                "json_object": error(400, "bad value", param="response_format"),
            }
        ),
        3,
    ),
    "a grammar that the server cannot build": (
        Kind(refuses={"json_schema": error(500, "failed to parse grammar")}),
        2,
    ),
    "a model without a system role": (
        Kind(refuses={"role:system": error(400, "System role not supported")}),
        2,
    ),
    "a server that refuses and does not say what": (
        Kind(refuses={"json_schema": Reply(status=400, body=b"Bad Request")}),
        4,
    ),
}


@pytest.mark.parametrize(("kind", "requests"), KINDS.values(), ids=KINDS.keys())
def test_each_kind_of_endpoint_answers_and_its_form_is_found_out_once(kind: Kind, requests: int) -> None:
    with ModelServer(good, kind) as server:
        asking = endpoint(server)
        assert asking.ask(QUESTION).text == "the answer"
        assert len(server.asked) == requests
        asking.ask(QUESTION)
        assert len(server.asked) == requests + 1


def test_a_question_is_asked_in_the_modern_form_first() -> None:
    with ModelServer(good) as server:
        endpoint(server).ask(QUESTION)
    [asked] = server.asked
    assert asked.path == "/v1/chat/completions"
    assert asked.body == {
        "model": "some-model",
        "messages": [{"role": "system", "content": "SYSTEM"}, {"role": "user", "content": "USER"}],
        "max_completion_tokens": 100,
        "seed": 7,
        "temperature": 0.4,
        "store": False,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "plan", "strict": True, "schema": SCHEMA},
        },
    }


def test_openai_and_azure_are_asked_over_responses_and_told_not_to_store() -> None:
    for url in ("", "https://acme.openai.azure.com/openai/v1/"):
        assert Endpoint("sk-test", "m", url).form.api == "responses"
    assert Endpoint("sk-test", "m", "http://127.0.0.1:11434/v1").form.api == "chat"
    assert request_body("m", QUESTION, Form()) == {
        "model": "m",
        "instructions": "SYSTEM",
        "input": "USER",
        "max_output_tokens": 100,
        "temperature": 0.4,
        "store": False,
        "text": {"format": {"type": "json_schema", "name": "plan", "strict": True, "schema": SCHEMA}},
    }


def test_an_address_that_is_set_to_nothing_is_openais_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "")
    assert Endpoint("sk-test", "m").place == "api.openai.com"


def test_what_one_refused_question_gave_up_is_not_given_up_for_the_next() -> None:
    refusing = iter([True] * 20)

    def answers(_: Asked) -> Reply:
        return error(400, "no") if next(refusing, False) else GOOD

    with ModelServer(answers) as server:
        asking = endpoint(server)
        with pytest.raises(EngineError, match="refuses this request"):
            asking.ask(QUESTION)
        assert asking.form == Form(api="chat")
        assert len(server.asked) < 10


def test_giving_up_always_ends() -> None:
    for message in ("", "json_schema max_tokens temperature seed store system role"):
        form = Form()
        for _ in range(20):
            try:
                form = give_up(form, "", message)
            except EngineError:
                break
        else:
            pytest.fail("still giving up")


def test_a_model_that_thinks_past_its_room_is_given_more_once() -> None:
    def answers(asked: Asked) -> Reply:
        if asked.body["max_completion_tokens"] > 1000:
            return GOOD
        usage = {
            "prompt_tokens": 9,
            "completion_tokens": 100,
            "completion_tokens_details": {"reasoning_tokens": 100},
        }
        return Reply("", finish="length", usage=usage)

    with ModelServer(answers) as server:
        asking = endpoint(server)
        answer = asking.ask(QUESTION)
        assert (answer.text, answer.trouble) == ("the answer", "")
        assert answer.usage == Usage(909, 140)  # both questions were paid for
        asking.ask(QUESTION)
    assert len(server.asked) == 3


# --- what comes back ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("api", ["chat", "responses"])
@pytest.mark.parametrize(
    ("reply", "trouble"),
    [
        (Reply("", refusal="I cannot help with that."), "refused"),
        (Reply("half of", finish="content_filter"), "refused"),
        (Reply("half of", finish="length"), "cut off"),
        (Reply("  \n"), "empty"),
        (Reply(body={"error": "odd"}), "could not be read"),
        (Reply(body=[]), "could not be read"),
        (Reply(body=b"<html>Welcome</html>"), "could not be read"),
        (Reply(body=b""), "could not be read"),
        (Reply(body=b"[" * 200_000), "could not be read"),
        (Reply(body=b'"' + b"x" * 2_000_000 + b'"'), "could not be read"),
    ],
)
def test_what_is_no_whole_answer_is_named(api: str, reply: Reply, trouble: str) -> None:
    with ModelServer(lambda _: reply, Kind(apis=frozenset({api}))) as server:
        answer = endpoint(server).ask(QUESTION)
    assert trouble in answer.trouble


@pytest.mark.parametrize(
    "content",
    [
        None, 7, "x", [], {}, {"choices": {}}, {"choices": []}, {"choices": [None]}, {"choices": [{"message": []}]},
        {"choices": [{"message": {"content": [{"type": "text"}]}}]}, {"output": {}}, {"output": [[], None, 3]},
        {"output": [{"type": "message", "content": {"type": "output_text"}}]}, {"output": [], "status": {}},
        {"output": [{"type": "message", "content": [{"type": "output_text", "text": 5}, "x"]}]},
        {"output": [], "status": "failed"}, {"choices": [{"message": {"content": 5}, "finish_reason": []}]},
    ],
)  # fmt: skip
def test_an_answer_of_any_shape_is_read_without_a_crash(content: object) -> None:
    for form in (Form(api="chat"), Form(api="responses")):
        assert read_answer(content, form, QUESTION).trouble


@pytest.mark.parametrize(
    "usage", [None, {}, {"prompt_tokens": -5, "completion_tokens": 10**30}, {"prompt_tokens": "many"}]
)
def test_usage_that_is_missing_or_beyond_belief_is_estimated(usage: object) -> None:
    content = {"choices": [{"message": {"content": "x" * 400}, "finish_reason": "stop"}], "usage": usage}
    assert read_answer(content, Form(api="chat"), QUESTION).usage == Usage(3, 101)


# --- trouble -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["hang", "trickle", "trickle headers"])
def test_an_endpoint_that_hangs_or_trickles_costs_one_time_limit_and_no_more(fault: str) -> None:
    with ModelServer(lambda _: Reply("x" * 5000, fault=fault)) as server:  # type: ignore[arg-type]
        asking = endpoint(server, seconds=0.6)
        began = time.monotonic()
        with pytest.raises(EngineUnavailable, match="no answer within"):
            asking.ask(QUESTION)
        assert 0.5 < time.monotonic() - began < 1.2
        began = time.monotonic()
        with pytest.raises(EngineUnavailable):  # an outage is remembered
            asking.ask(QUESTION)
        assert time.monotonic() - began < 0.05
    assert len(server.asked) == 1


@pytest.mark.parametrize("fault", ["reset", "reset midway"])
def test_a_broken_connection_is_tried_again(fault: str) -> None:
    replies = iter([Reply("x", fault=fault)])  # type: ignore[arg-type]
    with ModelServer(lambda _: next(replies, GOOD)) as server:
        assert endpoint(server).ask(QUESTION).text == "the answer"
    assert len(server.asked) == 2


def test_a_server_that_is_not_there_is_an_outage_and_the_line_says_where_it_was_looked_for() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{unused.getsockname()[1]}"
        asking = Endpoint("sk-test", "m", f"http://someone:secret@{place}/v1", seconds=3)
        with pytest.raises(EngineUnavailable, match=rf"{place} cannot be reached.*OPENAI_BASE_URL") as caught:
            asking.ask(QUESTION)
        assert "secret" not in str(caught.value)


def test_a_proxy_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{unused.getsockname()[1]}")
        monkeypatch.setenv("no_proxy", "")
        with pytest.raises(EngineUnavailable, match=r"model\.example cannot be reached.*HTTPS_PROXY"):
            Endpoint("sk-test", "m", "http://model.example/v1", seconds=3).ask(QUESTION)


def test_a_proxy_that_wants_a_sign_in_is_a_setting_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    with ModelServer(lambda _: Reply(status=407, body=b"")) as server:
        monkeypatch.setenv("http_proxy", server.url.removesuffix("/v1"))
        monkeypatch.setenv("no_proxy", "")
        with pytest.raises(EngineDenied, match="HTTPS_PROXY"):
            Endpoint("sk-test", "m", "http://model.example/v1", seconds=3).ask(QUESTION)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("http_proxy", "::::"), ("http_proxy", "socks9://127.0.0.1:1"), ("SSL_CERT_FILE", "/no/such/file")],
)
def test_a_way_that_cannot_be_set_up_is_a_setting_to_mend(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError, match=r"HTTPS_PROXY.*SSL_CERT_FILE"):
        Endpoint("sk-test", "m", "https://model.example/v1")


def test_a_certificate_that_nobody_vouches_for_is_named_at_once(self_signed: str) -> None:
    asking = Endpoint("sk-test", "m", f"{self_signed}/v1", seconds=5)
    began = time.monotonic()
    with pytest.raises(EngineUnavailable, match=r"certificate of the model endpoint.*OPENAI_BASE_URL"):
        asking.ask(QUESTION)
    assert time.monotonic() - began < 1.5  # it is not tried again


def test_a_busy_endpoint_is_asked_three_times_and_not_more() -> None:
    with (
        ModelServer(lambda _: error(503, "overloaded")) as server,
        pytest.raises(EngineUnavailable, match="HTTP 503"),
    ):
        endpoint(server).ask(QUESTION)
    assert len(server.asked) == 3


def test_a_429_waits_as_long_as_it_says() -> None:
    replies = iter([error(429, "slow down", retry_after="1")])
    with ModelServer(lambda _: next(replies, GOOD)) as server:
        assert endpoint(server).ask(QUESTION).text == "the answer"
    first, second = server.asked
    assert 0.95 < second.at - first.at < 1.5


def test_a_wait_that_does_not_fit_is_an_outage_at_once() -> None:
    with ModelServer(lambda _: error(429, "slow down", retry_after="3600")) as server:
        began = time.monotonic()
        with pytest.raises(EngineUnavailable):
            endpoint(server).ask(QUESTION)
        assert time.monotonic() - began < 0.5
    assert len(server.asked) == 1


@pytest.mark.parametrize("said", ["soon", "-5", "nan", "inf", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_a_wait_that_cannot_be_read_is_a_short_one(said: str) -> None:
    replies = iter([error(429, "slow down", retry_after=said)])
    with ModelServer(lambda _: next(replies, GOOD)) as server:
        began = time.monotonic()
        assert endpoint(server).ask(QUESTION).text == "the answer"
        assert time.monotonic() - began < 1.5


def test_a_used_up_account_is_an_outage_that_is_not_asked_again() -> None:
    used_up = error(429, "You exceeded your current quota", code="insufficient_quota")
    with ModelServer(lambda _: used_up) as server, pytest.raises(EngineUnavailable, match="used up"):
        endpoint(server).ask(QUESTION)
    assert len(server.asked) == 1


DENIED = {
    "wrong key": (error(401, "Incorrect API key provided: sk-se*****"), "OPENAI_API_KEY"),
    "a key without rights": (error(403, "Forbidden"), "OPENAI_API_KEY"),
    "wrong key, said with 400": (error(400, "API key not valid. Please pass a valid API key."), "OPENAI_API_KEY"),
    "unknown model (OpenAI)": (
        error(
            404, "The model `some-model` does not exist or you do not have access to it.", code="model_not_found"
        ),
        "REWRITER_MODEL",
    ),
    "unknown model (OpenAI, 400)": (
        error(400, "The requested model 'some-model' does not exist.", param="model", code="model_not_found"),
        "REWRITER_MODEL",
    ),
    "unknown model (Ollama)": (error(404, 'model "some-model" not found, try pulling it first'), "REWRITER_MODEL"),
    "unknown model (vLLM)": (
        Reply(
            status=404, body={"object": "error", "message": "The model `some-model` does not exist.", "code": 404}
        ),
        "REWRITER_MODEL",
    ),
    "unknown deployment (Azure)": (
        error(404, "The API deployment for this resource does not exist.", code="DeploymentNotFound"),
        "REWRITER_MODEL",
    ),
    "unknown model (LiteLLM)": (error(400, "Invalid model name passed in model=some-model"), "REWRITER_MODEL"),
    "no access to the model": (error(403, "Project has no access: model_not_found"), "REWRITER_MODEL"),
    "a wrong address": (Reply(status=404, body=b"<h1>Not Found</h1>"), "OPENAI_BASE_URL"),
    "a page that moved": (Reply(status=301, headers={"location": "http://127.0.0.1:9/"}), "OPENAI_BASE_URL"),
}


@pytest.mark.parametrize(("reply", "variable"), DENIED.values(), ids=DENIED.keys())
def test_a_refused_key_model_or_address_names_the_variable_and_ends_the_asking(reply: Reply, variable: str) -> None:
    with ModelServer(lambda _: reply) as server:
        asking = endpoint(server)
        with pytest.raises(EngineDenied, match=variable) as caught:
            asking.ask(QUESTION)
        assert "sk-" not in str(caught.value)
        so_far = len(server.asked)
        with pytest.raises(EngineDenied, match=variable):
            asking.ask(QUESTION)
        assert len(server.asked) == so_far <= 2


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (
            error(400, "This model's maximum context length is 4096 tokens", code="context_length_exceeded"),
            "too long",
        ),
        (error(413, "Payload too large"), "too long"),
        (error(400, "The response was filtered", code="content_filter"), "content filter"),
    ],
)
def test_a_question_that_is_refused_for_itself_is_no_trouble_for_the_next(reply: Reply, said: str) -> None:
    replies = iter([reply])
    with ModelServer(lambda _: next(replies, GOOD)) as server:
        asking = endpoint(server)
        with pytest.raises(EngineError, match=said) as caught:
            asking.ask(QUESTION)
        assert type(caught.value) is EngineError
        assert asking.ask(QUESTION).text == "the answer"


def test_no_redirect_takes_a_prompt_elsewhere() -> None:
    with ModelServer(good) as elsewhere:
        moved = Reply(status=307, headers={"location": f"{elsewhere.url}/chat/completions"})
        with ModelServer(lambda _: moved) as server, pytest.raises(EngineDenied):
            endpoint(server).ask(QUESTION)
        assert not elsewhere.asked


@pytest.mark.parametrize(
    ("settings", "variable"),
    [
        (("", "m", ""), "OPENAI_API_KEY"),
        (("sk-\n", "m", ""), "OPENAI_API_KEY"),
        (("schlüssel", "m", ""), "OPENAI_API_KEY"),
        (("sk-test", "", ""), "REWRITER_MODEL"),
        (("sk-test", "m", "localhost:11434"), "OPENAI_BASE_URL"),
        (("sk-test", "m", "https://"), "OPENAI_BASE_URL"),
        (("sk-test", "m", "http://127.0.0.1:99999/v1"), "OPENAI_BASE_URL"),
        (("sk-test", "m", "http://[::1/v1"), "OPENAI_BASE_URL"),
    ],
)
def test_a_wrong_setting_is_named_before_anything_is_sent(settings: tuple[str, str, str], variable: str) -> None:
    with pytest.raises(SettingsError, match=variable) as caught:
        Endpoint(*settings)
    assert "schlüssel" not in str(caught.value)


def test_the_key_is_in_no_representation() -> None:
    assert "sk-secret" not in repr(Endpoint("sk-secret", "m"))


def test_the_schema_is_the_same_bytes_for_every_question() -> None:
    bodies = [json.dumps(request_body("m", QUESTION, Form())["text"]) for _ in range(2)]
    assert bodies[0] == bodies[1]


def test_the_table_of_endpoints_in_the_docs_is_the_one_that_is_tested() -> None:
    table = (Path(__file__).parents[2] / "docs" / "models.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| ([^|]+?) \| (\d+) \|$", table, re.M))
    assert rows == {kind: str(requests) for kind, (_, requests) in KINDS.items()}
