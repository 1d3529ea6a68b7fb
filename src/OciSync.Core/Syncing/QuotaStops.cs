using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Http;
using OciSync.Core.References;
using OciSync.Core.Rows;

namespace OciSync.Core.Syncing;

/// <summary>Images that a run has left because a registry's limit was reached: how many, and when to go on. Safe for several threads.</summary>
internal sealed class QuotaStops
{
    private readonly Dictionary<string, (int Images, DateTimeOffset? Due)> _left = new(StringComparer.Ordinal);

    /// <summary>Takes note of a row.</summary>
    internal void Learn(SyncOutcome outcome)
    {
        if (outcome.Failure is OciException { Kind: OciErrorKind.RateLimited } && ImageReference.TryParse(outcome.Row.Source, out var source, out _))
        {
            lock (_left)
            {
                var (images, due) = _left.TryGetValue(source!.Registry, out var known) ? known : (0, null);
                _left[source.Registry] = (images + 1, due is null || outcome.Row.DueTime > due ? outcome.Row.DueTime ?? due : due);
            }
        }
    }

    /// <summary>Says what is left, and how to go on.</summary>
    internal void Tell(EngineEvents events)
    {
        // Sorting nothing would compile its types in every run.
        if (_left.Count == 0)
        {
            return;
        }

        foreach (var (registry, (images, due)) in _left.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => (l.Key, l.Value)))
        {
            var when = due is { } time ? $"at {time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z" : "later";
            events.Warn($"{images} {(images == 1 ? "image is" : "images are")} left, as '{registry}' gives no more for now: go on {when} with their rows "
                + "($rows | Where-Object ErrorId -eq OciRateLimited | Sync-OciImage).");
        }
    }
}
