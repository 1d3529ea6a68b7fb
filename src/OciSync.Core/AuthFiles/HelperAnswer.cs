namespace OciSync.Core.AuthFiles;

/// <summary>How a helper ended and what it wrote; the text may be a secret.</summary>
internal sealed record HelperAnswer(int ExitCode, string Output)
{
    public override string ToString() => $"exit code {ExitCode}";
}
