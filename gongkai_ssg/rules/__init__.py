"""Rules: one module a family of findings."""
