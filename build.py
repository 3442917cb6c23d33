"""``python build.py …`` is ``gongkai build …``: what a build consists of stands in gongkai_ssg/build.py."""

import sys

from gongkai_ssg.cli import run

if __name__ == "__main__":
    run(["build", *sys.argv[1:]])
