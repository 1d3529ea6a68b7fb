#!/usr/bin/env bash
# Runs build.ps1: by the pwsh of this machine where it is 7.4 or later, else by the PowerShell that the project pins, from NuGet.
set -euo pipefail
top="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 POWERSHELL_TELEMETRY_OPTOUT=1 POWERSHELL_UPDATECHECK=Off

# "PowerShell 7.6.9" or "PowerShell 7.7.0-preview.1": an older one, or one that doesn't start, is as none.
if [[ "$(pwsh --version 2>/dev/null </dev/null)" =~ ^PowerShell\ ([0-9]+)\.([0-9]+) ]] \
        && (( BASH_REMATCH[1] > 7 || (BASH_REMATCH[1] == 7 && BASH_REMATCH[2] >= 4) )); then
    exec pwsh -NoProfile -File "$top/build.ps1" "$@"
fi

if ! command -v dotnet >/dev/null 2>&1; then
    echo "The .NET SDK is not installed, or dotnet is not on the PATH. Get version 10 or later from https://dotnet.microsoft.com/download" >&2
    exit 1
fi

# Asking MSBuild costs seconds: only when the pinned versions may have changed, or when the packages are gone.
project="$top/tools/PowerShell/PowerShell.csproj"
place="$top/tools/PowerShell/obj/pwsh.path"
if [ ! -f "$place" ] || [ "$top/Directory.Packages.props" -nt "$place" ] || [ "$project" -nt "$place" ] || [ ! -f "$(<"$place")" ]; then
    echo "There is no PowerShell 7.4 or later on the PATH: restoring the project's own from NuGet ..."
    if ! found="$(cd "$top" && dotnet msbuild "$project" -restore -t:FindPackages -getProperty:PowerShellPath -nologo -v:quiet)"; then
        printf '%s\n' "$found" >&2
        exit 1
    fi
    printf '%s\n' "$found" >"$place"
fi

# Not by the package's own shim, which is a second process and keeps signals from the first.
exec dotnet "$(<"$place")" -NoProfile -File "$top/build.ps1" "$@"
