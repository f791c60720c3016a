"""Where an entry of a TOML file stands, and in plain words what no parser takes."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rewriter.prompting import SHIPPED
from rewriter.tomltext import Lines, in_plain_words


def texts(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield place, value
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield from texts(inner, (*place, key))


@pytest.mark.parametrize("path", sorted(SHIPPED.rglob("*.toml")), ids=lambda path: path.name)
def test_each_text_of_every_shipped_file_is_found_on_its_own_line(path: Path) -> None:
    text = path.read_text()
    rows, places = text.split("\n"), Lines(text).places
    for place, said in texts(tomllib.loads(text)):
        if not set(said) & set('"\\\n'):
            assert said in rows[places[place] - 1], place


def test_tables_keys_and_items_are_counted_in_whatever_form_they_are_written() -> None:
    text = (
        "a.b = 1\n[[passage]]\nsay = [\n"
        '  "one", # a "remark"\n\n  \'two ]\',\n]\n[passage.more]\n"x y" = {k = [1,\n2]}\n'
        '[[passage]]\nsay = """\n[[passage]]\n"""\nend = true\n'
    )
    tomllib.loads(text)
    places = Lines(text).places
    assert {place: places[place] for place in places if len(place) > 1} == {
        ("a", "b"): 1,
        ("passage", 0): 2,
        ("passage", 0, "say"): 3,
        ("passage", 0, "say", 0): 4,
        ("passage", 0, "say", 1): 6,
        ("passage", 0, "more"): 8,
        ("passage", 0, "more", "x y"): 9,
        ("passage", 0, "more", "x y", "k"): 9,
        ("passage", 0, "more", "x y", "k", 0): 9,
        ("passage", 0, "more", "x y", "k", 1): 10,
        ("passage", 1): 11,
        ("passage", 1, "say"): 12,
        ("passage", 1, "end"): 15,
    }


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("greeting = yes", 1, "write true in place of yes"),
        ("x = 1\nclose = No # never", 2, "write false in place of No"),
        ("description = “Ours.”", 1, "write straight quotes"),
        ("ban = [“sorry”]", 1, "write straight quotes"),
        ("description = our own", 1, 'put the text in quotes: "our own"'),
        ("moves = [validation]", 1, 'put the text in quotes: "validation"'),
        ('description = "ours', 1, 'a " is missing here'),
        ("description = 'don't'", 1, "a ' is missing here, or one too many"),
        ('ban = ["a, "b"]', 1, 'a " is missing here'),
        ("x = '3\ny = 2\nz = 1", 1, "a ' is missing here"),
        ('ban = ["a"x, "b"]', 1, "something between two texts"),
        ("description = don't", 1, "put the text in quotes"),
        ('description = "a "warm" tone"', 1, 'write \\" within'),
        ('x = """\nfoo\n', 1, 'write """'),
        ('register = "a"\n\nregister = "b"', 3, "'register' stands here twice, first on line 1"),
        ("[x]\na = 1\n[x]", 3, "'x' stands here twice, first on line 1"),
        ('moves = ["a",\n\nban = ["x"]', 1, "the bracket [ is not closed"),
        ('moves = ["a"\nban = ["x"]', 1, "the bracket [ is not closed"),
        ('x = 1\nmoves = ["a"', 2, "the bracket [ is not closed"),
        ('ban = ["a",\n  "b"\n  "c"]', 3, "a comma is missing"),
        ("some words", 1, 'write key = "value"'),
        ("= 5", 1, 'write key = "value"'),
        ("description =", 1, "nothing stands behind description ="),
        ('x = "C:\\dir"', 1, "write \\\\ for a \\"),
        ('x = "a" b', 1, "only a # remark"),
        ("[moves", 1, "the bracket of a heading is not closed"),
    ],
)
def test_what_is_no_toml_is_told_in_plain_words_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    told = in_plain_words(str(caught.value), text)
    assert told[0] == line
    assert said in told[1]
