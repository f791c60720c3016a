"""How a draft is cut, what is left alone, and where added sentences go."""

from __future__ import annotations

import pytest

from rewriter.document import compose, parse
from rewriter.model import Carry, Document, Move, Plan, Rephrase, Seal, Sealed


def cut(source: str, *, html: bool = False, language: str = "en") -> list[str]:
    return [sentence.text for sentence in parse(source, html=html, language=language).sentences]


def roles(source: str, *, html: bool = False, language: str = "en") -> dict[str, str]:
    return {s.text: s.role for s in parse(source, html=html, language=language).sentences}


def zones(source: str, *, html: bool = False) -> list[tuple[str, str]]:
    document = parse(source, html=html, language="en")
    return [
        (block.kind, source[block.outer_start : block.outer_end])
        for block in document.blocks
        if block.kind in ("quote", "code", "table", "signature")
    ]


def unsealed(document: Document) -> list[Sealed]:
    return [Sealed(sentence.text) for sentence in document.sentences]


def warmed(source: str, *, html: bool = False, language: str = "en") -> str:
    """Put a greeting, an opening and a closing sentence into a draft, each where an engine would."""
    document = parse(source, html=html, language=language)
    body = [s.number for s in document.sentences if s.role == "body"]
    greeted = any(s.role == "greeting" for s in document.sentences)
    plan: Plan = () if greeted else (Move("personalisation", "Hi [[NAME]],"),)
    for sentence in document.sentences:
        plan += (Move("validation", "OPENING."),) if sentence.number == body[0] else ()
        plan += (Carry(sentence.number),)
        plan += (Move("hand-off", "CLOSING."),) if sentence.number == body[-1] else ()
    composed = compose(document, unsealed(document), plan, "Ana")
    return composed.html if html else composed.text


# --- sentences -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It was sent at 9 a.m. EST. You can track it.", ["It was sent at 9 a.m. EST.", "You can track it."]),
        ("See No. 5 below. It helps.", ["See No. 5 below.", "It helps."]),
        ("Use a browser, e.g. Firefox. Then log in.", ["Use a browser, e.g. Firefox.", "Then log in."]),
        ("It takes approx. 5 days. Thanks.", ["It takes approx. 5 days.", "Thanks."]),
        ("That is ok. We can wait.", ["That is ok.", "We can wait."]),
        ("It was paid on 4 May. It is due in June.", ["It was paid on 4 May.", "It is due in June."]),
        ("Go to https://acme.example/a.b?c=1. Log in.", ["Go to https://acme.example/a.b?c=1.", "Log in."]),
        ("Open report.pdf first! Done?", ["Open report.pdf first!", "Done?"]),
        ("1. Open it. 2. Close it.", ["Open it.", "2. Close it."]),
        ("Thanks for waiting! :) We are on it.", ["Thanks for waiting!", ":) We are on it."]),
        ("Sorry... It took long.", ["Sorry...", "It took long."]),
        ("Step 1. Open it.", ["Step 1. Open it."]),
    ],
)
def test_a_sentence_ends_where_a_reader_sees_it_end(text: str, sentences: list[str]) -> None:
    assert cut(text) == sentences


def test_japanese_sentences_end_at_their_own_stop_and_a_quotation_runs_on() -> None:
    text = "返金を処理しました。「はい。」と伺いました。ご確認ください。"
    assert cut(text, language="ja") == ["返金を処理しました。", "「はい。」と伺いました。", "ご確認ください。"]


def test_a_japanese_sentence_may_begin_with_a_number() -> None:
    assert cut("発送しました。5月3日に届きます。", language="ja") == ["発送しました。", "5月3日に届きます。"]


def test_german_abbreviations_end_no_sentence() -> None:
    text = "Sie erhalten 20 € inkl. Versand zurück. Das dauert ca. 5 Tage."
    assert cut(text, language="de") == ["Sie erhalten 20 € inkl. Versand zurück.", "Das dauert ca. 5 Tage."]


