"""What a customer's message is read as: feeling, topic, told duration, repetition, matter."""

import pytest

from rewriter import prompting
from rewriter.reading import read


@pytest.mark.parametrize(
    ("message", "feeling", "least"),
    [
        ("I am so frustrated with this, nothing works.", "frustration", 2),
        ("This is absolutely ridiculous, you people are useless!!", "anger", 3),
        ("I'm really worried that someone has my card details.", "worry", 2),
        ("I'm very disappointed with the sofa.", "disappointment", 2),
        ("I don't understand my bill.", "confusion", 2),
        ("My husband passed away in May and I need to close his account.", "grief", 2),
        ("It works now, thank you so much for your help!", "gratitude", 2),
        ("Can I export my invoices as CSV?", "none", 0),
        ("My battery died after two days.", "none", 0),
    ],
)
def test_the_feeling_shown_is_read_with_its_strength(message: str, feeling: str, least: int) -> None:
    reading = read(message)
    assert reading.feeling == feeling
    assert reading.strength >= least


@pytest.mark.parametrize(
    "message",
    [
        "I'm not angry, I just want to know the opening hours.",
        "The courier was never rude to me.",
        'The screen says "worst error ever, furious" - what does that mean?',
        "Hello, when do you open?\n\nOn Monday, Ana wrote:\n> I am furious",
        "Hello, when do you open?\n-----Original Message-----\nThis is ridiculous and I am furious.",
    ],
)
def test_negated_quoted_and_earlier_feelings_are_not_felt(message: str) -> None:
    assert read(message).feeling == "none"


def test_capitals_and_exclamation_marks_make_a_feeling_stronger() -> None:
    calm, loud = read("I am annoyed with this app."), read("I AM ANNOYED WITH THIS APP!! FIX IT NOW")
    assert loud.strength > calm.strength


def test_an_intensifier_strengthens_and_a_dampener_weakens() -> None:
    assert (
        read("I'm extremely annoyed.").strength
        > read("I'm annoyed.").strength
        > read("I'm a bit annoyed.").strength
    )


@pytest.mark.parametrize(
    ("message", "topic", "form"),
    [
        ("I have been waiting three weeks for my deposit.", "deposit", "own"),
        ("Where is the parcel? It still has not arrived.", "parcel", "own"),
        ("Our washing machine stopped and shows E18.", "washing machine", "own"),
        ("The app keeps crashing.", "app", "other"),
        ("My LOGIN CODE never arrives", "login code", "own"),
        ("My iPhone won't turn on.", "iPhone", "own"),
        ("My kettle stopped heating after a week.", "kettle", "own"),
        ("My mother is angry that it does not work.", "", ""),
        ("My stupid fucking problem is still here, it does not work.", "", ""),
        ("It does not work.", "", ""),
        ("It hurts my ears.", "", ""),
        ("My PC friends and I are angry about this.", "", ""),
        ("I restarted my phone and it is still not loading.", "", ""),
        ("You charged me twice, I saw it in the app.", "", ""),
    ],
)
def test_the_topic_is_a_thing_of_theirs_that_may_be_repeated_or_nothing(
    message: str, topic: str, form: str
) -> None:
    reading = read(message)
    assert (reading.topic, reading.topic_form) == (topic, form)


def test_the_subject_tells_the_topic_where_the_message_does_not() -> None:
    assert read("It still has not arrived!", subject="My order").topic == "order"


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("I've been waiting for three weeks for my refund.", "three weeks"),
        ("I ordered a sofa 2 months ago and it still hasn't arrived.", "2 months"),
        ("My site has been down for 5 hours now.", "5 hours"),
        ("I've been a customer for ten years and my parcel is late.", ""),
        ("Your site says refunds take 5 days but it hasn't arrived.", ""),
        ("My 3 year warranty claim was refused, it does not work.", ""),
        ("The app crashes every 30 seconds.", ""),
        ("My son is two years old and the toy arrived broken.", ""),
        ("Can I stay for three weeks?", ""),
    ],
)
def test_only_a_duration_of_waiting_or_trouble_is_told_back(message: str, told: str) -> None:
    assert read(message).told == told


