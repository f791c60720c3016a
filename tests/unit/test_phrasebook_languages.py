"""Phrasebooks beside the English one: every phrase passes the guard, and each speaks as its language does."""

import re
from dataclasses import replace

import pytest

from rewriter import prompting
from rewriter.guard import added
from rewriter.model import Brief, BriefSentence, Move, Reading, Suggestion
from rewriter.phrasebook import PhrasebookEngine
from rewriter.pipeline import Request, suggest
from rewriter.prompting import Passage
from rewriter.reading import read
from rewriter.wording import count_words, either

PROMPTS = prompting.load()
ENGINE = PhrasebookEngine(PROMPTS)
LANGUAGES = ("de", "es", "fr", "it", "ja", "nl", "pt")
ADDRESSES = ("", "formal", "informal")
FEWEST = 10  # phrasings from which a common situation is answered
SHORT_MOVE = 15  # words
HOLLOW = (
    "inconvenien",
    "unannehmlichkeit",
    "wertgeschätzt",
    "geschätzter kunde",
    "estimado cliente",
    "cher client",
)

# A noun of each gender, with what a customer writes: the noun, its form, a wait, a trouble, and the message.
SAMPLES = {
    "de": [
        ("Lieferung", "own feminine", "drei Wochen", "die Abstürze", "Ich warte drei Wochen auf meine Lieferung"),
        ("Konto", "own neuter", "drei Wochen", "die Abstürze", "Seit drei Wochen Abstürze in meinem Konto"),
        ("Auftrag", "own masculine", "drei Wochen", "die Abstürze", "Ich warte drei Wochen auf meinen Auftrag"),
        ("Schuhe", "own plural", "drei Wochen", "die Abstürze", "Seit drei Wochen warte ich auf meine Schuhe"),
    ],
    "es": [
        ("pedido", "own masculine", "tres semanas", "los errores", "Llevo tres semanas esperando mi pedido"),
        ("entrega", "own feminine", "tres semanas", "los errores", "Llevo tres semanas esperando mi entrega"),
        ("zapatos", "own plural", "tres semanas", "los errores", "Llevo tres semanas esperando mis zapatos"),
    ],
    "fr": [
        ("colis", "own masculine", "trois semaines", "les plantages", "J'attends mon colis depuis trois semaines"),
        ("commande", "own feminine", "trois semaines", "les plantages", "Ma commande, depuis trois semaines"),
        ("chaussures", "own plural", "trois semaines", "les plantages", "Mes chaussures, depuis trois semaines"),
        ("four", "other masculine", "trois semaines", "la panne", "J'attends le four depuis trois semaines"),
    ],
    "it": [
        ("pacco", "own il", "tre settimane", "gli errori", "Aspetto il mio pacco da tre settimane"),
        ("ordine", "own l_m", "tre settimane", "il guasto", "Aspetto il mio ordine da tre settimane"),
        ("carta", "own la", "tre settimane", "il ritardo", "Aspetto la mia carta da tre settimane"),
        ("biglietti", "own i", "tre settimane", "i graffi", "Aspetto i miei biglietti da tre settimane"),
    ],
    "ja": [
        ("荷物", "other", "3週間", "不具合", "3週間も荷物を待っています"),
        ("ログイン", "other", "3週間", "エラー", "ログインできないまま3週間待っています"),
    ],
    "nl": [
        ("pakket", "own het", "drie weken", "de krassen", "Ik wacht al drie weken op mijn pakket"),
        ("terugbetaling", "own de", "drie weken", "de storing", "Ik wacht al drie weken op mijn terugbetaling"),
    ],
    "pt": [
        ("encomenda", "own f", "três semanas", "os erros", "Estou há três semanas à espera da minha encomenda"),
        ("reembolso", "own m", "três semanas", "a avaria", "Estou há três semanas à espera do meu reembolso"),
        ("bilhetes", "own mp", "três semanas", "o atraso", "Espero os meus bilhetes há três semanas"),
    ],
}  # fmt: skip
# How often they asked, as it is told back, and what they wrote.
TIMES = {
    "de": ("ein drittes Mal", "Ich schreibe zum dritten Mal"),
    "es": ("por tercera vez", "Es la tercera vez que escribo"),
    "fr": ("une troisième fois", "C'est la troisième fois que j'écris"),
    "it": ("una terza volta", "È la terza volta che scrivo"),
    "ja": ("三度", "問い合わせは三回目です"),
    "nl": ("een derde keer", "Ik schrijf voor de derde keer"),
    "pt": ("uma terceira vez", "É a terceira vez que escrevo"),
}
PASSAGES = [
    pytest.param(language, passage, id=f"{language}-{passage.move}-{'-'.join(passage.trouble or passage.feeling)}")
    for language in LANGUAGES
    for passage in PROMPTS.phrasebooks[language].passage
]


