"""Everything that belongs to one mix in one window, made together and handed to the views."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from mixer_nn.session.mix import Mix, Setup
from mixer_nn.state.automix import AutoMix
from mixer_nn.state.clock import FrameClock
from mixer_nn.state.comparing import Comparing
from mixer_nn.state.cues import Cues
from mixer_nn.state.derivations import Derivations
from mixer_nn.state.desk import Desk
from mixer_nn.state.document import Document
from mixer_nn.state.fading import Fading
from mixer_nn.state.guidance import Guidance
from mixer_nn.state.inspection import Inspection
from mixer_nn.state.listening import Listening
from mixer_nn.state.overlay import Overlay
from mixer_nn.state.preferences import Preferences
from mixer_nn.state.ranking import Ranking
from mixer_nn.state.readings import Readings
from mixer_nn.state.recovery import Recovery
from mixer_nn.state.scrubbing import Scrubbing
from mixer_nn.state.selection import Selection
from mixer_nn.state.sharpness import Sharpness
from mixer_nn.state.slicing import Slicing
from mixer_nn.state.slow_motion import SlowMotion
from mixer_nn.state.spotlight import Spotlight
from mixer_nn.state.surveying import Surveying


class Bench(QObject):
    """The desk with all that reads it and drives it. Children of the bench, so they go with it."""

    def __init__(
        self,
        mix: Mix,
        preferences: Preferences,
        setup: Setup = Setup(),
        recovery: Path | None = None,
    ) -> None:
        """Work that is not saved is kept in the folder `recovery`; None: nowhere."""
        super().__init__()
        self.preferences = preferences
        self.desk = Desk(mix, setup, self)
        self.cues = Cues(self.desk, self)
        self.automix = AutoMix(self.desk, self)
        self.clock = FrameClock(self.desk, self.automix, self)
        self.scrubbing = Scrubbing(self.desk, self.automix, self.clock, self)
        self.listening = Listening(self.desk, self)
        self.spotlight = Spotlight(self.desk, self)
        self.slow_motion = SlowMotion(
            self.desk, self.automix, self.clock, preferences, self.spotlight, self
        )
        self.readings = Readings(self.desk, self.listening, self.spotlight, self.slow_motion)
        self.fading = Fading(
            self.desk, self.automix, self.clock, self.readings, self.listening, self
        )
        self.ranking = Ranking(self.desk, self.readings, self.clock, self)
        self.sharpness = Sharpness(self.desk, self.automix, self.readings, self.clock, self)
        self.guidance = Guidance(self.desk, self)
        self.overlay = Overlay(self.desk, self)
        self.comparing = Comparing(self.desk, self.automix, self)
        self.selection = Selection(self.desk, self)
        self.surveying = Surveying(self.desk, self.clock, self.selection, self)
        self.inspection = Inspection(self.desk, self.readings)
        self.slicing = Slicing(self.desk, self.readings)
        self.derivations = Derivations(self.desk, self.readings)
        self.document = Document(self.desk, self)
        self.recovery = Recovery(self.desk, self.document, recovery, self)
