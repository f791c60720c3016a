"""Each key of a tone profile does what `prompts/README.md` says of it."""

from pathlib import Path

import pytest

from rewriter.model import Suggestion
from rewriter.phrasebook import PhrasebookEngine
from rewriter.pipeline import Request, suggest
from rewriter.prompting import SHIPPED, load

DRAFT = (
    "Your refund of $49.99 was issued on March 3. It was sent to the card that you paid with, and the bank needs "
    "up to 5 business days to show it. If it is not there by March 12, please send me a statement of the card for "
    "March and the reference RF-90177, so that the payment can be traced with the bank. The parcel with the jacket "
    "reached the warehouse on February 27 and was checked on the same day by the team."
)
LATE = "I have waited three weeks for my refund. This is really frustrating!"
ANGRY = "I have waited three weeks for my refund. This is the third time I write. I am furious!"
MILD = "My refund is late, which is a bit annoying."
WORRIED = "I am worried about my card details. What happened to my account?"
MANY = 40  # drafts over which a choice among phrases is seen


@pytest.fixture
def written(tmp_path: Path):
    """Writes drafts that differ by their key alone in a tone of these TOML lines."""
    (tmp_path / "tones").mkdir()

    def write(toml: str, customer: str = ANGRY, draft: str = DRAFT, many: int = MANY) -> list[Suggestion]:
        (tmp_path / "tones/ours.toml").write_text(toml)
        prompts = load(tmp_path)
        engine = PhrasebookEngine(prompts)
        request = {"customer": customer, "name": "Ana Reyes", "tone": "ours"}
        return [suggest(Request(draft, key=f"draft {n}", **request), engine, prompts) for n in range(many)]

    return write


def added(suggestion: Suggestion, kind: str = "") -> list[str]:
    """What was added, or what one move added."""
    return [part.text for part in suggestion.parts if part.kind == kind or (not kind and not part.carries)]


def test_a_move_that_is_not_named_is_never_made(written) -> None:
    both = written('moves = ["personalisation", "validation"]')
    alone = written('moves = ["personalisation"]')
    assert all(added(one, "validation") for one in both)
    assert {text for one in alone for text in added(one)} == {"Hi Ana,", *(added(alone[0]))}
    assert not any(added(one, "validation") or added(one, "accountability") for one in alone)


def test_fault_is_owned_only_at_its_level_and_where_the_draft_owns_it(written) -> None:
    phrases = {
        phrase for passage in load().phrasebooks["en"].passage if passage.level == "fault" for phrase in passage.say
    }
    owning = f"That was our mistake. {DRAFT}"
    owned = {text for one in written('accountability = "fault"', LATE, owning) for text in added(one)}
    assert owned & phrases
    assert not {text for one in written('accountability = "fault"', LATE) for text in added(one)} & phrases
    assert (
        not {text for one in written('accountability = "experience"', LATE, owning) for text in added(one)}
        & phrases
    )


def test_the_formal_register_greets_formally_and_shortens_nothing(written) -> None:
    texts = [text for one in written('register = "formal"') for text in added(one)]
    assert "Dear Ana," in texts
    assert not any("'m " in text or "'ve " in text for text in texts)


@pytest.mark.parametrize(("address", "says", "says_not"), [("formal", "Ihr", "dein"), ("informal", "", "Ihre")])
def test_the_form_of_address_follows_the_tone_where_the_draft_shows_none(written, address, says, says_not) -> None:
    message = "Ich warte seit drei Wochen auf meine Erstattung. Das ist wirklich ärgerlich!"
    texts = [
        text
        for one in written(f'address = "{address}"', message, "Die Erstattung wurde am 3. März veranlasst.")
        for text in added(one)
    ]
    assert any(says in text for text in texts)
    assert not any(says_not in text for text in texts)


def test_greeting_and_close_can_be_left_out(written) -> None:
    assert not any(added(one, "personalisation") for one in written("greeting = false"))
    kinds = 'moves = ["validation", "relatability"]'
    assert not any(one.text.endswith("by the team.") for one in written(kinds, MILD))
    assert all(one.text.endswith("by the team.") for one in written(f"{kinds}\nclose = false", MILD))


def test_the_limits_hold(written) -> None:
    assert max(one.added_words for one in written("")) > 12
    assert max(one.added_words for one in written("max_added_words = 12")) <= 12
    assert all(len(added(one)) <= 2 for one in written("max_added_sentences = 1")), "a greeting and one more"


def test_preferred_phrases_are_taken_and_banned_ones_never_said(written) -> None:
    preferred = written('prefer = ["tiring"]')
    assert all("tiring" in " ".join(added(one)) for one in preferred)
    for one in written('ban = ["frustrat*", "sorry", "(understand|tiring)"]'):
        said = " ".join(added(one)).lower()
        assert said
        assert not any(word in said for word in ("frustrat", "sorry", "understand", "tiring"))
        assert not one.reverted, "the engine knows what is banned before the guard does"


