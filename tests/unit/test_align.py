"""Free rewrites: aligned to their draft, judged by the guard's rules."""

import pytest

from rewriter.guard.align import check

DRAFT = (
    "Hi,\n\nYour refund of $49.99 was issued on March 3. It takes up to 5 business days. "
    "We cannot extend the warranty.\n\nPlease see https://example.com/help for the form."
)


def kinds(draft, rewrite, **known):
    return {violation.kind for violation in check(draft, rewrite, **{"language": "en", **known}).violations}


def test_a_draft_is_faithful_to_itself():
    assert check(DRAFT, DRAFT).faithful


def test_a_warm_rewrite_that_keeps_all_is_faithful():
    rewrite = (
        DRAFT.replace("Hi,\n\n", "Hi Ana,\n\nI'm sorry about the wait, I know how frustrating that is. ").replace(
            "We cannot", "I'm afraid we can't"
        )
        + " If anything is unclear, just reply here."
    )
    assert check(DRAFT, rewrite, name="Ana Silva").violations == ()


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("$49.99", "$49.90", "amount"),
        ("March 3", "March 5", "date"),
        ("5 business days", "7 business days", "duration"),
        ("up to 5", "at least 5", "comparator"),
        ("cannot", "can", "negation"),
        ("was issued", "will be issued", "tense"),
        ("example.com/help", "example.com/form", "url"),
        (" We cannot extend the warranty.", "", "lost sentence"),
        ("the warranty.", "the warranty. We will call you tomorrow.", "added sentence"),
        ("We cannot", "You cannot", "actor"),
    ],
)
def test_one_edit_is_named_for_what_it_changes(old, new, kind):
    assert kind in kinds(DRAFT, DRAFT.replace(old, new))


def test_the_verdict_names_both_texts():
    (violation,) = check(DRAFT, DRAFT.replace("$49.99", "$49.90"), language="en").violations
    assert violation.detail == "$49.99 in the draft, $49.90 in the rewrite"
    assert "$49.99" in violation.draft
    assert "$49.90" in violation.rewrite


def test_sentences_may_be_merged_split_and_moved():
    draft = "We received your return. Your refund of $20 was issued. We cannot extend the warranty."
    assert check(
        draft, "We received your return and your refund of $20 was issued. We cannot extend the warranty."
    ).faithful
    assert check(
        draft, "We cannot extend the warranty. We received your return. Your refund of $20 was issued."
    ).faithful
    joined = "Reset the router, then open the app."
    assert check(joined, "Reset the router. Then open the app.", language="en").faithful


def test_steps_may_not_be_moved():
    draft = "<ol><li>Open the settings.</li><li>Remove the battery.</li></ol>"
    turned = "<ol><li>Remove the battery.</li><li>Open the settings.</li></ol>"
    assert kinds(draft, turned, html=True) == {"order"}


def test_a_lost_list_item_and_its_facts_are_named():
    draft = "<ul><li>Pay $20.</li><li>Sign the form by May 2.</li></ul>"
    found = check(draft, "<ul><li>Pay $20.</li></ul>", html=True, language="en").violations
    assert [v.kind for v in found] == ["lost sentence", "date"]
    assert "list item" in found[0].detail


def test_a_lost_link_is_named():
    draft = '<p>Please use <a href="https://example.com/form">the form</a> to reply.</p>'
    assert kinds(draft, "<p>Please use the form to reply.</p>", html=True) & {"link", "url"}


def test_a_sentence_reworded_throughout_is_a_paraphrase_and_one_edit_is_none():
    draft = "The premium package comprises sturdy luggage and sunny excursions."
    assert check(
        draft, "The premium package contains robust luggage and bright excursions.", language="en"
    ).faithful
    assert kinds(draft, "The premium package comprises sturdy luggage and sunny terraces.") == {"content"}
    assert kinds(draft, "The premium package comprises sturdy luggage.") == {"content"}


def test_quotes_code_and_tables_stay():
    draft = "<p>Run this:</p><pre>rm cache</pre>"
    assert "code" in kinds(draft, "<p>Run this:</p><pre>rm all</pre>", html=True)


def test_a_greeting_by_another_name_is_an_identity():
    assert check("Hi,\n\nIt shipped.", "Hi Ana,\n\nIt shipped.", name="Ana", language="en").faithful
    assert not check("Hi,\n\nIt shipped.", "Hi Bob,\n\nIt shipped.", name="Ana", language="en").faithful
    assert not check("Hi Ana,\n\nIt shipped.", "Hi Bob,\n\nIt shipped.", language="en").faithful


@pytest.mark.parametrize(
    ("rewrite", "known"),
    [
        ("Hi Bob,\n\nIt shipped.", {}),
        ("Hi Bob, it shipped.", {}),
        ("Dear Ms Bond,\n\nIt shipped.", {"name": "Ana Reyes"}),
    ],
)
def test_a_name_that_nobody_gave_is_faulted(rewrite, known):
    assert kinds("Hi,\n\nIt shipped.", rewrite, **known) == {"name"}


