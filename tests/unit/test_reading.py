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


# --- what is felt without a word for it, and words that are felt only elsewhere ----------------------------


@pytest.mark.parametrize(
    "message",
    [
        "I do admire the confidence of calling this express.",
        "So much for next day delivery. It is Thursday.",
        "Would it be too much to ask for somebody to read what I wrote?",
        "Nobody came. Again.",
        "It feels like talking to a brick wall.",
        "I was left high and dry at the station.",
        "The boots aren't what they were.",
        "Not so much as a note from you.",
        "You helped yourselves to eighty pounds.",
        "Do you know what it's like to stand there in front of everyone?",
        "your app is trash",
        "What exactly am I paying for every month?",
        "5 days in the depot. FIVE. Will somebody go and look?",
        "I have been patient. I have been polite.",
    ],
)
def test_mockery_and_weariness_are_clearly_felt(message: str) -> None:
    reading = read(message)
    assert reading.feeling in ("anger", "frustration", "disappointment")
    assert reading.strength >= 2


@pytest.mark.parametrize(
    "message",
    [
        "Not the worst thing in the world, but it's getting tiresome.",
        "I'm not asking for anything much.",
        "I only thought guaranteed meant something.",
        "I took half a day off for your fitter, unpaid.",
        "It would have been nice to be told.",
        "I would have thought a hotel could manage a clean towel.",
    ],
)
def test_what_is_understated_is_felt_and_not_named(message: str) -> None:
    reading = read(message)
    assert reading.feeling in ("anger", "frustration", "disappointment", "worry")
    assert reading.strength == 1


@pytest.mark.parametrize(
    "message",
    [
        "I keep picturing it, and I can't stop reading comments.",
        "I can't concentrate at work until I know.",
        "My whole livelihood is on that drive.",
        "My hands are shaking.",
        "She is out of her insulin.",
    ],
)
def test_worry_is_read_from_other_words(message: str) -> None:
    reading = read(message)
    assert (reading.feeling, reading.strength) == ("worry", 2)


@pytest.mark.parametrize(
    "message",
    [
        "One says I owe £40. The other says nothing. Which is the true one?",
        "My card says Silver, the app says Gold.",
        "I can't make head or tail of this letter.",
        "I've read it four times and I'm none the wiser.",
    ],
)
def test_who_is_told_two_things_is_confused(message: str) -> None:
    reading = read(message)
    assert (reading.feeling, reading.strength) == ("confusion", 2)


@pytest.mark.parametrize(
    "message",
    [
        "Sorry to bother you, what time does the pool close?",
        "It's my second time staying with you, could I have the same room?",
        "How do I downgrade to Basic?",
        "Does the policy cover theft from a shed?",
        "When is the rubbish collected, and does garbage have to be bagged?",
        "Same as last time please, two large and one small.",
        "What's the worst case for delivery to the islands?",
        "I come on Mondays; can I come on Wednesday this week?",
        "Sorry if this is a dumb question: does the film peel off?",
        "Do you sell puzzles with 2000 pieces?",
        "Is the exhaust fan included?",
        "My son is anxious to start, when does the course begin?",
        "Can you cancel everything after the 3rd?",
        "How much longer does the exhibition run?",
        "To whom it may concern: please send a prospectus.",
        "I'm afraid I don't know my customer number.",
    ],
)
def test_words_that_are_felt_elsewhere_are_not_felt_in_a_plain_question(message: str) -> None:
    assert not read(message).strength


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        ("I called you BEFORE I went and you said yes.", False),
        ("I bought four tickets for Saturday.", False),
        ("I've already sent the form.", False),
        ("In your last email you said I could choose.", False),
        ("You keep calling me about insurance.", False),
        ("It crashed three times now.", False),
        ("I have a follow up for my knee on Monday.", False),
        ("The app asked me to try again.", False),
        ("I've asked and asked.", True),
        ("I have now written five times.", True),
        ("I've raised this with you four times.", True),
    ],
)
def test_only_who_asked_us_before_has_asked_before(message: str, asked: bool) -> None:
    assert read(message).repeated is asked


