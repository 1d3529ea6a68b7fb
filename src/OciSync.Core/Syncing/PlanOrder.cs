using OciSync.Core.Rows;

namespace OciSync.Core.Syncing;

/// <summary>
/// Puts the rows of a plan in the order of the input, so that two plans can be compared line by line: of a repository in the order of its
/// choice. Each row is given on as soon as those before it are there. Rows of no image that was asked for (what would be pruned) come last.
/// </summary>
/// <param name="next">Gets the rows, one at a time.</param>
internal sealed class PlanOrder(Action<SyncOutcome> next)
{
    private const int NoPlace = -1;

    private readonly object _lock = new();
    private readonly List<SyncOutcome> _unplaced = [];
    private Dictionary<(string Source, string Destination), int> _places = [];
    private SyncOutcome?[]? _rows;
    private int _given;

    /// <summary>A row, in the order in which they are ready.</summary>
    internal void Add(SyncOutcome outcome)
    {
        lock (_lock)
        {
            Place(outcome);
            GiveReady();
        }
    }

    /// <summary>The order is known: the inputs, and the images that came of them. What was taken before has its place too.</summary>
    /// <param name="inputs">What the user gave, in order.</param>
    /// <param name="named">The images, in the order of each input's choice.</param>
    /// <param name="coming">Those of them whose rows are still to come.</param>
    internal void Begin(IReadOnlyList<string> inputs, IReadOnlyList<SyncPair> named, IEnumerable<SyncPair> coming)
    {
        lock (_lock)
        {
            var early = _unplaced.ToList();
            _unplaced.Clear();
            _places = new Dictionary<(string, string), int>(named.Count + early.Count);
            foreach (var key in coming.Select(KeyOf).Concat(early.Select(KeyOf)))
            {
                _places[key] = NoPlace;
            }

            // Who has a place among the images takes it there.
            var known = early.Count == 0 ? [] : new HashSet<(string, string)>(named.Select(KeyOf));
            var strangers = early.Select(o => (o.Input, Key: KeyOf(o))).Where(o => !known.Contains(o.Key));
            var count = 0;
            foreach (var (_, key) in InOrder(inputs, strangers.Concat(named.Select(p => (p.Input, Key: KeyOf(p))))))
            {
                if (_places.TryGetValue(key, out var place) && place == NoPlace)
                {
                    _places[key] = count++;
                }
            }

            _rows = new SyncOutcome?[count];
            early.ForEach(Place);
            GiveReady();
        }
    }

    // Most come in the order of the inputs as it is.
    private static IEnumerable<(string Input, (string, string) Key)> InOrder(
        IReadOnlyList<string> inputs, IEnumerable<(string Input, (string, string) Key)> images)
    {
        var numbers = inputs.Select((text, number) => (text, number)).GroupBy(i => i.text).ToDictionary(g => g.Key, g => g.First().number);
        var last = 0;
        return images.All(i => NumberOf(i.Input) >= last && (last = NumberOf(i.Input)) >= 0) ? images : images.OrderBy(i => NumberOf(i.Input));

        int NumberOf(string input) => numbers.TryGetValue(input, out var number) ? number : int.MaxValue;
    }

    /// <summary>No more rows come: gives what is left.</summary>
    internal void End()
    {
        lock (_lock)
        {
            foreach (var row in (_rows ?? []).Skip(_given).OfType<SyncOutcome>().Concat(_unplaced))
            {
                next(row);
            }
        }
    }

    private void Place(SyncOutcome outcome)
    {
        if (_rows is not null && _places.TryGetValue(KeyOf(outcome), out var place) && place >= _given && _rows[place] is null)
        {
            _rows[place] = outcome;
        }
        else
        {
            _unplaced.Add(outcome);
        }
    }

    private void GiveReady()
    {
        while (_rows is not null && _given < _rows.Length && _rows[_given] is { } row)
        {
            _rows[_given++] = null;
            next(row);
        }
    }

    private static (string Source, string Destination) KeyOf(SyncOutcome outcome) => (outcome.Row.Source, outcome.Row.Destination);

    private static (string Source, string Destination) KeyOf(SyncPair pair) => (pair.Source.ToString(), pair.Destination.ToString());
}
