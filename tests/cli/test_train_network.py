"""`mixer-nn train` with layers, classes and every knob of the training."""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mixer_nn.app import main
from mixer_nn.cli import train as train_module
from mixer_nn.cli.arguments import Train, parse
from mixer_nn.core import limits
from mixer_nn.core.optimizers import OPTIMIZERS
from mixer_nn.core.segment import Limits, Segment
from mixer_nn.data.shipped import SHIPPED, load_shipped
from mixer_nn.data.synthetic import SYNTHETIC, make
from mixer_nn.session import file
from mixer_nn.session.mix import Setup, network_on, new_mix

PETS = """height,colour,legs,kind
30,brown,4,cat
55,black,4,dog
20,green,2,bird
28,black,4,cat
60,brown,4,dog
18,green,2,bird
"""


def trained(capsys: pytest.CaptureFixture[str], typed: str, *more: str) -> dict[str, Any]:
    """The JSON that `mixer-nn train … --json` prints."""
    assert main(["train", *typed.split(), *more, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def refused(capsys: pytest.CaptureFixture[str], typed: str, *more: str) -> str:
    """The one line on standard error with which `mixer-nn train …` gives up."""
    assert main(["train", *typed.split(), *more]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    (sentence,) = said.err.splitlines()
    assert sentence.endswith(".")
    return sentence


@pytest.fixture
def pets(tmp_path: Path) -> str:
    table = tmp_path / "pets.csv"
    table.write_text(PETS)
    return str(table)


EXPECTED: dict[str, float] = {
    "--dataset xor --layers 4 --optimizer adam": 0.95,
    "--dataset spiral --layers 8,8 --optimizer adam": 0.98,
    "--dataset moons --layers 8 --optimizer adam": 0.99,
    "--dataset circle --layers 4 --optimizer adam": 0.98,
    "--dataset circle --features x1^2,x2^2": 0.98,
    "--dataset xor --features x1*x2": 0.95,
    "--dataset gaussians": 0.96,
    "--dataset blobs --classes 3": 0.97,
    "--dataset blobs --classes 5 --layers 8 --optimizer adam": 0.92,
    "iris --layers 8": 0.97,
    "--dataset iris --layers 8 --optimizer adam --batch-size 10 --epochs 300": 0.97,
}


@pytest.mark.parametrize("typed", EXPECTED)
def test_classes_are_found_as_often_as_one_would_expect(
    typed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = trained(capsys, typed, "--seed", "1")
    assert found["metrics"]["accuracy"] >= EXPECTED[typed]
    assert (found["metrics"]["rmse"], found["metrics"]["r2"]) == (None, None)


@pytest.mark.parametrize("key", ["xor", "circle", "spiral"])
def test_a_neuron_alone_cannot_tell_what_no_line_parts(
    key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert trained(capsys, f"--dataset {key}")["metrics"]["accuracy"] < 0.75


def test_held_out_rows_have_an_accuracy_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    found = trained(capsys, "--dataset gaussians --noise 0.6 --test 0.2 --epochs 200")
    dataset = make("gaussians", seed=0, noise=0.6)
    assert (found["rows"], found["test_rows"]) == (200, 50)
    assert (found["metrics"]["accuracy"] * 200).is_integer()
    assert (found["metrics"]["test_accuracy"] * 50) == pytest.approx(
        round(found["metrics"]["test_accuracy"] * 50), abs=1e-9
    )
    weights = found["data_units"]["coefficients"]
    logits = dataset.inputs @ [weights["x1"], weights["x2"]] + found["data_units"]["intercept"]
    right = (logits > 0.0) == (dataset.labels == 1)
    shares = found["metrics"]["accuracy"] * 200 + found["metrics"]["test_accuracy"] * 50
    assert shares == pytest.approx(right.sum())
    assert trained(capsys, "--dataset gaussians --epochs 5")["metrics"]["test_accuracy"] is None


def test_numbers_have_no_accuracy(capsys: pytest.CaptureFixture[str]) -> None:
    found = trained(capsys, "cars", "--test", "0.1")
    assert (found["metrics"]["accuracy"], found["metrics"]["test_accuracy"]) == (None, None)
    assert found["metrics"]["r2"] > 0.6


@pytest.mark.parametrize("key", SYNTHETIC)
def test_every_made_up_data_set_can_be_trained_on(
    key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = trained(capsys, f"--dataset {key} --layers 4 --epochs 20 --seed 5")
    data = make(key, seed=5)
    assert found["rows"] == data.rows
    assert found["sizes"] == [data.inputs.shape[1], 4, data.targets.shape[1]]
    assert found["classes"] == list(data.classes)
    assert found["data_units"] is None


def test_made_up_data_come_with_as_many_points_classes_and_as_much_noise_as_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "blobs.mixnn"
    asked = f"--dataset blobs --points 31 --noise 0.5 --classes 5 --seed 4 --save {saved}"
    trained(capsys, asked, "--epochs", "3")
    dataset = file.read(saved).mix.dataset
    same = make("blobs", seed=4, noise=0.5, points=31, classes=5)
    assert dataset.inputs.tobytes() == same.inputs.tobytes()
    assert (dataset.classes, dataset.recipe) == (same.classes, same.recipe)


@pytest.mark.parametrize("key", SHIPPED)
def test_a_shipped_table_can_be_named_either_way(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = trained(capsys, f"{key} --epochs 5")
    monkeypatch.chdir(tmp_path)
    Path(key).write_text("x,y\n1,2\n3,4\n")  # a file does not stand in the way of --dataset
    named = trained(capsys, f"--dataset {key} --epochs 5")
    del table["seconds"], named["seconds"]
    assert named == table


SETTINGS = (
    "--dataset spiral --layers 4,4 --optimizer adam --batch-size 16 --epochs 12",
    "--dataset blobs --layers 5 --activation relu --optimizer nesterov --schedule cosine --clip 1",
    "iris --layers 8 --optimizer adamw --decay 0.1 --test 0.3 --l1 1e-3",
    "--dataset sine --layers 6 --loss huber --optimizer rmsprop --schedule step --warm-up 3",
    "--dataset circle --features x1^2,x2^2,x1*x2 --loss hinge --l2 0.01",
)


@pytest.mark.parametrize("typed", SETTINGS)
def test_the_same_seed_gives_the_same_json(typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    first, second, other = (
        trained(capsys, typed, "--epochs", "60", "--seed", seed) for seed in ("5", "5", "6")
    )
    del first["seconds"], second["seconds"]
    assert json.dumps(first) == json.dumps(second)
    assert first["parameters"] != other["parameters"]


@pytest.mark.parametrize("typed", SETTINGS)
def test_every_setting_reaches_the_training_and_the_file(
    typed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Trained again by hand, from the setting that the saved mix has, it is the same to the bit."""
    saved = tmp_path / "x.mixnn"
    found = trained(capsys, typed, "--epochs", "40", "--save", str(saved))
    back = file.read(saved)
    mix = back.mix
    again = replayed(mix.problem, back.setup, mix.state.seed, found["steps"])
    assert again.state.same(mix.state)
    assert mix.parameters.tolist() == list(found["parameters"].values())
    assert (mix.network.sizes, mix.problem.features) == (
        tuple(found["sizes"]),
        tuple(found["features"]),
    )


def replayed(problem: Any, setup: Setup, seed: int, steps: int) -> Any:
    mix = new_mix(problem, seed, setup.optimizer)
    segment = Segment(
        problem.objective, setup.settings(problem), mix.state, limits=Limits(steps=steps)
    )
    segment.advance()
    return segment


@pytest.mark.parametrize(
    ("typed", "setup"),
    [
        ("--optimizer momentum --momentum 0.5", {"optimizer": "momentum", "momentum": 0.5}),
        ("--optimizer adamw --decay 0.2", {"optimizer": "adamw", "decay": 0.2}),
        ("--schedule step --horizon 7", {"schedule": "step", "horizon": 7.0}),
        ("--schedule cosine", {"schedule": "cosine", "horizon": 9.0}),
        ("--warm-up 2.5", {"warm_up": 2.5}),
        ("--clip 0.5", {"clip": 0.5}),
        ("--l1 0.25 --l2 0.125", {"l1": 0.25, "l2": 0.125}),
        ("--batch-size 8 --learning-rate 0.03", {"batch_size": 8, "learning_rate": 0.03}),
        ("", {}),
    ],
)
def test_what_is_typed_is_saved_and_the_rest_is_as_in_a_new_window(
    typed: str, setup: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "x.mixnn"
    trained(capsys, f"--dataset moons --layers 3 --epochs 9 {typed} --save {saved}")
    assert file.read(saved).setup == Setup(**{"tolerance": 1e-11, **setup})


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_lowers_the_loss_at_its_automatic_rate(
    optimizer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = f"--dataset moons --layers 6 --optimizer {optimizer}"
    before, after = (trained(capsys, f"{asked} --epochs {n}") for n in (0, 300))
    assert after["loss"] < 0.7 * before["loss"]
    assert after["optimizer"] == optimizer


def test_a_pull_on_the_weights_makes_them_small(capsys: pytest.CaptureFixture[str]) -> None:
    def size(found: dict[str, Any]) -> float:
        return math.fsum(abs(v) for name, v in found["parameters"].items() if "weight" in name)

    asked = "--dataset moons --layers 6 --epochs 500"
    free = size(trained(capsys, asked))
    assert size(trained(capsys, f"{asked} --l2 0.1")) < 0.7 * free
    assert size(trained(capsys, f"{asked} --l1 0.05")) < 0.7 * free


def test_a_text_column_can_be_the_target(pets: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = trained(capsys, f"{pets} --target kind --layers 4 --optimizer adam --epochs 500")
    assert found["classes"] == ["bird", "cat", "dog"]
    assert found["metrics"]["accuracy"] == 1.0
    assert found["left_out"] == ["Column “colour” is text and is not chosen."]


def test_whole_numbers_are_classes_if_asked(pets: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert trained(capsys, f"{pets} --target legs --epochs 5")["classes"] == []
    found = trained(capsys, f"{pets} --target legs --as-classes --epochs 5")
    assert found["classes"] == ["2", "4"]
    plain = trained(capsys, f"{pets} --as-classes --epochs 5")  # legs are the last numbers
    assert plain["classes"] == ["2", "4"]


def test_a_text_input_has_a_coefficient_for_each_category(
    pets: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = trained(capsys, f"{pets} --target height --inputs kind,legs")
    assert found["stopped"] == "settled"
    assert list(found["data_units"]["coefficients"]) == [
        *("kind=bird", "kind=cat", "kind=dog", "legs")
    ]
    line, start = found["data_units"]["coefficients"], found["data_units"]["intercept"]
    assert start + line["kind=cat"] + 4 * line["legs"] == pytest.approx(29.0, abs=1e-4)
    assert start + line["kind=bird"] + 2 * line["legs"] == pytest.approx(19.0, abs=1e-4)


def test_the_shipped_iris_with_its_columns_named_is_the_same(
    capsys: pytest.CaptureFixture[str],
) -> None:
    plain, named = (
        trained(capsys, "iris", *more, "--epochs", "20", "--layers", "3")
        for more in ([], ["--target", "species"])
    )
    del plain["seconds"], named["seconds"]
    assert named == plain
    fewer = trained(capsys, "iris", "--inputs", "petal length,petal width", "--epochs", "5")
    assert fewer["classes"] == ["setosa", "versicolor", "virginica"]
    assert fewer["sizes"] == [2, 3]


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("cars --loss bce", ["bce", "numbers", "mse, mae or huber"]),
        ("--dataset xor --loss mse", ["mse", "two classes", "bce or hinge"]),
        ("iris --loss bce", ["bce", "classes", "cross-entropy or hinge"]),
        ("iris --features x1^2", ["two inputs", "has 4"]),
        ("cars --features x1^2", ["two inputs", "has 1"]),
        ("--dataset moons --classes 3", ["always has 2 classes"]),
        ("--dataset blobs --classes 9", ["3 to 5 classes"]),
        ("iris --as-classes --target sepal-length", ["no column “sepal-length”", "“species”"]),
        ("cars --as-classes", ["“dist”", "cannot be taken as classes"]),
        ("spiral", ["made-up data", "--dataset spiral"]),
    ],
)
def test_what_does_not_go_with_the_data_gets_one_sentence_with_what_does(
    typed: str, parts: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    sentence = refused(capsys, typed)
    assert all(part in sentence for part in parts), sentence


def test_the_largest_network_that_can_be_typed_is_small_enough(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = trained(capsys, "iris --layers 16,16,16,16,16,16 --epochs 2")
    assert len(found["parameters"]) == 5 * 16 + 5 * 17 * 16 + 17 * 3


def test_a_network_beyond_the_limit_is_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(limits, "MOST_PARAMETERS", 100)
    sentence = refused(capsys, "--dataset spiral --layers 8,8")
    assert "105" in sentence
    assert "100 are the most" in sentence


def test_a_network_ends_after_ten_thousand_epochs_unless_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = trained(capsys, "anscombe-1 --layers 1 --tolerance 0")
    assert (found["stopped"], found["epochs"]) == ("epochs", 10_000)


def test_a_divergence_of_a_network_keeps_the_best_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "kept.mixnn"
    asked = f"--dataset x-sine --layers 8 --activation relu --learning-rate 50 --save {saved}"
    assert main(["train", *asked.split(), "--json"]) == 1
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert found["stopped"] == "diverged"
    assert math.isfinite(found["loss"])
    assert f"Diverged at step {found['steps']}: learning rate 50 is too large" in said.err
    mix = file.read(saved).mix
    assert mix.problem.objective.value(mix.parameters) == found["loss"]


def test_a_network_reads_like_a_sentence_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(
            [
                "train",
                "--dataset",
                "blobs",
                "--layers",
                "8,4",
                "--activation",
                "relu",
                "--epochs",
                "99",
            ]
        )
        == 0
    )
    said = capsys.readouterr().out
    assert "Blobs (250 rows): A, B, C or D from x1 and x2" in said
    assert "network 2-8-4-4 ReLU, 80 parameters" in said
    assert "softmax cross-entropy" in said
    assert "accuracy" in said
    assert "RMSE" not in said
    assert main(["train", "--dataset", "gaussians", "--epochs", "9", "--features", "x1*x2"]) == 0
    said = capsys.readouterr().out
    assert "log-odds of B = " in said
    assert "·x₁x₂" in said


RESUME = """
import sys
from mixer_nn.core.segment import Limits, Segment
from mixer_nn.session import file
saved = file.read(__import__("pathlib").Path(sys.argv[1]))
problem, state = saved.mix.problem, saved.mix.state
segment = Segment(problem.objective, saved.setup.settings(problem), state,
                  limits=Limits(epochs=int(sys.argv[2])))
while segment.stop is None:
    segment.advance(steps=3)
print(segment.state.parameters.tobytes().hex(), segment.state.slots.tobytes().hex())
"""


def test_a_saved_adam_mix_goes_on_to_the_same_bits_in_a_new_process(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    half, whole = tmp_path / "half.mixnn", tmp_path / "whole.mixnn"
    asked = (
        "--dataset spiral --layers 8,8 --optimizer adam --batch-size 16 --schedule cosine"
        " --horizon 40 --warm-up 3.5 --clip 1 --l2 1e-4 --seed 3"
    )
    trained(capsys, f"{asked} --epochs 20 --save {half}")
    trained(capsys, f"{asked} --epochs 40 --save {whole}")
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", RESUME, str(half), "20"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    state = file.read(whole).mix.state
    assert run.stdout.split() == [
        state.parameters.tobytes().hex(),
        np.ascontiguousarray(state.slots).tobytes().hex(),
    ]


def test_the_command_line_starts_where_a_window_would() -> None:
    command = parse(["train", "iris", "--layers", "8", "--seed", "7"])
    assert isinstance(command, Train)
    mix = train_module.mix_of(load_shipped("iris"), command)
    assert mix.state.same(network_on(load_shipped("iris"), 7, (8,)).state)
