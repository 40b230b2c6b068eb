"""What may be typed, and that wrong usage ends with code 2 before anything else happens."""

import pytest

from mixer_nn.app import main
from mixer_nn.cli.arguments import Render, Train, Window, parse

WRONG = {
    "no table": "train",
    "two tables": "train a.csv b.csv",
    "an unknown option": "train cars --momentum 1",
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
    assert (train.batch_size, train.epochs, train.tolerance) == (0, 1_000_000, 1e-11)
    assert (train.seed, train.test, train.json, train.save) == (0, 0.0, False, None)


def test_names_of_columns_may_have_blanks_and_in_quotation_marks_commas() -> None:
    train = parse(["train", "t.csv", "--inputs", 'petal length, "a, b" ,x'])
    assert isinstance(train, Train)
    assert train.inputs == ("petal length", "a, b", "x")


def test_a_picture_can_be_asked_for_in_any_size_of_window() -> None:
    render = parse(
        ["render", "m.mixnn", "-o", "w.PNG", "--size", "1024x640", "--steps", "7", "--ratio", "2"]
    )
    assert isinstance(render, Render)
    assert (render.size, render.steps, render.theme, render.ratio) == ((1024, 640), 7, "dark", 2.0)
