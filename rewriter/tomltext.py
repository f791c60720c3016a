"""The text of a TOML file: on which line each entry stands, and in plain words what no parser takes."""

from __future__ import annotations

import json
import re

Place = tuple[str | int, ...]  # the way to an entry: ("passage", 66, "where", 0) is an item of the 67th passage

_PIECE = re.compile(
    r'"""(?:\\[\s\S]|[^\\])*?"""{0,2}|\'\'\'[\s\S]*?\'\'\'{0,2}'  # texts of several lines
    r'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\''
    r"|#[^\n]*|\n|[ \t\r]+|[\[\]{},=.]|[^\s\[\]{},=.\"'#]+|[\"']"
)


class Lines:
    """The lines of all tables, keys and list items of a TOML text, as far as it can be followed."""

    def __init__(self, text: str) -> None:
        self.places: dict[Place, int] = {}
        self.twice: list[tuple[str, int, int]] = []  # a key or table that stands twice, and on which lines
        self.open: list[tuple[str, int]] = []  # the brackets that are not closed, and on which lines
        self.loose: list[tuple[str, int]] = []  # the quotes that have no partner, and on which lines
        self._pieces: list[tuple[str, int]] = []
        line = 1
        for found in _PIECE.finditer(text):
            if not found[0].startswith(("#", " ", "\t", "\r")):
                self._pieces.append((found[0], line))
            if found[0] in ('"', "'"):
                self.loose.append((found[0], line))
            line += found[0].count("\n")
        self._at = 0
        self._arrays: dict[Place, int] = {}  # how many tables an array has
        table: Place = ()
        while self._at < len(self._pieces):
            piece, line = self._pieces[self._at]
            if piece == "\n":
                self._at += 1
            elif piece == "[":
                table = self._head(line)
            else:
                self._pair(table)

    def _next(self) -> str:
        return self._pieces[self._at][0] if self._at < len(self._pieces) else ""

    def _head(self, line: int) -> Place:
        """Read the head of a table, or of one of an array, and return its place."""
        self._at += 1
        many = self._next() == "["
        self._at += many
        *above, last = self._key() or ("",)
        place: Place = ()
        for part in above:
            place = self._inside((*place, part))
            self.places.setdefault(place, line)
        place = (*place, last)
        if many:
            self.places.setdefault(place, line)
            self._arrays[place] = self._arrays.get(place, -1) + 1
            place = (*place, self._arrays[place])
        self._note(place, line, table=True)
        self._skip_line()
        return place

    def _inside(self, place: Place) -> Place:
        return (*place, self._arrays[place]) if place in self._arrays else place

    def _key(self) -> tuple[str, ...]:
        parts = []
        while (piece := self._next()) and piece not in "[]{},=\n":
            if piece != ".":
                parts.append(_unquoted(piece))
            self._at += 1
        return tuple(parts)

    def _pair(self, table: Place) -> None:
        line = self._pieces[self._at][1]
        place = table
        parts = self._key()
        for part in parts:
            place = (*place, part)
            if part != parts[-1]:
                self.places.setdefault(place, line)
        if parts:
            self._note(place, line)
        if self._next() == "=":
            self._at += 1
            self._value(place)
        elif self._next() and self._next() != "\n":
            self._at += 1

    def _value(self, place: Place) -> None:
        piece = self._next()
        if piece == "[":
            self._list(place)
        elif piece == "{":
            self._inline(place)
        else:
            while (piece := self._next()) and piece not in "],}\n":
                self._at += 1

    def _list(self, place: Place) -> None:
        self.open.append(self._pieces[self._at])
        self._at += 1
        item = 0
        while piece := self._next():
            if piece == "]":
                self._at += 1
                self.open.pop()
                return
            if piece in ",\n":
                item += piece == ","
                self._at += 1
                continue
            self.places.setdefault((*place, item), self._pieces[self._at][1])
            before = self._at
            self._value((*place, item))
            self._at += before == self._at

    def _inline(self, place: Place) -> None:
        self.open.append(self._pieces[self._at])
        self._at += 1
        while piece := self._next():
            if piece == "}":
                self._at += 1
                self.open.pop()
                return
            if piece in ",\n":
                self._at += 1
            else:
                self._pair(place)

    def _skip_line(self) -> None:
        while self._next() and self._next() != "\n":
            self._at += 1

    def _note(self, place: Place, line: int, *, table: bool = False) -> None:
        if place in self.places and not (table and isinstance(place[-1], int)):
            self.twice.append((str(place[-1]), self.places[place], line))
        self.places.setdefault(place, line)


