#!/bin/sh
# Shows that two builds of the command line print the same: transcripts, statistics and states of the shipped scenarios, and comparisons of the
# shipped trace and of every workload, as JSON and CSV.
# Usage: tests/compare-outputs.sh OLD NEW, the paths of two bsdvm programs. Exit code 1 and a diff where they differ.
set -u
[ $# -eq 2 ] || { echo "usage: $0 OLD NEW" >&2; exit 2; }
old=$1
new=$2
for program in "$old" "$new"; do
    [ -x "$program" ] || { echo "$program: no program to run" >&2; exit 2; }
done
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
checked=0
different=0

check() {
    "$old" "$@" > "$work/old" 2>&1
    echo "exit code $?" >> "$work/old"
    "$new" "$@" > "$work/new" 2>&1
    echo "exit code $?" >> "$work/new"
    checked=$((checked + 1))
    if ! cmp -s "$work/old" "$work/new"; then
        different=$((different + 1))
        echo "different: bsdvm $*"
        diff "$work/old" "$work/new" | head -n 20
    fi
}

find "$root/scenarios" -name '*.vms' | sort > "$work/scenarios"
while read -r scenario; do
    check run "$scenario" --transcript
    check run "$scenario" --stats --json
    check show "$scenario" --frames
    check show "$scenario" --json --va 0x10000000
done < "$work/scenarios"

for format in json csv text; do
    check compare --no-time --format "$format"
    for workload in sequential strided uniform zipf runs chase loop; do
        check compare --workload "$workload:pages=500,refs=5000" --no-time --format "$format"
    done
done

echo "$checked outputs compared, $different different"
[ "$different" -eq 0 ]