def test_a_line_broken_by_a_mail_program_is_one_sentence_and_keeps_its_line_end() -> None:
    source = "We have checked the parcel with the carrier and it will arrive on\nFriday. Sorry for the wait."
    document = parse(source, html=False, language="en")
    assert [s.text for s in document.sentences] == [
        "We have checked the parcel with the carrier and it will arrive on Friday.",
        "Sorry for the wait.",
    ]
    assert "on\nFriday" in source[document.sentences[0].start : document.sentences[0].end]


def test_short_lines_are_sentences_of_their_own() -> None:
    assert cut("Order: 12345\nAmount: $20") == ["Order: 12345", "Amount: $20"]
    assert cut("<p>Order: 12345<br>Amount: $20</p>", html=True) == ["Order: 12345", "Amount: $20"]


def test_facts_stand_where_they_say_within_their_sentence() -> None:
    document = parse("Hello. Your refund of $49.99 was issued.", html=False, language="en")
    (fact,) = document.sentences[1].facts
    assert (fact.kind, document.sentences[1].text[fact.start : fact.end]) == ("amount", "$49.99")


def test_entities_are_read_and_their_place_is_the_whole_entity() -> None:
    source = "<p>Tom &amp; Ana&#39;s&nbsp;order &lt;b&gt;</p>"
    (sentence,) = parse(source, html=True, language="en").sentences
    assert sentence.text == "Tom & Ana's order <b>"
    place = sentence.text.index("&")
    assert source[sentence.offsets[place] : sentence.offsets[place + 1]] == "&amp;"


def test_comments_styles_and_scripts_are_not_seen() -> None:
    assert cut("<style>p{}</style><p>Seen<!-- not seen -->.</p><script>no()</script>", html=True) == ["Seen."]


def test_a_greater_sign_in_a_quoted_value_ends_no_tag() -> None:
    assert cut('<p title="a > b">Seen.</p>', html=True) == ["Seen."]


def test_a_lone_less_sign_is_text() -> None:
    assert cut("<p>5 < 6 holds.</p>", html=True) == ["5 < 6 holds."]


# --- roles -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "greeting"),
    [
        ("en", "Hi Ana, your refund was issued.", "Hi Ana,"),
        ("en", "hi ana, your refund was issued.", "hi ana,"),
        ("en", "Dear Dr. Smith,\n\nThe parcel left.", "Dear Dr. Smith,"),
        ("en", "Hello there! The parcel left.", "Hello there!"),
        ("en", "Hi there. The parcel left.", "Hi there."),
        ("en", "Dear Mr. Hill, the parcel left.", "Dear Mr. Hill,"),
        ("en", "Hi, Ana! The parcel left.", "Hi, Ana!"),
        ("en", "Hello, Unfortunately, the parcel left.", "Hello,"),
        ("fr", "Bonjour, Malheureusement, le colis est parti.", "Bonjour,"),
        ("en", "Hi Ana\nThe parcel left.", "Hi Ana"),
        ("en", "Hi {{ticket.requester.first_name}},\nThe parcel left.", "Hi {{ticket.requester.first_name}},"),
        ("es", "Hola María, el reembolso está hecho.", "Hola María,"),
        ("es", "Estimada Sra. Ruiz:\nEl reembolso está hecho.", "Estimada Sra. Ruiz:"),
        ("fr", "Bonjour Marie,\n\nLe colis est parti.", "Bonjour Marie,"),
        ("de", "Sehr geehrte Frau Müller,\n\ndas Paket ist da.", "Sehr geehrte Frau Müller,"),
        ("pt", "Olá João, o reembolso foi feito.", "Olá João,"),
        ("it", "Gentile dott.ssa Rossi, il pacco è partito.", "Gentile dott.ssa Rossi,"),
        ("it", "Gentile Sig. Rossi,\nil pacco è partito.", "Gentile Sig. Rossi,"),
        ("nl", "Beste meneer Jansen,\n\nHet pakket is weg.", "Beste meneer Jansen,"),
        ("ja", "田中様\n\n返金を処理しました。", "田中様"),
        ("ja", "お世話になっております。返金を処理しました。", "お世話になっております。"),
    ],
)
def test_a_greeting_is_a_sentence_of_its_own(language: str, text: str, greeting: str) -> None:
    found = roles(text, language=language)
    assert [said for said, role in found.items() if role == "greeting"] == [greeting]
    assert len(found) == 2


