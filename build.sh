#!/usr/bin/env bash
# Runs build.ps1: by pwsh where there is one, else by the project's own engine host (OCISYNC_ENGINE_HOST=1 asks for it).
set -euo pipefail
top="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

if [ "${OCISYNC_ENGINE_HOST:-}" != 1 ] && command -v pwsh >/dev/null 2>&1; then
    exec pwsh -NoProfile -File "$top/build.ps1" "$@"
fi

if ! command -v dotnet >/dev/null 2>&1; then
    echo "The .NET SDK is not installed, or dotnet is not on the PATH. Get version 10 or later from https://dotnet.microsoft.com/download" >&2
    exit 1
fi

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
project="$top/tools/OciSync.EngineHost"
program="$project/bin/Release/net10.0/OciSync.EngineHost.dll"
stamp="$project/obj/built-by-build.sh"

# Building costs some seconds even when there is nothing to do: only when a source is newer than the last time.
if [ ! -f "$program" ] || [ ! -f "$stamp" ] || [ -n "$(find "$project" "$top"/Directory.*.props "$top/global.json" \
        \( -name bin -o -name obj \) -prune -o -type f -newer "$stamp" -print -quit)" ]; then
    if ! log="$(cd "$top" && dotnet build "$project" -c Release -nologo -v quiet 2>&1)"; then
        printf '%s\n' "$log" >&2
        exit 1
    fi
    touch "$stamp"
fi

exec dotnet "$program" -NoProfile -File "$top/build.ps1" "$@"
