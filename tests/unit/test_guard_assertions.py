"""What sentences assert, and what two differ in; each lexicon is whole."""

import pytest

from rewriter.guard.contrast import compare
from rewriter.guard.words import FACT, lexicon_of
from rewriter.lexicon import languages

LANGUAGES = ("de", "en", "es", "fr", "it", "ja", "nl", "pt")
KINDS = {"negation", "condition", "certainty", "commitment", "fault", "cause", "comparator"}


def kinds(draft, rewrite, language="en"):
    return {difference.kind for difference in compare(draft, rewrite, language)}


def test_every_language_has_a_lexicon_and_every_kind_in_it():
    assert languages("assertions") == LANGUAGES
    for language in LANGUAGES:
        words = lexicon_of(language).words
        assert set(words.marks) >= KINDS
        assert words.actor
        assert words.tense
        assert words.added.words
        assert words.added.promises


def test_no_phrase_stands_in_two_lists_of_one_kind():
    for language in LANGUAGES:
        for groups in lexicon_of(language).words.marks.values():
            phrases = [phrase for many in groups.values() for phrase in many]
            doubled = {phrase for phrase in phrases if phrases.count(phrase) > 1}
            assert not doubled, (language, doubled)


@pytest.mark.parametrize(
    ("draft", "rewrite"),
    [
        ("We cannot accept it.", "We can't accept it."),
        ("We do not ship there.", "We don't ship there."),
        ("We shipped your order.", "We have shipped your order."),
        ("Please send me the form.", "Could you please send me the form?"),
        ("You must sign it.", "You need to sign it."),
        ("If you reply, we will help.", "We will help if you reply."),
        ("Before you update, restart the router.", "Restart the router before you update."),
        ("I have recieved it.", "I have received it."),
        ("Contact the bank.", "Get in touch with the bank."),
        ("Unfortunately, it is late.", "I'm afraid it is late."),
        ("You forgot to sign the form.", "The form was not signed."),
    ],
)
def test_what_says_the_same_has_no_difference(draft, rewrite):
    assert compare(draft, rewrite, "en") == ()


@pytest.mark.parametrize(
    ("draft", "rewrite", "kind"),
    [
        ("Cancel only before it ships.", "Cancel before it ships.", "negation"),
        ("It no longer works.", "It works.", "negation"),
        (
            "All but the kettle shipped, except the lid.",
            "All but the kettle shipped, including the lid.",
            "negation",
        ),
        ("It may arrive late.", "It will arrive late.", "certainty"),
        ("It ships once you pay.", "It ships if you pay.", "condition"),
        ("We call you.", "You call us.", "actor"),
        ("We call you.", "They call you.", "actor"),
        ("He will call you.", "She will call you.", "actor"),
        ("It was sent.", "It is sent.", "tense"),
        ("It will be sent.", "It has been sent.", "tense"),
        ("We try to fix it.", "We promise to fix it.", "commitment"),
        ("The carrier lost it.", "It is our mistake.", "fault"),
        (f"It takes up to {FACT}.", f"It takes at least {FACT}.", "comparator"),
        (f"Reply before {FACT}.", f"Reply after {FACT}.", "comparator"),
        ("Restart the router, then open the app.", "Open the app, then restart the router.", "order"),
        ("The refund replaces the credit.", "The credit replaces the refund.", "order"),
        ("You can log in.", "Can you log in?", "question"),
        ("You must contact your bank.", "You must contract your bank.", "content"),
        ("Ask for Bella Harris.", "Ask for Bella Stark.", "name"),
        ("We sent it.", "We sent it and checked the stock.", "content"),
        ("We sent it to your new address.", "We sent it to your address.", "content"),
    ],
)
def test_what_says_something_else_is_named(draft, rewrite, kind):
    assert kind in kinds(draft, rewrite)


@pytest.mark.parametrize(
    ("language", "draft", "rewrite", "kind"),
    [
        ("es", "No podemos enviarlo.", "Podemos enviarlo.", "negation"),
        ("es", "Hemos enviado el pedido.", "He enviado el pedido.", "actor"),
        ("es", "Llegará el pedido.", "Llegó el pedido.", "tense"),
        ("fr", "Nous ne livrons jamais.", "Nous livrons.", "negation"),
        ("fr", "Vous devez nous écrire.", "Nous devons vous écrire.", "actor"),
        ("fr", "Il sera remboursé.", "Il a été remboursé.", "tense"),
        ("de", "Wir können das nicht ändern.", "Wir können das ändern.", "negation"),
        ("de", "Das Paket wird verschickt.", "Das Paket wurde verschickt.", "tense"),
        ("de", "Sie müssen unterschreiben.", "Sie dürfen unterschreiben.", "certainty"),
        ("pt", "Apenas o titular pode mudar.", "O titular pode mudar.", "negation"),
        ("pt", "Verifiquei o pedido.", "Verificamos o pedido.", "actor"),
        ("it", "Può restituirlo se è nuovo.", "Può restituirlo.", "condition"),
        ("it", "Deve inviarci il modulo.", "Deve inviargli il modulo.", "actor"),
        ("nl", "Wij kunnen het niet vergoeden.", "Wij kunnen het vergoeden.", "negation"),
        ("nl", "U mag het openen.", "U moet het openen.", "certainty"),
        ("ja", "返金できません。", "返金できます。", "negation"),
        ("ja", "弊社の注文です。", "お客様の注文です。", "actor"),
        ("ja", "発送しました。", "発送します。", "tense"),
    ],
)
def test_each_language_tells_its_own_assertions_apart(language, draft, rewrite, kind):
    assert kind in kinds(draft, rewrite, language)


def test_a_language_without_a_lexicon_is_not_judged():
    assert compare("Nie wysłano.", "Wysłano.", "pl") == ()
