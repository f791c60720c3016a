"""The command line: each command in a module of its own, and every error one line with an exit status."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from rewriter import __version__
from rewriter.cli import check, demo, doctor, rewrite, run, tones
from rewriter.errors import RewriterError, exit_status

app = typer.Typer(
    name="rewriter",
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


app.command()(run.run)
app.command()(run.watch)
app.command()(demo.demo)
app.command()(rewrite.rewrite)
app.command("check")(check.check_files)
app.command()(doctor.doctor)
app.command()(doctor.setup)
app.add_typer(tones.app, name="tones")
app.add_typer(run.ledger, name="ledger")


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
    print(f"rewriter: {' '.join(line.split())}", file=sys.stderr)
    return status


def _refuse(error: Any) -> int:
    """Tell what is wrong with a call, or print the help where nothing was asked for; return the exit status."""
    said = error.format_message() if hasattr(error, "format_message") else str(error)
    status = int(getattr(error, "exit_code", 2))
    if "\n" in said:  # the help page
        print(said, file=sys.stderr)
        return status
    path = error.ctx.command_path if getattr(error, "ctx", None) else "rewriter"
    return _tell(f"{said} See {path} --help.", status)


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