def test_a_duration_is_told_back_only_with_what_they_complain_of() -> None:
    assert read("My order is late. I sat in the middle of row 41 for 11 hours.").told == ""
    assert read("I have had the latest version of the app for two months, but it crashes.").told == ""
    assert read("It has been 4/5 days and my order has not arrived.").told == ""


def test_a_thing_is_named_in_the_subject_without_an_article() -> None:
    subject = read("Three weeks in customs, nobody helps.", subject="Package stuck in customs")
    assert (subject.topic, subject.topic_form) == ("package", "own")
    assert read("They are for a different size.", subject="Wrong shoes").topic == ""
    assert read("My test results are not there.", subject="Results missing").topic == "test results"


@pytest.mark.parametrize(
    ("message", "topic", "form"),
    [
        ("Face ID isn't working.", "Face ID", "name"),
        ("my face id isn't working", "Face ID", "own"),
        ("Hulu, the app crashes.", "app", "other"),
        ("Hey Netflix, nothing loads.", "", ""),
        ("Windows 10 crashes.", "", ""),
    ],
)
def test_a_product_needs_no_article_and_whoever_is_called_is_no_topic(message: str, topic: str, form: str) -> None:
    reading = read(message)
    assert (reading.topic, reading.topic_form) == (topic, form)


def test_how_an_agent_asks_to_be_reached_is_not_what_the_matter_is() -> None:
    message = "I lost my Minecraft account and the email didn't work either."
    assert read(message, draft="Please send us an email.").topic != "email"


def test_what_the_conversation_has_moved_on_from_is_over() -> None:
    assert read("Cannot believe it, fix it!!\nInteresting. I will let you know tomorrow. Thanks.").feeling == "none"
    assert read("It crashed all day. It's sorted now.").problem is False
    assert read("You said it's fixed now, but it still crashes.").problem is True


def test_having_asked_before_is_read_from_words_and_from_the_thread() -> None:
    assert read("This is the third time I write about my refund.").repeated
    assert read("I am fed up, my refund is late.", earlier=("Where is it?", "Hello?")).repeated
    assert not read("My refund is late.").repeated


@pytest.mark.parametrize(
    ("message", "times"),
    [
        ("This is the third time I write about my refund.", "a third time"),
        ("I have called you twice and my parcel is late.", "twice"),
        ("This is the third time it broke.", ""),
        ("I bought it twice.", ""),
    ],
)
def test_how_often_they_asked_is_told_back_and_not_how_often_it_broke(message: str, times: str) -> None:
    assert read(message).times == times


@pytest.mark.parametrize(
    ("message", "named", "topic"),
    [
        ("I can't reset my password.", "the trouble resetting {{ the_topic }}", "password"),
        ("It won't let me cancel my gym pass.", "the trouble cancelling {{ the_topic }}", "gym pass"),
        ("I can't save my settings on the map.", "the trouble saving {{ the_topic }}", "settings"),
        ("I reset my password and all is well.", "", ""),
        ("The app keeps crashing.", "the crashes", "app"),
    ],
)
def test_what_they_cannot_do_is_told_back_with_the_thing_it_is_done_to(
    message: str, named: str, topic: str
) -> None:
    reading = read(message)
    assert (reading.named, reading.topic) == (named, topic)


@pytest.mark.parametrize(
    ("message", "plight"),
    [
        ("I was locked out again this morning.", "being locked out"),
        ("I lost all my progress.", "losing your progress"),
        ("I was not locked out, I only ask.", ""),
    ],
)
def test_what_they_live_with_is_told_back(message: str, plight: str) -> None:
    assert read(message).plight == plight


@pytest.mark.parametrize(
    "message",
    [
        "Great, another week lost.",
        "Thanks for nothing.",
        "Such a joy to see that it is down again, great job.",
        "Thank you so much for losing my parcel, it never arrived!",
    ],
)
def test_thanks_that_mock_are_no_thanks(message: str) -> None:
    assert read(message).feeling != "gratitude"


