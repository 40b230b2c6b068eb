"""Killing a process while it saves: the file is the old one or the new one, whole, every time.

    python -m tests.trust.kill_saving --kills 300

Each kill forks a child that saves one mix after the other, or takes up what the one before left
and keeps unsaved work as a window does, and sends it SIGKILL at a moment drawn from the seed.
Every mix follows from its number, so what is found afterwards is compared to the last bit.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import mixer_nn  # noqa: F401  # isort: skip  (linear algebra on one thread, set before NumPy)

import numpy as np
from PySide6.QtCore import QCoreApplication

from mixer_nn.data.synthetic import make
from mixer_nn.session import file
from mixer_nn.session.mix import Mix, Setup, network_on
from mixer_nn.session.saved import Saved
from mixer_nn.state.desk import Desk
from mixer_nn.state.document import Document
from mixer_nn.state.recovery import Recovery
from mixer_nn.state.shelf import Shelf

LONGEST = {"save": 0.06, "recovery": 0.35}
"""Seconds after a child's first word within which it is killed."""

FIRST = network_on(make("sine", seed=4), 4, (8, 8))

Child = Callable[[Path, "Reports", int], None]


def mix_number(number: int) -> Mix:
    """Mix number so and so: its step says which, and all its parameters follow from it."""
    vector = np.random.default_rng(number).normal(size=FIRST.parameters.size)
    state = replace(FIRST.state, parameters=vector, step=number)
    return replace(FIRST.with_state(state), moves=number)


class Reports:
    """What a child says before it dies: which number it has begun, and which it is done with."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()

    def say(self, what: str, number: int) -> None:
        """Tell the parent, at once: the child may not live to say it later."""
        os.write(self._write, f"{what}{number}\n".encode())

    def wait(self) -> None:
        """Wait for the first word of the child's."""
        os.read(self._read, 1)

    def last(self) -> dict[str, int]:
        """The largest number of each kind, once the child is dead."""
        os.close(self._write)
        said = b""
        while chunk := os.read(self._read, 65536):
            said += chunk
        os.close(self._read)
        found: dict[str, int] = {}
        for line in said.decode().splitlines():
            if line[:1] in "bd" and line[1:].isdigit():
                found[line[0]] = max(found.get(line[0], 0), int(line[1:]))
        return found


# -- children -----------------------------------------------------------------------------------


def save_over_and_over(folder: Path, reports: Reports, last: int) -> None:
    """As File > Save, without a pause between; `last` is the mix that is there already."""
    reports.say("d", last)
    for number in count(last + 1):
        reports.say("b", number)
        file.write(folder / "mix.mixnn", Saved(mix_number(number), Setup()))
        reports.say("d", number)


def keep_over_and_over(folder: Path, reports: Reports, last: int) -> None:
    """As a window does with work that nobody saves; the record grows all the while."""
    app = QCoreApplication([])
    desk = Desk(FIRST)
    recovery = Recovery(desk, Document(desk), folder / "recovery")
    reports.say("d", last)
    recovery.look()
    recovery.wait(10.0)
    app.processEvents()
    recovery.take_up()
    for number in count(last + 1):
        reports.say("b", number)
        desk.train_to(mix_number(number).state, 1.0)
        desk.flush()
        recovery.keep()
        if recovery.wait(10.0):
            reports.say("d", number)
        app.processEvents()


CHILDREN: dict[str, Child] = {"save": save_over_and_over, "recovery": keep_over_and_over}


# -- and what they leave ------------------------------------------------------------------------


def found_in_file(folder: Path) -> Saved | None:
    """The mix in the file, which is whole or not there; MixError would be a failure."""
    path = folder / "mix.mixnn"
    return file.read(path) if path.exists() else None


def found_by_recovery(folder: Path) -> Saved | None:
    """What the next start would be offered."""
    found = Shelf(folder / "recovery").find(())
    return None if found is None else found.work.saved


FOUND: dict[str, Callable[[Path], Saved | None]] = {
    "save": found_in_file,
    "recovery": found_by_recovery,
}


def kill_once(kind: str, folder: Path, last: int, delay: float) -> int:
    """Start a child and kill it `delay` seconds after its first word; the number that is left.

    `last` is the number that is there before. Raises AssertionError where the number found is
    neither the last one that the child was done with nor the one it had begun.
    """
    reports = Reports()
    child = os.fork()
    if child == 0:
        try:
            CHILDREN[kind](folder, reports, last)
        except BaseException as error:  # a child must never go on as its parent
            sys.stderr.write(f"child: {error!r}\n")
        os._exit(1)
    reports.wait()
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the child failed before it was killed"
    said = reports.last()
    saved = FOUND[kind](folder)
    number = 0 if saved is None else saved.mix.state.step
    done = max(last, said.get("d", 0))
    begun = max(done, said.get("b", 0))
    assert done <= number <= begun, f"{kind}: done with {done}, begun {begun}, found {number}"
    if saved is not None:
        assert saved.mix.state.same(mix_number(number).state), f"{kind} {number} is damaged"
        assert saved.mix.moves == number
    return number


def run(kills: int, seed: int) -> Iterator[tuple[str, int]]:
    """So many kills, of both kinds in turn: each one's kind and the number that was left."""
    rng = np.random.default_rng(seed)
    numbers = dict.fromkeys(CHILDREN, 0)
    with tempfile.TemporaryDirectory() as name:
        for turn in range(kills):
            kind = ("save", "recovery")[turn % 2]
            delay = float(rng.uniform(0.0, LONGEST[kind]))
            numbers[kind] = kill_once(kind, Path(name), numbers[kind], delay)
            yield kind, numbers[kind]


def main() -> None:
    """Print what has been found; an AssertionError says what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    begin = time.monotonic()
    left: dict[str, list[int]] = {kind: [] for kind in CHILDREN}
    for kind, number in run(arguments.kills, arguments.seed):
        left[kind].append(number)
    for kind, numbers in left.items():
        print(
            f"{kind}: {len(numbers)} kills among {max(numbers, default=0)} writes;"
            " each time the last one done or the one begun was there, whole"
        )
    print(f"{time.monotonic() - begin:.1f} s")


if __name__ == "__main__":
    main()
