"""The saved mix: what it holds, how it is written and read. No Qt."""
