"""`mixer-nn train`: what it finds, what it prints, how it ends."""

import csv
import json
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mixer_nn import assets
from mixer_nn.app import main
from mixer_nn.cli.progress import line
from mixer_nn.data.shipped import load_shipped
from mixer_nn.session import file
from mixer_nn.session.mix import Setup, neuron_on
from mixer_nn.state.automix import AutoMix
from mixer_nn.state.desk import Desk

KEYS = [
    *("loss", "loss_name", "loss_units", "test_loss", "epochs", "steps", "seconds"),
    *("learning_rate", "stopped", "parameters", "metrics", "data_units"),
]
TABLES = ["cars", "anscombe-1", "anscombe-2", "anscombe-3", "anscombe-4"]


def trained(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    """The JSON that `mixer-nn train … --json` prints; fails at another exit code."""
    assert main(["train", *arguments, "--json"]) == code
    return _strict(capsys.readouterr().out)


def _strict(text: str) -> dict[str, Any]:
    def refuse(name: str) -> float:
        raise AssertionError(f"{name} is no JSON")

    found = json.loads(text, parse_constant=refuse)
    assert isinstance(found, dict)
    return found


def numbers(name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """All rows of a shipped table of numbers."""
    rows = list(csv.reader(assets.text(f"datasets/{name}.csv").splitlines()))
    return np.array([[float(cell) for cell in row] for row in rows[1:]])


def least_squares(inputs: Any, target: Any) -> Any:
    """Coefficients, then the intercept."""
    design = np.column_stack([inputs, np.ones(len(target))])
    return np.linalg.lstsq(design, target, rcond=None)[0]


@pytest.mark.parametrize("scale", ["on", "off"])
@pytest.mark.parametrize("name", TABLES)
def test_it_finds_the_least_squares_line_scaled_or_not(
    name: str, scale: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = trained(capsys, name, "--scale", scale)

    rows = numbers(name)
    slope, height = least_squares(rows[:, :1], rows[:, 1])
    column = "speed" if name == "cars" else "x"
    assert found["stopped"] == "settled"
    assert found["scaled"] == (scale == "on")
    assert found["data_units"]["coefficients"] == {column: pytest.approx(slope, rel=1e-6)}
    assert found["data_units"]["intercept"] == pytest.approx(height, rel=1e-6)


def test_three_correlated_columns_of_very_different_scale_come_out_in_data_units(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(7)
    base = rng.normal(size=(300, 3)) @ np.array([[1.0, 0.8, 0.5], [0, 0.6, 0.4], [0, 0, 0.7]])
    inputs = base * [1e-4, 1.0, 5e5] + [0.02, -3.0, 2e6]
    target = inputs @ [3e3, -0.7, 2e-6] + 12.0 + 0.1 * rng.normal(size=300)
    table = tmp_path / "three.csv"
    rows = "\n".join(",".join(map(repr, row)) for row in np.c_[inputs, target].tolist())
    table.write_text(f"tiny,plain,huge,y\n{rows}\n")

    found = trained(capsys, str(table), "--target", "y")

    assert found["stopped"] == "settled"
    assert found["scaled"]
    expected = least_squares(inputs, target)
    coefficients = found["data_units"]["coefficients"]
    assert list(coefficients) == ["tiny", "plain", "huge"]
    assert list(coefficients.values()) == pytest.approx(expected[:3].tolist(), rel=1e-6)
    assert found["data_units"]["intercept"] == pytest.approx(expected[3], rel=1e-6)


def test_the_json_has_the_promised_keys_with_values_that_agree(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = trained(capsys, "cars", "--target", "dist", "--scale", "off")

    assert list(found)[: len(KEYS)] == KEYS
    speed, dist = numbers("cars").T
    missed = dist - (found["data_units"]["intercept"] + 3.932409 * speed)
    line = found["parameters"]
    assert line == {
        "layer1.neuron1.weight1": found["data_units"]["coefficients"]["speed"],
        "layer1.neuron1.bias": found["data_units"]["intercept"],
    }
    assert (found["loss_name"], found["loss_units"]) == ("mean squared error", "ft²")
    assert found["loss"] == pytest.approx(float(np.mean(missed**2)), rel=1e-6)
    assert found["metrics"]["rmse"] == pytest.approx(math.sqrt(found["loss"]), rel=1e-9)
    assert found["metrics"]["r2"] == pytest.approx(0.6510794, abs=1e-7)
    assert found["test_loss"] is None
    assert found["steps"] == found["epochs"] > 0


@pytest.mark.parametrize(
    ("arguments", "units"),
    [
        (["cars", "--scale", "off"], "ft²"),
        (["cars", "--scale", "on"], "scaled (1 is the variance of dist)"),
        (["anscombe-1", "--scale", "off"], None),
        (["anscombe-1", "--scale", "on"], "scaled (1 is the variance of y)"),
    ],
)
def test_the_loss_says_what_it_is_measured_in(
    arguments: list[str], units: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert trained(capsys, *arguments, "--epochs", "5")["loss_units"] == units


def test_a_compound_unit_is_squared_as_a_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "wind.csv"
    table.write_text("x,wind (km/h)\n0,1\n1,2\n2,4\n")
    found = trained(capsys, str(table), "--scale", "off", "--epochs", "5")
    assert found["loss_units"] == "(km/h)²"


def test_a_shipped_table_is_the_same_with_its_columns_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    plain = trained(capsys, "iris-petal-width", "--epochs", "50", "--test", "0.2")
    inputs = "sepal length,sepal width,petal length"
    columns = ["--target", "petal width", "--inputs", inputs]
    named = trained(capsys, "iris", *columns, "--epochs", "50", "--test", "0.2")
    assert plain["loss_units"] == named["loss_units"]
    for key in ("loss", "test_loss", "parameters", "data_units"):
        assert named[key] == plain[key]


def test_another_target_takes_all_the_others_as_inputs(capsys: pytest.CaptureFixture[str]) -> None:
    found = trained(capsys, "iris", "--target", "sepal length", "--epochs", "5")
    assert list(found["data_units"]["coefficients"]) == [
        *("sepal width", "petal length", "petal width")
    ]
    assert found["left_out"] == ["Column “species” is text and is not chosen."]


def test_a_file_goes_before_a_shipped_table_of_the_same_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("cars").write_text("x,y\n0,1\n1,3\n2,5\n")
    assert trained(capsys, "cars")["data_units"]["coefficients"] == {"x": pytest.approx(2.0)}


def test_rows_held_out_are_judged_but_not_trained_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = trained(capsys, "cars", "--test", "0.2", "--seed", "3")
    assert (found["rows"], found["test_rows"]) == (40, 10)
    assert found["test_loss"] > 0.0
    assert found["data_units"]["intercept"] != pytest.approx(-17.579095, rel=1e-6)


@pytest.mark.parametrize("more", [[], ["--batch-size", "7", "--test", "0.1", "--epochs", "40"]])
def test_the_same_seed_gives_the_same_json_but_for_the_seconds(
    more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, other = (
        trained(capsys, "cars", "--seed", seed, *more) for seed in ("5", "5", "6")
    )
    assert first.pop("seconds") >= 0.0
    del second["seconds"]
    assert first == second
    assert first["parameters"] != other["parameters"]


def test_mini_batches_end_on_a_plateau(capsys: pytest.CaptureFixture[str]) -> None:
    found = trained(capsys, "cars", "--batch-size", "8")
    assert found["stopped"] == "plateau"
    assert found["steps"] == 7 * found["epochs"]


def test_a_batch_larger_than_the_table_is_the_whole_table(
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole, larger = (trained(capsys, "cars", *more) for more in ([], ["--batch-size", "5000"]))
    assert whole["parameters"] == larger["parameters"]


def test_epochs_end_it_where_they_say(capsys: pytest.CaptureFixture[str]) -> None:
    found = trained(capsys, "cars", "--batch-size", "7", "--epochs", "3")
    assert (found["stopped"], found["epochs"], found["steps"]) == ("epochs", 3, 24)
    untouched = trained(capsys, "cars", "--epochs", "0")
    assert (untouched["stopped"], untouched["steps"]) == ("epochs", 0)


def test_a_loose_tolerance_settles_sooner(capsys: pytest.CaptureFixture[str]) -> None:
    loose, tight = (trained(capsys, "cars", "--tolerance", x)["epochs"] for x in ("1e-3", "1e-9"))
    assert loose < tight


@pytest.mark.parametrize("rate", ["1", "0.004", "1e300"])
def test_a_divergence_is_named_and_keeps_the_best_mix(
    rate: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "kept.mixnn"
    arguments = ["cars", "--scale", "off", "--learning-rate", rate, "--save", str(saved)]
    assert main(["train", *arguments, "--json"]) == 1

    said = capsys.readouterr()
    found = _strict(said.out)
    assert found["stopped"] == "diverged"
    assert len(said.err.splitlines()) == 1
    assert f"step {found['steps']}: learning rate {float(rate):g} is above 0.0038" in said.err
    first = trained(capsys, "cars", "--scale", "off", "--epochs", "0")
    assert found["loss"] <= first["loss"]
    mix = file.read(saved).mix
    assert mix.problem.objective.value(mix.parameters) == found["loss"]
    assert (
        dict(zip(found["parameters"], mix.parameters.tolist(), strict=True))
        == (found["parameters"])
    )


def test_a_constant_target_has_no_share_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "flat.csv"
    table.write_text("x,y\n1,5\n2,5\n3,5\n")
    found = trained(capsys, str(table))
    assert found["metrics"]["r2"] is None
    assert found["data_units"]["intercept"] == pytest.approx(5.0)
    assert len(found["notes"]) == 1


@pytest.mark.parametrize("size", ["1e100", "1e-300"])
def test_numbers_of_any_size_give_json_without_a_warning(
    size: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "sizes.csv"
    table.write_text(f"x,y\n{size},1\n-{size},{size}\n0,2\n")
    for scale in ("auto", "on", "off"):
        found = trained(capsys, str(table), "--epochs", "100", "--scale", scale)
        assert found["steps"] > 0


def test_a_saved_mix_reopens_as_it_was_trained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "cars.mixnn"
    arguments = ["--batch-size", "7", "--learning-rate", "0.03", "--tolerance", "1e-8"]
    arguments += ["--epochs", "9", "--seed", "2", "--test", "0.1", "--save", str(saved)]
    found = trained(capsys, "cars", *arguments)

    back = file.read(saved)
    mix = back.mix
    assert mix.parameters.tolist() == list(found["parameters"].values())
    assert (mix.state.seed, mix.state.step, mix.state.epoch) == (2, found["steps"], 9)
    assert (mix.moves, int(mix.dataset.held_out.sum())) == (found["steps"], 5)
    setup = back.setup
    assert (setup.learning_rate, setup.batch_size, setup.tolerance) == (0.03, 7, 1e-8)
    (curve,) = back.curves
    assert curve.run == mix.run
    assert curve.column("move")[0] == 0.0
    assert curve.column("move")[-1] == found["steps"]
    assert curve.column("loss")[0] == mix.problem.objective.value(mix.initial)
    assert curve.column("loss")[-1] == found["loss"]
    assert curve.column("held_out")[-1] == found["test_loss"]


def test_an_automatic_learning_rate_is_saved_as_automatic(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "auto.mixnn"
    found = trained(capsys, "cars", "--save", str(saved))
    back = file.read(saved)
    assert back.setup.learning_rate is None
    assert back.setup.rate(back.mix.problem) == found["learning_rate"]


def test_a_long_run_saves_a_curve_that_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "long.mixnn"
    trained(capsys, "anscombe-1", "--scale", "off", "--save", str(saved))
    (curve,) = file.read(saved).curves
    assert 100 < len(curve.points) < 2000
    assert (curve.column("low") <= curve.column("loss")).all()


def test_a_place_that_cannot_be_saved_to_is_told_before_the_training(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder.mixnn").mkdir()
    for place in ("nowhere/x.mixnn", "folder.mixnn"):
        assert main(["train", "cars", "--save", str(tmp_path / place)]) == 1
        said = capsys.readouterr()
        assert said.out == ""
        assert len(said.err.splitlines()) == 1


def test_without_json_it_reads_like_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "cars"]) == 0

    said = capsys.readouterr()
    assert "dist = 3.932409·speed − 17.5790" in said.out
    assert "15.06886 ft" in said.out
    assert "Settled after" in said.out
    assert said.err == ""


def test_what_was_left_out_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "holes.csv"
    table.write_text("name,x,y\na,1,2\nb,,3\nc,3,6\nd,4,8.5\n")
    assert main(["train", str(table)]) == 0

    said = capsys.readouterr().out
    assert "Left out: Column “name” is text that is different in every row." in said
    assert "Left out: Row 3 has no number in “x”." in said


def test_a_table_can_come_from_standard_input_and_training_loads_no_qt() -> None:
    code = (
        "import sys; from mixer_nn.app import main; code = main(sys.argv[1:]);"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr);"
        "sys.exit(code)"
    )
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, "train", "-", "--json"],
        input="x;y (m)\n1,5;2\n2,5;4\n3,5;6\n",
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert _strict(run.stdout)["data_units"]["coefficients"] == {"x": pytest.approx(2.0)}
    assert {"numpy", "pandas"} <= set(run.stderr.split())
    assert set(run.stderr.split()).isdisjoint({"PySide6", "shiboken6", "pyqtgraph"})


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to another process there")
def test_ctrl_c_stops_cleanly_prints_and_saves(tmp_path: Path) -> None:
    saved = tmp_path / "halfway.mixnn"
    # A tolerance of 0 never settles in this time: unscaled, this crawls.
    command = ["train", "cars", "--scale", "off", "--tolerance", "0", "--epochs", str(10**12)]
    run = subprocess.Popen(
        [
            *(sys.executable, "-c", _TELL_WHEN_TRAINING, *command),
            *("--json", "--learning-rate", "1e-9", "--save", str(saved)),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert run.stderr is not None
        assert run.stderr.readline() == "training\n"
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=60)
    finally:
        run.kill()

    assert run.returncode == 1
    assert len(err.splitlines()) == 1
    assert err.startswith("mixer-nn: Interrupted after ")
    found = _strict(out)
    assert found["stopped"] == "interrupted"
    assert file.read(saved).mix.parameters.tolist() == list(found["parameters"].values())


_TELL_WHEN_TRAINING = """
import sys
from mixer_nn.app import main
from mixer_nn.core.segment import Segment
advance = Segment.advance
def tell(self, *arguments, **options):
    advance(self, *arguments, **options)
    if self.state.step > 5000 and not hasattr(self, "told"):
        self.told = True
        print("training", file=sys.stderr, flush=True)
Segment.advance = tell
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="pipes differ there")
def test_a_reader_that_has_gone_costs_neither_a_traceback_nor_the_saved_mix(
    tmp_path: Path,
) -> None:
    saved = tmp_path / "cars.mixnn"
    reading, writing = os.pipe()
    os.close(reading)
    run = subprocess.run(
        [sys.executable, "-m", "mixer_nn", "train", "cars", "--save", str(saved)],
        stdout=writing,
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    os.close(writing)
    assert (run.returncode, run.stderr) == (1, b"")
    assert file.read(saved).mix.state.step > 0


def test_a_terminal_sees_a_bar_and_a_file_does_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    began, now = time.perf_counter(), iter(range(10**9))
    monkeypatch.setattr("mixer_nn.cli.progress.perf_counter", lambda: began + next(now))
    main(["train", "cars", "--epochs", "4"])
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "120")
    main(["train", "cars", "--epochs", "4"])
    said = capsys.readouterr().err
    assert f"[{'#' * 15}{'-' * 15}]  50 %  epoch 2 of 4, loss " in said
    assert f"[{'#' * 30}] 100 %  epoch 4 of 4, loss " in said
    assert said.count("\n") == 0
    assert said.endswith(" \r")


@pytest.mark.parametrize("room", [0, 3, 20, 40, 60, 79, 200])
def test_the_bar_fits_any_terminal(room: int) -> None:
    for epoch in (0, 1, 999_999, 1_000_000, 2_000_000):
        text = line(epoch, 1_000_000, 1.25e-7, room)
        assert len(text) <= room
        assert text.isascii()
    assert room < 60 or line(500_000, 1_000_000, 0.5, room).startswith("[#")


@pytest.mark.parametrize(("tempo", "frame"), [(math.inf, 16.0), (8.0, 250.0), (3000.0, 16.7)])
def test_the_window_at_any_tempo_comes_to_the_same_bits(
    tempo: float, frame: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "line.mixnn"
    trained(capsys, "cars", "--tolerance", "1e-6", "--seed", "9", "--save", str(saved))

    desk = Desk(neuron_on(load_shipped("cars"), 9), Setup(tempo=tempo))
    auto_mix = AutoMix(desk)
    auto_mix.play()
    while auto_mix.playing:
        auto_mix.slice(frame, 0.001)

    assert desk.mix.state.same(file.read(saved).mix.state)


def test_mini_batches_in_the_window_come_to_the_same_bits(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "line.mixnn"
    command = ["cars", "--batch-size", "7", "--epochs", "40", "--seed", "9", "--save", str(saved)]
    steps = trained(capsys, *command)["steps"]

    desk = Desk(neuron_on(load_shipped("cars"), 9), Setup(batch_size=7))
    auto_mix = AutoMix(desk)
    for some in (1, 100, steps - 101):
        auto_mix.step(some)

    assert desk.mix.state.same(file.read(saved).mix.state)
