"""The store: rows between the stages in SQLite, bodies in a spill, the output folder, the lock."""
