"""What can be taken out of the program: a picture, the parameters, the loss, as files."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

from PySide6.QtCore import QIODevice, QObject, QSaveFile
from PySide6.QtWidgets import QFileDialog, QWidget

from mixer_nn.session.curve import COLUMNS
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.dialogs.messages import tell


def parameters_csv(bench: Bench) -> str:
    """One row a parameter: id, value, initial value, locked, value in data units."""
    mix = bench.desk.mix
    rows = [["id", "value", "initial", "locked", "value_in_data_units"]]
    for parameter, unscaled in zip(
        mix.network.parameters, bench.readings.in_data_units, strict=True
    ):
        index = parameter.index
        value, initial = float(mix.parameters[index]), float(mix.initial[index])
        locked = "yes" if mix.locked[index] else "no"
        rows.append([parameter.id, repr(value), repr(initial), locked, repr(float(unscaled))])
    return _csv(rows)


def loss_csv(bench: Bench) -> str:
    """One row a point of every run's loss curve; an empty cell where there is no number."""
    rows = [["run", *COLUMNS]]
    for curve in bench.desk.history.curves:
        for point in curve.points:
            cells = ["" if math.isnan(value) else f"{value:.17g}" for value in point]
            rows.append([str(curve.run), *cells])
    return _csv(rows)


def _csv(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


class Exports(QObject):
    """What the export entries of the File menu do."""

    def __init__(self, bench: Bench, window: QWidget) -> None:
        super().__init__(window)
        self._bench, self._window = bench, window

    def picture(self) -> None:
        """The window as it is, as PNG."""
        path = self._ask("picture.png", "Pictures (*.png)")
        if path is not None:
            self._bench.desk.flush()
            if not self._window.grab().save(str(path), "PNG"):
                self._failed(path, "")

    def parameters(self) -> None:
        """All parameters as CSV."""
        path = self._ask("parameters.csv", "Tables (*.csv)")
        if path is not None:
            self._write(path, parameters_csv(self._bench))

    def loss(self) -> None:
        """All loss curves as CSV."""
        path = self._ask("loss.csv", "Tables (*.csv)")
        if path is not None:
            self._write(path, loss_csv(self._bench))

    def _ask(self, name: str, kinds: str) -> Path | None:
        start = str(self._bench.preferences.folder / name)
        chosen, _ = QFileDialog.getSaveFileName(self._window, "Export", start, kinds)
        return Path(chosen) if chosen else None

    def _write(self, path: Path, text: str) -> None:
        file = QSaveFile(str(path))
        written = file.open(QIODevice.OpenModeFlag.WriteOnly) and (
            file.write(text.encode("utf-8")) >= 0 and file.commit()
        )
        if not written:
            self._failed(path, file.errorString())

    def _failed(self, path: Path, reason: str) -> None:
        because = f" ({reason})" if reason else ""
        tell(
            self._window,
            f"“{path.name}” could not be written to {path.parent}{because}; choose another place.",
        )
