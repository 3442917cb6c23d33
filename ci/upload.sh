#!/bin/sh
# Bring a web host to what a built site holds: upload what differs, delete what is gone, nothing else.
#
#   upload.sh OUTPUT TARGET
#
# OUTPUT is the folder that `gongkai build` has made. TARGET is what rsync writes to, a folder that is
# there already: /srv/zfxxgk or user@host:/srv/zfxxgk. Files of others in it stay.
#
# What the host holds is read from the manifest on the host itself, so that any machine can go on from
# any other's work. Before anything is touched, the new manifest is put beside it, in .gongkai-uploads;
# if an upload is cut off, the next one knows that a file may be of the one or of the other. Files are
# replaced whole, one by one, in an order in which no page links to one that is not there yet.
#
#   GONGKAI        the program, if it is not `gongkai`
#   RSYNC_OPTIONS  further options, such as --bwlimit=5m; split at blanks
#   RSYNC_RSH      rsync's own, such as: ssh -i /etc/gongkai/key
set -eu

if [ $# -ne 2 ]; then
    echo "usage: $0 OUTPUT TARGET" >&2
    exit 2
fi
output=${1%/} target=${2%/}
gongkai=${GONGKAI:-gongkai}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
mkdir "$work/host" "$work/empty"

copy() {
    # shellcheck disable=SC2086 # options are several words
    rsync ${RSYNC_OPTIONS:-} "$@"
}

# 1. What does the host hold? If that can't be read, rsync fails and so do we.
copy -rt --prune-empty-dirs --include=/data/ --include='/data/manifest/***' --include='/.gongkai-uploads/***' \
    --exclude='*' "$target/" "$work/host/"
mkdir -p "$work/host/data/manifest"
set -- "$work/host/data/manifest"
for begun in "$work"/host/.gongkai-uploads/*/; do
    if [ -d "$begun" ]; then
        set -- "$@" "$begun"
    fi
done

# 2. What is to be done?
"$gongkai" diff "$@" "$output" --split "$work"
cat "$work"/*-upload "$work"/*-delete >"$work/all"
if [ ! -s "$work/all" ] && [ $# -eq 1 ]; then
    echo "nothing to upload" >&2
    exit 0
fi

# 3. Say what is about to happen.
name=$(date -u +%Y%m%dT%H%M%SZ)-$$
mkdir -p "$work/begun/.gongkai-uploads/$name"
cp "$output"/data/manifest/*.json "$work/begun/.gongkai-uploads/$name/"
copy -rt "$work/begun/" "$target/"

# 4. Do it. Of the first stage only what stands in the way is deleted, before; of the others what is gone, after.
upload() {
    if [ -s "$work/$1-upload" ]; then
        copy -tc --from0 --files-from="$work/$1-upload" "$output/" "$target/"
    fi
}
delete() {
    if [ -s "$work/$1-delete" ]; then
        remove "$work/$1-delete"
        tr '\000' '\n' <"$work/$1-delete" | folders >"$work/folders"
        # Folders that the output has no more, the deepest first; rsync leaves those that still hold something.
        while [ -s "$work/folders" ]; do
            deepest=$(awk -F/ '{ if (NF > most) most = NF } END { print most }' "$work/folders")
            awk -F/ -v n="$deepest" 'NF == n' "$work/folders" >"$work/these"
            while IFS= read -r folder; do
                [ -d "$output/$folder" ] || printf '%s\000' "$folder"
            done <"$work/these" >"$work/gone"
            if [ -s "$work/gone" ]; then
                remove "$work/gone"
            fi
            { awk -F/ -v n="$deepest" 'NF < n' "$work/folders"; folders <"$work/these"; } | sort -u >"$work/fewer"
            mv "$work/fewer" "$work/folders"
        done
    fi
}
folders() { # the folders in which some paths lie
    sed -n 's,/[^/]*$,,p' | sort -u
}
remove() { # rsync deletes what is listed and isn't there; the folders around it must be
    rm -rf "$work/empty"
    mkdir "$work/empty"
    tr '\000' '\n' <"$1" | folders | while IFS= read -r folder; do
        mkdir -p "$work/empty/$folder"
    done
    copy --dirs --delete-missing-args --from0 --files-from="$1" "$work/empty/" "$target/"
}
delete pages
upload pages
upload lists
delete lists
upload manifest
delete manifest

# 5. Done: what was begun is no longer in doubt.
rm -rf "$work/empty"
mkdir "$work/empty"
copy -r --delete --include='/.gongkai-uploads/***' --exclude='*' "$work/empty/" "$target/"
echo "uploaded $(cat "$work"/*-upload | tr -cd '\000' | wc -c), deleted $(cat "$work"/*-delete | tr -cd '\000' | wc -c)" >&2
