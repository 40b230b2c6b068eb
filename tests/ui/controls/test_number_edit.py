import pytest

from mixer_nn.ui.controls.number_edit import parse_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.5", 0.5),
        ("0,5", 0.5),
        ("-1e-3", -1e-3),
        ("-1", -1.0),
        (" +.25 ", 0.25),
        ("3.", 3.0),
        ("−2", -2.0),
        ("50%", 4.0),
        ("-12,5 %", -1.0),
        ("1E3", 1000.0),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, value: float) -> None:
    assert parse_number(text, full=8.0) == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    ["", "abc", "inf", "nan", "-inf", "1e999", "1.2.3", "1,234.5", "1_0", "0x10", "5 5", "%", "٣"],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    assert parse_number(text) is None
