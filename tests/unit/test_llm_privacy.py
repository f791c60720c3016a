"""What leaves the machine: no prompt holds a customer's data or a fact of the draft, as docs/models.md says."""

import pytest

from rewriter import prompting
from rewriter.llm import ModelJudge, show_prompt
from rewriter.llm.endpoint import Endpoint
from rewriter.model import Carry, Move
from rewriter.pipeline import Request, brief_of, case_of

PROMPTS = prompting.load()
DRAFT = "Your refund was sent."


def prompt(request: Request) -> str:
    """Return the part of a prompt that depends on the ticket, in lower case."""
    shown = show_prompt(PROMPTS, brief_of(request, case_of(request, PROMPTS)))
    return shown.split("# This reply")[1].lower()


MESSAGES = {
    "a name in lower case": ("ana lima here", "lima"),
    "a name in capitals": ("ANA LIMA", "lima"),
    "a possessive": ("Lima’s card and lima's card", "lima"),
    "a name without its blank": ("my user is AnaLima", "analima"),
    "a handle made of a name": ("user ana_lima92 cannot log in, and @analima neither", "lima"),
    "a name in an address spelt out": ("write to ana.lima at mailbox dot net", "lima"),
    "a name turned round": ("Lima, Ana; A. Lima", "lima"),
    "a double name": ("Mrs Lima-Costa and Ana-Maria Lima", "lima"),
    "a name over two lines": ("Ana\nLima", "lima"),
    "an agent's name": ("Okoro told me so, sam okoro's own words", "okoro"),
    "an e-mail address": ("<ana@post.example> ANA@POST.EXAMPLE mailto:ana@post.example", "post.example"),
    "an international phone number": ("0044 20 7946 0958", "7946"),
    "a local phone number": ("(415) 555-0132 or 07700 900 123", "0132"),
    "a card": ("4539-1488-0343-6467 or 4539148803436467", "6467"),
    "an IBAN": ("IBAN de89370400440532013000", "0532013000"),
    "an order": ("order #1234567, ref AB-12-CD", "1234567"),
    "an account": ("account 12345678 sort code 12-34-56", "12345678"),
    "a social security number": ("SSN 078-05-1120", "1120"),
    "a passport": ("passport X1234567", "x1234567"),
    "a password": ("password: Hunter2!xyz", "hunter2"),
    "a date of birth": ("born 12/05/1984", "1984"),
    "a machine": ("IP 192.168.1.20, MAC aa:bb:cc:dd:ee:ff", "192.168"),
    "a link": ("see https://example.com/u/ana or example.org/ana", "example"),
    "an address in Ireland": ("I live at 14 Marsh Lane, Galway H91 E2K3", "marsh lane"),
    "an address in the United States": ("1600 Pennsylvania Ave NW, Washington, DC 20500", "pennsylvania"),
    "an address in Germany": ("Hauptstraße 12, 10115 Berlin", "hauptstraße 12"),
    "an address in France": ("12 rue de la Paix, 75002 Paris", "rue de la paix"),
    "an address in Spain": ("Calle Mayor 5, 28013 Madrid", "28013"),
}  # fmt: skip


@pytest.mark.parametrize(("message", "secret"), MESSAGES.values(), ids=MESSAGES.keys())
def test_a_message_leaves_without_what_is_private(message: str, secret: str) -> None:
    request = Request(DRAFT, customer=message, name="Ana Lima", people=("Sam Okoro",))
    assert secret in message.lower()
    assert secret not in prompt(request)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Will Young", "my name is Will Young"),
        ("Jan van der Berg", "J. van der Berg"),
        ("Siobhán O’Donnell", "O'Donnell"),
        ("Jörg Müller", "müller"),
        ("田中太郎", "田中太郎です"),
    ],
)
def test_names_of_many_kinds_are_sealed(name: str, written: str) -> None:
    family = name.rsplit(maxsplit=1)[-1].replace("’", "'").lower()
    assert family in written.lower()
    assert family not in prompt(Request(DRAFT, customer=written, name=name))


def test_a_draft_leaves_without_names_and_facts() -> None:
    draft = "Ana, I sent $49.99 to lima@post.example on March 3. Mr Lima's parcel is at 14 Marsh Lane. Sam Okoro"
    shown = prompt(Request(draft, customer="parcel?", name="Ana Lima", people=("Sam Okoro",)))
    for secret in ("ana,", "49.99", "post.example", "march 3", "lima", "marsh", "okoro"):
        assert secret not in shown


def test_subject_and_earlier_messages_stay_here() -> None:
    request = Request(DRAFT, customer="Where is it?", subject="Case Wolpertinger", earlier=("My Wolpertinger!",))
    assert "wolpertinger" not in prompt(request)


def test_how_long_and_how_often_may_be_told_back() -> None:
    assert "three weeks" in prompt(Request(DRAFT, customer="I wrote twice in three weeks!"))


def test_a_judge_is_shown_no_more() -> None:
    request = Request(DRAFT, customer="I am Ana Lima, ana@post.example, so frustrating!", name="Ana Lima")
    brief = brief_of(request, case_of(request, PROMPTS))
    judge = ModelJudge(PROMPTS, Endpoint("sk-test", "judge", "http://127.0.0.1:9/v1"))
    question = judge.question(brief, (Move("validation", "That is a long wait."), Carry(1)))
    assert question
    for secret in ("lima", "post.example", "refund"):
        assert secret not in question.user.lower()