def said(language: str, passage: Passage) -> list[tuple[str, added.Bounds]]:
    """Return every phrase of a passage as each sample customer would read it, and what bounds it."""
    book = PROMPTS.phrasebooks[language]
    texts = []
    for noun, form, told, trouble, message in SAMPLES[language]:
        for address in [passage.address] if passage.address else ADDRESSES:
            times, asked = TIMES[language]
            words = {"topic": noun, "told": told, "the_trouble": trouble, "times": times}
            for name, forms in (("the_topic", book.topic), ("with_the_topic", book.with_topic)):
                words[name] = PROMPTS.say(forms.get(form, ""), topic=noun, address=address)
            bounds = added.Bounds(
                language, f"{message}. {trouble}. {asked}.", topic=f"{noun} {told}", may_greet=False
            )
            for phrase in passage.say:
                text = PROMPTS.say(phrase, **words)
                texts.append((text[0].upper() + text[1:], bounds))
    return texts


def rewritten(draft: str, customer: str, language: str, tone: str = "warm") -> Suggestion:
    request = Request(draft, customer=customer, name="Ana Reyes", tone=tone, language=language)
    return suggest(request, ENGINE, PROMPTS)


def openings(language: str, reading: Reading) -> set[str]:
    """Return what a hundred drafts would open with, half of them to customers whose noun is known."""
    tone = PROMPTS.tone("warm")
    sentence = BriefSentence(1, "OK.", 0, "paragraph", "body", True)
    noun, form, *_ = SAMPLES[language][0]
    known = (reading, replace(reading, topic=noun, topic_form=form))
    brief = Brief("", language, "email", (sentence,), "", reading, tone, tone.moves)
    briefs = (replace(brief, key=str(key), reading=known[key % 2]) for key in range(100))
    steps = (step for each in briefs for step in ENGINE.plan(each).plan)
    return {step.text for step in steps if isinstance(step, Move) and step.kind != "personalisation"}


@pytest.mark.parametrize(("language", "passage"), PASSAGES)
def test_the_guard_has_nothing_against_any_phrase(language: str, passage: Passage) -> None:
    for text, bounds in said(language, passage):
        assert not added.wrongs(text, bounds), text


@pytest.mark.parametrize(("language", "passage"), PASSAGES)
def test_every_phrase_is_one_sentence_that_fits_a_short_reply(language: str, passage: Passage) -> None:
    for text, _ in said(language, passage):
        assert count_words(text) <= SHORT_MOVE, text
        assert len(added.sentences(text)) == 1, text


@pytest.mark.parametrize(("language", "passage"), PASSAGES)
def test_no_phrase_is_hollow_or_exclaims(language: str, passage: Passage) -> None:
    for phrase in passage.say:
        assert "!" not in phrase
        assert not any(word in phrase.lower() for word in HOLLOW), phrase


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("trouble", ["waiting", "broken", "charge", "damaged", "cancelled", "security", "service"])
def test_a_common_trouble_is_answered_in_many_ways(language: str, trouble: str) -> None:
    assert len(openings(language, Reading(language, trouble=trouble, problem=True))) >= FEWEST


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("feeling", ["worry", "disappointment", "confusion", "gratitude"])
def test_a_common_feeling_is_answered_in_many_ways(language: str, feeling: str) -> None:
    reading = Reading(language, feeling=feeling, strength=2)  # type: ignore[arg-type] # each is a Feeling
    assert len(openings(language, reading)) >= FEWEST


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_greeting_passes_the_guard_in_every_register(language: str) -> None:
    greetings = PROMPTS.phrasebooks[language].greeting.values()
    for phrase in (said for greeting in greetings for said in (*greeting.named, *greeting.nameless)):
        text = PROMPTS.say(phrase, name="[[NAME]]", family_name="Reyes")
        assert not added.wrongs(text, added.Bounds(language, names=("Ana",), may_greet=True)), text
        assert added.greets(text, language), text