def test_weaker_signs_do_not_make_a_clear_feeling_stronger() -> None:
    letter = "I'm disappointed. It is a shame, and a hassle to write at all."
    assert (read(letter).feeling, read(letter).strength) == ("disappointment", 2)


# --- no regret where nothing is wrong -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("calm", "complaint"),
    [
        ("I tore my hamstring and can't make the class on Monday.", "The strap was torn at my first class."),
        ("My daughter has a broken wrist. How do we move her lessons?", "The chair has a broken leg."),
        ("To whom it may concern, please send my 2022 statement.", "I am concerned about my account."),
        ("The delivery should come on Friday, is that right?", "Come on, the delivery is late again."),
        ("I'd like to downgrade my plan.", "The new version is a downgrade, it crashes."),
        ("When is the next rubbish collection on Mill Lane?", "Your service is rubbish."),
        ("I ordered a puzzle for my niece. Do you gift wrap?", "I am puzzled by my bill."),
        ("Please issue a new invoice in the name of Brack Ltd.", "There is an issue with the new invoice."),
        ("Our finance system won't accept it without a PO number.", "Your site won't accept my card."),
        ("They treated us like royalty.", "They treated us like criminals."),
        ("I'm broke till payday, can I pay on the 1st?", "My kettle broke on the 1st."),
        ("This is a dumb question, but where is the on button?", "Your dumb app hides the on button."),
        ("I'm scared of flying, can I sit near the front?", "I'm scared that somebody has my card."),
        ("Sorry to trouble you, which bin day is it?", "I have trouble with the bin."),
    ],
)
def test_what_only_sounds_like_trouble_is_none_and_the_same_words_may_be(calm: str, complaint: str) -> None:
    assert (read(calm).problem, read(calm).feeling in ("none", "gratitude")) == (False, True)
    assert read(complaint).problem or read(complaint).strength


@pytest.mark.parametrize(
    ("praise", "complaint"),
    [
        ("I could cry. You found my ring. Bless every one of you.", "I could cry. You lost my ring."),
        (
            "When I broke my wrist your driver carried it all in. He's the best of the lot. Can I tip him?",
            "Your driver was a gem but the table arrived cracked. Can I send it back?",
        ),
        ("I dreaded the call and your agent couldn't have been kinder.", "I dread calling you again."),
        ("I can't thank you enough for sorting the double charge.", "Thank you so much for the double charge."),
        ("Love you guys! The save bug is fixed.", "Love you guys. Why was I charged twice?"),
    ],
)
def test_warm_praise_outweighs_the_trouble_of_its_story_not_trouble_that_stands(
    praise: str, complaint: str
) -> None:
    assert (read(praise).feeling, read(praise).problem) == ("gratitude", False)
    assert read(complaint).feeling != "gratitude"
    assert read(complaint).problem or read(complaint).strength


@pytest.mark.parametrize(
    "message",
    [
        "Please change my address to 12 Elm Street. Thank you so much!",
        "We'd be grateful for an update by Friday.",
        "Thank you for your email of 3 May. I enclose the signed contract.",
        "Oh brilliant, a biscuit for my two hours on the platform. Great service.",
    ],
)
def test_thanks_for_manners_sake_and_in_mockery_are_no_praise(message: str) -> None:
    assert read(message).feeling != "gratitude"


def test_what_was_their_own_doing_is_not_regretted() -> None:
    mistaken = read(
        "I booked 12 May and meant 12 June. My own doing, I clicked it.", subject="Wrong date on ticket"
    )
    assert not mistaken.problem
    assert not read("I dropped my phone and the screen cracked. What would a repair cost?").problem
    assert read("The wrong colour came, not my mistake: the order says blue.").problem
    assert read("I accidentally bought it twice because your button froze.").problem


