namespace OciSync.Testing.Images;

/// <summary>Name and password for a registry.</summary>
public sealed record TestCredentials(string Name, string Password)
{
    /// <summary>Reads <c>name:password</c>.</summary>
    public static TestCredentials Parse(string text) =>
        text.IndexOf(':') is > 0 and var colon
            ? new TestCredentials(text[..colon], text[(colon + 1)..])
            : throw new FormatException("Credentials are name:password.");

    internal string ToBasic() => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{Name}:{Password}"));
}