@pytest.mark.parametrize(
    ("language", "message", "topic", "form", "told"),
    [
        ("de", "Ich warte seit zwei Wochen auf meine Erstattung!", "Erstattung", "own feminine", "zwei Wochen"),
        ("de", "MEIN PAKET IST IMMER NOCH NICHT ANGEKOMMEN", "Paket", "own neuter", ""),
        ("de", "Wo bleibt mein Koffer? Ich warte seit 3 Monaten.", "Koffer", "own masculine", "3 Monaten"),
        ("es", "Llevo 3 días esperando mi tarjeta de crédito.", "tarjeta de crédito", "own feminine", "3 días"),
        ("es", "Mis zapatos todavía no han llegado.", "zapatos", "own plural", ""),
        ("fr", "J'attends mon mot de passe depuis 5 jours.", "mot de passe", "own masculine", "5 jours"),
        ("fr", "Je n'ai toujours pas reçu ma commande.", "commande", "own feminine", ""),
    ],
)  # fmt: skip
def test_a_thing_is_told_back_with_its_gender(
    language: str, message: str, topic: str, form: str, told: str
) -> None:
    reading = read(message, language=language)
    assert (reading.topic, reading.topic_form, reading.told) == (topic, form, told)


@pytest.mark.parametrize(
    ("language", "message", "feeling", "trouble"),
    [
        ("de", "Das ist eine Frechheit, die App stürzt ständig ab.", "anger", "broken"),
        ("de", "Ich bin nicht verärgert, ich wollte nur fragen, wann der Laden öffnet.", "none", ""),
        ("de", "Meine Mutter ist letzte Woche verstorben.", "grief", ""),
        ("de", "Vielen Dank für die schnelle Hilfe, jetzt funktioniert alles wieder!", "gratitude", ""),
        ("es", "Estoy muy decepcionada, la nevera llegó golpeada.", "disappointment", "damaged"),
        ("es", "Creo que han hackeado mi cuenta, tengo miedo.", "worry", "security"),
        ("es", "¿Cómo puedo descargar mi factura?", "none", ""),
        ("fr", "C'est inadmissible, personne ne répond.", "anger", "service"),
        ("fr", "Je ne comprends pas ma facture, ce n'est pas clair.", "confusion", ""),
        ("fr", "Mon vol a été annulé et je suis stressée.", "worry", "cancelled"),
    ],
)
def test_a_message_is_read_in_its_language(language: str, message: str, feeling: str, trouble: str) -> None:
    reading = read(message, language=language)
    assert (reading.feeling, reading.trouble) == (feeling, trouble)


@pytest.mark.parametrize(
    ("language", "customer", "draft", "never"),
    [
        ("de", "Ich warte auf meine Lieferung.", "Wir liefern Ihnen das morgen.", r"\b(du|dich|deine\w*)\b"),
        ("de", "Ich warte auf meine Lieferung.", "Du bekommst alles morgen.", r"\b(Sie|Ihnen|Ihre\w*)\b"),
        ("es", "Sigo esperando mi pedido.", "Se le entrega mañana.", r"\b(tu|te|lleves|quieras)\b"),
        ("es", "Sigo esperando mi pedido.", "Te llega mañana.", r"\b(su|le|lleve|quiera)\b"),
        ("fr", "J'attends toujours ma commande.", "Elle vous est livrée demain.", r"\b(ta|ton|te|tu)\b"),
        ("fr", "J'attends toujours ma commande.", "Tu la reçois demain.", r"\b(votre|vous)\b"),
    ],
)
def test_the_draft_decides_how_the_customer_is_addressed(
    language: str, customer: str, draft: str, never: str
) -> None:
    for key in range(40):
        request = Request(draft, key=str(key), customer=customer, language=language)
        moves = [part.text for part in suggest(request, ENGINE, PROMPTS).parts if part.kind == "validation"]
        assert moves
        assert not re.search(never, moves[0]), moves


