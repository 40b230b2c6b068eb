"""Own tables with classes: texts and whole numbers as targets, texts as inputs."""

import time
from pathlib import Path

import numpy as np
import pytest

from mixer_nn import assets
from mixer_nn.core.errors import MixError
from mixer_nn.data.columns import Kind
from mixer_nn.data.proposal import Choice, possible_inputs, propose, targets
from mixer_nn.data.shipped import load_shipped
from mixer_nn.data.table import Table, build, parse_table, read_table

PETS = """height,colour,legs,kind
30,brown,4,cat
55,black,4,dog
20,green,2,bird
28,black,4,cat
60,brown,4,dog
18,green,2,bird
"""


def iris() -> Table:
    return parse_table(assets.text("datasets/iris.csv"), "iris.csv")


def test_a_text_target_makes_classes_in_alphabetical_order() -> None:
    table = parse_table(PETS)
    data = build(table, Choice("kind", ("height",))).dataset
    assert data.classes == ("bird", "cat", "dog")
    assert data.labels.tolist() == [1, 2, 0, 1, 2, 0]
    assert data.targets.tolist()[0] == [0.0, 1.0, 0.0]
    assert [column.name for column in data.target_columns] == ["bird", "cat", "dog"]


def test_two_classes_are_one_column_of_0_and_1() -> None:
    data = build(parse_table("x,ok\n1,no\n2,yes\n3,no\n"), Choice("ok", ("x",))).dataset
    assert (data.classes, data.kind) == (("no", "yes"), "two classes")
    assert data.targets.tolist() == [[0.0], [1.0], [0.0]]
    assert [column.name for column in data.target_columns] == ["ok"]


def test_the_table_of_iris_is_the_shipped_data_set() -> None:
    table, shipped = iris(), load_shipped("iris")
    choice = propose(table, "species")
    assert choice == Choice("species", table.names[:4], classes=True)
    data = build(table, choice).dataset
    np.testing.assert_array_equal(data.inputs, shipped.inputs)
    np.testing.assert_array_equal(data.targets, shipped.targets)
    assert (data.classes, data.target_columns) == (shipped.classes, shipped.target_columns)


def test_whole_numbers_are_classes_if_asked_and_numbers_if_not() -> None:
    table = parse_table(PETS)
    numbers = build(table, Choice("legs", ("height",))).dataset
    assert (numbers.classes, numbers.targets[2, 0]) == ((), 2.0)
    classes = build(table, Choice("legs", ("height",), classes=True)).dataset
    assert classes.classes == ("2", "4")
    assert classes.labels.tolist() == [1, 1, 0, 1, 1, 0]


def test_whole_numbers_as_classes_stand_in_the_order_of_numbers() -> None:
    table = parse_table("x,mark\n1,10\n2,-1\n3,2\n4,10\n")
    assert build(table, Choice("mark", ("x",), classes=True)).dataset.classes == ("-1", "2", "10")


def test_a_text_input_becomes_a_column_for_each_category() -> None:
    data = build(parse_table(PETS), Choice("height", ("colour", "legs"))).dataset
    assert [column.name for column in data.input_columns] == [
        *("colour=black", "colour=brown", "colour=green", "legs")
    ]
    assert data.inputs.tolist()[:3] == [[0, 1, 0, 4], [1, 0, 0, 4], [0, 0, 1, 2]]


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        (PETS, Choice("legs", ("height",))),
        (PETS.replace("height,colour,legs", "name,colour,what").replace("4", "four"), None),
        ("size,kind\n1,a\n2,b\n3,a\n", Choice("size", ("kind",))),
        ("hue,kind\nred,a\nred,b\nblue,a\n", Choice("kind", ("hue",), classes=True)),
    ],
)
def test_numbers_go_before_texts_in_what_is_proposed(text: str, choice: Choice | None) -> None:
    table = parse_table(text)
    proposed = propose(table)
    assert choice is None or proposed == choice
    assert build(table, proposed).dataset.rows >= 3


def test_a_target_that_a_person_names_keeps_its_inputs_by_the_same_rule() -> None:
    table = parse_table(PETS)
    assert propose(table, "kind") == Choice("kind", ("height", "legs"), classes=True)
    assert propose(table, "HEIGHT") == Choice("height", ("legs",))
    assert propose(table, "legs", classes=True) == Choice("legs", ("height",), classes=True)


def test_every_column_that_can_be_chosen_is_offered_once_in_each_way() -> None:
    table = parse_table(PETS)
    assert [offer.title for offer in targets(table)] == [
        *("height", "colour (3 classes)", "legs", "legs (2 classes)", "kind (3 classes)")
    ]
    assert [offer.title for offer in possible_inputs(table)] == [
        *("height", "colour (3 categories)", "legs", "kind (3 categories)")
    ]


def column_of(cells: list[str]) -> str:
    return "y,x,c\n" + "\n".join(f"{i % 7 + 0.5},{i + 0.25},{cell}" for i, cell in enumerate(cells))


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ([f"n{i}" for i in range(11)] * 2, "is text with more than 10 different values"),
        ([f"n{i}" for i in range(8)], "is text that is different in every row"),
        (["same"] * 8, "is text that never changes"),
        (["one", "two"] * 4, "is text and is not chosen"),
    ],
)
def test_each_text_that_is_not_used_is_named_with_the_reason(
    cells: list[str], sentence: str
) -> None:
    table = parse_table(column_of(cells))
    choice = propose(table)
    assert choice == Choice("x", ("y",))
    assert f"Column “c” {sentence}." in build(table, choice).left_out


