"""Monitors: one question each, all live views."""
