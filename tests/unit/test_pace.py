"""The pace at which a helpdesk is asked: under its limits and under our share of them."""

from __future__ import annotations

import pytest
from rewriter.integrations.pace import Pace, account_limit, credits_used, endpoint_limit, is_of_one_ticket

from rewriter.errors import HelpdeskUnavailable


class Clock:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def pace(clock: Clock, share: float = 1.0) -> Pace:
    return Pace(share, clock, clock.sleep)


def go(pace: Pace, headers: dict[str, str] | None = None, route: str = "GET /x", cost: int = 1) -> None:
    pace.answered(pace.take(route, cost), headers or {})


@pytest.mark.parametrize(
    ("headers", "total", "remaining", "window"),
    [
        ({"x-rate-limit": "700", "x-rate-limit-remaining": "698", "ratelimit-reset": "49"}, 700, 698, 60),
        ({"ratelimit-limit": "400", "ratelimit-remaining": "1"}, 400, 1, 60),
        ({"rate-limit": "200"}, 200, None, 60),
        ({"x-ratelimit-total": "200", "x-ratelimit-remaining": "7"}, 200, 7, 60),
        ({"x-ratelimit-total": "5000", "x-ratelimit-remaining": "7"}, 5000, 7, 3600),  # an hourly account
    ],
)
def test_the_accounts_limit_is_read_in_every_spelling(headers, total, remaining, window):
    limit = account_limit(headers)
    assert limit is not None
    assert (limit.total, limit.remaining, limit.window) == (total, remaining, window)


@pytest.mark.parametrize("name", ["zendesk-ratelimit-tickets-update", "zendesk-rate-limit-tickets-update"])
def test_an_endpoints_limit_is_read_in_both_spellings(name):
    limit = endpoint_limit({name: "total=20; remaining=19; resets=59"})
    assert limit is not None
    assert (limit.total, limit.remaining, limit.resets) == (20, 19, 59)


def test_what_one_ticket_may_take_is_no_limit_for_the_others():
    headers = {"zendesk-ratelimit-per-ticket-updates": "total=30; remaining=0; resets=468"}
    assert endpoint_limit(headers) is None
    assert is_of_one_ticket(headers)
    assert not is_of_one_ticket(headers | {"zendesk-ratelimit-tickets-update": "total=100; remaining=0; resets=9"})
    assert not is_of_one_ticket({})


def test_headers_that_say_nothing_or_nonsense_set_no_limit(clock):
    assert account_limit({}) is None
    assert account_limit({"x-rate-limit": "many"}) is None
    assert account_limit({"x-rate-limit": "0"}) is None
    assert endpoint_limit({"zendesk-ratelimit-search-index": "soon"}) is None
    assert credits_used({"x-ratelimit-used-currentrequest": "3"}) == 3


@pytest.mark.parametrize("share", [1.0, 0.5, 0.25])
def test_over_any_minute_our_share_of_the_limit_is_kept(clock, share):
    one = pace(clock, share)
    gone = []
    for _ in range(300):
        go(one, {"x-rate-limit": "100"})
        gone.append(clock.now)
        clock.now += 0.01
    most = max(sum(at <= other < at + 60 for other in gone) for at in gone)
    assert most <= 100 * share
    assert clock.now - 1_000 < 300 / (100 * share) * 61 + 61  # and it is not slower than that either


def test_ten_minutes_at_the_whole_limit_use_95_percent_of_it(clock):
    one = pace(clock)
    gone = 0
    while clock.now < 1_600:
        go(one, {"zendesk-ratelimit-tickets-update": "total=100; remaining=50; resets=30"})
        gone += 1
        clock.now += 0.05
    assert gone >= 950


def test_an_endpoints_limit_slows_only_that_endpoint(clock):
    one = pace(clock)
    for _ in range(3):
        go(one, {"zendesk-ratelimit-tickets-update": "total=3; remaining=2; resets=60"}, "PUT /t")
    go(one, route="GET /t")
    assert clock.now == 1_000
    go(one, route="PUT /t")
    assert clock.now > 1_060


def test_where_others_used_the_limit_up_we_wait_for_its_reset(clock):
    one = pace(clock)
    go(one, {"x-rate-limit": "700", "x-rate-limit-remaining": "0", "ratelimit-reset": "20"})
    go(one)
    assert 1_020 < clock.now <= 1_022


def test_requests_on_their_way_count_against_what_remains(clock):
    one = pace(clock)
    go(one, {"x-rate-limit": "700", "x-rate-limit-remaining": "2", "ratelimit-reset": "20"})
    one.take("GET /x")
    one.take("GET /x")
    assert clock.now == 1_000
    one.take("GET /x")
    assert clock.now > 1_020


def test_where_no_reset_is_told_we_ask_again_after_a_while(clock):
    one = pace(clock)
    go(one, {"x-ratelimit-total": "400", "x-ratelimit-remaining": "0"})
    go(one)
    assert 1_000 < clock.now <= 1_006


def test_credits_count_and_not_calls(clock):
    one = pace(clock)
    for _ in range(3):
        go(one, {"x-ratelimit-total": "10", "x-ratelimit-used-currentrequest": "3"}, cost=3)
    assert clock.now == 1_000
    go(one, cost=3)
    assert clock.now > 1_060


def test_a_request_dearer_than_our_whole_share_still_goes(clock):
    one = pace(clock, 0.1)
    go(one, {"x-ratelimit-total": "10"})
    go(one, cost=3)
    go(one, cost=3)
    assert clock.now < 1_200


def test_a_pause_holds_everyone(clock):
    one = pace(clock)
    one.pause(93)
    one.pause(5)
    go(one, route="GET /a")
    assert clock.now == 1_093


def test_what_would_wait_too_long_is_left_for_the_next_run(clock):
    one = pace(clock)
    go(one, {"x-ratelimit-total": "3000", "x-ratelimit-used-currentrequest": "3000"})
    with pytest.raises(HelpdeskUnavailable):
        go(one)