def test_ten_classes_are_taken_and_eleven_are_not() -> None:
    ten, eleven = (parse_table(column_of([f"n{i}" for i in range(n)] * 2)) for n in (10, 11))
    assert len(build(ten, Choice("c", ("x",))).dataset.classes) == 10
    with pytest.raises(MixError, match="more than 10 different values and cannot be the target"):
        build(eleven, Choice("c", ("x",)))
    many = parse_table(column_of([f"{i}" for i in range(11)] * 2))
    with pytest.raises(MixError, match="cannot be taken as classes"):
        build(many, Choice("c", ("x",), classes=True))


def test_halves_are_no_classes() -> None:
    table = parse_table("x,y\n1,0.5\n2,1\n3,0.5\n")
    with pytest.raises(MixError, match="whole numbers"):
        build(table, Choice("y", ("x",), classes=True))


def test_rows_without_a_text_are_left_out_and_named() -> None:
    table = parse_table("x,hue,kind\n1,red,a\n2,,b\n3,red,\n4,blue,NA\n5,blue,b\n6,red,a\n")
    result = build(table, Choice("kind", ("x", "hue")))
    assert result.left_out == (
        "Row 3 has no text in “hue”.",
        "Rows 4 and 5 have no text in “kind”.",
    )
    assert result.skipped == (3, 4, 5)
    assert result.dataset.labels.tolist() == [0, 1, 0]


def test_a_class_that_no_usable_row_has_is_no_class() -> None:
    table = parse_table("x,hue,kind\n1,red,a\n,blue,b\n3,red,c\n4,red,a\n5,green,c\n,blue,b\n")
    data = build(table, Choice("kind", ("x", "hue"))).dataset
    assert data.classes == ("a", "c")
    assert [column.name for column in data.input_columns] == ["x", "hue=green", "hue=red"]


def test_rows_that_are_all_of_one_class_are_refused() -> None:
    table = parse_table("x,kind\n1,a\n2,a\n,b\n,b\n")
    with pytest.raises(MixError, match=r"“a”.*at least two classes"):
        build(table, Choice("kind", ("x",)))


def test_more_than_sixteen_inputs_with_all_categories_are_refused_in_one_sentence() -> None:
    rows = [f"{i},a{i % 9},b{i % 8},{i * i}" for i in range(40)]
    table = parse_table("\n".join(["x,one,two,y", *rows]), "many.csv")
    assert build(table, Choice("y", ("one",))).dataset.inputs.shape == (40, 9)
    with pytest.raises(MixError, match="make 17 inputs") as caught:
        build(table, Choice("y", ("one", "two")))
    assert "\n" not in str(caught.value)
    assert "“many.csv”" in str(caught.value)


def test_texts_alone_are_proposed_only_as_far_as_there_is_room() -> None:
    rows = [f"a{i % 9},b{i % 8},c{i % 3},k{i % 2}" for i in range(40)]
    table = parse_table("\n".join(["one,two,three,kind", *rows]))
    choice = propose(table)
    assert choice == Choice("kind", ("one", "three"), classes=True)
    assert build(table, choice).dataset.inputs.shape == (40, 12)


def test_truths_numbers_in_texts_and_spaces_around_are_categories_too() -> None:
    table = parse_table("x,t,m\n1,true,1\n2,False, b\n3,TRUE,b \n4,false,c\n5,true,1.0\n")
    mixed = table.columns[2]
    assert mixed.kind is Kind.TEXT
    assert mixed.categories == ("1", "b", "c")
    assert mixed.codes.tolist() == [0, 1, 1, 2, 0]


def test_a_category_is_the_same_however_far_down_it_stands() -> None:
    lines = [
        f"{i},{'early' if i < 60_000 else 'late' if i < 120_000 else 7}" for i in range(150_000)
    ]
    column = parse_table("x,when\n" + "\n".join(lines) + "\n").columns[1]
    assert column.categories == ("7", "early", "late")
    assert np.bincount(column.codes).tolist() == [30_000, 60_000, 60_000]
    assert column.codes[[0, 59_999, 60_000, 120_000]].tolist() == [1, 1, 2, 0]


def test_nobody_can_write_to_the_codes() -> None:
    with pytest.raises(ValueError, match="read-only"):
        parse_table(PETS).columns[3].codes[0] = 1


def test_a_million_rows_of_texts_take_seconds_and_a_byte_each(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    kinds = ("red", "green", "blue")
    lines = (f"{i % 977}.5,{kinds[i % 3]},person {i}" for i in range(1_000_000))
    path.write_text("x,kind,who\n" + "\n".join(lines) + "\n")
    begin = time.perf_counter()
    table = read_table(path)
    data = build(table, Choice("kind", ("x",))).dataset
    assert time.perf_counter() - begin < 15
    assert data.classes == ("blue", "green", "red")
    kind, who = table.columns[1:]
    assert (kind.codes.nbytes, kind.values.nbytes) == (1_000_000, 0)
    assert (who.codes.nbytes, who.categories) == (0, ())
