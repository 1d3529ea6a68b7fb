using System.Diagnostics.CodeAnalysis;

namespace OciSync.EngineHost.Hosting;

/// <summary>What to run, from arguments spelled as for pwsh.</summary>
public sealed record HostCommandLine(string? File, string? Command, IReadOnlyList<string> Arguments)
{
    // Accepted because scripts pass them to pwsh; this host never loads a profile, prompts or prints a banner.
    private static readonly string[] s_alwaysOn = ["-noprofile", "-nop", "-noninteractive", "-noni", "-nologo"];

    public static bool TryParse(
        IReadOnlyList<string> args,
        [NotNullWhen(true)] out HostCommandLine? commandLine,
        [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(args);
        commandLine = null;
        problem = null;
        for (var i = 0; i < args.Count; i++)
        {
            var option = args[i];
            if (s_alwaysOn.Contains(option, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }

            if (!option.StartsWith('-'))
            {
                commandLine = ForFile(option, args.Skip(i + 1));
            }
            else if (i + 1 == args.Count)
            {
                problem = $"{option}: unknown option, or its value is missing.";
            }
            else if (Is(option, "-file", "-f"))
            {
                commandLine = ForFile(args[i + 1], args.Skip(i + 2));
            }
            else if (Is(option, "-command", "-c"))
            {
                commandLine = new HostCommandLine(null, string.Join(' ', args.Skip(i + 1)), []);
            }
            else
            {
                problem = $"{option}: unknown option.";
            }

            return commandLine is not null;
        }

        problem = "Nothing to run.";
        return false;
    }

    private static HostCommandLine ForFile(string file, IEnumerable<string> arguments) => new(Path.GetFullPath(file), null, [.. arguments]);

    private static bool Is(string option, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (string.Equals(option, name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
