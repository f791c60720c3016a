"""Rules give a ticket its tone: the first that means it, and a wrong one is told with its line and the mend."""

from pathlib import Path

import pytest

from rewriter.errors import PromptError
from rewriter.prompting import SHIPPED
from rewriter.routing import Rule, Traits, asks_names, first, read, unknown_names

TONES = ("warm", "formal", "concise", "plain", "recovery")


@pytest.fixture
def rules(tmp_path: Path):
    """Reads rules from a text, as from an admin's file."""

    def read_rules(text: str) -> tuple[Rule, ...]:
        (tmp_path / "routing.toml").write_text(text)
        return read(tmp_path / "routing.toml", TONES)

    return read_rules


def test_the_first_rule_that_means_a_ticket_decides_and_none_leaves_it_to_the_default(rules) -> None:
    found = rules(
        '[[rule]]\ntone = "recovery"\ntag = "outage"\n\n'
        '[[rule]]\ntone = "formal"\nbrand = "Acme Bank"\npriority = ["high", "urgent"]\n\n'
        '[[rule]]\ntone = "concise"\nchannel = "chat"\n'
    )
    bank = Traits(brand=("77", "Acme Bank"), priority=("high",), channel=("chat",))
    assert [rule.tone for rule in found] == ["recovery", "formal", "concise"]
    assert first(found, bank) is found[1]
    assert first(found, Traits(brand=("77", "Acme Bank"), priority=("low",), channel=("chat",))) is found[2]
    assert first(found, Traits(tag=("vip", "outage"), brand=("77",))) is found[0]
    assert first(found, Traits(channel=("email",))) is None


@pytest.mark.parametrize(
    ("asked", "traits"),
    [
        ('brand = "acme BANK"', Traits(brand=("77", "Acme Bank"))),
        ("brand = 77", Traits(brand=("77",))),
        ('group = ["Refunds", 12]', Traits(group=("12",))),
        ('form = "Question"', Traits(form=("question",))),
        ('priority = "medium"', Traits(priority=("normal",))),
        ('priority = "normal"', Traits(priority=("medium",))),
        ('language = "DE"', Traits(language=("de",))),
        ('tag = ["vip", "gold"]', Traits(tag=("gold", "rewrite_requested"))),
        ("", Traits()),
    ],
)
def test_a_condition_holds_for_a_name_or_an_id_in_capitals_or_not(rules, asked: str, traits: Traits) -> None:
    (rule,) = rules(f'[[rule]]\ntone = "formal"\n{asked}\n')
    assert rule.against(traits) == ""