@pytest.mark.parametrize(
    ("message", "topic"),
    [
        ("I hate the new music app. My phone won't find a song.", "new music app"),
        ("It's not my internet, the box keeps freezing.", ""),
        ("I got codes on my phone and it does not work.", ""),
        ("Now that my loan was sold I am rid of these crooks.", ""),
    ],
)
def test_the_topic_is_what_the_feeling_is_about_and_no_thing_beside_it(message: str, topic: str) -> None:
    assert read(message).topic == topic


def test_time_that_presses_is_read() -> None:
    assert read("I need my visa urgently, I fly tomorrow.").urgent
    assert not read("My visa is late.").urgent


@pytest.mark.parametrize(
    "message", ["How do I pause my membership?", "Hi, I was wondering if I can switch courses."]
)
def test_a_plain_question_shows_no_problem(message: str) -> None:
    reading = read(message)
    assert reading.plain_question
    assert not reading.problem


@pytest.mark.parametrize(
    "message",
    [
        "My son hasn't stopped talking about the zoo.",
        "How long is the line out of service when you move it?",
        "How long will it take?",
        "Is late checkout possible on Sunday?",
        "What is the cut off for orders before noon?",
        "I don't want my money back, I love it. Can I buy a second one?",
    ],
)
def test_what_is_denied_or_asked_about_is_no_trouble(message: str) -> None:
    assert not read(message).problem


def test_what_is_only_asked_about_is_not_told_back() -> None:
    assert not read("The list stays empty. Is it a bug, or is it me?").named
    assert read("There is a bug in the list.").named == "the bug"


def test_a_thing_that_failed_again_and_again_was_not_asked_about() -> None:
    assert not read("Fourth attempt to pay. The page dies at the end.").repeated
    assert read("This is my fourth email about the invoice.").repeated


def test_shame_and_a_harsh_word_for_oneself_are_no_anger_at_us() -> None:
    assert read("I feel sick and like an awful dad. Is there anything you can do?").feeling == "worry"
    assert read("My aunt gave the scammers her card and is so ashamed.").feeling == "worry"
    assert read("This is a total scam!").feeling == "anger"


def test_where_the_subject_alone_says_what_is_wrong_it_names_the_thing() -> None:
    reading = read("Sixth try. It reaches the end and dies. Our contract is up in May.", subject="Backup failing")
    assert reading.topic == "backup"


def test_no_problem_is_not_a_problem() -> None:
    assert not read("No problem at all, can you tell me the price?").problem


@pytest.mark.parametrize(
    ("message", "trouble"),
    [
        ("My parcel still hasn't arrived.", "waiting"),
        ("You charged me twice this month.", "charge"),
        ("The vase arrived smashed.", "damaged"),
        ("I'm locked out of my account.", "access"),
        ("Someone hacked my account.", "security"),
        ("The page is still not loading.", "broken"),
        ("All my photos disappeared.", "gone"),
        ("I never received the bonus.", "missing"),
        ("My channel was terminated.", "blocked"),
    ],
)
def test_the_kind_of_trouble_is_told(message: str, trouble: str) -> None:
    assert read(message).trouble == trouble


@pytest.mark.parametrize(
    ("message", "declined"),
    [
        ("I will sue you if this is not paid.", True),
        ("You will hear from my lawyer.", True),
        ("I will NOT sue, I just want my money.", False),
        ("My lawyer friend recommended you.", False),
        ("I want to kill myself.", True),
        ("This game is killing me, I love it.", False),
        ("The charger caught fire last night.", True),
        ("Your sale is fire!", False),
        ("I was shown another customer's invoice in my account.", True),
        ("My battery died.", False),
    ],
)
def test_matters_for_a_person_are_declined_and_others_are_not(message: str, declined: bool) -> None:
    assert bool(read(message, matters=prompting.load().matters).matter) is declined


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Ana Silva", "Ana"),
        ("ANA SILVA", "Ana"),
        ("ana silva", "Ana"),
        ("Silva, Ana", "Ana"),
        ("Dr. Ana Silva", "Ana"),
        ("Frau Müller", ""),
        ("Mr Smith", ""),
        ("DUPONT Jean", "Jean"),
        ("Mary Ann Smith", "Mary Ann"),
        ("JEAN-PIERRE DUPONT", "Jean-Pierre"),
        ("✨Ana✨", "Ana"),
        ("John & Mary Smith", ""),
        ("Accounts Payable", ""),
        ("Acme Ltd", ""),
        ("user123", ""),
        ("johnsmith", ""),
        ("ana@example.com", ""),
        ("J. Smith", ""),
        ("Nguyen Van An", ""),
        ("田中 太郎", ""),
        ("The Smiths", ""),
        ("Ana Silva via Example Shop", "Ana"),
        ("", ""),
    ],
)
def test_only_a_persons_first_name_is_greeted(name: str, first: str) -> None:
    assert read("Hello", name=name, language="en").first_name == first


