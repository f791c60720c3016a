"""Prompts are checked before the first draft: whatever is wrong is one line with file, line and the mend."""

import shutil
import tomllib
from pathlib import Path
from typing import get_args

import pytest

import rewriter.lexicon
from rewriter.errors import PromptError
from rewriter.prompting import SHIPPED, checked, load
from rewriter.prompting.books import Trouble


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    (tmp_path / "tones").mkdir()
    (tmp_path / "phrasebook").mkdir()
    return tmp_path


def _refused(overlay: Path) -> str:
    with pytest.raises(PromptError) as caught:
        load(overlay)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_shipped_prompts_hold() -> None:
    prompts = load()
    assert {"warm", "formal", "concise", "plain", "recovery"} <= set(prompts.tones)
    assert prompts.phrasebook("en") is not None
    assert prompts.phrasebook("xx") is None


def test_an_overlay_stands_for_the_shipped_file_of_its_name_and_no_other(overlay: Path) -> None:
    (overlay / "tones/warm.toml").write_text('description = "ours"\n')
    (overlay / "tones/house.toml").write_text('description = "new"\nregister = "casual"\n')
    prompts = load(overlay)
    assert prompts.tone("warm").description == "ours"
    assert prompts.tone("house").register == "casual"
    assert prompts.tone("formal") == load().tone("formal")


def test_an_unknown_tone_names_the_known_ones() -> None:
    with pytest.raises(PromptError, match="concise, formal"):
        load().tone("nice")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "no such folder" in _refused(tmp_path / "gone")


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ('description = "x"\nmovs = ["validation"]\n', 2, "unknown key"),
        ('description = "x"\n\nmoves = []\n', 3, "empty list"),
        ('register = "loud"\n', 1, "register"),
        ('moves = ["validation", "validation"]\n', 1, "twice"),
        ("max_added_words = 0\n", 1, "1 to 60"),
        ("\nmax_added_words = 61\n", 2, "1 to 60"),
        ("max_added_sentences = 4\n", 1, "1 to 3"),
        ('ban = ["(either"]\n', 1, "(either"),
        ('prefer = [" "]\n', 1, "empty phrase"),
        ('languages = ["english"]\n', 1, "two small letters"),
        ('moves = ["hand-off"]\nmax_added_words = 2\nhandoff = ["Call me any time."]\n', 3, "never be said"),
        ('ban = ["guru"]\nexpertise = ["Our gurus know.", "Ask a guru."]\nmoves = ["expertise"]\n', 2, "banned"),
        ('handoff = ["Call us."]\n', 1, "never said"),
        ('close = true\nname = "x"\n', 2, "'name' is not a key of this file"),
        ('anecdotes = ["We all do."]\n', 1, "add 'relatability' to moves"),
        ('moves = ["hand-off"]\n\nhandoff = ["Call.", "Call us, {{ name }}."]\n', 3, "said word for word"),
        ('moves = ["expertise"]\nexpertise = [\n  "Ours know.",\n  "Use {% if %} now.",\n]\n', 4, "{% in a text"),
        ('moves = ["relatability"]\nanecdotes = ["{# us #}"]\n', 2, "said word for word"),
        ('moves = ["hand-off"]\nhandoff = [""]\n', 2, "empty text"),
        ('max_added_words = "20"\n', 1, "write a whole number, without quotes: max_added_words = 20"),
        ("max_added_words = true\n", 1, "write a whole number"),
        ('greeting = "no"\n', 1, "write true or false, without quotes: greeting = false"),
        ('\nban = "sorry"\n', 2, 'write a list: ["sorry"]'),
        ('ban = ["*"]\n', 1, "'*' finds nothing"),
        ('ban = ["x", "[sorry]"]\n', 1, "'[sorry]' finds nothing"),
        ('ban = [\n  "x",\n  "(super|awesome",\n]\n', 3, "a bracket is not closed; write )"),
        ('ban = ["super)"]\n', 1, "never opened"),
        ('move = ["validation"]\n', 1, "did you mean 'moves'?"),
        ('banned = ["x"]\n', 1, "did you mean 'ban'?"),
        ('moves = ["validaton"]\n', 1, "\"validaton\" is not known; did you mean 'validation'?"),
        ('description = "x\n', 1, 'a " is missing here'),
    ],
)
def test_a_wrong_tone_profile_is_refused_with_its_line(overlay: Path, content: str, line: int, said: str) -> None:
    (overlay / "tones/ours.toml").write_text(content)
    message = _refused(overlay)
    assert said in message
    assert f"ours.toml:{line}:" in message


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("the wait for {{ the_topic }}.", "the wait for {{ the_topik }}.", "unknown variable 'the_topik'"),
        ("the wait for {{ the_topic }}.", "the wait for {{ the_topic.", "phrasebook/en.toml:"),
        ('"I\'m sorry about the wait.",', '"",', "empty phrase"),
        ("[greeting.casual]", "[greeting.jolly]", "greeting"),
        ('tones = ["plain"]', 'tones = ["plian"]', "no tone 'plian'; did you mean 'plain'? The known ones are: "),
        ('owns = ["(my|our)', 'owns = ["(my|our', "phrasebook/en.toml:"),
    ],
)
def test_a_wrong_phrasebook_is_refused(overlay: Path, old: str, new: str, said: str) -> None:
    text = (SHIPPED / "phrasebook/en.toml").read_text()
    assert old in text
    (overlay / "phrasebook/en.toml").write_text(text.replace(old, new, 1))
    assert said in _refused(overlay)


