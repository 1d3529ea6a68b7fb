using OciSync.Core.Errors;
using OciSync.Core.Filling;
using OciSync.Core.Flow;
using OciSync.Core.Signing.Judging;
using OciSync.Core.SyncFiles;
using OciSync.Core.Tests.Checking;
using OciSync.Core.Tests.Distribution;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Signing.Enforcing;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Filling;

/// <summary>A folder that fetches what a sync file chooses, and nothing else.</summary>
public sealed class FillChoiceTests
{
    private readonly TestImage[] _images =
        Enumerable.Range(0, 4).Select(i => ImageFactory.Create(new ImageSpec { Seed = 40 + i, LayerSize = 200_000 })).ToArray();

    [Fact]
    public async Task What_no_entry_chooses_is_not_there_and_the_log_says_why()
    {
        await using var registry = await RegistryAsync("1.0", "1.1", "1.2");
        await registry.AddAsync("lib/y", _images[3], "1");
        await using var world = await FillWorld.StartAsync(registry, choice: Choose($"{registry.Address}/lib/x: {{ latest: 2 }}"));

        Assert.Equal(_images[2].Digest, await world.DigestAsync("lib/x", "1.2"));
        Assert.Contains(
            "404 '" + registry.Address + "/lib/x:1.0' is not what this mirror fetches", await world.FaultAsync("lib/x", "1.0"), StringComparison.Ordinal);
        Assert.Contains("404 '" + registry.Address + "/lib/y:1' is not what", await world.FaultAsync("lib/y", "1"), StringComparison.Ordinal);
        Assert.Contains("404 '", await world.FaultAsync("lib/x", _images[0].Digest), StringComparison.Ordinal);

        // One list of tags for all of it; nothing of what isn't chosen was asked for.
        Assert.Equal(1, registry.Requests.Count("GET", "/tags/list"));
        Assert.Equal(
            0, registry.Requests.Count("GET", "/lib/y/") + registry.Requests.Count("HEAD", "/lib/y/") + registry.Requests.Count("HEAD", "/manifests/1.0"));
    }

    [Fact]
    public async Task Named_tags_and_digests_are_chosen_and_a_pinned_tag_is_its_digest()
    {
        await using var registry = await RegistryAsync("a", "b", "c");
        var choice = Choose($"{registry.Address}/lib/x: ['a', '{_images[1].Digest}', 'c@{_images[0].Digest}']");
        await using var world = await FillWorld.StartAsync(registry, choice: choice);
        Assert.Equal(_images[0].Digest, await world.DigestAsync("lib/x", "a"));
        Assert.Equal("404", await world.DigestAsync("lib/x", "b"));
        Assert.Equal(_images[1].Digest, await world.DigestAsync("lib/x", _images[1].Digest));
        Assert.Equal(_images[0].Digest, await world.DigestAsync("lib/x", "c"));
        await world.WaitForAsync("lib/x:c");
    }

    [Fact]
    public async Task Blobs_come_with_their_image_alone()
    {
        await using var registry = await RegistryAsync("1.0", "1.1");
        await using var world = await FillWorld.StartAsync(registry, choice: Choose($"{registry.Address}/lib/x: ['1.1']"));
        var (chosen, other) = (LayerOf(_images[1]), LayerOf(_images[0]));
        using (var early = await world.AskAsync($"{world.Prefix}lib/x/blobs/{chosen}"))
        {
            Assert.Equal(404, early.Status);
        }

        Assert.Equal(_images[1].Digest, await world.DigestAsync("lib/x", "1.1"));
        using (var there = await world.AskAsync($"{world.Prefix}lib/x/blobs/{chosen}"))
        {
            Assert.Equal(_images[1].Blobs[chosen], await there.ReadAsync());
        }

        using var never = await world.AskAsync($"{world.Prefix}lib/x/blobs/{other}");
        Assert.Equal(404, never.Status);
        Assert.Equal(0, registry.Requests.Count("GET", other) + registry.Requests.Count("HEAD", other));
    }