def test_a_title_that_the_helpdesk_has_in_the_name_does_not_end_the_greeting() -> None:
    document = parse("Dear Mrs. Hill,\n\nThe parcel left.", html=False, language="en", names=("Mrs. Ada Hill",))
    assert [(s.text, s.role) for s in document.sentences] == [
        ("Dear Mrs. Hill,", "greeting"),
        ("The parcel left.", "body"),
    ]


@pytest.mark.parametrize(
    "text",
    ["Hi-res photos are here.", "Hello Kitty is sold out.", "Dear customers get a refund.", "Good news, it left."],
)  # fmt: skip
def test_words_that_look_like_a_greeting_are_none(text: str) -> None:
    assert set(roles(text).values()) == {"body"}


@pytest.mark.parametrize(
    ("language", "closing"),
    [
        ("en", "Best regards,\nAna"),
        ("en", "Thanks,\nAna Ruiz"),
        ("en", "Many thanks and kind regards,\nAna"),
        ("en", "Best, Ana"),
        ("en", "Thank you!"),
        ("es", "Un cordial saludo,\nAna"),
        ("fr", "Bien cordialement,\nAna"),
        ("fr", "Veuillez agréer, Madame, l'expression de nos salutations distinguées."),
        ("de", "Mit freundlichen Grüßen\nAna Ruiz"),
        ("pt", "Atenciosamente,\nAna"),
        ("it", "Cordiali saluti\nAna"),
        ("nl", "Met vriendelijke groet,\nAna"),
        ("ja", "よろしくお願いいたします。\n田中"),
    ],
)
def test_a_sign_off_is_known_in_its_language(language: str, closing: str) -> None:
    found = roles(f"The parcel left on Monday.\n\n{closing}", language=language)
    assert list(found.values()) == ["body", "sign-off"]


def test_initials_at_the_end_of_a_message_sign_it_and_so_do_the_thanks_before_them() -> None:
    assert list(roles("We will check it. Thanks! ^AR").values()) == ["body", "sign-off", "sign-off"]


def test_thanks_in_the_middle_are_body() -> None:
    assert roles("Hello.\nThank you! We will check it today.")["Thank you!"] == "body"


def test_an_unknown_language_has_body_only() -> None:
    assert set(roles("Hi Ana,\n\nIt left.\n\nBest regards,", language="xx").values()) == {"body"}


# --- zones -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "zone"),
    [
        ("quote", "> It is broken.\n> Please help."),
        ("quote", "On 3 March 2026 at 10:02, Ana <ana@acme.example> wrote:\n> It is broken."),
        ("quote", "Am 3. März 2026 schrieb Ana Ruiz:\n\nEs ist kaputt."),
        ("quote", "El 3 de marzo de 2026, Ana escribió:\n> Está roto."),
        ("quote", "-----Original Message-----\nIt is broken."),
        ("quote", "From: Ana\nSent: Monday\nTo: Support\nSubject: Broken\n\nIt is broken."),
        ("quote", "##- Please type your reply above this line -##\nIt is broken."),
        ("signature", "-- \nAna Ruiz\nSupport"),
        ("code", "```\nreboot now\n```"),
        ("table", "| item | price |\n|---|---|\n| case | $5 |"),
        ("table", "item\tprice\ncase\t$5"),
        ("code", "{{agent.signature}}"),
    ],
)
def test_a_zone_in_text_is_no_sentence(kind: str, zone: str) -> None:
    source = f"The parcel left.\n\n{zone}"
    assert zones(source) == [(kind, zone)]
    assert cut(source) == ["The parcel left."]