def test_a_phrasebook_may_not_say_what_it_bans(overlay: Path) -> None:
    text = (SHIPPED / "phrasebook/en.toml").read_text()
    (overlay / "phrasebook/en.toml").write_text('ban = ["sorry"]\n' + text)
    assert "'sorry' is banned in this very file" in _refused(overlay)


def test_a_template_may_use_no_variable_that_the_shipped_one_does_not_know(overlay: Path) -> None:
    name = next(SHIPPED.rglob("note.html.j2")).relative_to(SHIPPED)
    (overlay / name).write_text("line one\n{{ secret_key }}\n")
    message = _refused(overlay)
    assert ":2: unknown variable 'secret_key'" in message


def test_a_template_with_a_broken_tag_is_refused_with_its_line(overlay: Path) -> None:
    (overlay / "note.html.j2").write_text("fine\n{% if %}\n")
    assert "note.html.j2:2:" in _refused(overlay)


def test_a_misspelt_file_name_is_met_with_the_right_one(overlay: Path) -> None:
    (overlay / "sytem.j2").write_text("x")
    assert "did you mean system.j2" in _refused(overlay)


def test_templates_cannot_reach_out_of_the_sandbox() -> None:
    prompts = load()
    with pytest.raises(Exception, match="unsafe"):
        prompts.say("{{ topic.__class__.__mro__[1].__subclasses__() }}", topic="x")


def test_a_copy_of_the_shipped_folder_is_a_good_overlay(tmp_path: Path) -> None:
    ignore = shutil.ignore_patterns("*.py", "__pycache__")
    shutil.copytree(SHIPPED, tmp_path / "ours", ignore=ignore)
    assert load(tmp_path / "ours").tones == load().tones


def test_matters_carry_what_the_agent_is_told() -> None:
    matters = load().matters
    assert all(tell.endswith(".") and phrases for tell, phrases in matters.items())


def test_every_file_that_is_wrong_is_told_and_not_the_first_alone(overlay: Path) -> None:
    (overlay / "tones/ours.toml").write_text("moves = []\n")
    (overlay / "phrasebook/xx.toml").write_bytes(b"\xff")
    (overlay / "note.html.j2").write_bytes(b"\xff")
    (overlay / "routing.toml").write_text("[[rules]]\n")
    told = [str(fault) for fault in checked(overlay)[1]]
    assert len(told) == 4
    assert all(
        sum(name in line for line in told) == 1
        for name in ("ours.toml:1", "xx.toml", "note.html", "routing.toml:1")
    )
    assert _refused(overlay) in told


