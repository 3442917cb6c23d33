"""Tools for those who work on the program: the message catalogue and the reference pages."""