@pytest.mark.parametrize(
    ("kind", "zone"),
    [
        ("quote", "<blockquote><p>It is <b>broken</b>.</p><blockquote>Old.</blockquote></blockquote>"),
        ("quote", '<div class="gmail_quote"><div>On Monday Ana wrote:</div>Broken.</div>'),
        ("code", "<pre>reboot\n  now</pre>"),
        ("code", "<code>reboot now</code>"),
        ("table", "<table><tr><td>case</td><td>$5</td></tr></table>"),
        ("signature", '<div class="signature"><p>Ana Ruiz</p><p>Support</p></div>'),
        ("signature", '<div data-signature="1">Ana Ruiz</div>'),
    ],
)
def test_a_zone_in_html_is_no_sentence(kind: str, zone: str) -> None:
    source = f"<p>The parcel left.</p>{zone}<p>It arrives soon.</p>"
    assert zones(source, html=True) == [(kind, zone)]
    assert cut(source, html=True) == ["The parcel left.", "It arrives soon."]


def test_an_answer_below_a_quoted_line_is_the_agents_own() -> None:
    source = "> Is it there?\nYes, it is.\n> When?\nOn Monday."
    assert cut(source) == ["Yes, it is.", "On Monday."]


def test_an_answer_below_history_with_marked_lines_is_the_agents_own() -> None:
    source = "On 3 March 2026, Ana wrote:\n> Is it there?\nYes, it is."
    assert zones(source) == [("quote", "On 3 March 2026, Ana wrote:\n> Is it there?")]
    assert cut(source) == ["Yes, it is."]


def test_names_below_a_sign_off_are_the_signature_and_a_postscript_is_not() -> None:
    source = "It left.\n\nBest regards,\nAna Ruiz\nSupport, Acme Inc.\n+1 555 0100\n\nP.S. The box is blue."
    assert zones(source) == [("signature", "Ana Ruiz\nSupport, Acme Inc.\n+1 555 0100")]
    assert cut(source)[-1].endswith("The box is blue.")


def test_a_sentence_below_thanks_is_no_signature() -> None:
    assert cut("Thanks,\nWe sent it on Monday.\nIt arrives soon.")[1:] == [
        "We sent it on Monday.",
        "It arrives soon.",
    ]


def test_a_sentence_that_says_when_someone_wrote_is_no_history() -> None:
    assert cut("On Monday you wrote: it is broken. We looked at it.") == [
        "On Monday you wrote: it is broken.",
        "We looked at it.",
    ]


def test_items_are_blocks_and_their_marks_no_words() -> None:
    source = "Please do this:\n1. Open it.\n2) Close it.\n- Wait.\n• Done."
    document = parse(source, html=False, language="en")
    assert [b.kind for b in document.blocks] == ["paragraph", "item", "item", "item", "item"]
    assert cut(source) == ["Please do this:", "Open it.", "Close it.", "Wait.", "Done."]


def test_a_date_at_the_start_of_a_line_is_no_item() -> None:
    source = "1. März ist der Termin.\nBitte kommen Sie."
    assert parse(source, html=False, language="de").blocks[0].kind == "paragraph"


def test_a_number_that_follows_no_other_is_the_end_of_a_date() -> None:
    source = "We issued the refund for your second order of last week on March\n3. Thanks for waiting."
    assert cut(source) == [
        "We issued the refund for your second order of last week on March 3.",
        "Thanks for waiting.",
    ]


# --- markup ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "rephrasable"),
    [
        ("<p>Plain words.</p>", True),
        ("<p><b>All of it bold.</b></p>", True),
        ('<p><span style="x">All of it styled.</span></p>', True),
        ('<p>See <a href="https://x.example">this page</a> now.</p>', True),
        ("<p>Run <code>reboot</code> now.</p>", True),
        ("<p>See <img src='a.png' alt='the screen'> now.</p>", True),
        ("<p>Some <b>bold</b> words.</p>", False),
        ("<p>A picture <img src='a.png'> here.</p>", False),
        ("<p>A <a name='x'>place</a> here.</p>", False),
        ("<p>A <!-- comment --> here.</p>", False),
    ],
)
def test_a_sentence_may_be_reworded_where_no_markup_would_be_lost(source: str, rephrasable: bool) -> None:
    (sentence,) = parse(source, html=True, language="en").sentences
    assert sentence.rephrasable is rephrasable


