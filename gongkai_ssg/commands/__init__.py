"""The commands: thin, each a few lines over the stages. What a command needs is imported when it runs."""

from gongkai_ssg.commands import building, contents, outputs, searching
from gongkai_ssg.commands.options import gongkai

__all__ = ["building", "contents", "gongkai", "outputs", "searching"]
