"""The closed check of added text: what may be said, and what is refused."""

import pytest

from rewriter.guard.added import Bounds, apologises, greets, is_hollow, without_greeting, wrongs

CUSTOMER = (
    "I have been waiting three weeks for my deposit and my card was charged twice. The screen is cracked. "
    "This is so frustrating!"
)
BOUNDS = Bounds("en", customer=CUSTOMER, topic="deposit", names=("Ana",))


@pytest.mark.parametrize(
    "text",
    [
        "Hi [[NAME]],",
        "Hello,",
        "Dear Ana,",
        "Three weeks without your deposit is a long time to wait.",
        "I'm sorry that this has been so frustrating.",
        "If anything about this is unclear, just reply here.",
        "Thank you for bearing with us.",
        "I'm sorry you've had to wait this long.",
        "I can see why being charged twice would be frustrating.",
        "I'm sorry to hear that your card was charged twice.",
        "Thanks for letting us know about the cracked screen.",
        "Anyone waiting on a deposit would want a clear answer.",
        "I know how stressful it is to be without your deposit.",
        "You've been very patient, and I appreciate it.",
        "That's not the experience you should have had.",
        "Hi [[NAME]], thank you for your patience.",
    ],
)
def test_feeling_with_the_customer_may_be_said(text):
    assert wrongs(text, BOUNDS) == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("We will refund you right away.", "promise"),
        ("Rest assured that your deposit is safe.", "promise"),
        ("I have escalated this to our team.", "claimed action"),
        ("I'm sorry that we kept you waiting.", "claimed action"),
        ("Your deposit is on its way.", "content"),
        ("Your card was charged twice.", "content"),
        ("I'm sorry we charged your card twice.", "claimed action"),
        ("This was caused by a bug.", "cause"),
        ("It was our mistake.", "fault"),
        ("We never charge customers twice.", "policy"),
        ("I'm John from billing.", "identity"),
        ("Best regards,", "sign-off"),
        ("Can you send me a photo?", "question"),
        ("Your deposit is not late.", "negation"),
        ("Thank you for order 12345.", "number"),
        ("As a gesture you get $10 off.", "amount"),
        ("Six weeks without your deposit is a long time to wait.", "duration"),
        ("Thank you for your patience, {{name}}.", "placeholder"),
        ("Thank you for your patience, [Customer].", "placeholder"),
        ("Hi [[NAME]], I understand, [[NAME]].", "name"),
        ("Danke für Ihre Geduld.", "content"),
    ],
)
def test_a_claim_is_refused_for_what_it_is(text, kind):
    assert kind in [wrong.kind for wrong in wrongs(text, BOUNDS)]


@pytest.mark.parametrize(
    ("language", "text", "customer"),
    [
        ("en", "I understand, the problem is still your account.", "My account is locked."),
        ("es", "Entiendo, el problema sigue siendo su cuenta.", "Mi cuenta no funciona."),
        ("fr", "Je comprends, le problème est votre compte.", "Mon compte ne marche pas."),
        ("de", "Ich verstehe, das Problem ist Ihr Konto.", "Mein Konto geht nicht."),
        ("pt", "Entendo, o problema é a sua conta.", "Minha conta não funciona."),
        ("it", "Capisco, il problema è il Suo conto.", "Il mio conto non va."),
        ("nl", "Ik begrijp het, het probleem is uw account.", "Mijn account werkt niet."),
    ],
)
def test_an_opener_does_not_carry_a_claim_about_the_problem(language, text, customer):
    assert "content" in [wrong.kind for wrong in wrongs(text, Bounds(language, customer=customer))]


def test_words_that_nobody_listed_are_refused():
    assert wrongs("The flurbing of your deposit makes sense.", BOUNDS)


def test_a_duration_may_be_told_back_only_where_the_customer_named_it():
    said = "Three weeks is a long time to wait."
    assert wrongs(said, BOUNDS) == ()
    assert "duration" in [w.kind for w in wrongs(said, Bounds("en", customer="Where is it?"))]


