namespace OciSync.Testing.Servers;

/// <summary>A skopeo that checks sigstore signatures, 1.18 or later; Debian 12 has none, so it may be beside the other one.</summary>
public static class NewSkopeo
{
    /// <summary>Null when there is one, otherwise what is missing.</summary>
    public static string? WhyMissing => Debian13.WhyMissing(Debian13.Skopeo);

    /// <summary>Runs it to its end under a policy of trust; a run that takes longer than a minute, or is cancelled, is killed.</summary>
    /// <param name="policy">The file.</param>
    /// <param name="arguments">Command, options and images.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static async Task<ProcessResult> RunUnderAsync(string policy, IEnumerable<string> arguments, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var home = new TempFolder();
        return await Debian13.RunAsync(Debian13.Skopeo, ["--policy", policy, .. arguments], home.Path);
    }
}
