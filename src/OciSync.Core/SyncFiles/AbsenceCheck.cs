using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Requests;

namespace OciSync.Core.SyncFiles;

/// <summary>Tells what registries don't have from what failed otherwise, when all have been asked.</summary>
internal sealed class AbsenceCheck
{
    private readonly List<(ImageReference Source, bool IsKnown, OciException Failure)> _failures = [];
    private readonly HashSet<string> _answering = new(StringComparer.Ordinal);

    /// <summary>Asks for a source; a failure is kept.</summary>
    internal async Task TryAsync(ImageReference source, bool isKnownMissing, Func<Task> ask)
    {
        OciException? failure = null;
        try
        {
            await ask().ConfigureAwait(false);
        }
        catch (OciException e)
        {
            failure = e;
        }

        lock (_failures)
        {
            if (failure is null)
            {
                _answering.Add(source.Registry);
            }
            else
            {
                _failures.Add((source, isKnownMissing, failure));
            }
        }
    }

    /// <summary>What is left out, and what is a failure, each in the order of names.</summary>
    internal (IReadOnlyList<LeftOutSource> Absent, IReadOnlyList<LeftOutSource> Failed) Divide(bool skipMissing)
    {
        var (absent, failed) = (new List<LeftOutSource>(), new List<LeftOutSource>());
        foreach (var (source, isKnown, failure) in _failures.OrderBy(f => f.Source.ToString(), StringComparer.Ordinal))
        {
            var isAbsent = (isKnown && KnownMissing.IsAbsence(failure)) || (skipMissing && IsMissing(source, failure));
            var reason = isKnown ? KnownMissing.Reason(failure) : "it is missing: " + failure.Message;
            (isAbsent ? absent : failed).Add(new LeftOutSource(source.ToString(), reason, failure));
        }

        return (absent, failed);
    }

    // Docker Hub and Quay refuse what isn't there. That it is only this can be seen by what else the registry gives to the same login.
    private bool IsMissing(ImageReference source, OciException failure) => failure.Kind switch
    {
        OciErrorKind.RepositoryUnknown or OciErrorKind.ManifestUnknown => true,
        OciErrorKind.Unauthorized or OciErrorKind.Forbidden => _answering.Contains(source.Registry),
        _ => false,
    };
}