def test_no_second_greeting_and_no_exclamation_to_the_angry():
    assert [w.kind for w in wrongs("Hi [[NAME]],", Bounds("en", may_greet=False))] == ["greeting"]
    assert [w.kind for w in wrongs("Thank you!", Bounds("en", may_exclaim=False))] == ["banned phrase"]


def test_a_title_and_a_family_name_are_one_name():
    names = ("Ms. Sofia Lindqvist", "Ms.", "Sofia", "Lindqvist")
    bounds = Bounds("en", customer=CUSTOMER, names=names)
    assert wrongs("Dear Ms. Lindqvist, I'm sorry about the wait.", bounds) == ()
    assert wrongs("Dear Sofia, I'm sorry about the wait, Lindqvist.", bounds)


def test_greetings_and_apologies_are_known_for_what_they_are():
    assert greets("Hi [[NAME]], thank you.", "en")
    assert not greets("High prices, thank you.", "en")
    assert without_greeting("Hi [[NAME]], thank you.", "en") == "thank you."
    assert apologises("I'm so sorry.", "en")
    assert not apologises("Thank you.", "en")
    assert apologises("大変申し訳ございません。", "ja")
    assert not apologises("ありがとうございます。", "ja")


@pytest.mark.parametrize(
    ("language", "kind_words", "claim"),
    [
        ("es", "Siento mucho la espera.", "Su pedido llegará mañana."),
        ("fr", "Je suis désolé pour cette attente.", "Votre commande arrivera demain."),
        ("de", "Es tut mir leid, dass Sie so lange warten mussten.", "Ihre Bestellung kommt morgen."),
        ("pt", "Sinto muito pela espera.", "O seu pedido chegará amanhã."),
        ("it", "Mi dispiace per l'attesa.", "Il suo ordine arriverà domani."),
        ("nl", "Het spijt me dat u zo lang moest wachten.", "Uw bestelling komt morgen."),
        ("ja", "お待たせして申し訳ございません。", "商品は明日届きます。"),
    ],
)
def test_the_check_holds_in_every_language(language, kind_words, claim):
    assert wrongs(kind_words, Bounds(language)) == ()
    assert wrongs(claim, Bounds(language))


@pytest.mark.parametrize(
    ("language", "hollow", "telling"),
    [
        ("en", "We apologise for any inconvenience this may have caused.", "We apologise for the late reply."),
        ("en", "Sorry you're having issues!", "Sorry we made you wait!"),
        ("en", "So sorry to hear that!", "Sorry, we are experiencing issues."),
        ("en", "I'm sorry for this experience.", "I'm sorry you caused this problem."),
        ("en", "Apologies!", "Apologies?"),
        ("de", "Wir bitten um Entschuldigung für die Unannehmlichkeiten.", "Entschuldigung für die Verspätung."),
        ("es", "Lamentamos las molestias.", "Lamentamos el retraso."),
        ("fr", "Veuillez nous excuser pour la gêne occasionnée.", "Désolés pour notre erreur."),
        ("it", "Ci scusiamo per il disagio.", "Ci scusiamo per il ritardo."),
        ("ja", "ご不便をおかけして申し訳ございません。", "返信が遅くなり申し訳ございません。"),
        ("nl", "Onze excuses voor het ongemak.", "Onze excuses voor de vertraging."),
        ("pt", "Pedimos desculpa pelo transtorno.", "Pedimos desculpa pelo atraso."),
    ],
)
def test_an_apology_is_hollow_where_it_says_not_what_it_is_for(language, hollow, telling):
    assert is_hollow(hollow, language)
    assert not is_hollow(telling, language)


def test_a_sentence_without_an_apology_is_not_hollow():
    assert not is_hollow("This is the situation.", "en")
    assert not is_hollow("Beklager ulejligheden.", "da")