def test_japanese_names_are_read_family_name_first() -> None:
    reading = read("届きません", name="田中 太郎", language="ja")
    assert (reading.first_name, reading.family_name) == ("太郎", "田中")


@pytest.mark.parametrize("message", ["", "   ", "🤷", "https://example.com", "?" * 500, "\x00\x01", '"' * 99])
def test_any_message_is_read_without_trouble(message: str) -> None:
    assert read(message).topic == ""


def test_a_language_without_a_lexicon_is_read_as_neutral() -> None:
    reading = read("Gdzie jest moja paczka? Czekam już trzy tygodnie i jestem bardzo zły.", language="pl")
    assert (reading.language, reading.feeling, reading.topic) == ("pl", "none", "")


# --- what went wrong, and with what ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "trouble"),
    [
        ("You have suspended my shop three weeks before Christmas.", "blocked"),
        ("Your technician has failed to turn up for the second time.", "missing"),
        ("I froze my membership in March and was billed in April.", "charge"),
        ("You took £59 out of my account on the 3rd.", "charge"),
        ("The valuation came back lower and the offer dropped to 90.", "other"),
        ("Got a curry that wasn't ours.", "wrong"),
        ("All anyone says is that the bag is being traced.", "waiting"),
        ("Our crossing was called off while we were queuing at the port.", "cancelled"),
        ("Two of my audiobooks have been withdrawn.", "gone"),
        ("The water from our taps is brown.", "broken"),
        ("Both shoes have split at the sides.", "damaged"),
        ("I deleted my account in January.", ""),
        ("I broke my hip last year and your driver carried everything in.", ""),
        ("I would like to freeze my membership from March.", ""),
        ("One leg has the walnut stain.", ""),
        ("I haven't got the recovery codes I was meant to print.", "access"),
        ("There is nothing to be done, I know.", ""),
        ("I cancelled my donation in May.", ""),
        ("Do you charge me if I cancel a day before?", ""),
    ],
)
def test_what_went_wrong_is_known_by_how_it_is_said(message: str, trouble: str) -> None:
    assert read(message).trouble == trouble


@pytest.mark.parametrize(
    ("message", "topic"),
    [
        ("Nine days later you have taken €380 off my card for a scratch on the bumper.", ""),
        ("Nobody warned me, and now this. Fix this bill.", "bill"),
        (
            "The sofa arrived in the wrong colour and it is in the hall, so now we can't open the front door.",
            "sofa",
        ),
        ("The bag of bolts is missing two.", ""),
        ("Our water's been off since noon.", "water"),
    ],
)
def test_what_it_is_about_is_the_thing_that_went_wrong(message: str, topic: str) -> None:
    assert read(message).topic == topic


def test_what_they_have_to_live_with_is_told_in_their_own_words() -> None:
    assert read("We are five people with no hot water.").plight == "being without hot water"
    assert read("I froze my plan in May and I was still charged.").plight == "still being charged"
    assert read("There were 19 charges from you since Sunday.").named == "the charges"
    assert read("They brought me someone else's order.").named == "the mix-up"


@pytest.mark.parametrize(
    ("message", "topic"),
    [
        ("I can't upload certain videos.", "videos"),
        ("My moonshine shack is missing from the map.", "shack"),
        ("The oven's broken.", "oven"),
    ],
)
def test_a_thing_may_be_described_or_have_no_article(message: str, topic: str) -> None:
    assert read(message).topic == topic
