"""Settings from the environment and from `.env` in the working directory; the environment wins."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from rewriter.budget import Budget, Prices
from rewriter.errors import SettingsError

DOTENV = ".env"
EngineName = Literal["llm", "phrasebook"]

_ALIKE = 0.85  # of 1, for names whose first word is wrong already
_TAG = re.compile(r"[a-z0-9_./:-]+")


class Settings(BaseSettings):
    """Every setting but the helpdesks' own, which stand in `environment`."""

    model_config = SettingsConfigDict(
        env_file=DOTENV,
        env_file_encoding="utf-8",
        case_sensitive=True,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    helpdesk: str = Field(default="", validation_alias="REWRITER_HELPDESK")
    engine: EngineName | None = Field(default=None, validation_alias="REWRITER_ENGINE")
    model: str = Field(default="", validation_alias="REWRITER_MODEL")
    judge_model: str = Field(default="", validation_alias="REWRITER_JUDGE_MODEL")
    prompts: Path | None = Field(default=None, validation_alias="REWRITER_PROMPTS")
    tone: str = Field(default="warm", validation_alias="REWRITER_TONE")
    ledger: SecretStr = Field(default=SecretStr(""), validation_alias="REWRITER_LEDGER")  # may hold a password
    request_tag: str = Field(default="rewrite_requested", validation_alias="REWRITER_REQUEST_TAG")
    lease: float = Field(default=600, gt=0, le=86_400, validation_alias="REWRITER_LEASE")
    threads: int = Field(default=4, ge=1, le=32, validation_alias="REWRITER_THREADS")
    rate_share: float = Field(default=0.5, gt=0, le=1, validation_alias="REWRITER_RATE_SHARE")
    on_outage: Literal["wait", "phrasebook"] = Field(default="wait", validation_alias="REWRITER_ON_OUTAGE")
    log: Literal["text", "json"] = Field(default="text", validation_alias="REWRITER_LOG")
    metrics: Path | None = Field(default=None, validation_alias="REWRITER_METRICS")
    tokens_per_run: int | None = Field(default=None, gt=0, validation_alias="REWRITER_TOKENS_PER_RUN")
    tokens_per_day: int | None = Field(default=None, gt=0, validation_alias="REWRITER_TOKENS_PER_DAY")
    cost_per_run: Decimal | None = Field(default=None, gt=0, validation_alias="REWRITER_COST_PER_RUN")
    cost_per_day: Decimal | None = Field(default=None, gt=0, validation_alias="REWRITER_COST_PER_DAY")
    prompt_price: Decimal = Field(default=Decimal(0), ge=0, validation_alias="REWRITER_PROMPT_PRICE")
    completion_price: Decimal = Field(default=Decimal(0), ge=0, validation_alias="REWRITER_COMPLETION_PRICE")
    openai_api_key: SecretStr = Field(default=SecretStr(""), validation_alias="OPENAI_API_KEY")
    openai_base_url: str = Field(default="", validation_alias="OPENAI_BASE_URL")

    @field_validator("*", mode="before")
    @classmethod
    def _without_space(cls, value: object) -> object:
        return value.strip() if isinstance(value, str) else value

    @field_validator("request_tag")
    @classmethod
    def _is_a_tag(cls, tag: str) -> str:
        if not _TAG.fullmatch(tag):
            raise ValueError("a tag is one word in lower case, such as rewrite_requested")
        return tag

    @field_validator("prompts")
    @classmethod
    def _is_a_folder(cls, folder: Path | None) -> Path | None:
        if folder and not folder.expanduser().is_dir():
            raise ValueError(f"there is no folder {folder}")
        return folder.expanduser() if folder else None

    @field_validator("openai_base_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        if url and not re.match(r"https?://[^\s/]+", url):
            raise ValueError("an address begins with http:// or https://")
        return url

    @cached_property
    def environment(self) -> Mapping[str, str]:
        """Environment and `.env` as one, where an adapter finds its own settings; empty values left out."""
        return {name: value for name, value in {**_dotenv(), **os.environ}.items() if value}

    @property
    def budget(self) -> Budget:
        """What a model may cost; raises SettingsError where money is limited and no price is set."""
        prices = Prices(self.prompt_price, self.completion_price)
        if (self.cost_per_run or self.cost_per_day) and prices == Prices():
            raise SettingsError(
                "REWRITER_PROMPT_PRICE and REWRITER_COMPLETION_PRICE are not set: a limit in money needs what a "
                "million tokens cost."
            )
        return Budget(self.tokens_per_run, self.tokens_per_day, self.cost_per_run, self.cost_per_day, prices)

    @property
    def ledger_url(self) -> str:
        """The ledger's database; by default one file in the home directory, from a shell and from cron alike."""
        if named := self.ledger.get_secret_value():
            return named
        try:
            return str(Path.home() / ".local/state/rewriter/ledger.db")  # without HOME: the password database
        except RuntimeError:
            raise SettingsError(
                "REWRITER_LEDGER is not set and this user has no home directory: set it to a file."
            ) from None

    def engine_name(self, asked: str = "") -> EngineName:
        """Return which engine writes: the one asked for, the one set, or the one that a key is there for.

        Raises SettingsError where the model's settings are not complete.
        """
        chosen = asked or self.engine or ("llm" if self.openai_api_key.get_secret_value() else "phrasebook")
        if chosen == "phrasebook":
            return "phrasebook"
        if chosen != "llm":
            raise SettingsError(f"There is no engine {chosen!r}: name llm or phrasebook.")
        if not self.openai_api_key.get_secret_value():
            raise SettingsError(
                "OPENAI_API_KEY is not set: the engine llm needs it. REWRITER_ENGINE=phrasebook does without."
            )
        if not self.model:
            raise SettingsError("REWRITER_MODEL is not set: name the model that the engine llm is to ask.")
        return "llm"


def load() -> Settings:
    """Return the settings; raises SettingsError, one line naming the variable, where one is malformed."""
    _dotenv()
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"{first['loc'][0]} is wrong: {_said(first['type'], first['msg'])}.") from None


def misspelt(environment: Mapping[str, str], of_helpdesks: Collection[str]) -> Iterator[str]:
    """Yield a line for each variable that, by its name, is meant for this program and that nobody reads."""
    own = {str(field.validation_alias) for field in Settings.model_fields.values()}
    known = own | set(of_helpdesks)
    for name in sorted(environment.keys() - known):
        close = _closest(name.upper(), known)
        if close and close not in environment:
            yield f"{name} is no setting: did you mean {close}?"
        elif name.startswith("REWRITER_"):
            yield f"{name} is no setting and changes nothing: README.md lists those there are."


def _closest(name: str, known: Collection[str]) -> str:
    """Return the known name most like another, "" for none; where its first word is known, only the rest counts."""
    first, _, rest = name.partition("_")
    kin = {other.partition("_")[2]: other for other in known if other.startswith(f"{first}_")}
    found = get_close_matches(rest, kin, n=1) if kin else get_close_matches(name, known, n=1, cutoff=_ALIKE)
    return kin[found[0]] if kin and found else "".join(found)


def untouched() -> Settings:
    """Return the settings as they are where nothing is set, whatever the environment and `.env` hold."""
    return Settings.model_construct()


def _said(kind: str, message: str) -> str:
    """Return pydantic's words for what is wrong, as one clause."""
    known = {
        "int_parsing": "it must be a whole number",
        "int_from_float": "it must be a whole number",
        "float_parsing": "it must be a number",
        "finite_number": "it must be a number",
    }
    said = known.get(kind, message.removeprefix("Value error, ").replace("Input should", "it must"))
    return said[0].lower() + said[1:]


def _dotenv() -> Mapping[str, str]:
    """Return what `.env` in the working directory sets; nothing where there is none."""
    path = Path(DOTENV)
    if not path.exists():
        return {}
    try:
        with path.open(encoding="utf-8") as stream:
            for line in parse_stream(stream):
                if line.error:
                    raise SettingsError(f"{path.absolute()}:{line.original.line}: not of the form NAME=value.")
        return {name: value for name, value in dotenv_values(path).items() if value}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path.absolute()}: cannot be read as UTF-8 text ({type(error).__name__}): save it anew."
        ) from None
