"""Planning: which pages exist, and what each may read. One module a kind of page; ``planners`` is the list."""