@pytest.mark.parametrize(
    ("draft", "rewrite", "known"),
    [
        ("Hi Bob,\n\nIt shipped.", "Hello Bob,\n\nIt shipped.", {}),
        ("It shipped.", "Hi Bob,\n\nIt shipped.", {"customer": "Where is it?\nThanks, Bob"}),
        ("Hi there, it shipped.", "Hi Ana, it shipped.", {"name": "Ana"}),
        ("It shipped.", "Dear Ms. Reyes,\n\nIt shipped.", {"name": "Ana Reyes"}),
        ("Es kam an.", "Sehr geehrte Frau Reyes,\n\nes kam an.", {"name": "Ana Reyes", "language": "de"}),
        ("Se envió.", "Estimada Sra. Reyes:\n\nSe envió.", {"name": "Ana Reyes", "language": "es"}),
        ("C'est parti.", "Chère Madame Roy,\n\nC'est parti.", {"name": "Anne Roy", "language": "fr"}),
        ("Het is weg.", "Geachte mevrouw De Wit,\n\nHet is weg.", {"name": "Anna de Wit", "language": "nl"}),
        ("発送しました。", "レイエス様\n\n発送しました。", {"name": "レイエス 花", "language": "ja"}),
    ],
)
def test_a_greeting_by_a_name_that_is_known_passes(draft, rewrite, known):
    assert check(draft, rewrite, **{"language": "en", **known}).violations == ()


@pytest.mark.parametrize(
    "rewrite",
    [
        "Hi {{ticket.requester.first_name}},\n\nIt shipped.",
        "Hi [Name],\n\nIt shipped.",
        "Hi [[NAME]],\n\nIt shipped.",
        "It shipped, [Name].",
        "It shipped.\n\nBest,\n[Your Name]",
    ],
)
def test_a_placeholder_that_nobody_filled_in_is_named(rewrite):
    assert kinds("It shipped.", rewrite, name="Ana") == {"placeholder"}


def test_a_language_without_a_lexicon_is_judged_by_its_facts_and_says_so():
    verdict = check(
        "Zwrot 20,00 zł został wysłany dnia 3.05.", "Zwrot 25,00 zł został wysłany dnia 3.05.", language="pl"
    )
    assert not verdict.faithful
    assert "not judged" in verdict.notice
    assert check("Zwrot został wysłany.", "Zwrot został wysłany.", language="pl").faithful


def test_a_scorer_may_reject_a_free_rewrite():
    rewrite = DRAFT.replace("cannot", "can't")
    assert not check(DRAFT, rewrite, scorer=lambda premise, hypothesis: 0.0).faithful
    assert check(DRAFT, rewrite, scorer=lambda premise, hypothesis: 1.0).faithful


def test_an_ending_in_digits_is_told_either_way():
    draft, rewrite = "The card ending in 4242 was charged.", "The card •••• 4242 was charged."
    assert check(draft, rewrite, language="en").violations == ()
    assert check(rewrite, draft, language="en").violations == ()
    assert "identifier" in kinds(draft, rewrite.replace("4242", "4243"))
    assert not check("Your trial ends in May.", "Your trial starts in May.", language="en").faithful


def test_what_moved_from_one_sentence_to_another_is_not_lost():
    draft = "Your flight took 2 hours. Flights under 3 hours are not covered."
    assert (
        check(draft, "Flights under 3 hours aren't covered, and yours took 2 hours.", language="en").violations
        == ()
    )
    assert not check(draft, "Flights under 2 hours aren't covered, and yours took 3 hours.", language="en").faithful


def test_facts_that_changed_places_between_sentences_are_faulted_in_whatever_order_they_stand():
    draft = "We refunded $5 for order A-17. We refunded $7 for order B-29."
    turned = "We refunded $7 for order B-29. We refunded $5 for order A-17."
    assert check(draft, turned, language="en").violations == ()
    assert check(draft, f"{turned[:-1]}, as you know.", language="en").violations == ()
    assert "identifier" in kinds(draft, "We refunded $5 for order B-29, and $7 for order A-17.")


def test_a_sentence_that_another_tells_as_well_is_not_lost():
    draft = "I asked the bank for the date. I will write to you when I know more."
    rewrite = "I've asked the bank for the date, and I'll get back to you once I know more."
    assert check(draft, rewrite, language="en").violations == ()


def test_what_a_feeling_is_about_may_be_told_in_any_words_that_state_nothing():
    draft = "Your parcel left on Monday."
    for kind in (
        "I can imagine how unsettling it is when a box seems to vanish.",
        "I'm sorry for the worry it caused.",
        "Oh no, that's a shame!",
        "I know how uncomfortable a cold flat is.",
    ):
        assert check(draft, f"{kind} {draft}", language="en").violations == (), kind


@pytest.mark.parametrize(
    "claim",
    [
        "I'm sorry about our staff shortage.",  # a fault of ours
        "I'm sorry that the driver was rude.",  # a statement
        "I know how much you want a voucher.",  # a matter that the draft does not have
        "I'm sorry for the trouble with Contoso.",  # a name
        "I'm sorry for the 12 errors.",  # a number
        "I know how annoying this is, and we will call the depot.",  # a promise
        "The depot was flooded.",  # no feeling
    ],
)
def test_what_a_feeling_is_about_makes_no_claim(claim):
    assert not check("Your parcel left on Monday.", f"{claim} Your parcel left on Monday.", language="en").faithful


def test_a_particle_of_a_name_is_no_name():
    draft, rewrite = "De monteur komt donderdag.", "Donderdag komt onze monteur."
    assert check(draft, rewrite, language="nl", name="meneer De Wit").violations == ()
    assert "name" in kinds("Bel Wit donderdag.", "Bel ons donderdag.", language="nl", name="meneer De Wit")
