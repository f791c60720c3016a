"""Runs the real command line in forked processes: reads a call a line from standard input, forks, tells what came.

A fork of a process that has imported everything starts in a few milliseconds instead of a second, so that tests
can afford thousands of runs. Each is a process of its own all the same, with an environment, files and a pid.
"""

import importlib
import json
import os
import select
import sys

import rewriter.cli
import rewriter.llm  # likewise
import rewriter.llm.endpoint  # imported late by the commands; a fork has it ready
from rewriter.cli.wiring import open_house
from rewriter.pipeline import Request


def begin(call):
    pid = os.fork()
    if pid:
        return pid
    os.setpgid(0, 0)
    os.chdir(call["cwd"])
    os.environ.clear()
    os.environ.update(call["environment"])
    for name, number, flags in (
        (call["given"], 0, os.O_RDONLY),
        (call["out"], 1, os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        (call["err"], 2, os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ):
        os.dup2(os.open(name, flags, 0o600), number)
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115 - it lives as long as the process
    sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115 - likewise
    sys.argv = ["rewriter", *call["arguments"]]
    status = 70
    try:
        rewriter.cli.main()
    except SystemExit as end:
        status = end.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status or 0)


def tell(**what):
    print(json.dumps(what), flush=True)


for command in rewriter.cli.COMMANDS.values():
    importlib.import_module(f"rewriter.cli.{command.module}")
said = "I have waited three weeks for my refund of $12 and this is so frustrating!"
open_house().suggest(Request("<p>It left on March 3.</p>", html=True, customer=said))  # loads what a run needs
tell(ready=True)
waiting = b""
while True:
    readable, _, _ = select.select([0], [], [], 0.005)
    if readable:
        received = os.read(0, 1 << 20)
        if not received:
            break
        *lines, waiting = (waiting + received).split(b"\n")
        for line in lines:
            call = json.loads(line)
            tell(call=call["number"], pid=begin(call))
    try:
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            tell(pid=ended[0], status=os.waitstatus_to_exitcode(ended[1]))
    except ChildProcessError:
        pass
