namespace OciSync.Testing.Registry;

/// <summary>An answer other than success, with the body that the distribution specification asks for.</summary>
internal sealed class RegistryException(int status, string code, string message) : Exception(message)
{
    internal int Status => status;

    internal string Code => code;

    internal Dictionary<string, string> Headers { get; } = [];

    /// <summary>Sent as plain text in place of the JSON body.</summary>
    internal string? PlainText { get; init; }
}
