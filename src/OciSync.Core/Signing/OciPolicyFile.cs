using OciSync.Core.Text;

namespace OciSync.Core.Signing;

/// <summary>A policy file: whether it is valid, and if not, where it isn't.</summary>
public sealed class OciPolicyFile
{
    internal OciPolicyFile(string policyPath) => PolicyPath = policyPath;

    /// <summary>The file.</summary>
    public string PolicyPath { get; }

    /// <summary>It can be used. What isn't valid in one place is not valid at all.</summary>
    public bool IsValid { get; internal init; }

    /// <summary>What applies to images that no transport and scope of the file is for.</summary>
    public TextList<string> Default { get; internal init; } = [];

    /// <summary>The transports that have entries.</summary>
    public TextList<string> Transports { get; internal init; } = [];

    /// <summary>How many scopes there are, in all transports.</summary>
    public int ScopeCount { get; internal init; }

    /// <summary>What is wrong, or null.</summary>
    public string? Fault { get; internal init; }

    /// <summary>The line of what is wrong, from 1; 0 where nothing is, or the file can't be read.</summary>
    public int Line { get; internal init; }

    /// <summary>The key of what is wrong, such as <c>transports.docker["quay.io"][0].keyPath</c>; empty where it is the file as a whole.</summary>
    public string Key { get; internal init; } = string.Empty;

    /// <inheritdoc/>
    public override string ToString() => IsValid ? PolicyPath + ": valid" : $"{PolicyPath}: {Fault}";
}
