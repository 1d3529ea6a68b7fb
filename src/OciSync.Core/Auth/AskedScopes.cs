using System.Collections.Concurrent;

namespace OciSync.Core.Auth;

/// <summary>
/// Scopes that a registry has asked for beside those that a request's own path says: behind a proxy that rewrites names, a repository has
/// another name inside (RFC 6750, 3: <c>insufficient_scope</c>). They are kept for the run, by repository.
/// </summary>
internal sealed class AskedScopes
{
    private const int MostWords = 8;
    private const int LongestWord = 512;

    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _words = new(StringComparer.Ordinal);

    /// <summary>All words of a request's scope: its own, and what was asked for beside them.</summary>
    internal IReadOnlyList<string> With(Scope scope) =>
        _words.TryGetValue(scope.Repository, out var asked) ? [.. scope.Words, .. asked.Select(w => Limit(w, scope)).Except(scope.Words)] : scope.Words;

    /// <summary>Takes the scope of a challenge; true when it asks for something that the request's own words don't have.</summary>
    internal bool Learn(Scope scope, string? challenge)
    {
        var own = new HashSet<string>(With(scope).SelectMany(Rights), StringComparer.Ordinal);
        var fresh = (challenge ?? string.Empty).Split([' '], StringSplitOptions.RemoveEmptyEntries)
            .Where(w => w.Length <= LongestWord && w.All(c => c is > ' ' and <= '~') && Rights(Limit(w, scope)).Any(r => !own.Contains(r)))
            .Distinct().Take(MostWords).ToList();
        if (scope.Repository.Length == 0 || fresh.Count == 0)
        {
            return false;
        }

        _words.AddOrUpdate(scope.Repository, fresh, (_, before) => before.Concat(fresh).Distinct().Take(MostWords).ToList());
        return true;
    }

    // Who only reads asks for no more than reading, whatever the registry would like.
    private static string Limit(string word, Scope scope)
    {
        var actions = word.LastIndexOf(':');
        return actions < 0 || scope.Push || scope.Delete || !word.StartsWith("repository:", StringComparison.Ordinal)
            ? word
            : word.Substring(0, actions) + ":pull";
    }

    private static IEnumerable<string> Rights(string word)
    {
        var actions = word.LastIndexOf(':');
        return actions < 0 ? [word] : word.Substring(actions + 1).Split(',').Select(a => word.Substring(0, actions) + ":" + a);
    }
}
