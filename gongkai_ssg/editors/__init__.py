"""Search in the working tree, for those who write: everything under ``items/``, drafts and items with errors included.

    words ─ fields (Whoosh) + bodies (our own) ─▶ candidates ─ looked up in their files ─▶ hits

``tree`` keeps both indexes in step with the files; ``asked`` reads what was typed; ``lookup`` answers.
"""