def test_a_question_about_what_might_be_tells_of_no_trouble() -> None:
    for message in ("Before I order: what if it arrives broken?", "How do you handle damaged items?"):
        reading = read(message)
        assert (reading.problem, reading.feeling) == (False, "none")
    assert read("Why is it leaking?").problem
    assert read("Does nobody answer? The boiler is broken.").problem


def test_the_trouble_with_others_is_not_ours() -> None:
    assert not read("Our old provider was a nightmare, it kept cutting out. What speeds are there in BN3?").strength
    assert read("My old provider never did that: your broadband keeps dropping out.").problem


def test_only_what_they_themselves_say_is_over_is_over() -> None:
    assert not read("The problem is sorted, it was the cable.").problem
    assert read("The error is back. I was told the problem was resolved.").problem


def test_only_the_death_of_somebody_is_grief() -> None:
    assert read("My husband's phone died.").feeling == "none"
    assert read("I bought two plants and they died.").feeling == "none"
    assert read("My husband is no longer with us.").feeling == "grief"
    assert read("We had to have our dog put to sleep on Monday.").feeling == "grief"


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


def test_what_they_live_with_is_told_back_whatever_else_the_clause_denies() -> None:
    assert read("This is no way to start a day with getting logged out of the app.").plight == "being logged out"
    assert not read("Does it still work in May or does it kick me out?").plight


# --- what a short complaint is about ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "draft", "topic"),
    [
        ("Wtf is going on with my ps4", "", "PlayStation"),
        ("What's going on with #iTunes tonight, nothing loads", "", "iTunes"),
        ("I have an issue with Lightroom, it will not open.", "", "Lightroom"),
        ("My 7525 photosmart is not printing black ink.", "", "Photosmart"),
        ("My hp sprocket won't connect.", "", "HP sprocket"),
        ("My HP touch screen computer has issues.", "", "touch screen computer"),
        ("It only installs this printer as a black printer.", "", "printer"),
        ("When will we get our comments back?", "", "comments"),
        ("You don't even let me recover my own account.", "", "account"),
        ("I can't see the codes of my acct, it doesn't work.", "", "account"),
        ("I was happy until the trackpad just died on me.", "", "trackpad"),
        ("Someone has been using my Spotify account.", "", "Spotify account"),
        ("Payment issues again this week.", "", "payment"),
        ("Videos won't load, please help.", "", "videos"),
        ("My husband's laptop won't turn on.", "", "laptop"),
        ("I bought a charger for my phone and it doesn't work.", "", "charger"),
        ("I ordered the mega shark card and never received anything.", "", "shark card"),
        ("I applied the codes but didn't get any bonus money.", "This type of bonus takes a day.", "bonus money"),
        ("I need some help with my account. It was hacked.", "", "account"),
    ],
)
def test_the_thing_is_known_however_it_is_said(message: str, draft: str, topic: str) -> None:
    assert read(message, draft=draft).topic == topic


@pytest.mark.parametrize(
    ("message", "topic"),
    [
        ("I keep getting this message, it doesn't work.", ""),
        ("I had a problem with Sarah at your store, she was rude.", ""),
        ("Tracking says delivered and nothing arrived.", ""),
        ("My armored truck is missing from my garage, I can't find it.", ""),
        ("I lost a bet and had trouble with my money.", ""),
    ],
)
def test_what_only_stands_by_is_not_the_thing(message: str, topic: str) -> None:
    assert read(message).topic == topic


