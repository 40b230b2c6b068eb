"""Everything that is seen."""

import os

# pyqtgraph prefers PyQt6 when it is imported first and finds both; import order cannot be
# trusted to say otherwise, since sorted imports put pyqtgraph above PySide6.
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