@pytest.mark.parametrize(
    ("language", "tone", "greeting"),
    [
        ("de", "warm", "Hallo Ana Reyes,"),
        ("de", "formal", "Guten Tag Ana Reyes,"),
        ("es", "warm", "Hola, Ana:"),
        ("fr", "formal", "Bonjour Ana,"),
    ],
)
def test_a_greeting_needs_no_gender(language: str, tone: str, greeting: str) -> None:
    assert rewritten("OK 123.", "", language, tone).text.startswith(greeting)


@pytest.mark.parametrize(
    ("language", "name", "draft", "greeting"),
    [
        ("de", "Frau Dr. Lena Hoffstedt", "Ja, samstags.", "Guten Tag Frau Dr. Hoffstedt,"),
        ("de", "Lena Hoffstedt", "Bitte bringen Sie den Schein mit.", "Guten Tag Lena Hoffstedt,"),
        ("de", "Lena Hoffstedt", "Bring bitte deinen Schein mit.", "Hallo Lena,"),
        ("es", "Sra. Pérez", "Puede venir el sábado.", "Hola, Sra. Pérez:"),
        ("es", "Don Carlos Medrano López", "Puede venir.", "Hola, Sr. Carlos Medrano López:"),
        ("fr", "Mme Odile Carpentier", "Oui, le samedi.", "Bonjour Madame Carpentier,"),
        ("fr", "M. Jean DUPONT", "Oui, le samedi.", "Bonjour Monsieur Dupont,"),
        ("it", "Sig.ra Giulia Berti", "Può venire sabato.", "Gentile signora Berti,"),
        ("nl", "De heer P. van Loon", "Ja, op zaterdag.", "Beste heer Van Loon,"),
        ("nl", "Mevr. A. de Vries", "Ja, op zaterdag.", "Beste mevrouw De Vries,"),
        ("pt", "Sra. Beatriz Nóbrega", "Sim, ao sábado.", "Olá, Sra. Nóbrega,"),
    ],
)
def test_who_bears_a_title_is_greeted_with_it(language: str, name: str, draft: str, greeting: str) -> None:
    suggestion = suggest(Request(draft, name=name, language=language), ENGINE, PROMPTS)
    assert suggestion.parts[0].text == greeting
    again = suggest(Request(suggestion.text, name=name, language=language), ENGINE, PROMPTS)
    assert again.outcome == "unchanged"  # it is known again as a greeting


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("de", "Ich werde meinen Anwalt einschalten."),
        ("de", "Der Akku hat Feuer gefangen."),
        ("es", "Los voy a demandar."),
        ("es", "Recibí la factura de otro cliente."),
        ("fr", "Je vais porter plainte contre vous."),
        ("fr", "J'ai envie de mourir."),
    ],
)
def test_a_matter_for_a_person_is_declined(language: str, message: str) -> None:
    assert rewritten("OK 123.", message, language).outcome == "declined"


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("de", "Die Lampe brennt nicht."),
        ("es", "¿Puedo cambiar mis datos?"),
        ("fr", "J'ai une demande sur ma facture."),
    ],
)
def test_an_ordinary_matter_is_not_declined(language: str, message: str) -> None:
    assert rewritten("OK 123.", message, language).outcome != "declined"


@pytest.mark.parametrize(("language", "passage"), PASSAGES)
def test_no_phrase_stands_twice_in_a_passage(language: str, passage: Passage) -> None:
    assert len(set(passage.say)) == len(passage.say)


