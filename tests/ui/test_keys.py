from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

from mixer_nn.ui import keys
from mixer_nn.ui.keys import KEYS, Place


def test_no_key_has_two_meanings_in_one_place() -> None:
    taken = Counter(
        (entry.place, QKeySequence(key).toString()) for entry in KEYS for key in entry.keys
    )
    assert [key for key, uses in taken.items() if uses > 1] == []


def test_a_knob_takes_no_key_from_the_rest_of_the_program() -> None:
    places = {
        place: {
            QKeySequence(key).toString()
            for entry in KEYS
            if entry.place is place
            for key in entry.keys
        }
        for place in (Place.EVERYWHERE, Place.KNOB)
    }
    assert places[Place.EVERYWHERE] & places[Place.KNOB] == set()


def test_every_cue_has_its_function_key_and_with_shift_the_one_that_stores() -> None:
    for number, letter in enumerate("ABCDEFGH", start=2):
        assert keys.entry(f"cue{letter}").keys == (f"F{number}",)
        assert keys.entry(f"storeCue{letter}").keys == (f"Shift+F{number}",)


@pytest.mark.parametrize("entry", KEYS, ids=[entry.action for entry in KEYS])
def test_every_entry_says_what_it_does_with_keys_that_qt_knows(entry: keys.Entry) -> None:
    assert entry.action.isidentifier()
    assert entry.text.strip() == entry.text != ""
    assert entry.topic
    for key in entry.keys:
        sequence = QKeySequence(key)
        assert sequence.count() == 1
        assert sequence.toString() == key


def test_each_action_stands_in_the_table_once() -> None:
    assert max(Counter(entry.action for entry in KEYS).values()) == 1


@pytest.mark.parametrize(
    ("action", "wanted"),
    [
        ("autoMix", ["Space"]),
        ("step", ["S"]),
        ("tenSteps", ["Shift+S"]),
        ("hundredSteps", []),
        ("redo", ["Ctrl+Shift+Z", "Ctrl+Y"]),
        ("saveAs", ["Ctrl+Shift+S"]),
        ("stepBack", [","]),
        ("stepForward", ["."]),
        ("zoomIn", ["Ctrl++", "Ctrl+="]),
        ("fullScreen", ["F11"]),
    ],
)
def test_an_action_has_the_keys_of_the_design(action: str, wanted: list[str]) -> None:
    assert [sequence.toString() for sequence in keys.sequences(action)] == wanted


def test_an_unknown_action_is_an_error() -> None:
    with pytest.raises(KeyError):
        keys.entry("scratch")


def test_a_person_reads_short_labels(qapp: QApplication) -> None:
    assert keys.label(keys.entry("raise")) == "↑ or →"
    assert keys.label(keys.entry("typeValue")) == "Enter or a digit"
    assert keys.label(keys.entry("autoMix")) == "Space"
    assert keys.label(keys.entry("hundredSteps")) == ""


def test_the_page_of_keys_leaves_out_what_has_none() -> None:
    shown = [entry.action for entries in keys.topics().values() for entry in entries]
    assert "hundredSteps" not in shown
    cues = [entry for entry in KEYS if entry.topic == keys.CUES_TOPIC]
    assert len(cues) == 16  # two lines tell of them
    assert len(shown) == len(KEYS) - 1 - len(cues)
