"""Real Chinese government text as test input: an importer and what it is checked against."""