def test_rules_are_part_of_the_prompts_and_know_the_admins_own_tones(overlay: Path) -> None:
    (overlay / "tones/house.toml").write_text('description = "ours"\n')
    (overlay / "routing.toml").write_text('[[rule]]\ntone = "house"\ntag = "vip"\n')
    assert [rule.tone for rule in load(overlay).routing] == ["house"]
    assert load().routing == ()


@pytest.mark.parametrize("name", ["note.html.j2", "failure.html.j2"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<p>Done.</p>", "marker"),  # it would be posted again and again
        ("<p>{{ marker }}</p><p>Bye.</p>", "marker"),
        ("{% include '/etc/passwd' %}<p>{{ marker }}</p>", "/etc/passwd"),
        ("{% include '../../../../etc/passwd' %}<p>{{ marker }}</p>", "/etc/passwd"),
        ("{{ ''.__class__.__mro__ }}<p>{{ marker }}</p>", "unsafe"),
        ("{{ cycler.__init__.__globals__.os.environ }}<p>{{ marker }}</p>", "unsafe"),
        ("{{ range(1000000000) | list | length }}<p>{{ marker }}</p>", "OverflowError"),
    ],
)
def test_a_notes_template_that_loses_its_marker_or_reaches_for_files_or_the_environment_is_refused(
    overlay: Path, name: str, text: str, said: str
) -> None:
    (overlay / name).write_text(text)
    refused = _refused(overlay)
    assert f"{name}:1: " in refused
    assert said in refused
    assert "root:" not in refused


def test_brackets_without_end_are_one_line_too(overlay: Path) -> None:
    (overlay / "tones/ours.toml").write_text("ban = " + "[" * 100_000)
    assert "close them" in _refused(overlay)


def test_all_that_is_wrong_with_a_file_is_told_in_the_order_of_its_lines(overlay: Path) -> None:
    (overlay / "tones/ours.toml").write_text('max_added_words = 99\nprefer = ["*"]\nlanguages = ["german"]\n')
    told = [str(fault).partition("ours.toml")[2] for fault in checked(overlay)[1]]
    assert [line[:3] for line in told] == [":1:", ":2:", ":3:"]


def test_a_mark_that_notepad_puts_before_a_file_does_no_harm(overlay: Path) -> None:
    (overlay / "tones/ours.toml").write_bytes(b'\xef\xbb\xbfdescription = "Ours."\r\n')
    (overlay / "note.html.j2").write_bytes(b"\xef\xbb\xbf" + (SHIPPED / "note.html.j2").read_bytes())
    prompts = load(overlay)
    assert prompts.tone("ours").description == "Ours."
    said = prompts.render("note.html.j2", html="<p>Hi.</p>", account=("a",), marker="m")
    assert said.startswith("<p>Hi.</p>")


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_file_in_another_encoding_is_to_be_saved_as_utf_8(overlay: Path, encoding: str) -> None:
    (overlay / "tones/ours.toml").write_bytes('close = true\ndescription = "Schön."\n'.encode(encoding))
    line = 2 if encoding == "latin-1" else 1
    assert f"ours.toml:{line}: this is no UTF-8 text; save it as UTF-8" in _refused(overlay)