@pytest.mark.parametrize(
    ("message", "named", "topic"),
    [
        ("I have trouble obtaining consent.", "the trouble obtaining {{ the_topic }}", "consent"),
        ("I got a printer yesterday and can't connect it.", "the trouble connecting {{ the_topic }}", "printer"),
        ("I can't login to my account.", "the trouble with the login to {{ the_topic }}", "account"),
        ("I can't login on my computer.", "the trouble with the login", ""),
        ("My hulu won't let me play anything.", "the trouble with playback", "Hulu"),
        ("When I try to connect the cable the console freezes.", "the freezing", "console"),
        ("I'm furious, your page is nothing but ads.", "the ads", "page"),
        ("I am so angry, I can't change my appearance.", "", ""),
    ],
)
def test_what_they_cannot_do_is_told_with_the_thing_it_is_done_to(message: str, named: str, topic: str) -> None:
    reading = read(message)
    assert (reading.named, reading.topic) == (named, topic)


def test_what_went_wrong_is_named_to_who_is_upset_and_not_to_who_is_glad() -> None:
    assert read("I'm so annoyed, nothing but ads on here.").named == "the ads"
    assert not read("Thank you so much, I love it, no more of these ads!").named


# --- whether something is wrong ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "trouble"),
    [
        ("I'm not getting e-mail notifications.", "missing"),
        ("Not seeing my refund in the account.", "missing"),
        ("reset mail never arrives.", "missing"),
        ("A lot of comments aren't appearing.", "broken"),
        ("Why aren't apps updating?", "broken"),
        ("The community tab is not enabled.", "broken"),
        ("It takes 5 or 6 tries.", "broken"),
        ("The radio comes on by itself.", "broken"),
        ("Mine works on the tablet but not on the phone.", "broken"),
        ("For some reason it's using all of my memory.", "broken"),
        ("People say I sound like a robot.", "broken"),
        ("I've restarted both and cleared the cache.", "broken"),
        ("What I got is a skin and not the pack.", "wrong"),
        ("Ordered 6, only 4 came.", "wrong"),
        ("Your report came out with the wrong period.", "wrong"),
        ("Someone has signed up using my email address.", "security"),
        ("I can see another customer's orders.", "security"),
        ("Forgot my backup code.", "access"),
        ("Why was my comment taken down?", "blocked"),
        ("The rent has been deducted, money deducted twice.", "charge"),
        ("It should be here the next day.", "waiting"),
        ("The games disappear from my screen.", "gone"),
        ("I'm being told it's already used even though I just redeemed it.", "other"),
        ("I paid for next day shipping and it came a week later.", "other"),
        ("My points have all expired.", "other"),
    ],
)
def test_calm_reports_are_read_as_trouble_of_the_right_kind(message: str, trouble: str) -> None:
    assert read(message).trouble == trouble


@pytest.mark.parametrize(
    "message",
    [
        "Do you still have a chat? I'm not able to find it.",
        "I can't find your phone number on the website.",
        "I can't figure out how to report a listing.",
        "I couldn't use them this year, can I use them next year?",
        "I don't see an option to pay by invoice, is there one?",
        "Fell in some water. Now they can't get out. Any advice?",
        "We can't beat the third boss, we are stuck at the last level.",
        "I was wondering why the album is not available on Spotify.",
        "Why doesn't the app have a calendar view?",
        "Do we get a key or a code?",
        "You guys should add a dark mode.",
    ],
)
def test_what_is_looked_for_or_wished_for_is_no_trouble(message: str) -> None:
    reading = read(message)
    assert (reading.trouble, reading.strength > 1) == ("", False)


def test_what_works_is_not_told_back_as_what_does_not() -> None:
    assert read("How come it works in my app but not on the desktop?").topic == ""
    assert read("The app is fine but the router keeps dropping.").topic == "router"
    assert read("My speaker plays for two minutes and then goes quiet.").told == ""
    assert read("My emails go straight into spam.").named == ""
    assert read("It says my Windows 10 code is already used.").topic != "Windows"


def test_a_draft_that_mends_something_shows_that_there_is_trouble() -> None:
    message = "The second one is green."
    assert read(message, draft="Have you already tried another cable?").trouble == "other"
    assert read(message, draft="Let's get this sorted.").problem
    assert not read(message, draft="The second one was taken in Wales.").trouble
    assert not read("It works now, thank you so much!", draft="Glad this issue is gone.").trouble


