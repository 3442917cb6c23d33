"""``python build.py …`` is ``gongkai build …``: what a build consists of stands in gongkai_ssg/build.py."""

import sys

from gongkai_ssg.cli import main

if __name__ == "__main__":
    main(["build", *sys.argv[1:]])