@pytest.mark.parametrize(
    ("added", "row", "said"),
    [
        ('[[passage]]\nmove = "validation"\nwhere = ["thank"]\nsay = ["Hm."]\n', 3, "did you mean 'thanks'?"),
        ('[[passage]]\nmove = "validation"\ntrouble = ["wating"]\nsay = ["Hm."]\n', 3, "did you mean 'waiting'?"),
        ('[[passage]]\nmove = "validation"\nstrength = 5\nsay = ["Hm."]\n', 3, "strength is 0 to 3"),
        (
            '[[passage]]\nmove = "validation"\nstrength = 3\nbelow = 2\nsay = ["Hm."]\n',
            4,
            "no feeling is as strong",
        ),
        ('[[passage]]\nmove = "validation"\n\nsays = ["Hm."]\n', 4, "says: unknown key; did you mean 'say'?"),
        (
            '[[passage]]\nsay = [\n  "Hm.",\n  "{{ topik }}",\n]\nmove = "validation"\n',
            4,
            "unknown variable 'topik'",
        ),
        ('[[passage]]\nmove = "validation"\nsay = ["The { the_topic }."]\n', 3, "write {{ the_topic }}"),
        ('[[cold]]\nfind = "you must"\nsay = "x"\n[[cold]]\nfind = "(you"\nsay = "x"\n', 5, "is not closed"),
        ('[[cold]]\nfind = "you must"\nsai = "x"\n', 3, "unknown key; did you mean 'say'?"),
    ],
)
def test_a_fault_late_in_a_phrasebook_is_told_with_its_own_line(
    overlay: Path, added: str, row: int, said: str
) -> None:
    text = (SHIPPED / "phrasebook/en.toml").read_text()
    (overlay / "phrasebook/en.toml").write_text(text + added)
    told = [str(fault) for fault in checked(overlay)[1]]
    assert any(f"en.toml:{text.count(chr(10)) + row}: " in line and said in line for line in told), told


def test_the_kinds_of_trouble_are_those_that_the_lexicons_tell_apart() -> None:
    lexicons = (Path(rewriter.lexicon.FOLDER)).glob("*/troubles.toml")
    known = {trouble for path in lexicons for trouble in tomllib.loads(path.read_text())["troubles"]}
    assert set(get_args(Trouble)) == known | {""}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("<p>Our suggestion:</p>\n{{ html | safe }}\n<hr>\n<p>{{ marker }}</p>", 1, "and nothing else"),
        ("{# ours #}\n{{ html }}\n<hr>\n<p>{{ marker }}</p>", 2, "stands {{ html | safe }}"),
        ("{{ html | safe }}\n<hr>\n<p>More:</p>\n<hr>\n<p>{{ marker }}</p>", 4, "a note has one <hr>"),
        ("{{ html | safe }}\n<p>{{ marker }}</p>", 1, "a note has one <hr>"),
        ("<hr>\n{{ html | safe }}\n<p>{{ marker }}</p>", 1, "and nothing else"),
    ],
)
def test_above_the_one_rule_of_a_note_stands_the_suggestion_alone(
    overlay: Path, text: str, line: int, said: str
) -> None:
    (overlay / "note.html.j2").write_text(text)
    refused = _refused(overlay)
    assert f"note.html.j2:{line}: " in refused
    assert said in refused


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("tones/our tone.toml", "rename it to our-tone.toml"),
        ("tones/warm.txt", "save it as tones/warm.toml"),
        ("tones/warm.toml.txt", "save it as tones/warm.toml"),
        ("ideas.docx", "take it out of the folder"),
        ("routng.toml", "did you mean routing.toml?"),
    ],
)
def test_a_file_that_would_never_be_read_is_told_with_the_mend(overlay: Path, name: str, said: str) -> None:
    (overlay / name).write_text("x")
    (told,) = map(str, checked(overlay)[1])
    assert said in told


@pytest.mark.parametrize("name", ["warm.toml~", ".warm.toml.swp", "#warm.toml#", ".#warm.toml", "warm.toml.bak"])
def test_what_an_editor_leaves_beside_a_file_is_passed_over(overlay: Path, name: str) -> None:
    (overlay / "tones" / name).write_bytes(b"\xff")
    assert load(overlay).tones == load().tones


def test_a_language_that_is_none_is_no_key_of_what_the_agent_is_told(overlay: Path) -> None:
    text = '[matters.recall]\ntell = "Recall."\ntell_in.german = "Rückruf."\nphrases = ["recall*"]\n'
    (overlay / "decline.toml").write_text(text)
    assert "decline.toml:3: 'german' is no language code" in _refused(overlay)
