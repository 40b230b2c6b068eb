"""A full disk, a folder that is read-only or gone: one sentence, and the work stays."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mixer_nn.core.errors import MixError
from mixer_nn.ui.bench import Bench

CALLS = ("open", "write", "fsync", "replace")
CODES = (errno.ENOSPC, errno.EROFS, errno.EACCES, errno.ENOENT, errno.EIO)


class Failing:
    """Stands for a call of the system's that fails from its second time on, or its only one."""

    def __init__(self, call: str, code: int) -> None:
        self._real: Callable[..., object] = getattr(os, call)
        self._code, self._left = code, int(call == "write")

    def __call__(self, *arguments: object, **names: object) -> object:
        self._left -= 1
        if self._left < 0:
            raise OSError(self._code, os.strerror(self._code))
        return self._real(*arguments, **names)


@pytest.mark.parametrize("code", CODES, ids=[errno.errorcode[code] for code in CODES])
@pytest.mark.parametrize("call", CALLS)
def test_whatever_the_system_refuses_the_mix_stays_and_can_be_saved_elsewhere(
    bench: Bench, tmp_path: Path, call: str, code: int
) -> None:
    good, other = tmp_path / "good.mixnn", tmp_path / "other.mixnn"
    bench.desk.turn(0, 2.0)
    bench.document.save(good)
    before = good.read_bytes()
    bench.desk.turn(0, 3.0)
    mix = bench.desk.mix
    for path in (good, other):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(os, call, Failing(call, code))
            with pytest.raises(MixError) as caught:
                bench.document.save(path)
        sentence = str(caught.value)
        assert sentence.endswith(".")
        assert "\n" not in sentence
        assert path.name in sentence
        assert os.strerror(code) in sentence
        assert bench.document.path == good
        assert bench.document.modified
        assert bench.desk.mix is mix
    assert good.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == [good]
    bench.document.save(other)
    assert not bench.document.modified
    bench.document.open(other)
    assert bench.desk.mix.state.same(mix.state)


def test_a_disk_that_fills_up_half_way_leaves_the_old_file(bench: Bench, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")  # only where a process can be kept from writing
    path = tmp_path / "mix.mixnn"
    bench.document.save(path)
    before = path.read_bytes()
    bench.desk.turn(0, 3.0)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
        with pytest.raises(MixError, match="File too large"):
            bench.document.save(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == before
    assert bench.document.modified
    assert sorted(tmp_path.iterdir()) == [path]
