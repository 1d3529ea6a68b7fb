namespace OciSync.Core.Finding.Compose;

/// <summary>The file <c>.env</c> beside a compose file: <c>NAME=value</c> lines, with comments and quotes (compose-spec, "Env_file format").</summary>
internal static class EnvironmentFile
{
    internal static Dictionary<string, string> Read(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n').Select(l => l.Trim()))
        {
            var item = line.StartsWith("export ", StringComparison.Ordinal) ? line.Substring("export ".Length).TrimStart() : line;
            var equals = item.IndexOf('=');
            if (equals > 0 && item[0] != '#')
            {
                values[item.Substring(0, equals).TrimEnd()] = ReadValue(item.Substring(equals + 1).Trim());
            }
        }

        return values;
    }

    private static string ReadValue(string value)
    {
        if (value.Length > 1 && value[0] is '"' or '\'' && value.IndexOf(value[0], 1) is > 0 and var end)
        {
            return value.Substring(1, end - 1);
        }

        var comment = value.IndexOf(" #", StringComparison.Ordinal);
        return comment < 0 ? value : value.Substring(0, comment).TrimEnd();
    }
}
