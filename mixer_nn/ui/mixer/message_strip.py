"""One line that meets a person where they are: a hint, or how the last run ended and what next."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from mixer_nn.core.segment import Stop
from mixer_nn.data.synthetic import make
from mixer_nn.ui import network_builder, theme
from mixer_nn.ui.bench import Bench
from mixer_nn.ui.compare_menu import comparing_text
from mixer_nn.ui.mixer.offers import CURVE, could_do_better, has_hidden_layers
from mixer_nn.ui.mixer.recovery_line import RecoveryLine
from mixer_nn.ui.mixer.slow_motion_bar import SlowMotionBar
from mixer_nn.ui.mixer.slow_words import INTERRUPTED
from mixer_nn.ui.mixer.visit_line import END, VisitLine
from mixer_nn.ui.mixer.wording import (
    ADDED_NEURONS,
    ANSWER_HINT,
    ARROWS_HINT,
    CURVE_CHOSEN,
    hint,
    outcome_text,
)
from mixer_nn.ui.monitors.emphasis import sentence

LEAST_TEXT = 300
"""Width that the sentence keeps; buttons that would take it are left out."""


class MessageStrip(QWidget):
    """Shows the latest outcome, or a hint; its buttons do what may follow from it.

    While a step is shown in slow motion, its caption and buttons stand there instead.
    """

    def __init__(self, bench: Bench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self._bench = bench
        self._make()
        bench.automix.changed.connect(self.read)
        bench.guidance.changed.connect(self.read)
        bench.desk.rewired.connect(self.read)
        bench.desk.undo_changed.connect(self.read)
        bench.spotlight.changed.connect(self.read)
        bench.slow_motion.changed.connect(self.read)
        bench.comparing.changed.connect(self.read)
        bench.desk.changed.connect(self._follow_visit)
        bench.scrubbing.at_end.connect(self._on_end)
        bench.slow_motion.interrupted.connect(self._on_interrupted)
        bench.desk.gesture_beginning.connect(self._forget_interruption)
        bench.recovery.offer_changed.connect(self._on_offer)
        bench.recovery.said.connect(self.notify)
        self._interrupted = False
        self._notice = ""
        self.read()

    def _make(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(10))
        self.label = QLabel(self)
        self.label.setObjectName("messageText")
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.again = QPushButton("Try by hand from the same start", self)
        self.again.setObjectName("tryByHand")
        self.again.setToolTip("Put the knobs where Auto-mix began, and beat it by ear")
        self.back = QPushButton("Bring back the last good mix", self)
        self.back.setObjectName("bringBack")
        self.back.setToolTip("The mix with the lowest loss before it diverged")
        self.add = QPushButton("Add a neuron", self)
        self.add.setObjectName("addNeuron")
        self.add.setToolTip("A hidden layer of four neurons: what one cannot bend, several can")
        self.curve = QPushButton("Try data a straight line cannot fit", self)
        self.curve.setObjectName("tryCurve")
        self.curve.setToolTip("The sine curve, for the same network")
        for button in (self.again, self.back, self.add, self.curve):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.add.clicked.connect(self._on_add)
        self.curve.clicked.connect(self._on_curve)
        self._offered: tuple[QPushButton, ...] = ()
        self.again.clicked.connect(self._on_again)
        self.back.clicked.connect(self._bench.automix.bring_back_best)
        row.addWidget(self.label, 1)
        for button in (self.add, self.curve, self.again, self.back):
            row.addWidget(button)
        self.slow = SlowMotionBar(self._bench, self)
        self.slow.hide()
        row.addWidget(self.slow, 1)
        self.recovery = RecoveryLine(self._bench, self)
        self.recovery.hide()
        row.addWidget(self.recovery, 1)
        self.visit = VisitLine(self._bench, self)
        self.visit.hide()
        row.addWidget(self.visit, 1)

    def _on_offer(self) -> None:
        self.recovery.read()
        self.read()

    def _offer_work(self, quiet: bool) -> None:
        """Let the work of a window that has died have the place while nothing is more urgent."""
        offered = quiet and self._bench.recovery.offer is not None
        if offered != self.recovery.isVisibleTo(self):
            self.recovery.setVisible(offered)
            self.label.setVisible(not offered)
            self.updateGeometry()

    def _on_interrupted(self) -> None:
        self._interrupted = True
        self.read()

    def _forget_interruption(self) -> None:
        self._interrupted = False

    def _give_way(self) -> bool:
        """Let slow motion have the place while it is on; whether it is."""
        on = self._bench.slow_motion.is_on
        if on:
            self._offer_work(False)
        if on != self.slow.isVisibleTo(self):
            self.slow.setVisible(on)
            self.label.setVisible(not on)
            self.updateGeometry()
        if on:
            self._interrupted = False
            self._hide_buttons()
        return self._look_back(on) or on

    def _look_back(self, slow: bool) -> bool:
        """Let the line about the past have the place while that is looked at; whether it is."""
        on = self._bench.desk.is_visiting and not slow
        if on:
            self._offer_work(False)
            self._hide_buttons()
            self.visit.read()
        if on != self.visit.isVisibleTo(self):
            self.visit.setVisible(on)
            self.label.setVisible(not on and not slow)
            self.updateGeometry()
        return on

    def _follow_visit(self) -> None:
        """In every frame of a look back; and when it begins or ends."""
        on = self._bench.desk.is_visiting
        if on != self.visit.isVisibleTo(self):
            self.read()
        elif on:
            self.visit.read()

    def _on_end(self) -> None:
        self.notify(END)

    def _hide_buttons(self) -> None:
        for button in (self.again, self.back, self.add, self.curve):
            button.hide()

    def notify(self, text: str) -> None:
        """Show a sentence until something else happens."""
        self._notice = text
        if not self._bench.slow_motion.is_on:
            self._offer_work(False)
        self._show(text, "hint")

    def read(self) -> None:
        """Show what fits the moment."""
        self._notice = ""
        if self._give_way():
            return
        bench = self._bench
        outcome = bench.automix.outcome
        stop = None if outcome is None else outcome.stop
        lit, compared = sentence(bench.spotlight), comparing_text(bench)
        self.back.setVisible(stop is Stop.DIVERGED)
        self._offered = () if lit else self._what_follows(stop)
        self._show_offers()
        if lit and stop is not Stop.DIVERGED:
            text, kind = f"{lit[0].upper()}{lit[1:]}.", "accent"
        elif compared and stop is not Stop.DIVERGED:
            text, kind = compared, "hint"
        elif self._interrupted and outcome is None:
            text, kind = INTERRUPTED, "hint"
        elif outcome is not None:
            text = outcome_text(outcome, self._is_still_steep())
            kind = "danger" if stop is Stop.DIVERGED else "hint"
        elif bench.guidance.answer:
            text, kind = ANSWER_HINT, "dim"
        elif bench.guidance.arrows:
            text, kind = ARROWS_HINT, "dim"
        else:
            text, kind = hint(bench.desk.mix), ""
        quiet = not lit and outcome is None and not self._interrupted
        self._offer_work(quiet and not compared)
        self._show(text, kind)

    def _what_follows(self, stop: Stop | None) -> tuple[QPushButton, ...]:
        """The buttons for a run that has ended well, the one to leave out last first."""
        if stop not in (Stop.SETTLED, Stop.PLATEAU):
            return ()
        bench, problem = self._bench, self._bench.desk.mix.problem
        if has_hidden_layers(problem):
            return (self.again,)
        # Where the loss is still falling, a higher learning rate comes first.
        better = not self._is_still_steep() and could_do_better(problem, bench.readings)
        there = dict(problem.dataset.recipe).get("name") == CURVE
        return (*([self.add] * better), self.again, *([self.curve] * (not there)))

    def _show_offers(self) -> None:
        """Show as many of the buttons as leave room for the sentence."""
        if self._bench.slow_motion.is_on:
            return
        room = self.width() - theme.px(LEAST_TEXT)
        for button in (self.add, self.again, self.curve):
            shown = button in self._offered
            if shown and button is not self._offered[0]:
                shown = self._taken(button) <= room
            button.setVisible(shown)

    def _taken(self, last: QPushButton) -> int:
        """The width of the buttons up to one of them."""
        upto = self._offered[: self._offered.index(last) + 1]
        return sum(button.sizeHint().width() + theme.px(10) for button in upto)

    def minimumSizeHint(self) -> QSize:
        # The least it can do with: what there is no room for is left out.
        if self._bench.slow_motion.is_on:
            return self.slow.minimumSizeHint()
        if not self.visit.isHidden():
            return self.visit.minimumSizeHint()
        if not self.recovery.isHidden():
            return self.recovery.minimumSizeHint()
        buttons = [self.back] if not self.back.isHidden() else list(self._offered[:1])
        wide = sum(button.sizeHint().width() + theme.px(10) for button in buttons)
        return QSize(wide + theme.px(120), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._show_offers()

    def _is_still_steep(self) -> bool:
        bench = self._bench
        free = ~bench.desk.mix.locked
        return bool((bench.readings.gradient_strength[free] > 0.0).any())

    def _show(self, text: str, kind: str) -> None:
        if text != self.label.text():
            self.label.setText(text)
        if self.label.property("kind") != kind:
            self.label.setProperty("kind", kind)
            self.label.style().unpolish(self.label)
            self.label.style().polish(self.label)

    def _on_again(self) -> None:
        self._bench.guidance.show_answer(False)
        self._bench.automix.try_by_hand()

    def _on_add(self) -> None:
        desk, four = self._bench.desk, network_builder.FIRST_NEURONS
        activation = network_builder.activation_for_new_layers(desk.mix.network)
        network_builder.set_hidden(desk, (four,), "add neurons")
        self.notify(ADDED_NEURONS.format(count=four, activation=activation))

    def _on_curve(self) -> None:
        desk = self._bench.desk
        network_builder.put_data(desk, make(CURVE, seed=desk.mix.state.seed))
        self.notify(CURVE_CHOSEN)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "label"):
            self.label.setFont(theme.ui_font(13))
