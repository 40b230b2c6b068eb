"""Which columns are used, and what is said about everything that is not."""

import numpy as np
import pytest

from mixer_nn.core.errors import MixError
from mixer_nn.data.table import Choice, build, parse_table, propose


def test_the_last_numbers_are_the_target_and_what_varies_before_them_the_inputs() -> None:
    table = parse_table("id,name,same,speed,dist,note\n1,a,5,4,2,x\n2,b,5,7,4,y\n3,c,5,8,9,z\n")
    choice = propose(table)
    assert choice == Choice("dist", ("id", "speed"))
    assert build(table, choice).left_out == (
        "Columns “name” and “note” are text that is different in every row.",
        "Column “same” never changes.",
    )


def test_at_most_sixteen_inputs_are_proposed_and_the_others_are_named() -> None:
    rng = np.random.default_rng(0)
    header = ",".join(f"c{i}" for i in range(1, 20))
    text = "\n".join([header, *(",".join(map(str, row)) for row in rng.uniform(size=(4, 19)))])
    table = parse_table(text)
    choice = propose(table)
    assert choice.inputs == tuple(f"c{i}" for i in range(1, 17))
    assert build(table, choice).left_out == ("Columns “c17” and “c18” are beyond 16 inputs.",)


def test_a_column_that_is_mostly_holes_does_not_empty_the_table() -> None:
    table = parse_table("x,rare,y\n1,,2\n2,,4\n3,1,5\n4,,6\n5,2,7\n")
    choice = propose(table)
    assert choice.inputs == ("x",)
    assert build(table, choice).left_out == ("Column “rare” is mostly without numbers.",)


def test_a_constant_input_is_taken_if_there_is_no_other() -> None:
    table = parse_table("c,y\n5,1\n5,2\n")
    result = build(table, propose(table))
    assert result.dataset.inputs.tolist() == [[5], [5]]
    assert any("always 5" in note for note in result.notes)


def test_a_constant_target_is_allowed_and_noted() -> None:
    table = parse_table("x,y\n1,7\n2,7\n")
    result = build(table, propose(table))
    assert result.notes == ("Target “y” is always 7: a bias alone fits it.",)


def test_every_row_left_out_is_named_once_with_its_reason() -> None:
    lines = ["x,y", "1,2", ",3", "4,inf", "5,1e101", "NA,", "6,7", "?,1", "oops,2", "8,-1e200"]
    table = parse_table("\n".join(lines))
    result = build(table, propose(table))
    assert result.left_out == (
        "Rows 3, 6 and 2 more have no number in “x”.",
        "Row 4 has an infinite number in “y”.",
        "Rows 5 and 10 have a number beyond 1e100 in “y”.",
    )
    assert result.skipped == (3, 4, 5, 6, 8, 9, 10)
    assert result.dataset.inputs[:, 0].tolist() == [1, 6]
    assert result.dataset.source == "pasted table, 2 of 9 rows."


def test_columns_not_chosen_are_named() -> None:
    table = parse_table("a,b,c,y\n1,2,3,4\n2,3,1,4.5\n")
    assert build(table, Choice("y", ("b",))).left_out == ("Columns “a” and “c” are not chosen.",)


def test_holes_in_columns_not_chosen_cost_no_rows() -> None:
    table = parse_table("a,b,y\n1,,3\n2,,4\n3,5,6\n")
    assert build(table, Choice("y", ("a",))).dataset.rows == 3


@pytest.mark.parametrize("name", ["dist", "dist (ft)", "DIST", " dist "])
def test_a_column_is_found_by_name_title_or_in_other_case(name: str) -> None:
    table = parse_table("speed (mph),dist (ft)\n1,2\n3,4\n")
    assert build(table, Choice(name, ("speed",))).dataset.target_columns[0].title == "dist (ft)"


def test_inputs_keep_the_order_they_were_chosen_in() -> None:
    table = parse_table("a,b,y\n1,2,3\n4,5,7\n")
    data = build(table, Choice("y", ("b", "a"))).dataset
    assert data.inputs.tolist() == [[2, 1], [5, 4]]
    assert [column.name for column in data.input_columns] == ["b", "a"]


def test_held_out_rows_follow_the_seed() -> None:
    table = parse_table("x,y\n" + "\n".join(f"{i},{i * i}" for i in range(40)))
    choice = propose(table)
    first, again, other = (build(table, choice, held_out=0.25, seed=s).dataset for s in (1, 1, 2))
    assert int(first.held_out.sum()) == 10
    np.testing.assert_array_equal(first.held_out, again.held_out)
    assert not np.array_equal(first.held_out, other.held_out)
    assert not build(table, choice).dataset.held_out.any()


TABLE = "id,name,speed,dist\n1,a,4,2\n2,b,7,4\n3,c,8,9\n"
MANY = tuple("abcdefghijklmnopq")


@pytest.mark.parametrize(
    ("choice", "parts"),
    [
        (Choice("distance", ("speed",)), ["“distance”", "“id”, “name”, “speed” and “dist”"]),
        (Choice("dist", ("velocity",)), ["“velocity”", "“speed”"]),
        (Choice("name", ("speed",)), ["text that is different", "“id”, “speed” and “dist”"]),
        (Choice("dist", ("name",)), ["text that is different", "input"]),
        (Choice("dist", ("speed", "dist")), ["target and an input at once"]),
        (Choice("dist", ("speed", "speed")), ["twice"]),
        (Choice("dist", ()), ["at least one"]),
        (Choice("", ("speed",)), ["no column “”"]),
        (Choice("dist", ("speed",), classes=True), ["“dist”", "as classes", "2 to 10"]),
    ],
)
def test_an_impossible_choice_gets_one_sentence_with_what_exists(
    choice: Choice, parts: list[str]
) -> None:
    with pytest.raises(MixError) as caught:
        build(parse_table(TABLE, "cars.csv"), choice)
    message = str(caught.value)
    assert all(part in message for part in [*parts, "“cars.csv”"])
    assert message.endswith(".")


def test_more_than_sixteen_inputs_are_refused() -> None:
    lines = [",".join((*MANY, "y")), *(",".join(str(i + j) for j in range(18)) for i in range(2))]
    with pytest.raises(MixError, match="at most 16"):
        build(parse_table("\n".join(lines)), Choice("y", MANY))


@pytest.mark.parametrize("share", [-0.1, 1.0, float("nan"), float("inf")])
def test_an_impossible_share_is_refused(share: float) -> None:
    with pytest.raises(MixError, match="share"):
        build(parse_table("x,y\n1,2\n3,4\n"), Choice("y", ("x",)), held_out=share)
