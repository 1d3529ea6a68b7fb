namespace OciSync.Core.Auth;

/// <summary>What a request needs to be allowed: a repository's actions and, for a mount, reading another repository.</summary>
internal sealed record Scope(string Repository, bool Push, string? MountFrom = null)
{
    /// <summary>The registry as a whole: nothing of a repository.</summary>
    internal static readonly Scope Registry = new(string.Empty, false);

    /// <summary>The list of repositories.</summary>
    internal static readonly Scope Catalogue = new("*", false);

    /// <summary>Whose login it is, when that is not the repository's: the namespace that is logged in to.</summary>
    internal string? LoginPath { get; init; }

    internal static Scope Pull(string repository) => new(repository, false);

    internal static Scope PullPush(string repository) => new(repository, true);

    /// <summary>The scopes in the words of the token specification (distribution, "Token Scope").</summary>
    internal IReadOnlyList<string> Words =>
        Repository.Length == 0
            ? []
            : Repository == Catalogue.Repository ? ["registry:catalog:*"]
            : MountFrom is null
                ? [$"repository:{Repository}:{(Push ? "pull,push" : "pull")}"]
                : [$"repository:{Repository}:pull,push", $"repository:{MountFrom}:pull"];
}
