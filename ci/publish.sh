#!/bin/sh
# Fetch, build, upload: the whole of publishing, for cron and for a hook of the git server.
#
#   publish.sh SETTINGS
#
# SETTINGS is a file of shell assignments, readable by its owner alone:
#
#   REPOSITORY=/srv/git/gongkai.git      what git clones: the content of the site
#   BRANCH=main                          the branch that is published
#   PLACE=/var/lib/gongkai               a folder of ours, kept between runs: checkout, cache, output
#   TARGET=web@10.0.0.8:/srv/zfxxgk      what rsync writes to (see upload.sh)
#   GONGKAI=/opt/gongkai/bin/gongkai     the program
#   SITE=.                               where config.yaml lies in the repository
#   OUTPUT=public                        where the output lies from there, as config.yaml says
#   BUILD_OPTIONS=                       further options of gongkai build, such as --strict; split at blanks
#
# In the crontab, every five minutes and at midnight in China, when days turn:
#
#   CRON_TZ=Asia/Shanghai
#   */5 * * * *  /opt/gongkai/ci/publish.sh /etc/gongkai/publish.conf
#
# Nothing is built while neither the branch nor the day is another. Only one run is at work; a second
# waits for it, a third has nothing to do. Exit status: 0, published or nothing to do; items that were
# left out stand among the findings, which cron sends by mail. 1: stopped, the old site stands, nothing
# is uploaded; said once for a commit and a day. Anything else: a fault, tried again by the next run.
set -eu

if [ $# -ne 1 ] || [ ! -r "$1" ]; then
    echo "usage: $0 SETTINGS" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
BRANCH=main GONGKAI=gongkai SITE=. OUTPUT=public BUILD_OPTIONS=
settings=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
# shellcheck disable=SC1090 # the reader's own
. "$settings"
: "${REPOSITORY:?}" "${PLACE:?}" "${TARGET:?}"
export GONGKAI
umask 022

# One at a time. The system gives the lock back when we end, however we end.
mkdir -p "$PLACE"
exec 9>"$PLACE/lock"
if ! flock -n 9; then
    exec 8>"$PLACE/waiting"
    flock -n 8 || exit 0 # somebody waits already, and will fetch what we would
    flock 9
    exec 8>&-
fi

# The branch as it is on the server; files that are the same keep their times.
checkout=$PLACE/checkout
if [ ! -d "$checkout/.git" ]; then
    rm -rf "$checkout"
    git clone --quiet --no-checkout "$REPOSITORY" "$checkout" 9>&-
fi
git -C "$checkout" fetch --quiet --prune "$REPOSITORY" "+refs/heads/$BRANCH:refs/remotes/origin/$BRANCH" 9>&-
commit=$(git -C "$checkout" rev-parse "refs/remotes/origin/$BRANCH")
day=$(TZ=Asia/Shanghai date +%Y-%m-%d)
now="$commit $day $TARGET $("$GONGKAI" --version)"
if [ "$now" = "$(cat "$PLACE/published" 2>/dev/null)" ]; then
    exit 0
elif [ "$now" = "$(cat "$PLACE/stopped" 2>/dev/null)" ]; then
    exit 1
fi
git -C "$checkout" checkout --quiet --force --detach "$commit" 9>&-

# Build for that day. Status 1 is told apart: errors leave out items, a stop publishes nothing.
cd "$checkout/$SITE"
status=0
# shellcheck disable=SC2086 # options are several words
"$GONGKAI" build --quiet --today "$day" --result "$PLACE/result.json" $BUILD_OPTIONS 9>&- || status=$?
if ! grep -q '"published": true' "$PLACE/result.json"; then
    echo "$commit: stopped, nothing is uploaded (status $status)" >&2
    if grep -q '"status"' "$PLACE/result.json"; then # not a lock, not a fault: it would stop again
        printf '%s\n' "$now" >"$PLACE/stopped"
    fi
    exit "$((status ? status : 3))"
fi

"$here/upload.sh" "$OUTPUT" "$TARGET" 9>&-
printf '%s\n' "$now" >"$PLACE/published"
