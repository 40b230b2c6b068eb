"""What may be typed, and that wrong usage ends with code 2 before anything else happens."""

import pytest

from mixer_nn.app import main
from mixer_nn.cli.arguments import Render, Train, Window, parse

WRONG = {
    "no table": "train",
    "two tables": "train a.csv b.csv",
    "a table and a data set": "train cars --dataset xor",
    "an unknown data set": "train --dataset swirl",
    "no points": "train --dataset xor --points 0",
    "points of a table": "train cars --points 20",
    "points of a table that is named": "train --dataset cars --points 20",
    "negative noise": "train --dataset xor --noise -1",
    "noise on a table": "train cars --noise 1",
    "a single class": "train --dataset blobs --classes 1",
    "classes of a table": "train iris --classes 3",
    "a column of made-up data": "train --dataset xor --target y",
    "inputs of made-up data": "train --dataset xor --inputs x1",
    "made-up data as classes": "train --dataset xor --as-classes",
    "an unknown feature": "train --dataset xor --features x1^3",
    "a feature twice": "train --dataset xor --features x1^2,x1^2",
    "a layer of nothing": "train cars --layers 0",
    "layers in words": "train cars --layers many",
    "a layer too large": "train cars --layers 17",
    "a layer too many": "train cars --layers 1,1,1,1,1,1,1",
    "an unknown activation": "train cars --layers 2 --activation tanhh",
    "an activation of no layer": "train cars --activation relu",
    "an unknown loss": "train cars --loss rmse",
    "an unknown optimizer": "train cars --optimizer sgd",
    "momentum without any": "train cars --momentum 0.5",
    "momentum of everything": "train cars --optimizer momentum --momentum 1",
    "decay without any": "train cars --optimizer adam --decay 0.1",
    "an unknown schedule": "train cars --schedule linear",
    "a horizon of nothing": "train cars --schedule cosine --horizon 0",
    "a horizon without a schedule": "train cars --horizon 50",
    "a negative warm-up": "train cars --warm-up -1",
    "a gradient of nothing": "train cars --clip 0",
    "a negative pull": "train cars --l1 -1",
    "an infinite pull": "train cars --l2 inf",
    "an unknown option": "train cars --impetus 1",
    "a shortened option": "train cars --learn 0.1",
    "a learning rate of nothing": "train cars --learning-rate 0",
    "a negative learning rate": "train cars --learning-rate -0.1",
    "a learning rate that is no number": "train cars --learning-rate nan",
    "an infinite learning rate": "train cars --learning-rate inf",
    "a learning rate in words": "train cars --learning-rate fast",
    "an empty batch": "train cars --batch-size 0",
    "half a row": "train cars --batch-size 2.5",
    "negative epochs": "train cars --epochs -1",
    "too many epochs to count": f"train cars --epochs {10**400}",
    "a negative tolerance": "train cars --tolerance -1e-6",
    "a tolerance that is no number": "train cars --tolerance nan",
    "a negative seed": "train cars --seed -1",
    "a seed in words": "train cars --seed lucky",
    "an unknown scaling": "train cars --scale maybe",
    "all rows held out": "train cars --test 1",
    "a negative share": "train cars --test -0.2",
    "no column": "train cars --inputs ,",
    "a mix that is called a table": "train cars --save cars.csv",
    "a mix without a name": "train cars --save .mixnn",
    "a picture without a name": "render",
    "a picture of another kind": "render -o window.jpg",
    "a size of nothing": "render -o w.png --size 0x0",
    "half a size": "render -o w.png --size 1440",
    "a size larger than any screen": "render -o w.png --size 99999x900",
    "negative steps": "render -o w.png --steps -3",
    "an unknown theme": "render -o w.png --theme pink",
    "an unknown ratio": "render -o w.png --ratio 3",
    "doctor with a question": "doctor cars",
    "two files": "a.mixnn b.mixnn",
    "an unknown option of the window": "--colour",
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_usage_is_code_2_with_a_hint_and_nothing_else(
    case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(WRONG[case].split()) == 2

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("usage: mixer-nn")
    assert "error:" in said.err.splitlines()[-1]
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    ("typed", "some"),
    [
        ("--dataset swirl", ["spiral", "moons", "cars", "iris-petal-width"]),
        ("cars --layers 2 --activation tanhh", ["relu", "tanh", "sine"]),
        ("cars --loss rmse", ["mse", "huber", "hinge"]),
        ("cars --optimizer sgd", ["gradient-descent", "nesterov", "adamw"]),
        ("cars --schedule linear", ["constant", "step", "cosine"]),
        ("--dataset xor --features x1^3", ["x1^2", "x1*x2", "sin(x2)"]),
        ("cars --momentum 0.5", ["momentum", "nesterov"]),
    ],
)
def test_a_wrong_name_is_answered_with_those_there_are(
    typed: str, some: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", *typed.split()]) == 2
    answer = capsys.readouterr().err.splitlines()[-1]
    assert all(name in answer for name in some), answer


@pytest.mark.parametrize("command", ["", "train", "render", "doctor"])
def test_help_is_there_for_every_command(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command.split(), "--help"]) == 0

    said = capsys.readouterr()
    assert said.out.startswith(f"usage: mixer-nn {command}".rstrip())
    assert said.err == ""


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    import mixer_nn

    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"Mixer NN {mixer_nn.__version__}\n"


def test_nothing_typed_is_the_window_on_a_fresh_start_only_if_asked() -> None:
    assert parse([]) == Window(None, fresh=False)
    fresh = parse(["my.mixnn", "--fresh"])
    assert isinstance(fresh, Window)
    assert fresh.fresh
    assert str(fresh.path) == "my.mixnn"


def test_what_is_not_typed_is_left_to_the_program() -> None:
    train = parse(["train", "cars"])
    assert isinstance(train, Train)
    assert (train.target, train.inputs, train.learning_rate, train.scaled) == (None,) * 4
    assert (train.batch_size, train.epochs, train.tolerance) == (0, None, 1e-11)
    assert (train.layers, train.features, train.loss, train.activation) == ((), (), None, None)
    assert (train.optimizer, train.schedule) == ("gradient-descent", "constant")
    assert (train.momentum, train.decay, train.horizon, train.clip) == (None,) * 4
    assert (train.seed, train.test, train.json, train.save) == (0, 0.0, False, None)


def test_names_of_columns_may_have_blanks_and_in_quotation_marks_commas() -> None:
    train = parse(["train", "t.csv", "--inputs", 'petal length, "a, b" ,x'])
    assert isinstance(train, Train)
    assert train.inputs == ("petal length", "a, b", "x")


def test_a_network_can_be_asked_for_down_to_its_last_setting() -> None:
    typed = (
        "--dataset moons --points 90 --noise 0.3 --features x1^2,x1*x2 --layers 8,4 --activation"
        " relu --loss hinge --optimizer nesterov --momentum 0.8 --schedule cosine --warm-up 2.5"
        " --horizon 60 --clip 1.5 --l1 1e-4 --l2 1e-3 --batch-size 16"
    )
    train = parse(["train", *typed.split()])
    assert isinstance(train, Train)
    assert (train.table, train.dataset, train.points, train.noise) == (None, "moons", 90, 0.3)
    assert (train.features, train.layers) == (("x1^2", "x1*x2"), (8, 4))
    assert (train.activation, train.loss, train.optimizer) == ("relu", "hinge", "nesterov")
    assert (train.momentum, train.schedule, train.warm_up, train.horizon) == (
        0.8,
        "cosine",
        2.5,
        60,
    )
    assert (train.clip, train.l1, train.l2, train.batch_size) == (1.5, 1e-4, 1e-3, 16)


def test_a_picture_can_be_asked_for_in_any_size_of_window() -> None:
    render = parse(
        ["render", "m.mixnn", "-o", "w.PNG", "--size", "1024x640", "--steps", "7", "--ratio", "2"]
    )
    assert isinstance(render, Render)
    assert (render.size, render.steps, render.theme, render.ratio) == ((1024, 640), 7, "dark", 2.0)