@pytest.mark.parametrize(
    ("language", "cold", "kinder"),
    [
        ("de", "Wie bereits gesagt, müssen Sie den Router neu starten.", "Sie müssen den Router neu starten."),
        ("de", "Sie haben vergessen, die Seriennummer anzugeben.", "Die Seriennummer wurde nicht angegeben."),
        ("de", "Du hast vergessen, den Beleg beizufügen.", "Der Beleg wurde nicht beigefügt."),
        ("de", "Sie haben die Unterlagen nicht eingereicht.", "Die Unterlagen wurden nicht eingereicht."),
        ("es", "Como ya le dije, tiene que reiniciar el router.", "Tiene que reiniciar el router."),
        ("es", "Usted no indicó el número de serie.", "No se indicó el número de serie."),
        ("es", "Por favor, envíe una foto.", "¿Podría enviar una foto, por favor?"),
        (
            "es",
            "Lamentablemente, según nuestra política, el cambio no es posible.",
            "Me temo que, según nuestra política, el cambio no es posible.",
        ),
        ("fr", "Comme je vous l'ai déjà dit, vous devez redémarrer la box.", "Vous devez redémarrer la box."),
        ("fr", "Vous n'avez pas joint la facture.", "La facture n'a pas été jointe."),
        ("fr", "Vous avez oublié de joindre la facture.", "La facture n'a pas été jointe."),
        ("fr", "Veuillez envoyer une photo.", "Pourriez-vous envoyer une photo ?"),
        ("it", "Come le ho già detto, deve riavviare il modem.", "Deve riavviare il modem."),
        ("it", "Ha dimenticato di allegare la fattura.", "Non è stata allegata la fattura."),
        ("it", "Si prega di inviare una foto.", "Potrebbe inviare una foto, per favore?"),
        ("ja", "先ほども申し上げたとおり、交換は14日以内に限ります。", "交換は14日以内に限ります。"),
        ("ja", "ルーターを再起動してください。", "ルーターの再起動をお願いいたします。"),
        ("nl", "Zoals ik al zei, moet u de modem herstarten.", "U moet de modem herstarten."),
        ("nl", "U heeft de documenten niet ingevuld.", "De documenten zijn niet ingevuld."),
        ("nl", "Gelieve een foto te sturen.", "Kunt u een foto sturen?"),
        ("pt", "Como já lhe disse, tem de reiniciar o router.", "Tem de reiniciar o router."),
        ("pt", "Você esqueceu de anexar a fatura.", "Não foi anexada a fatura."),
        ("pt", "Por favor, envie uma fotografia.", "Poderia enviar uma fotografia, por favor?"),
    ],
)
def test_a_cold_wording_is_put_kindly_and_the_guard_agrees(language: str, cold: str, kinder: str) -> None:
    suggestion = rewritten(cold, "", language)
    assert [part.text for part in suggestion.parts if part.kind == "rephrased"] == [kinder]
    assert not suggestion.reverted


@pytest.mark.parametrize(
    ("language", "message", "topic", "told"),
    [
        ("ja", "2週間前に注文した荷物がまだ届きません。", "荷物", "2週間"),
        ("ja", "洗濯機が三日で壊れました。", "洗濯機", ""),
        ("it", "L'operatore mi ha chiuso il telefono in faccia.", "", ""),
        ("nl", "De wasmachine is na drie dagen kapot.", "wasmachine", ""),
        ("pt", "A máquina de lavar avariou ao fim de três dias.", "máquina de lavar", ""),
    ],
)
def test_only_what_the_matter_is_about_is_told_back(language: str, message: str, topic: str, told: str) -> None:
    reading = read(message, language=language)
    assert (reading.topic, reading.told) == (topic, told)


@pytest.mark.parametrize(
    ("language", "message", "repeated"),
    [
        ("de", "Ich schreibe zum dritten Mal wegen meiner Erstattung, das nervt.", True),
        ("es", "¡Me habéis cobrado dos veces la suscripción!", False),
        ("fr", "Vous m'avez prélevé deux fois, c'est pénible.", False),
        ("it", "Mi avete addebitato due volte l'abbonamento!", False),
        ("ja", "返金の件で問い合わせるのは3回目です。ひどいです。", True),
        ("nl", "Jullie hebben het abonnement twee keer afgeschreven!", False),
        ("pt", "Vocês cobraram a assinatura duas vezes!", False),
    ],
)
def test_charged_twice_is_not_asked_twice(language: str, message: str, repeated: bool) -> None:
    assert read(message, language=language).repeated is repeated