def _unquoted(piece: str) -> str:
    if piece[0] == "'":
        return piece.strip("'")
    try:
        return str(json.loads(piece)) if piece[0] == '"' else piece
    except ValueError:
        return piece.strip('"')


# --- what is no TOML, in plain words --------------------------------------------------------------------

_CURLY = re.compile("[“”„‟«»‘’‚]")
_BEGINS = re.compile(r"\s*(\[|[\w.\"'-]+\s*=)")  # a table or a key: none stands within a list
_TEXT = '"text"'


def in_plain_words(message: str, text: str) -> tuple[int, str]:
    """Return the line, and what is wrong there with the mend, for what the parser says of a text."""
    rows = text.split("\n")
    found = re.search(r"\(at line (\d+), column (\d+)\)", message)
    line, column = (int(found[1]), int(found[2])) if found else (text.rstrip().count("\n") + 1, 1)
    row = rows[line - 1]
    at = row[column - 1 :]
    before = Lines("\n".join([*rows[: line - 1], row[: column - 1]]) if found else text)
    for key, first, again in Lines(text).twice if re.search("overwrite| twice|Duplicate|mutate", message) else ():
        return again, f"{key!r} stands here twice, first on line {first}: take one out."
    if before.open and (not found or (before.open[0][1] < line and _BEGINS.match(row))):
        bracket, opened = before.open[0]
        return opened, f"the bracket {bracket} is not closed: write {']' if bracket == '[' else '}'} at its end."
    loose = next(iter(Lines(text).loose), None)
    if loose and loose[1] <= line and not re.search("Invalid value|Unescaped|='", message):
        if '"""' in rows[loose[1] - 1]:
            return loose[1], 'a text is not closed: write """ at its end.'
        return loose[1], f"a {loose[0]} is missing here, or one too many: a text stands between two, as in {_TEXT}."
    key, _, value = (part.strip() for part in row.partition("="))
    word = re.split(r"[\s,\]#]", at.strip())[0]
    whole = (word if before.open else re.split(r"\s#", value)[0]).strip('"')
    causes = (
        (_CURLY.match(at), 'write straight quotes, "…", in place of curly ones.'),
        ("Unescaped" in message, "write \\\\ for a \\ in a text."),
        ("newline" in message and value.count('"') > 2, 'a " ends the text too early: write \\" within a text.'),
        ("Expected '='" in message, 'write key = "value", or # before a remark.'),
        (re.search("initial character|Invalid statement", message), 'write key = "value", or # before a remark.'),
        ("Expected ']" in message, "the bracket of a heading is not closed: write [name], or [[name]]."),
        (before.open and at[:1] in ('"', "'"), "a comma is missing between two texts."),
        ("Unclosed" in message, "here is something between two texts that is no comma; take it out."),
        (word.lower() in ("yes", "on", "true"), f"write true in place of {word}."),
        (word.lower() in ("no", "off", "false"), f"write false in place of {word}."),
        ("Invalid value" in message and not value, f"nothing stands behind {key} =: write its value."),
        ("Invalid value" in message, f'put the text in quotes: "{whole}".'),
        ("newline" in message and value[:1] in ('"', "'", "["), "only a # remark may stand behind a value."),
        ("newline" in message, f'put the text in quotes: "{whole}".'),
    )
    said = (mend for cause, mend in causes if cause)
    return line, next(said, f"this is not valid TOML ({message.partition(' (at')[0].lower()}).")