@pytest.mark.parametrize(
    ("asked", "traits", "said"),
    [
        ('brand = "Acme"', Traits(brand=("77", "Bank")), "brand is 77 or Bank, not Acme"),
        ('group = ["A", "B"]', Traits(), "it has no group, not A or B"),
        ('tag = "vip"', Traits(tag=("gold",)), "it has no tag vip"),
        ('tag = "vip"\nlanguage = "de"', Traits(tag=("vip",), language=("en",)), "language is en, not de"),
    ],
)
def test_why_a_rule_does_not_mean_a_ticket_is_said_in_a_few_words(rules, asked: str, traits, said: str) -> None:
    (rule,) = rules(f'[[rule]]\ntone = "formal"\n{asked}\n')
    assert rule.against(traits) == said


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('[[rule]]\ntone = "formel"\n', 2, "did you mean 'formal'?"),
        (
            '[[rule]]\ntone = "warm"\n\n[[rule]]\ntone = "icy"\ntag = "x"\n',
            5,
            "there is no tone 'icy'; the known ones are: concise, formal",
        ),
        ('[[rule]]\ntone = "warm"\nbrnd = "x"\n', 3, "did you mean 'brand'? The known ones are: brand, channel"),
        ('[[rules]]\ntone = "warm"\n', 1, "unknown key; did you mean 'rule'? The known ones are: rule"),
        ("[[rule]]\n", 1, "this key is missing"),
        ('# why\n[[rule]]\ntag = "x"\n', 2, "this key is missing"),
        ('[[rule]]\ntone = "warm"\ntag = []\n', 3, "empty list"),
        ('[[rule]]\ntone = "warm"\ntag = ""\n', 3, "a text or an id"),
        ('[[rule]]\ntone = "warm"\ntag = "two words"\n', 3, "a tag is one word"),
        ('[[rule]]\ntone = "warm"\nbrand = true\n', 3, "a text or an id"),
        ('[[rule]]\ntone = "warm"\nchannel = "fax"\n', 3, "name one of email, web, chat, social"),
        ('[[rule]]\ntone = "warm"\npriority = 2\n', 3, "name one of low, normal"),
        ('[[rule]]\ntone = "warm"\nlanguage = "german"\n', 3, "write two letters"),
        ('[rule]\ntone = "warm"\n', 1, "write [[rule]] for one of several"),
        ('rule = ["warm"]\n', 1, "under a line [[rule]]"),
        ('[[rule]]\ntone = "warm"\n\n[[rule]]\ntone = "formal"\ntag = "x"\n', 4, "taken by the rule on line 1"),
        (
            '[[rule]]\ntone = "warm"\ntag = ["a", "b"]\n[[rule]]\ntone = "formal"\ntag = "A"\nbrand = "X"\n',
            4,
            "no ticket can reach this rule",
        ),
        (
            '[[rule]]\ntone = "warm"\ntag = "a"\n[[rule]]\ntone = "plain"\ntag = "b"\n'
            '[[rule]]\ntone = "formal"\ntag = ["a", "b"]\n',
            7,
            "taken by the rule on line 1 and 4",
        ),
    ],
)
def test_a_wrong_rule_is_one_line_with_file_line_and_the_mend(rules, text: str, line: int, said: str) -> None:
    with pytest.raises(PromptError) as caught:
        rules(text)
    assert f"routing.toml:{line}:" in str(caught.value)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_rule_that_an_earlier_one_leaves_something_of_is_fine(rules) -> None:
    found = rules(
        '[[rule]]\ntone = "warm"\ntag = "a"\nbrand = "X"\n'
        '[[rule]]\ntone = "formal"\ntag = "a"\n'
        '[[rule]]\ntone = "plain"\nbrand = "X"\n'
        '[[rule]]\ntone = "concise"\n'
    )
    assert first(found, Traits()) is found[3]


def test_names_are_asked_for_only_where_a_rule_calls_something_by_its_name(rules) -> None:
    ids = rules('[[rule]]\ntone = "formal"\nbrand = 77\ngroup = ["12", 13]\ntag = "vip"\n')
    names = rules('[[rule]]\ntone = "formal"\ngroup = [12, "Refunds"]\n')
    assert asks_names(ids) == frozenset()
    assert asks_names(names) == {"group"}


def test_a_name_that_the_helpdesk_does_not_know_is_told_with_the_likeliest(rules) -> None:
    found = rules('[[rule]]\ntone = "formal"\ngroup = ["Refund", "sales"]\nform = "Question"\n')
    lines = list(unknown_names(found, {"group": ["Refunds", "Sales"], "form": ["Question"]}))
    assert lines == ["routing.toml:1: no group is called 'Refund'; did you mean 'Refunds'?"]


def test_the_shipped_file_routes_nothing_and_each_of_its_examples_holds(tmp_path: Path) -> None:
    text = (SHIPPED / "routing.toml").read_text()
    assert read(SHIPPED / "routing.toml", TONES) == ()
    _, *examples = text.split("# [[rule]]\n")
    assert len(examples) >= 4
    for example in examples:
        active = "[[rule]]\n" + "\n".join(
            line.removeprefix("# ") for line in example.partition("\n\n")[0].splitlines()
        )
        (tmp_path / "routing.toml").write_text(active)
        (rule,) = read(tmp_path / "routing.toml", TONES)
        assert rule.asks