@pytest.mark.parametrize(
    ("language", "message", "draft"),
    [
        ("de", "Anfangs war ich ziemlich verärgert, inzwischen ist alles in Ordnung.", "Die Rechnung hängt an."),
        ("de", "Das Paket fehlte tagelang, das hat sich erledigt. Wo finde ich die Rechnung?", "Im Kundenkonto."),
        ("es", "Al principio me enfadé, pero ya está todo solucionado. ¿Me manda el recibo?", "Va adjunto."),
        ("fr", "Au début j'étais énervée, mais tout est rentré dans l'ordre. Et la facture ?", "Elle est jointe."),
        ("it", "All'inizio ero arrabbiata, ma ora è tutto risolto. Mi manda la fattura?", "È in allegato."),
        ("ja", "最初は腹が立ちましたが、解決しました。領収書をいただけますか。", "添付しました。"),
        ("nl", "In het begin was ik boos, maar het is opgelost. Kan ik de factuur krijgen?", "Die zit erbij."),
        ("pt", "No início fiquei irritada, mas já está tudo resolvido. E a fatura?", "Segue em anexo."),
    ],
)
def test_what_is_over_is_not_felt_with_them(language: str, message: str, draft: str) -> None:
    parts = rewritten(draft, message, language).parts
    assert {part.kind for part in parts} <= {"personalisation", "kept"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("trouble", ["charge", "damaged", "cancelled", "broken"])
@pytest.mark.parametrize("feeling", ["worry", "disappointment", "frustration"])
def test_no_other_feeling_is_named_than_the_one_that_shows(language: str, trouble: str, feeling: str) -> None:
    others = [words for name, words in PROMPTS.phrasebooks[language].names.items() if name != feeling]
    reading = Reading(language, feeling=feeling, strength=2, trouble=trouble, problem=True)  # type: ignore[arg-type] # each is a Feeling
    for opening in openings(language, reading):
        assert not any(either(words).search(opening) for words in others), opening


@pytest.mark.parametrize(
    ("language", "message", "asked"),
    [
        ("de", "Das ist das dritte Mal, dass die Heizung ausfällt.", False),
        ("de", "Ich schreibe Ihnen zum dritten Mal wegen der Heizung.", True),
        ("es", "Es la tercera vez que se avería la lavadora.", False),
        ("es", "Es la tercera vez que les escribo por la lavadora.", True),
        ("fr", "C'est la troisième fois que la chaudière tombe en panne.", False),
        ("fr", "C'est la troisième fois que je vous écris.", True),
        ("it", "È la terza volta che la caldaia si guasta.", False),
        ("it", "È la terza volta che vi scrivo.", True),
        ("nl", "Dit is de derde keer dat mijn abonnement geblokkeerd is.", False),
        ("nl", "Dit is de derde keer dat ik mail.", True),
        ("pt", "É a terceira vez que a máquina avaria.", False),
        ("pt", "É a terceira vez que vos escrevo.", True),
    ],
)
def test_what_happened_again_is_not_asked_again(language: str, message: str, asked: bool) -> None:
    reading = read(message, language=language)
    assert (reading.repeated, reading.asked) == (True, asked)


@pytest.mark.parametrize(
    ("language", "message", "topic"),
    [
        ("fr", "L'abonnement a été renouvelé par erreur.", "abonnement"),
        ("fr", "L’imprimante ne marche plus.", "imprimante"),
        ("it", "L'ordine non è arrivato.", "ordine"),
        ("it", "L'asciugatrice non si accende.", "asciugatrice"),
    ],
)
def test_a_noun_behind_an_elided_article_is_a_topic(language: str, message: str, topic: str) -> None:
    assert read(message, language=language).topic == topic


def test_a_family_name_with_an_honorific_is_still_one():
    reading = read("返金はいつですか。", name="佐藤 美和子 様", language="ja")
    assert (reading.family_name, reading.first_name) == ("佐藤", "美和子")


@pytest.mark.parametrize(("language", "passage"), [each for each in PASSAGES if each.values[0] != "ja"])
def test_the_topic_is_never_a_subject_that_case_or_number_would_change(language: str, passage: Passage) -> None:
    for phrase in passage.say:
        assert not re.search(r"(?:^|\b(?:dass|que|che|dat) )\{\{ the_topic \}\}", phrase, re.I), phrase
