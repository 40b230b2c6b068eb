"""Every mutable thing and every signal: QtCore and QUndoStack only."""
