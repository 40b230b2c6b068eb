"""The other end of `worker`: a process that judges cases, and may hang or die of one."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from types import TracebackType

from tests.trust.cases import SEED
from tests.trust.worker import Verdict

HANGS_AFTER = 30.0
"""Seconds by the clock on the wall after which a case hangs, on a machine with much else to do."""

ROOT = Path(__file__).parents[2]


class Child:
    """Judges cases of a kind; one that hangs or crashes is told from the others, which go on."""

    def __init__(self, kind: str, seed: int = SEED, hangs_after: float = HANGS_AFTER) -> None:
        self._kind, self._seed, self._hangs_after = kind, seed, hangs_after
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 - as long as this object
        self._start()

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._end()
        self._errors.close()

    def _start(self) -> None:
        command = [sys.executable, "-m", "tests.trust.worker", self._kind, "--seed"]
        self._process = subprocess.Popen(
            [*command, str(self._seed)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONFAULTHANDLER": "1"},
            text=True,
        )
        self._lines: Queue[str] = Queue()
        self._ear = Thread(target=self._listen, args=(self._process, self._lines), daemon=True)
        self._ear.start()

    @staticmethod
    def _listen(process: subprocess.Popen[str], lines: Queue[str]) -> None:
        assert process.stdout is not None
        with process.stdout as stream:
            for line in stream:
                lines.put(line)
        lines.put("")

    def _end(self) -> None:
        assert self._process.stdin is not None
        self._process.kill()
        self._process.wait()
        self._ear.join()
        with contextlib.suppress(BrokenPipeError):  # of a number that nobody has read
            self._process.stdin.close()

    def judge(self, number: int) -> Verdict:
        """The verdict on one case, whatever it does to the process."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it has ended: then no line comes either
            self._process.stdin.write(f"{number}\n")
            self._process.stdin.flush()
        try:
            line = self._lines.get(timeout=self._hangs_after)
        except Empty:
            fault = f"it hangs for more than {self._hangs_after:g} s"
        else:
            if line:
                return Verdict(**json.loads(line))
            fault = f"the process ends with {self._process.wait()}"
        self._end()
        verdict = Verdict(
            self._kind, self._seed, number, "unknown", "", f"{fault} {self.errors}", 0.0, 0.0
        )
        self._start()
        return verdict

    @property
    def errors(self) -> str:
        """What the process has written to stderr."""
        self._errors.seek(0)
        return self._errors.read()
