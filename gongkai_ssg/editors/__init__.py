"""Search in the working tree, for those who write: everything under ``items/``, drafts and items with errors included.

    words ─ fields (Whoosh) + bodies (our own) ─▶ candidates ─ looked up in their files ─▶ hits

``content`` is an item as both indexes take it in; ``tree`` keeps them in step with the files; ``asked`` reads what was
typed; ``lookup`` answers.
"""
