namespace OciSync.Core.Signing;

/// <summary>What is wrong in the text of a policy file, and where.</summary>
internal sealed class PolicyFaultException : FormatException
{
    internal PolicyFaultException(string fault, int line, int column, string key, Exception? inner = null)
        : base(fault, inner)
    {
        Line = line;
        Column = column;
        Key = key;
    }

    /// <summary>The line, from 1.</summary>
    internal int Line { get; }

    /// <summary>The byte in the line, from 1.</summary>
    internal int Column { get; }

    /// <summary>The way to the key, such as <c>transports.docker["quay.io"][0].keyPath</c>; empty for the file as a whole.</summary>
    internal string Key { get; }

    /// <summary>The fault with its place before it.</summary>
    internal string Describe() => $"line {Line}, column {Column}{(Key.Length == 0 ? string.Empty : ", " + Key)}: {Message}";
}
