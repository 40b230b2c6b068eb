"""The keys: one table of what each does and where; menus, buttons and the F1 page read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtGui import QKeySequence

from mixer_nn.session.cue import CUES


class Place(Enum):
    """Where a key holds. A control that has the focus and needs a key itself keeps it."""

    EVERYWHERE = "everywhere"
    SHOWING = "in the past or slow motion, or with a point lit"
    KNOB = "on a knob or fader"
    FIELD = "while typing a value"
    DIALOG = "in a dialog"


@dataclass(frozen=True)
class Entry:
    """One action: its name in code, its keys in Qt's portable spelling, and what it does.

    The first of `keys` is written in menus; none: it is reached by menu only. `label` is what a
    person reads where that is shorter than all keys; `topic` the heading it stands under.
    """

    action: str
    keys: tuple[str, ...]
    text: str
    place: Place
    topic: str
    label: str = ""


_DIGITS = tuple("0123456789")

CUES_TOPIC = "Hot cues"

_FIRST_CUE = 2
"""The function key of cue A; those of the others follow."""

KEYS: tuple[Entry, ...] = tuple(
    Entry(action, tuple(keys.split()), text, place, topic, label)
    for place, topic, rows in (
        (
            Place.EVERYWHERE,
            "Auto-mix",
            (
                ("autoMix", "Space", "Start Auto-mix, or pause it", ""),
                ("step", "S", "Take one step", ""),
                ("tenSteps", "Shift+S", "Take ten steps", ""),
                ("hundredSteps", "", "Take a hundred steps", ""),
                ("slowMotion", "M", "Take a step in slow motion; then its next phase", ""),
                ("slowMotionBack", "Shift+M", "In slow motion: the phase before", ""),
                ("stepBack", ",", "Go one move back along the record", ""),
                ("stepForward", ".", "Go one move on along the record", ""),
                ("backToStart", "B", "Go back to the very same start", ""),
                ("newStart", "N", "Start anew from other knob positions", ""),
                ("whichWay", "W", "Show or hide which way to turn", ""),
                ("whichMatter", "K", "Tint the knobs that matter: slope, travelled, curvature", ""),
                ("showAnswer", "A", "Show or hide the least-squares answer", ""),
                ("nextPoint", "P", "Light the next point: its own pull on every knob", ""),
                ("previousPoint", "Shift+P", "Light the point before", ""),
            ),
        ),
        (
            Place.EVERYWHERE,
            CUES_TOPIC,
            tuple(
                (f"cue{letter}", f"F{number}", f"Go to hot cue {letter}, or store it if empty", "")
                for number, letter in enumerate(CUES, start=_FIRST_CUE)
            ),
        ),
        (
            Place.EVERYWHERE,
            CUES_TOPIC,
            tuple(
                (f"storeCue{letter}", f"Shift+F{number}", f"Store hot cue {letter} anew", "")
                for number, letter in enumerate(CUES, start=_FIRST_CUE)
            ),
        ),
        (
            Place.SHOWING,
            "In the past or slow motion, or with a point lit",
            (("leaveShowing", "Esc", "Leave the past or slow motion, or put the point out", ""),),
        ),
        (
            Place.EVERYWHERE,
            "The mix",
            (
                ("undo", "Ctrl+Z", "Undo the last gesture or run of Auto-mix", ""),
                ("redo", "Ctrl+Shift+Z Ctrl+Y", "Do again what was undone", ""),
                ("new", "Ctrl+N", "New mix", ""),
                ("open", "Ctrl+O", "Open a mix or a table", ""),
                ("pasteTable", "Ctrl+V", "Paste a table from a spreadsheet", ""),
                ("save", "Ctrl+S", "Save the mix", ""),
                ("saveAs", "Ctrl+Shift+S", "Save the mix under another name", ""),
                ("quit", "Ctrl+Q", "Quit", ""),
            ),
        ),
        (
            Place.EVERYWHERE,
            "The window",
            (
                ("shortcuts", "F1", "Show this page", ""),
                ("fullScreen", "F11", "Fill the screen, or leave it", ""),
                ("zoomIn", "Ctrl++ Ctrl+=", "Make text and controls larger", ""),
                ("zoomOut", "Ctrl+-", "Make text and controls smaller", ""),
                ("zoomReset", "Ctrl+0", "Back to the usual size", ""),
                ("nextControl", "Tab", "Go to the next control", ""),
                ("previousControl", "Shift+Tab Shift+Backtab", "Go to the one before", "Shift+Tab"),
            ),
        ),
        (
            Place.DIALOG,
            "In a dialog",
            (
                ("acceptDialog", "Return Enter", "Press the highlighted button", "Enter"),
                ("cancelDialog", "Esc", "Cancel", ""),
            ),
        ),
        (
            Place.KNOB,
            "On a knob or fader",
            (
                ("raise", "Up Right", "Raise by a hundredth of the scale", "↑ or →"),
                ("lower", "Down Left", "Lower by a hundredth of the scale", "↓ or ←"),
                (
                    "raiseFine",
                    "Shift+Up Shift+Right",
                    "Raise by a thousandth of the scale",
                    "Shift+↑ or →",
                ),
                (
                    "lowerFine",
                    "Shift+Down Shift+Left",
                    "Lower by a thousandth of the scale",
                    "Shift+↓ or ←",
                ),
                ("raiseFar", "PgUp", "Raise by a tenth of the scale", "Page Up"),
                ("lowerFar", "PgDown", "Lower by a tenth of the scale", "Page Down"),
                ("toLowEnd", "Home", "Go to the low end of the scale", ""),
                ("toHighEnd", "End", "Go to the high end of the scale", ""),
                ("resetKnob", "Del Backspace", "Back to its initial value", "Delete or Backspace"),
                (
                    "typeValue",
                    " ".join(("Return", "Enter", "-", *_DIGITS)),
                    "Type a value",
                    "Enter or a digit",
                ),
                ("lock", "L", "Lock a knob against Auto-mix, or unlock it", ""),
                ("knobMenu", "Menu Shift+F10", "Open its menu", "Menu or Shift+F10"),
                ("giveBack", "Esc", "While dragging: put it back where it was", ""),
            ),
        ),
        (
            Place.FIELD,
            "While typing a value",
            (
                ("takeValue", "Return Enter", "Take the value", "Enter"),
                ("leaveValue", "Esc", "Leave it as it was", ""),
            ),
        ),
    )
    for action, keys, text, label in rows
)

ALL_CUES: tuple[tuple[str, str], ...] = (
    ("F2 … F9", f"Go to hot cue {CUES[0]} … {CUES[-1]}, or store it if empty"),
    ("Shift+F2 … F9", f"Store hot cue {CUES[0]} … {CUES[-1]} anew"),
)
"""The keys of the hot cues, for the same page: two lines for all of them."""

GESTURES: tuple[tuple[str, str], ...] = (
    ("Drag", "Turn it: up or right raises"),
    ("Drag on the rim", "A large knob follows the finger round"),
    ("Shift+drag", "Ten times finer"),
    ("Ctrl+Shift+drag", "A hundred times finer"),
    ("Wheel", "Turn what has the focus, with Shift finer"),
    ("Double click", "Type a value"),
    ("Ctrl+click", "Back to its initial value"),
    ("Alt+release", "Put it back where it was"),
)
"""What the mouse does on a knob or fader, for the same page as the keys."""

PICKING: tuple[tuple[str, str], ...] = (
    ("Ctrl+arrow", "Go to the next knob, whatever its layer"),
    ("Ctrl+Space", "Pick it, or no longer: picked knobs turn together"),
    ("Shift+click", "The same with the mouse"),
    ("Drag beside knobs", "Pick all within the frame, with Shift besides the others"),
    ("Esc", "Pick none"),
)
"""How several knobs of a network are picked, for the same page."""

_BY_ACTION = {entry.action: entry for entry in KEYS}


def entry(action: str) -> Entry:
    """The row of an action; KeyError for a name that is not in the table."""
    return _BY_ACTION[action]


def sequences(action: str) -> list[QKeySequence]:
    """The keys of an action as Qt wants them, for ``QAction.setShortcuts``."""
    return [QKeySequence(key) for key in entry(action).keys]


def label(entry: Entry) -> str:
    """What a person reads for the keys of an entry, as this system writes them; "" for none."""
    return entry.label or " or ".join(
        QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in entry.keys
    )


def topics(entries: Iterable[Entry] = KEYS) -> dict[str, list[Entry]]:
    """The entries that have a key, under their headings, in the order of the table.

    Without those of the hot cues, which `ALL_CUES` tells together.
    """
    found: dict[str, list[Entry]] = {}
    for each in entries:
        if each.keys and each.topic != CUES_TOPIC:
            found.setdefault(each.topic, []).append(each)
    return found
