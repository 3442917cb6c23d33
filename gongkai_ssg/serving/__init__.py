"""The preview: a site built on every change, served on this machine only, with a live page.

    files ─ watch ─▶ bursts ─ rounds ─▶ reports ─ live ─▶ browsers
                                 │                           ▲
                               build ─▶ folder ─ server ─────┘

Nothing of it is in what a build writes: the script and the panel of findings are put into pages as they are sent.
"""