def test_general_shapes_of_trouble_count_where_nothing_else_tells_what_is_wrong() -> None:
    assert read("My gift card isn't adding to my balance.").trouble == "other"
    assert read("Bought a shark card yesterday, money isn't there.").trouble == "missing"
    assert read("My kettle won't whistle.").trouble == "other"
    assert read("The kettle won't whistle and it leaks.").trouble == "damaged"
    assert not read("My husband isn't coming on Friday.").trouble


# --- what is told back only where it fits ---------------------------------------------------------------


def test_who_worries_hears_only_of_what_one_worries_about() -> None:
    assert read("There were nuts on my noodles, I was so scared.").topic == ""
    assert read("I'm so worried, I can't get into my account.").topic == "account"


def test_a_late_wife_is_mourned_where_her_affairs_are_the_matter_not_her_garden() -> None:
    assert read("Please close my late wife's account.").feeling == "grief"
    assert read("You saved the pictures of my late wife's garden.").feeling == "none"


@pytest.mark.parametrize(
    "wish",
    [
        "One thing I'd love: that what my husband buys disappears from my list too.",
        "Feature request: let me delete the notes that went missing from sync.",
        "I'm happy with it. Would be nice if you could think about it.",
    ],
)
def test_a_wish_is_no_trouble(wish: str) -> None:
    assert read(wish).trouble == ""


def test_what_stands_in_the_way_of_a_car_is_not_its_trouble() -> None:
    assert read("There is a trench and I cannot get my car out.").topic != "car"
    assert read("My car won't start.").topic == "car"


@pytest.mark.parametrize(
    "message",
    [
        "hey can u tell me if the A34 works with esim? cant find it anywhere on ur site",
        "Can I keep my account? I don't find anything about it in the help pages.",
        "My glasses arrived on Friday, nothing broken.",
    ],
)
def test_what_is_looked_up_or_arrived_whole_is_no_trouble(message: str) -> None:
    assert read(message).trouble == ""


def test_what_they_were_asked_for_twice_is_not_what_they_asked_twice() -> None:
    assert not read("I have sent the ID you asked for twice. My payout is still on hold.").repeated
    assert read("I have asked for my payout twice. It is still on hold.").times == "twice"


def test_who_signs_with_a_title_is_called_by_it() -> None:
    signed = read("My bin was not collected.\n\nMrs B Hartnell", name="Bev Hartnell")
    assert (signed.title, signed.family_name) == ("Mrs.", "Hartnell")
    assert read("My bin was not collected.\n\nMr Hill", name="Bev Hartnell").title == ""
    assert read("Mrs Hartnell next door has my parcel.", name="Bev Hartnell").title == ""
    assert read("Where is my parcel?", name="Mr & Mrs Hartnell").title == ""


def test_an_illness_is_told_back_as_a_diagnosis() -> None:
    assert (
        read("I was diagnosed with breast cancer two weeks ago and start chemo on Monday.").named == "the diagnosis"
    )


def test_a_draft_that_denies_an_error_makes_no_amends() -> None:
    assert not read("I booked the wrong day.", draft="This is not our error. It can be moved.").amends
    assert read("I booked it for the 21st.", draft="This is our error. It was moved.").amends


def test_a_fee_that_they_want_to_avoid_was_not_charged() -> None:
    assert read("The app says E-204. I don't want to pay a late fee because of this.").named != "the late fee"
    assert read("You charged me a late fee.").named == "the late fee"


def test_what_only_tells_of_the_trouble_is_not_what_has_it() -> None:
    assert read("The app says my bulb can't be paired.").topic != "app"
    assert read("The app won't open.").topic == "app"


def test_somebody_in_an_account_is_no_trouble_getting_in() -> None:
    assert read("Is somebody getting in to our account?").trouble == "security"
