using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Tags;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Engine;

/// <summary>
/// Minimum age × latest × prune × moved tags × an empty ledger, day by day: what comes to the source, what the run's rows say, and what the place
/// holds then. The age is three days. Letters are images.
/// </summary>
public sealed class MinimumAgeTests
{
    // name | choice | the place before | day: what comes to the source -> rows => the place ; …
    public static TheoryData<string, string, string, string> Table => new()
    {
        // Nobody knows since when the tags are there: the ledger begins, and nothing is taken.
        {
            "empty ledger, empty place", "latest 2", "",
            "0: 1=a 2=b 3=c -> 2 Skipped, 3 Skipped => ; "
                + "2: -> 2 Skipped, 3 Skipped => ; "
                + "3: -> 2 Copied, 3 Copied => 2=b 3=c"
        },

        // What the place holds is known; what is new is not.
        {
            "empty ledger, filled place", "latest 2", "1=a 2=b",
            "0: 1=a 2=b 3=c -> 1 UpToDate, 2 UpToDate, 3 Skipped => 1=a 2=b ; "
                + "3: -> 1 Pruned, 2 UpToDate, 3 Copied => 2=b 3=c"
        },

        // The place holds the tag and another image under it: the tag is known, what it points to isn't.
        {
            "empty ledger, other image there", "latest 1", "1=a",
            "0: 1=b -> 1 Skipped => 1=a ; "
                + "2: -> 1 Skipped => 1=a ; "
                + "3: -> 1 Updated => 1=b"
        },

        // The place holds the image under another tag: both are known but the tag's name.
        {
            "empty ledger, same image under another tag", "all", "1=a",
            "0: 1=a 2=a -> 1 UpToDate, 2 Skipped => 1=a ; "
                + "3: -> 1 UpToDate, 2 Copied => 1=a 2=a"
        },

        // A new version doesn't count for the latest two, and so pushes none out, until its time has come.
        {
            "new tag", "latest 2", "1=a 2=b",
            "0: 1=a 2=b -> 1 UpToDate, 2 UpToDate => 1=a 2=b ; "
                + "4: 3=c -> 1 UpToDate, 2 UpToDate, 3 Skipped => 1=a 2=b ; "
                + "6: -> 1 UpToDate, 2 UpToDate, 3 Skipped => 1=a 2=b ; "
                + "7: -> 1 Pruned, 2 UpToDate, 3 Copied => 2=b 3=c"
        },

        // A moved tag keeps its turn and what it was.
        {
            "moved tag", "latest 2", "1=a 2=b 3=c",
            "0: 1=a 2=b 3=c -> 1 Pruned, 2 UpToDate, 3 UpToDate => 2=b 3=c ; "
                + "4: 3=d -> 2 UpToDate, 3 Skipped => 2=b 3=c ; "
                + "6: -> 2 UpToDate, 3 Skipped => 2=b 3=c ; "
                + "7: -> 2 UpToDate, 3 Updated => 2=b 3=d"
        },

        // Moved once more, it waits anew.
        {
            "moved twice", "latest 1", "1=a",
            "0: 1=a -> 1 UpToDate => 1=a ; "
                + "4: 1=b -> 1 Skipped => 1=a ; "
                + "6: 1=c -> 1 Skipped => 1=a ; "
                + "7: -> 1 Skipped => 1=a ; "
                + "9: -> 1 Updated => 1=c"
        },

        // Back to what the place has: nothing is to be done.
        { "moved and back", "latest 1", "1=a", "0: 1=a -> 1 UpToDate => 1=a ; 4: 1=b -> 1 Skipped => 1=a ; 5: 1=a -> 1 UpToDate => 1=a" },

        // To an image that is known for long under another tag.
        {
            "moved to a known image", "all", "1=a 2=b",
            "0: 1=a 2=b -> 1 UpToDate, 2 UpToDate => 1=a 2=b ; "
                + "4: 1=b -> 1 Updated, 2 UpToDate => 1=b 2=b"
        },

        // A version whose image moved while it waited is not taken; the one before it stays chosen.
        {
            "moved while it waits", "latest 1", "1=a",
            "0: 1=a -> 1 UpToDate => 1=a ; "
                + "4: 2=b -> 1 UpToDate, 2 Skipped => 1=a ; "
                + "6: 2=c -> 1 UpToDate, 2 Skipped => 1=a ; "
                + "7: -> 1 UpToDate, 2 Skipped => 1=a ; "
                + "9: -> 1 Pruned, 2 Copied => 2=c"
        },

        // Young longer versions would make the known ones roll, and a young plain version would be the main family: both push nothing out.
        {
            "young ones make others roll", "latest 2", "1.0=a 1.1=b",
            "0: 1.0=a 1.1=b -> 1.0 UpToDate, 1.1 UpToDate => 1.0=a 1.1=b ; "
                + "4: 1.0.1=c 1.1.1=d -> 1.0 UpToDate, 1.0.1 Skipped, 1.1 UpToDate, 1.1.1 Skipped => 1.0=a 1.1=b ; "
                + "7: -> 1.0 Pruned, 1.0.1 Copied, 1.1 Pruned, 1.1.1 Copied => 1.0.1=c 1.1.1=d"
        },
        {
            "a young one is of the main family", "latest 1", "1-alpine=a",
            "0: 1-alpine=a -> 1-alpine UpToDate => 1-alpine=a ; "
                + "4: 2=b -> 1-alpine UpToDate, 2 Skipped => 1-alpine=a ; "
                + "7: -> 1-alpine Pruned, 2 Copied => 2=b"
        },

        // Urgent names don't wait, and push out at once.
        { "exempt", "latest 1 exempt 2", "1=a", "0: 1=a -> 1 UpToDate => 1=a ; 4: 2=b 3=c -> 1 Pruned, 2 Copied, 3 Skipped => 2=b" },

        // Without pruning and without a number.
        {
            "all tags", "all", "",
            "0: 1=a -> 1 Skipped => ; "
                + "1: 2=b -> 1 Skipped, 2 Skipped => ; "
                + "3: -> 1 Copied, 2 Skipped => 1=a ; "
                + "4: -> 1 UpToDate, 2 Copied => 1=a 2=b"
        },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task What_is_taken_and_what_stays(string name, string choice, string before, string days)
    {
        await using var world = await World.StartAsync(choice);
        await World.PutAsync(world.Place, before);
        foreach (var day in days.Split(" ; "))
        {
            var number = int.Parse(day.Split(':')[0], System.Globalization.CultureInfo.InvariantCulture);
            var arrow = day.IndexOf("->", StringComparison.Ordinal);
            var (comes, rest) = (day[(day.IndexOf(':') + 1)..arrow], day[(arrow + 2)..]);
            await World.PutAsync(world.Source, comes);

            // A plan says what a run would take, and notes nothing.
            world.Day(number);
            var planned = await world.RunAsync(isReadOnly: true);
            var rows = await world.RunAsync(isReadOnly: false);
            Assert.Equal($"{name}, day {number}: {rest.Split("=>")[0].Trim()}", $"{name}, day {number}: {World.Describe(rows)}");
            Assert.Equal(World.Describe(rows), World.Describe(planned)
                .Replace("WouldCopy", "Copied").Replace("WouldUpdate", "Updated").Replace("WouldPrune", "Pruned"));
            Assert.Equal($"{name}, day {number}: {rest.Split("=>")[1].Trim()}", $"{name}, day {number}: {world.Held()}");
            Assert.All(rows.Where(r => r.Status == "Skipped"), r => Assert.True(r.DueTime > world.Now && r.DueTime <= world.Now.AddDays(3), r.Reason));
            Assert.All(rows.Where(r => r.Status == "Skipped"), r => Assert.Contains("-MinimumAge 3d", r.Reason, StringComparison.Ordinal));
        }
    }

    private sealed class World : IAsyncDisposable
    {
        private static readonly Dictionary<string, TestImage> Images = "abcd".ToDictionary(
            c => c.ToString(), c => ImageFactory.Create(new ImageSpec { Seed = 40 + c, Layers = 1, LayerSize = 200 }));

        private readonly string _choice;
        private readonly SetTime _time = new();
        private readonly TempFolder _state = new();

        private World(EmbeddedRegistry source, EmbeddedRegistry place, string choice)
        {
            Source = source;
            Place = place;
            _choice = choice;
        }

        internal EmbeddedRegistry Source { get; }

        internal EmbeddedRegistry Place { get; }

        internal DateTimeOffset Now => _time.Now;

        internal static async Task<World> StartAsync(string choice) => new(
            await EmbeddedRegistry.StartAsync(), await EmbeddedRegistry.StartAsync(), choice);

        internal static async Task PutAsync(EmbeddedRegistry registry, string tags)
        {
            foreach (var tag in tags.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                await registry.AddAsync("a", Images[tag.Split('=')[1]], tag.Split('=')[0]);
            }
        }

        internal static string Describe(IEnumerable<OciSyncResult> rows) => string.Join(", ", rows
            .Select(r => $"{(r.Source.Length > 0 ? r.Source : r.Destination).Split(':')[^1]} {r.Status}").Order(StringComparer.Ordinal));

        internal void Day(int number) => _time.Now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddDays(number);

        internal string Held() => string.Join(' ', Place.TagsOf("a").Order(StringComparer.Ordinal)
            .Select(t => $"{t}={Images.Single(i => i.Value.Digest == Place.DigestOf("a", t)).Key}"));

        internal async Task<IReadOnlyList<OciSyncResult>> RunAsync(bool isReadOnly)
        {
            var words = _choice.Split(' ');
            var latest = words[0] == "latest" ? (int?)int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture) : null;
            var request = PruneRuns.Request(new TagChoice { Latest = latest }, Source, Place);
            var rows = await Run.SyncAsync(
                request with
                {
                    MinimumAge = TimeSpan.FromDays(3),
                    MinimumAgeExempt = ImageNames.Parse(words.Skip(3).Select(t => $"{Source.Address}/a:{t}"), "exempt"),
                    IsReadOnly = isReadOnly,
                },
                Run.Quick with { StatePath = _state["kept"], Time = _time });
            Assert.All(rows, r => Assert.Null(r.Failure));
            Assert.Equal(!isReadOnly || File.Exists(_state["kept/noted"]), Directory.Exists(_state["kept"]));
            if (!isReadOnly)
            {
                await File.WriteAllTextAsync(_state["kept/noted"], string.Empty);
            }

            return rows.Select(r => r.Row).ToList();
        }

        public async ValueTask DisposeAsync()
        {
            await Source.DisposeAsync();
            await Place.DisposeAsync();
            _state.Dispose();
        }
    }

    /// <summary>A clock that is where it was set; what waits, waits as ever.</summary>
    internal sealed class SetTime : TimeProvider
    {
        internal DateTimeOffset Now { get; set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