def test_links_code_and_images_are_facts_that_move_as_a_whole() -> None:
    link, code, image = (
        '<a href="https://x.example/?a=1&amp;b=2"> <b>this</b> page </a>',
        "<code>reboot -n</code>",
        '<img src="a.png" alt="the screen">',
    )
    source = f"<p>See {link}, run {code}, check {image} now.</p>"
    document = parse(source, html=True, language="en")
    (sentence,) = document.sentences
    assert [(f.kind, f.text, f.value) for f in sentence.facts] == [
        ("link", "this page", "https://x.example/?a=1&b=2"),
        ("code", "reboot -n", "reboot -n"),
        ("image", "the screen", "a.png"),
    ]
    seals = tuple(Seal(f"[[{f.kind.upper()}_Z]]", f) for f in sentence.facts)
    text = "Check [[IMAGE_Z]] & run [[CODE_Z]], [[NAME]]: see [[LINK_Z]]."
    composed = compose(document, [Sealed(text, seals)], (Rephrase(1, text),), "Ana <3")
    assert composed.html == f"<p>Check {image} &amp; run {code}, Ana &lt;3: see {link}.</p>"
    assert composed.parts[0].text == "Check the screen & run reboot -n, Ana <3: see this page."


# --- putting together ------------------------------------------------------------------------------------


def test_a_sentence_that_now_begins_with_a_number_in_words_begins_with_a_capital() -> None:
    document = parse("Actually, two payments were taken.", html=False, language="en")
    (fact,) = document.sentences[0].facts
    sealed = Sealed("Actually, [[NUMBER_K7]] payments were taken.", (Seal("[[NUMBER_K7]]", fact),))
    plan = (Rephrase(1, "[[NUMBER_K7]] payments were taken."),)
    assert compose(document, [sealed], plan, "").text == "Two payments were taken."


def test_paragraphs_in_zendesks_html_copy_the_shape_of_their_neighbour() -> None:
    wrapper = '<div class="zd-comment" dir="auto">{}</div>'
    p = '<p dir="auto">{}</p>'.format
    source = wrapper.format(p("It left on Monday.") + p("Best,<br>Ana") + '<img id="cursor">')
    assert warmed(source, html=True) == wrapper.format(
        p("Hi Ana,")
        + p("OPENING.")
        + p("It left on Monday.")
        + p("CLOSING.")
        + p("Best,<br>Ana")
        + '<img id="cursor">'
    )


def test_paragraphs_in_freshdesks_html_stay_inside_the_wrapper() -> None:
    wrapper = '<div style="font-family:Arial"><div dir="ltr">{}</div></div>'.format
    assert warmed(wrapper("Hi Bo,<br><br>It left.<br><br>Best,<br>Ana"), html=True) == wrapper(
        "Hi Bo,<br><br>OPENING.<br><br>It left.<br><br>CLOSING.<br><br>Best,<br>Ana"
    )


def test_a_div_that_is_alone_is_a_wrapper_and_no_paragraph() -> None:
    wrapper = '<div class="zd-comment" dir="auto">{}</div>'.format
    assert warmed(wrapper("It left."), html=True) == wrapper(
        "Hi Ana,<br><br>OPENING.<br><br>It left.<br><br>CLOSING."
    )


def test_paragraphs_of_divs_take_the_empty_line_between_them_along() -> None:
    source = "<div><div>Hi Bo,</div><div><br></div><div>It left.</div></div>"
    assert warmed(source, html=True) == (
        "<div><div>Hi Bo,</div><div><br></div><div>OPENING.</div><div><br></div><div>It left.</div>"
        "<div><br></div><div>CLOSING.</div></div>"
    )


def test_a_styled_paragraph_has_styled_neighbours_but_no_second_id() -> None:
    source = '<p id="x"><span style="color:red">It <b>left</b>.</span></p>'
    assert warmed(source, html=True).endswith('<p><span style="color:red">CLOSING.</span></p>')


def test_words_before_a_list_stand_outside_it() -> None:
    source = "<ul><li>Open it.</li><li><p>Close it.</p></li></ul>"
    assert warmed(source, html=True) == f"<p>Hi Ana,</p><p>OPENING.</p>{source}<p>CLOSING.</p>"


