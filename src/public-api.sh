#!/bin/sh
# Writes the PublicAPI.Unshipped.txt of every library anew from what is public now. Look at the difference before it is committed: each line
# that goes breaks a user, each line that comes is a promise.
# Usage: src/public-api.sh
set -eu
cd "$(dirname "$0")"
for project in */*.csproj; do
    folder=$(dirname "$project")
    [ "$folder" != Cli ] || continue
    printf '#nullable enable\n' > "$folder/PublicAPI.Shipped.txt"
    printf '#nullable enable\n' > "$folder/PublicAPI.Unshipped.txt"
    dotnet format analyzers "$project" --diagnostics RS0016 --severity warn
    LC_ALL=C sort -u -o "$folder/PublicAPI.Unshipped.txt" "$folder/PublicAPI.Unshipped.txt"
    wc -l "$folder/PublicAPI.Unshipped.txt"
done
