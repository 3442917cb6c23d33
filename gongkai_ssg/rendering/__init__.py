"""Rendering: pages → bytes, a pure function of their values and the theme."""
