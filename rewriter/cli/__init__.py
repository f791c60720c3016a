"""The command line: each command in a module of its own, and every error one line with an exit status."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from rewriter import __version__, log
from rewriter.cli.terminal import readable
from rewriter.errors import RewriterError, exit_status


class Command(NamedTuple):
    """Where a command stands, as a function or an app of its own, and what it does in a line."""

    module: str
    name: str
    does: str


COMMANDS = {
    "demo": Command("demo", "demo", "the main job on a helpdesk of its own: no account, no key"),
    "run": Command("run", "run", "one poll: pull, rewrite, check, post"),
    "watch": Command("run", "watch", "the same again and again until stopped"),
    "rewrite": Command("rewrite", "rewrite", "one draft, or JSON lines with --batch, without a helpdesk"),
    "check": Command("check", "check_files", "the guard alone: does a rewrite say what its draft says?"),
    "tones": Command("tones", "app", "see, check, try and compare tone profiles, and why a ticket gets its tone"),
    "setup": Command("doctor", "setup", "makes the macro, tags and view in the helpdesk"),
    "doctor": Command("doctor", "doctor", "checks all that a run needs, one line each; changes nothing"),
    "ledger": Command("ledger", "app", "what was done: list, show, retry, prune"),
}


class _Commands(TyperGroup):
    """Imports a command when it is called: all of them together would keep `--help` waiting for a second."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        module, name, _ = COMMANDS[cmd_name]
        found = getattr(import_module(f"rewriter.cli.{module}"), name)
        parent = typer.Typer(add_completion=False, rich_markup_mode=None)
        if isinstance(found, typer.Typer):
            parent.add_typer(found, name=cmd_name)
        else:
            parent.command(cmd_name)(found)
        return typer.main.get_group(parent).commands[cmd_name]

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.does) for name, command in COMMANDS.items()])


app = typer.Typer(
    name="rewriter",
    cls=_Commands,
    help="Rewrites support agents' draft replies so that they show empathy, without changing a single fact.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"rewriter {__version__}")
        raise typer.Exit


@app.callback()
def rewriter(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Rewrite support agents' draft replies so that they show empathy, without changing a single fact."""


def main() -> None:
    """Run the command line and leave with its exit status."""
    sys.exit(_status())


def _status() -> int:
    """Run the command line; tell every error in one line, without a traceback, and return the exit status."""
    try:
        status = app(standalone_mode=False)
        sys.stdout.flush()
    except RewriterError as error:
        return _tell(str(error), exit_status(error))
    except typer.Abort:
        return _tell("stopped.", 130)
    except TyperException as error:
        return _refuse(error)
    except KeyboardInterrupt:
        return _tell("stopped.", 130)
    except BrokenPipeError:  # whoever read our output has gone, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return _tell(f"{error.filename or 'the system'}: {(error.strerror or type(error).__name__).lower()}.", 2)
    except Exception as error:  # a traceback could show a customer's text
        return _tell(f"unexpected trouble ({type(error).__name__} at {_place(error)}); please report it.", 1)
    return status if isinstance(status, int) else 0


def _tell(line: str, status: int) -> int:
    log.tell_the_end(readable(" ".join(line.split())), status)
    return status


def _refuse(error: Any) -> int:
    """Tell what is wrong with a call, or print the help where nothing was asked for; return the exit status."""
    said = error.format_message() if hasattr(error, "format_message") else str(error)
    status = int(getattr(error, "exit_code", 2))
    if "\n" in said:  # the help page
        print(said, file=sys.stderr)
        return status
    path = error.ctx.command_path if getattr(error, "ctx", None) else "rewriter"
    return _tell(f"{said.rstrip('.')}. See {path} --help.", status)


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
