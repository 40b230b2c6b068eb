"""Where data come from: synthetic generators, shipped tables, a person's own table. No Qt."""
