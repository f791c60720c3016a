"""What a plan does wrong, and that mending touches the faulted step alone."""

import pytest

from rewriter.document import parse
from rewriter.guard import Case, judge, mend
from rewriter.model import NAME_SLOT, Carry, Move, Reading, Rephrase, Tone
from rewriter.seal import seal_draft

DRAFT = (
    "Your refund of $49.99 was issued on March 3. You failed to attach the invoice for order A-1001. "
    "We cannot extend the warranty. Please restart the router, then open the settings."
)


def case(draft=DRAFT, *, tone=None, customer="I have been waiting three weeks for my deposit!", **reading):
    document = parse(draft, html=False, language="en")
    told = Reading("en", **{"topic": "deposit", "told": "three weeks", **reading})
    return Case(document, seal_draft(document, "key"), told, tone or Tone("warm"), "Ana", customer)


def carried(of):
    return tuple(Carry(sentence.number) for sentence in of.document.sentences)


def kinds(of, plan):
    return [violation.kind for violation in judge(of, plan)]


def rephrased(of, number, text):
    """The plan that carries all but one sentence; facts in `text` are sealed as the draft's are."""
    for seal in of.sealed[number - 1].seals:
        text = text.replace(seal.fact.text, seal.token)
    return tuple(Rephrase(number, text) if step.sentence == number else step for step in carried(of))


def test_a_draft_carried_as_it_is_has_nothing_against_it():
    assert judge(case(), carried(case())) == ()


def test_each_sentence_stands_once_and_in_order():
    of = case()
    one, two, three, four = carried(of)
    assert kinds(of, (one, two, four)) == ["lost sentence"]
    assert kinds(of, (one, two, two, three, four)) == ["doubled sentence"]
    assert kinds(of, (one, three, two, four)) == ["order"]
    assert kinds(of, (one, two, three, four, Carry(9))) == ["added sentence"]
    assert kinds(of, ()) == ["lost sentence"] * 4


def test_a_lost_sentence_is_named_with_its_words():
    (lost,) = judge(case(), carried(case())[1:])
    assert (lost.sentence, lost.draft) == (1, "Your refund of $49.99 was issued on March 3.")


def test_blame_may_be_taken_out_of_a_sentence():
    of = case()
    assert judge(of, rephrased(of, 2, "The invoice for order A-1001 wasn't attached.")) == ()


def test_blame_may_not_be_put_into_a_sentence():
    of = case("The invoice was not attached.")
    assert "actor" in kinds(of, rephrased(of, 1, "You failed to attach the invoice."))


def test_softer_words_round_the_same_assertion_pass():
    of = case()
    assert judge(of, rephrased(of, 3, "I'm sorry, but we can't extend the warranty.")) == ()


@pytest.mark.parametrize(
    ("number", "text", "kind"),
    [
        (3, "We can extend the warranty.", "negation"),
        (3, "We may not extend the warranty.", "certainty"),
        (3, "You cannot extend the warranty.", "actor"),
        (3, "We cannot extend the subscription.", "content"),
        (3, "We cannot extend the warranty if you opened it.", "condition"),
        (3, "We cannot extend the warranty because it ended.", "cause"),
        (3, "We will not extend the warranty.", "certainty"),
        (3, "Can we extend the warranty?", "question"),
        (1, "Your refund of $49.99 will be issued on March 3.", "tense"),
        (1, "I have issued your refund of $49.99 on March 3.", "claimed action"),
        (1, "Your refund of at least $49.99 was issued on March 3.", "comparator"),
        (4, "Please open the settings, then restart the router.", "order"),
    ],
)
def test_a_rephrasing_that_asserts_otherwise_is_named_for_what_it_changes(number, text, kind):
    of = case()
    assert kind in kinds(of, rephrased(of, number, text))


def test_an_apology_that_says_not_what_it_is_for_may_be_said_as_what_it_is_for():
    of = case("Sorry for the trouble. The refund is on its way.")
    assert judge(of, rephrased(of, 1, "I'm sorry you've had to wait three weeks for your deposit.")) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Three weeks is a long wait for your deposit.",  # no apology any more
        "I'm sorry, we made a mistake with your deposit.",
        "I'm sorry; your deposit will be there soon.",
        "I'm sorry for the late invoice.",
        "I'm sorry about the two weeks without your deposit.",
        "I'm sorry about the wait for your deposit. I understand how tiring it is. I hope this helps.",
        "",
    ],
)
def test_it_stays_an_apology_that_claims_nothing(text):
    of = case("Sorry for the trouble. The refund is on its way.")
    assert kinds(of, rephrased(of, 1, text))


@pytest.mark.parametrize(
    "apology",
    [
        "Sorry for the late reply.",
        "Sorry, we have a problem.",
        "I'm sorry we caused this trouble.",
        "Sorry, but it is closed.",
        "Sorry, Ana.",
    ],
)
def test_an_apology_that_says_something_keeps_what_it_says(apology):
    of = case(f"{apology} The refund is on its way.")
    assert kinds(of, rephrased(of, 1, "I'm sorry you've had to wait three weeks for your deposit."))


def test_seals_stay_all_of_them_in_their_order():
    of = case()
    amount, date = (seal.token for seal in of.sealed[0].seals)

    def faulted(text):
        return kinds(of, (Rephrase(1, text), *carried(of)[1:]))

    assert faulted(f"Your refund of {amount} was issued on {date}.") == []
    assert faulted(f"Your refund of {date} was issued on {amount}.") == ["seal"]
    assert faulted(f"Your refund was issued on {date}.") == ["seal"]
    assert faulted(f"Your refund of {amount} and {amount} was issued on {date}.") == ["seal"]
    assert faulted(f"Your refund of {amount} was issued on {date} by [[NAME_ZZ]].")[0] == "seal"
    assert "amount" in faulted(f"Your refund of {amount} and $5 was issued on {date}.")