def test_closing_words_stand_after_code_and_before_signature_and_history() -> None:
    source = "<p>Run this:</p><pre>reboot</pre><blockquote>Old.</blockquote>"
    assert "</pre><p>CLOSING.</p><blockquote>" in warmed(source, html=True)


def test_text_keeps_its_kind_of_line_ends() -> None:
    source = "Hi Bo,\r\n\r\nIt left.\r\n\r\nBest,\r\nAna\r\n\r\n> old\r\n"
    assert warmed(source) == source.replace("It left.", "OPENING.\r\n\r\nIt left.\r\n\r\nCLOSING.")


def test_a_sentence_that_runs_on_from_the_greeting_is_not_parted_from_it() -> None:
    assert warmed("Hi Bo, your refund left. It takes a while.") == (
        "Hi Bo, your refund left. OPENING. It takes a while.\n\nCLOSING."
    )


def test_a_move_between_two_sentences_of_a_paragraph_stays_in_the_line() -> None:
    source = "<p>It <b>left.</b> It arrives soon.</p>"
    document = parse(source, html=True, language="en")
    composed = compose(document, unsealed(document), (Carry(1), Move("validation", "I see."), Carry(2)), "")
    assert composed.html == "<p>It <b>left.</b> I see. It arrives soon.</p>"


def test_japanese_sentences_are_set_without_spaces() -> None:
    document = parse("返金しました。ご確認ください。", html=False, language="ja")
    plan = (Carry(1), Move("validation", "お待たせしました。"), Carry(2))
    assert (
        compose(document, unsealed(document), plan, "").text == "返金しました。お待たせしました。ご確認ください。"
    )


def test_parts_name_each_visible_sentence_in_order() -> None:
    document = parse("It left. It arrives soon.", html=False, language="en")
    plan = (Move("personalisation", "Hi [[NAME]],"), Carry(1), Rephrase(2, "It will be there soon."))
    composed = compose(document, unsealed(document), plan, "Ana")
    assert [(p.text, p.kind, p.carries) for p in composed.parts] == [
        ("Hi Ana,", "personalisation", ()),
        ("It left.", "kept", (1,)),
        ("It will be there soon.", "rephrased", (2,)),
    ]
    assert composed.text == "Hi Ana,\n\nIt left. It will be there soon."
    assert composed.html == "<p>Hi Ana,</p><p>It left. It will be there soon.</p>"


def test_a_sentence_that_a_plan_forgets_is_carried() -> None:
    document = parse("It left. It arrives soon.", html=False, language="en")
    assert compose(document, unsealed(document), (Carry(2),), "").text == "It left. It arrives soon."


def test_html_made_from_text_escapes_it_and_keeps_its_lines() -> None:
    document = parse("a < b\nnext  line\n\nend", html=False, language="en")
    html = compose(document, unsealed(document), (), "").html
    assert html == "<p>a &lt; b<br>next &nbsp;line</p><p>end</p>"


def test_text_made_from_html_is_what_a_reader_sees() -> None:
    document = parse("<p>Tom &amp; Ana.</p><p>It left.</p>", html=True, language="en")
    assert compose(document, unsealed(document), (), "").text == "Tom & Ana.\n\nIt left."


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("<p>It left.</p>", "<p>Hi Ana. It left. Bye.</p>"),
        ("<p><b>It</b> left.</p>", "<p>Hi Ana.</p><p><b>It</b> left. Bye.</p>"),
        ("<ul><li>It left.</li></ul>", "<p>Hi Ana.</p><ul><li>It left.</li></ul><p>Bye.</p>"),
    ],
)
def test_in_one_line_nothing_falls_into_bold_or_into_a_list(source: str, html: str) -> None:
    document = parse(source, html=True, language="en")
    plan: Plan = (Move("personalisation", "Hi [[NAME]]."), Carry(1), Move("validation", "Bye."))
    assert compose(document, unsealed(document), plan, "Ana", in_line=True).html == html