def test_a_banned_greeting_gives_way_to_another_or_to_none(written, tmp_path: Path) -> None:
    assert not any(added(one, "personalisation") for one in written('ban = ["hi", "hello"]') if one.reverted)
    assert not any("Hi" in " ".join(added(one, "personalisation")) for one in written('ban = ["hi"]'))


def test_for_some_matters_there_is_no_apology(written) -> None:
    sorry = [one for one in written("") if "sorry" in " ".join(added(one))]
    assert sorry
    assert not [one for one in written('never_apologise = ["refund*"]') if "sorry" in " ".join(added(one))]


@pytest.mark.parametrize(
    ("move", "key", "text", "customer"),
    [
        ("relatability", "anecdotes", "Many of us check the bank app each morning too.", MILD),
        ("expertise", "expertise", "Our security team looks at every such report around the clock.", WORRIED),
        ("hand-off", "handoff", "If you would rather talk, call me on 0800 555 0142.", ANGRY),
    ],
)
def test_approved_texts_are_said_word_for_word_where_their_move_fits(written, move, key, text, customer) -> None:
    for one in written(f'moves = ["validation", "{move}"]\n{key} = ["{text}"]', customer, many=5):
        assert text in added(one, move)
        assert not one.reverted
    elsewhere = "Can I pay by card?"
    assert not any(added(one) for one in written(f'moves = ["{move}"]\n{key} = ["{text}"]', elsewhere, many=5))


def test_approved_texts_in_another_language_than_the_draft_are_not_said(written) -> None:
    texts = 'handoff = ["Wenn Sie lieber sprechen: 0800 555 0142.", "You can call me on 0800 555 0142."]'
    for one in written(f'moves = ["validation", "hand-off"]\n{texts}', ANGRY, many=10):
        assert added(one, "hand-off") == ["You can call me on 0800 555 0142."]


@pytest.mark.parametrize("text", ["call us on 0800 555 0142", "0800 555 0142 is our line."])
def test_an_approved_text_is_said_as_it_is_whatever_it_looks_like(written, text: str) -> None:
    for one in written(f'moves = ["validation", "hand-off"]\nhandoff = ["{text}"]', ANGRY, many=3):
        assert added(one, "hand-off") == [text]


def test_a_hand_off_needs_no_other_move_and_leaves_room_for_expertise(written) -> None:
    texts = 'handoff = ["Call me on 0800 555 0142."]\nexpertise = ["Our security team knows such reports."]'
    (alone,) = written(f'moves = ["hand-off"]\n{texts.splitlines()[0]}', WORRIED, many=1)
    assert added(alone) == ["Call me on 0800 555 0142."]
    (both,) = written(f'moves = ["validation", "expertise", "hand-off"]\n{texts}', WORRIED, many=1)
    assert added(both, "expertise")
    assert added(both, "hand-off")


def test_no_anecdote_is_told_to_somebody_who_clearly_feels_something(written) -> None:
    texts = 'anecdotes = ["Many of us check the bank app each morning too."]'
    assert not any(
        added(one, "relatability") for one in written(f'moves = ["relatability"]\n{texts}', ANGRY, many=5)
    )


def test_an_offer_is_the_second_move_and_so_waits_for_a_longer_draft(written) -> None:
    toml = 'moves = ["personalisation", "validation", "hand-off"]\nhandoff = ["Call me on 0800 555 0142."]'
    short = "Your refund of $49.99 was issued on March 3. It takes 3 to 5 business days to reach your card."
    assert not any(added(one, "hand-off") for one in written(toml, draft=short))
    assert all(added(one, "validation") for one in written(toml, draft=short))
    assert all(added(one, "hand-off") and added(one, "validation") for one in written(toml))


def test_names_are_sealed_as_facts(written) -> None:
    draft = f"Turbo Refund is part of Acme Cloud One. {DRAFT}"
    (named,) = written('names = ["Turbo Refund", "Acme Cloud One"]', draft=draft, many=1)
    (unnamed,) = written("", draft=draft, many=1)
    facts = {(fact.kind, fact.text) for fact in named.facts}
    assert {("product", "Turbo Refund"), ("product", "Acme Cloud One")} <= facts
    assert ("product", "Turbo Refund") not in {(fact.kind, fact.text) for fact in unnamed.facts}


def test_a_tone_for_some_languages_leaves_drafts_in_others_alone(written) -> None:
    assert {one.outcome for one in written('languages = ["de"]', many=3)} == {"unchanged"}
    assert {one.outcome for one in written('languages = ["de", "en"]', many=3)} == {"rewritten"}


def test_the_shipped_tones_use_no_key_that_is_not_tried_here() -> None:
    text = Path(__file__).read_text()
    keys = {
        line.split("=")[0].strip()
        for file in (SHIPPED / "tones").glob("*.toml")
        for line in file.open()
        if "=" in line
    }
    assert all(key in text for key in keys - {"description"})