def test_violations_show_both_texts_with_their_facts():
    of = case()
    amount, date = (seal.token for seal in of.sealed[0].seals)
    violation = judge(of, (Rephrase(1, f"Your refund of {amount} may be issued on {date}."), *carried(of)[1:]))[0]
    assert violation.draft == "Your refund of $49.99 was issued on March 3."
    assert violation.rewrite == "Your refund of $49.99 may be issued on March 3."
    assert "[[" not in violation.detail


def test_a_sentence_with_markup_inside_is_not_rephrased():
    document = parse("<p>Your <b>refund</b> was issued.</p>", html=True, language="en")
    of = Case(document, seal_draft(document, "key"), Reading("en"), Tone("warm"))
    assert kinds(of, (Rephrase(1, "Your refund was issued."),)) == ["content"]


def test_mending_puts_the_faulted_step_right_and_no_other():
    of = case()
    good = Move("validation", "I'm sorry about the wait for your deposit.")
    right = rephrased(of, 2, "The invoice for order A-1001 wasn't attached.")[1]
    plan = (
        good,
        Carry(1),
        right,
        Rephrase(3, "We can extend the warranty."),
        Move("hand-off", "We will call you."),
        Carry(4),
    )
    found = judge(of, plan)
    assert mend(of, plan, found) == (good, Carry(1), right, Carry(3), Carry(4))


def test_mending_restores_what_was_lost_and_the_order():
    of = case()
    plan = (Carry(4), Carry(2), Carry(2), Carry(77))
    assert mend(of, plan, judge(of, plan)) == carried(of)


def test_the_limits_of_the_tone_hold():
    of = case(tone=Tone("warm", max_added_words=14, max_added_sentences=1))
    moves = (
        Move("validation", "I understand how frustrating this is."),
        Move("relatability", "Thank you for your patience."),
    )
    assert kinds(of, (*moves, *carried(of))) == ["length"]
    assert mend(of, (*moves, *carried(of)), judge(of, (*moves, *carried(of)))) == (moves[0], *carried(of))
    long = Move(
        "validation", "I understand how frustrating this is, and I am very sorry that you have had to wait."
    )
    assert kinds(of, (long, *carried(of))) == ["length"]


def test_there_is_one_apology_at_most_the_drafts_own_counted():
    sorry = Move("validation", "I'm sorry about the wait.")
    of = case("We are sorry. Your refund was issued on March 3.")
    assert kinds(of, (sorry, *carried(of))) == ["length"]
    of = case("Your refund was issued on March 3.")
    assert kinds(of, (sorry, sorry, *carried(of))) == ["length"]


def test_there_is_one_greeting_and_it_comes_first():
    hello = Move("personalisation", f"Hi {NAME_SLOT},")
    of = case("Your refund was issued on March 3.")
    assert judge(of, (hello, *carried(of))) == ()
    assert kinds(of, (hello, hello, *carried(of))) == ["greeting"]
    assert kinds(of, (*carried(of), hello)) == ["greeting"]
    of = case("Hello,\n\nYour refund was issued on March 3.")
    assert kinds(of, (hello, *carried(of))) == ["greeting"]


def test_what_the_tone_bans_is_not_added():
    of = case(tone=Tone("warm", ban=("patience",)))
    assert kinds(of, (Move("relatability", "Thank you for your patience."), *carried(of))) == ["banned phrase"]


def test_what_the_tone_bans_is_not_put_into_a_sentence_either():
    of = case("We cannot extend the warranty.", tone=Tone("warm", ban=("unfortunately",)))
    assert kinds(of, (Rephrase(1, "Unfortunately, we cannot extend the warranty."),)) == ["banned phrase"]
    of = case("Unfortunately, we cannot extend the warranty.", tone=Tone("warm", ban=("unfortunately",)))
    assert kinds(of, (Rephrase(1, "Unfortunately, we can't extend the warranty."),)) == []


def test_texts_that_the_tone_vouches_for_stand_word_for_word():
    offer = "You can reach our team on +1 555 0100 from 9 to 5."
    of = case(tone=Tone("warm", handoff=(offer,)))
    assert judge(of, (*carried(of), Move("hand-off", offer))) == ()
    assert judge(of, (*carried(of), Move("hand-off", offer + " We will call you.")))


def test_a_scorer_may_reject_and_never_approve():
    of = case()
    right, wrong = (
        rephrased(of, 3, text) for text in ("We can't extend the warranty.", "We can extend the warranty.")
    )
    assert judge(of, right, scorer=lambda premise, hypothesis: 0.9) == ()
    assert [v.kind for v in judge(of, right, scorer=lambda premise, hypothesis: 0.1)] == ["content"]
    assert "negation" in [v.kind for v in judge(of, wrong, scorer=lambda premise, hypothesis: 1.0)]


def test_where_a_language_has_no_lexicon_nothing_is_rephrased_or_added():
    document = parse("Zwrot 20 zł został wysłany.", html=False, language="pl")
    of = Case(document, seal_draft(document, "key"), Reading("pl"), Tone("warm"))
    assert judge(of, (Carry(1),)) == ()
    assert kinds(of, (Rephrase(1, of.sealed[0].text),)) == ["language"]
    assert kinds(of, (Move("validation", "Przykro mi."), Carry(1))) == ["language"]