    [Fact]
    public async Task A_tag_that_comes_up_is_chosen_a_minute_later()
    {
        var time = new ShiftedTime();
        await using var registry = await RegistryAsync("1.0", "1.1");
        await using var world = await FillWorld.StartAsync(
            registry, options: Run.Quick with { Time = time }, choice: Choose($"{registry.Address}/lib/x: {{ latest: 1 }}"));
        Assert.Equal(_images[1].Digest, await world.DigestAsync("lib/x", "1.1"));
        await registry.AddAsync("lib/x", _images[2], "1.2");
        Assert.Equal("404", await world.DigestAsync("lib/x", "1.2"));
        Assert.Equal("404", await world.DigestAsync("lib/x", "1.2"));
        Assert.Equal(1, registry.Requests.Count("GET", "/tags/list"));
        time.Shift += TimeSpan.FromSeconds(90);
        Assert.Equal(_images[2].Digest, await world.DigestAsync("lib/x", "1.2"));
        Assert.Equal(2, registry.Requests.Count("GET", "/tags/list"));
    }

    [Fact]
    public async Task While_the_list_of_tags_has_no_answer_it_is_asked_for_once_in_half_a_minute_for_all()
    {
        var time = new ShiftedTime();
        await using var registry = await RegistryAsync("1.0", "1.1", "1.2");
        registry.Faults.Add("GET", "/tags/list", FaultAction.Respond(503, "UNAVAILABLE"), times: 1000);
        await using var world = await FillWorld.StartAsync(
            registry, TimeSpan.FromMinutes(5), options: Run.Quick with { Time = time, MaximumRetryCount = 0 },
            choice: Choose($"{registry.Address}/lib/x: {{ allTags: true }}"));
        int Asked() => registry.Requests.Count("GET", "/tags/list");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => world.DigestAsync("lib/x", $"1.{i}"))));
        Assert.All(answers, a => Assert.Equal("502", a));
        Assert.Equal(1, Asked());
        time.Shift += TimeSpan.FromSeconds(20);
        Assert.Equal("502", await world.DigestAsync("lib/x", "1.1"));
        Assert.Equal(1, Asked());
        time.Shift += TimeSpan.FromSeconds(11);
        Assert.Equal("502", await world.DigestAsync("lib/x", "1.1"));
        Assert.Equal(2, Asked());

        // While one finds out whether it is over, the others don't wait for it.
        time.Shift += TimeSpan.FromSeconds(31);
        registry.Faults.Clear();
        var stall = registry.Faults.Add("GET", "/tags/list", FaultAction.StallBeforeHeaders());
        var first = Task.Run(() => world.DigestAsync("lib/x", "1.0"));
        await stall.Reached.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("502", await world.DigestAsync("lib/x", "1.1").WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        registry.Faults.Clear();
        Assert.Equal(_images[0].Digest, await first);
        Assert.Equal(_images[1].Digest, await world.DigestAsync("lib/x", "1.1"));
        Assert.Equal(3, Asked());
    }

    [Fact]
    public async Task What_is_too_young_is_not_there_or_what_it_was()
    {
        using var state = new TempFolder();
        var time = new ShiftedTime();
        await using var registry = await RegistryAsync("1.0", "1.1");
        var options = Run.Quick with { Time = time, StatePath = state["s"] };
        await using var world = await FillWorld.StartAsync(
            registry, TimeSpan.Zero, options: options, choice: Choose($"{registry.Address}/lib/x: {{ latest: 1, minimumAge: 3d }}"));

        Assert.Contains("404 The image is too young to be served: it is known here since", await world.FaultAsync("lib/x", "1.1"), StringComparison.Ordinal);
        Assert.Equal(0, registry.Requests.Count("GET", "/manifests/"));
        time.Shift += TimeSpan.FromDays(3);
        Assert.Equal(_images[1].Digest, await world.DigestAsync("lib/x", "1.1"));
        await world.WaitForAsync("lib/x:1.1");

        // It moves: it stays what it was, until the new one is old enough.
        await registry.AddAsync("lib/x", _images[3], "1.1");
        Assert.Equal(_images[1].Digest, await world.DigestAsync("lib/x", "1.1"));
        Assert.Equal(0, registry.Requests.Count("GET", "/manifests/" + _images[3].Digest));
        time.Shift += TimeSpan.FromDays(2);
        Assert.Equal(_images[1].Digest, await world.DigestAsync("lib/x", "1.1"));
        time.Shift += TimeSpan.FromDays(1);
        Assert.Equal(_images[3].Digest, await world.DigestAsync("lib/x", "1.1"));
    }

    [Fact]
    public async Task Tags_grow_older_though_nobody_asks_for_them()
    {
        using var state = new TempFolder();
        var time = new ShiftedTime();
        await using var registry = await RegistryAsync("1.0", "1.1");
        var choice = Choose($"{registry.Address}/lib/x: {{ latest: 1, minimumAge: 3d }}");
        await using var world = await FillWorld.StartAsync(registry, options: Run.Quick with { Time = time, StatePath = state["s"] }, choice: choice);
        var watch = world.Gate!.WatchAsync();
        var seen = state["s/first-sights"];
        bool IsNoted() =>
            Directory.Exists(seen) && Directory.GetFiles(seen, "*.txt").Any(f => File.ReadAllText(f).Contains("digest", StringComparison.Ordinal));
        for (var i = 0; !IsNoted(); i++)
        {
            Assert.True(i < 1500 && !watch.IsFaulted, "The tags were not looked at.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        time.Shift += TimeSpan.FromDays(3);
        Assert.Equal(_images[1].Digest, await world.DigestAsync("lib/x", "1.1"));
    }

    [Fact]
    public async Task A_minimum_age_needs_a_place_where_it_is_noted()
    {
        await using var registry = await RegistryAsync("1.0");
        await using var world = await FillWorld.StartAsync(registry, choice: Choose($"{registry.Address}/lib/x: {{ allTags: true, minimumAge: 3d }}"));
        Assert.Contains("-StatePath", Assert.Throws<OciException>(world.Gate!.Check).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_policy_refuses_is_refused_and_nothing_of_it_is_fetched()
    {
        await using var trust = await TrustWorld.StartAsync();
        var choice = Choose($"{trust.Source.Address}/app: ['1']", trust.Signed);
        await using var world = await FillWorld.StartAsync(trust.Source, TimeSpan.Zero, options: trust.Options, choice: choice);

        var answer = await world.FaultAsync("app", "1");
        Assert.StartsWith("403 ", answer, StringComparison.Ordinal);
        Assert.Contains("policy.json", answer, StringComparison.Ordinal);
        using (var refused = await world.AskAsync($"{world.Prefix}app/manifests/1"))
        {
            // The client learns no path of the server's.
            Assert.DoesNotContain("policy.json", System.Text.Encoding.UTF8.GetString(await refused.ReadAsync()), StringComparison.Ordinal);
        }

        Assert.Equal(0, trust.Source.Requests.Count("GET", "/blobs/"));
        Assert.Equal("404", await world.DigestAsync("app", TrustWorld.Image.Digest));
    }

    [Fact]
    public async Task What_is_signed_is_served_with_its_signature_and_stays_when_the_tag_moves_to_what_is_not()
    {
        await using var trust = await TrustWorld.StartAsync();
        await trust.SignAsync(TrustWorld.Image.Root);
        var choice = Choose($"{trust.Source.Address}/app: ['1']", trust.Signed);
        await using var world = await FillWorld.StartAsync(trust.Source, TimeSpan.Zero, options: trust.Options, choice: choice);
        Assert.Equal(TrustWorld.Image.Digest, await world.DigestAsync("app", "1"));
        Assert.NotEqual("404", await world.DigestAsync("app", TrustWorld.TagOf(TrustWorld.Image.Root)));
        await world.WaitForAsync("app:1");

        await trust.Source.AddAsync("app", _images[0], "1");
        Assert.Equal(TrustWorld.Image.Digest, await world.DigestAsync("app", "1"));
        Assert.Equal(0, trust.Source.Requests.Count("GET", LayerOf(_images[0])));
    }

    [Fact]
    public async Task What_was_refused_by_its_digest_is_there_as_a_part_of_what_is_chosen()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual });
        await registry.AddAsync("lib/x", image, "1");
        await using var world = await FillWorld.StartAsync(registry, choice: Choose($"{registry.Address}/lib/x: ['1']"));
        var part = image.For(TestPlatform.LinuxAmd64).Digest;
        Assert.Equal("404", await world.DigestAsync("lib/x", part));
        Assert.Equal(image.Digest, await world.DigestAsync("lib/x", "1"));
        Assert.Equal(part, await world.DigestAsync("lib/x", part));
    }

    [Fact]
    public async Task What_a_sync_file_changes_is_there_whole_before_it_is_served()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual, LayerSize = 100_000 });
        await registry.AddAsync("lib/x", image, "1");
        await using var world = await FillWorld.StartAsync(
            registry, choice: Choose($"{registry.Address}/lib/x: {{ tags: ['1'], platforms: [linux/amd64] }}"));
        Assert.Equal(image.For(TestPlatform.LinuxAmd64).Digest, await world.DigestAsync("lib/x", "1"));
        Assert.Equal("Whole", Assert.Single(await CheckTests.CheckAsync(world.Layout)).Row.Status);
        Assert.Equal("404", await world.DigestAsync("lib/x", image.For(TestPlatform.LinuxArm64).Digest));
    }

    [Fact]
    public async Task What_is_chosen_is_never_removed_for_its_size()
    {
        var size = _images[0].Blobs.Values.Sum(b => (long)b.Length) + _images[0].Root.Bytes.Length;
        var time = new ShiftedTime();
        await using var registry = await RegistryAsync("1.0", "1.1");
        await using var world = await FillWorld.StartAsync(
            registry, TimeSpan.FromMinutes(10), options: Run.Quick with { Time = time }, limits: new FillLimits { MaximumSize = size + (size / 2) },
            choice: Choose($"{registry.Address}/lib/x: {{ latest: 2 }}"));
        Assert.Equal(_images[0].Digest, await world.DigestAsync("lib/x", "1.0"));
        await world.WaitForAsync("lib/x:1.0");
        Assert.Equal(_images[1].Digest, await world.DigestAsync("lib/x", "1.1"));
        await world.WaitForAsync("lib/x:1.1");
        Assert.Equal(["1.0", "1.1"], await NamesAsync(world));

        // It is chosen no longer when there are newer ones.
        await registry.AddAsync("lib/x", _images[2], "1.2");
        time.Shift += TimeSpan.FromHours(1);
        Assert.Equal(_images[2].Digest, await world.DigestAsync("lib/x", "1.2"));
        await world.WaitForAsync("lib/x:1.2");
        Assert.Equal(["1.1", "1.2"], await NamesAsync(world));
    }

    [Fact]
    public async Task An_address_of_this_machine_is_not_asked_whoever_names_it()
    {
        await using var registry = await RegistryAsync("1.0");
        await using var other = await RegistryAsync("1.0");
        await using var world = await FillWorld.StartAsync(registry, choice: Choose($"{registry.Address}/lib/x: {{ allTags: true }}"));
        var port = other.Address.Split(':')[1];
        string[] hosts =
            [other.Address, "localhost:" + port, "[::1]:" + port, "0.0.0.0:" + port, "127.1:" + port, "169.254.169.254", "user@" + other.Address];
        foreach (var host in hosts)
        {
            using var ns = await world.AskAsync($"/v2/lib/x/manifests/1.0?ns={Uri.EscapeDataString(host)}");
            using var path = await world.AskAsync($"/{host.Replace(':', '-')}/v2/lib/x/manifests/1.0");
            Assert.Equal((404, 404), (ns.Status, path.Status));
        }

        Assert.Empty(other.Requests);
        Assert.Empty(registry.Requests);
    }

    internal static async Task<IEnumerable<string>> NamesAsync(FillWorld world) =>
        (await CheckTests.CheckAsync(world.Layout)).Select(r => r.Row.Reference.Split(':')[^1]).Order();

    internal static IReadOnlyList<FillEntry> Choose(string images, TrustOptions? trust = null) => SyncFile
        .Parse("sync.yaml", $"ocisync: 1\nimages:\n  {images}\n", _ => null).Require().Entries
        .Select(e => new FillEntry(e, trust ?? TrustOptions.Everything)).ToList();

    private static string LayerOf(TestImage image) => image.Blobs.OrderByDescending(b => b.Value.Length).First().Key;

    private async Task<EmbeddedRegistry> RegistryAsync(params string[] tags)
    {
        var registry = await EmbeddedRegistry.StartAsync();
        for (var i = 0; i < tags.Length; i++)
        {
            await registry.AddAsync("lib/x", _images[i], tags[i]);
        }

        return registry;
    }
}
