namespace OciSync.Core.Auth;

/// <summary>What a request needs to be allowed: a repository's actions and, for a mount, reading another repository.</summary>
internal sealed record Scope(string Repository, bool Push, string? MountFrom = null)
{
    /// <summary>The registry as a whole: nothing of a repository.</summary>
    internal static readonly Scope Registry = new(string.Empty, false);

    /// <summary>The scope for the list of all repositories (<c>registry:catalog:*</c>).</summary>
    internal static readonly Scope Catalogue = new("*", false);

    /// <summary>Whose login it is, when that is not the repository's: the namespace that is logged in to.</summary>
    internal string? LoginPath { get; init; }

    /// <summary>Manifests are deleted: nothing else is asked for.</summary>
    internal bool Delete { get; init; }

    internal static Scope Pull(string repository) => new(repository, false);

    internal static Scope ForDelete(string repository) => new(repository, false) { Delete = true };

    /// <summary>The same for token servers that know no deletion by itself, but only every action.</summary>
    internal IReadOnlyList<string> EveryAction => [$"repository:{Repository}:*"];

    internal static Scope PullPush(string repository) => new(repository, true);

    /// <summary>The scopes in the words of the token specification (distribution, "Token Scope").</summary>
    internal IReadOnlyList<string> Words =>
        Repository.Length == 0
            ? []
            : Repository == Catalogue.Repository ? ["registry:catalog:*"]
            : Delete ? [$"repository:{Repository}:delete"]
            : MountFrom is null
                ? [$"repository:{Repository}:{(Push ? "pull,push" : "pull")}"]
                : [$"repository:{Repository}:pull,push", $"repository:{MountFrom}:pull"];
}
