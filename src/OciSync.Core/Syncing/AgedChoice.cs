using OciSync.Core.Rows;
using OciSync.Core.Tags;

namespace OciSync.Core.Syncing;

/// <summary>
/// The choice among tags of which some are young, for one place: those are left out of the list before anything is chosen, so that none of
/// them pushes another one out. A tag that has moved keeps its turn where the place has it.
/// </summary>
/// <param name="ages">Judges.</param>
/// <param name="choose">Chooses among names.</param>
/// <param name="pair">The images that tags are at the place.</param>
internal sealed class AgedChoice(
    AgeGate ages, Func<IReadOnlyList<string>, Task<ChosenTags>> choose, Func<IEnumerable<string>, IReadOnlyList<SyncPair>> pair)
{
    /// <summary>What is chosen, and what would be if it were older, in the order of the tags.</summary>
    internal IReadOnlyList<SyncPair> Pairs { get; private set; } = [];

    /// <param name="names">All tags.</param>
    /// <param name="young">Those that are known too short a time by their name.</param>
    internal async Task<ChosenTags> ChooseAsync(IReadOnlyList<string> names, ISet<string> young)
    {
        var wished = await choose(names).ConfigureAwait(false);
        var wishes = wished.Wanted.Select(t => t.Tag).ToList();

        // Seen today, so that they are old enough one day.
        await ages.JudgeAsync(pair(wishes)).ConfigureAwait(false);
        var tooYoung = new HashSet<string>(young, StringComparer.Ordinal);
        while (true)
        {
            var chosen = await choose(names.Where(n => !tooYoung.Contains(n)).ToList()).ConfigureAwait(false);
            var pairs = pair(chosen.Wanted.Select(t => t.Tag));
            var verdicts = await ages.JudgeAsync(pairs).ConfigureAwait(false);
            var moved = pairs.Where((_, i) => verdicts[i] is { IsHeld: true, IsThere: false }).Select(p => p.Source.Image!.Tag!).Distinct().ToList();
            if (moved.Count == 0)
            {
                Pairs = [.. pairs, .. pair(wishes.Where(tooYoung.Contains))];
                return chosen;
            }

            wishes.AddRange(moved.Except(wishes));
            tooYoung.UnionWith(moved);
        }
    }
}
