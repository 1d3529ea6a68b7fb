using OciSync.Core.Tests.Http;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Engine;

/// <summary>What a server says goes back to it as it came.</summary>
public sealed class AsItCameTests
{
    private const string Signed = "sig=a%2Bb%7Ec%2D1%2Ed&n=1";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_redirect_keeps_every_escape(bool absolute)
    {
        Assert.SkipUnless(ThisBuild.Framework.StartsWith(".NETCoreApp", StringComparison.Ordinal), "This build's platform normalizes addresses.");
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        source.Faults.Add(new Fault
        {
            Method = "GET",
            Predicate = r => r.Path.Value!.Contains("/blobs/", StringComparison.Ordinal) && r.Query.Count == 0,
            Action = FaultAction.Redirect((absolute ? source.BaseUri.ToString().TrimEnd('/') : string.Empty) + "{path}?" + Signed),
            Times = 1000,
        });

        Assert.Equal("Copied", (await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address))).Status);

        var followed = source.Requests.Where("GET", "/blobs/").Where(r => r.Query.Length > 0).ToList();
        Assert.NotEmpty(followed);
        Assert.All(followed, r => Assert.Equal("?" + Signed, r.Query));
    }

    [Fact]
    public async Task A_file_that_says_where_an_upload_goes_on_is_believed_of_the_registry_alone()
    {
        using var state = new TempFolder();
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await using var elsewhere = await EmbeddedRegistry.StartAsync();
        await source.AddSyntheticImageAsync("a", "1", 1_000_000);
        var options = Run.Quick with { ResumeThreshold = 500_000, ResumeChunkSize = 200_000, StatePath = state.Path };
        destination.Faults.Add("PATCH", null, FaultAction.Respond(503), times: 1000, skip: 3);
        Assert.Equal("OciServerError", (await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address), options)).ErrorId);
        var record = Assert.Single(Directory.GetFiles(state.Path, "*.json", SearchOption.AllDirectories));
        var text = await File.ReadAllTextAsync(record, TestContext.Current.CancellationToken);
        var other = text.Replace("\"location\":\"http://" + destination.Address, "\"location\":\"http://" + elsewhere.Address, StringComparison.Ordinal);
        Assert.NotEqual(text, other);
        await File.WriteAllTextAsync(record, other, TestContext.Current.CancellationToken);
        destination.Faults.Clear();

        Assert.Equal("Copied", (await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address), options)).Status);
        Assert.Empty(elsewhere.Requests);
    }

    [Theory]
    [InlineData("2000", 2000)]
    [InlineData("date", 2000)]
    public async Task When_a_registry_says_to_come_back_the_message_and_the_session_tell(string retryAfter, int seconds)
    {
        var clock = new LeapingClock();
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");

        // A date is the server's: its own clock, which is years off ours here, is what it counts by.
        var headers = retryAfter != "date"
            ? new Dictionary<string, string> { ["Retry-After"] = retryAfter }
            : new Dictionary<string, string>
            {
                ["Date"] = "Sat, 28 Nov 2026 12:00:00 GMT",
                ["Retry-After"] = "Sat, 28 Nov 2026 12:33:20 GMT",
            };
        source.Faults.Add(null, "/manifests/", FaultAction.Respond(429) with { Headers = headers }, times: 1000);
        var sessions = new Core.Logins.RegistrySessions();
        var expected = clock.GetUtcNow().AddSeconds(seconds);

        using var engine = Run.Engine(clock.Defaults, sessions, cancellationToken: TestContext.Current.CancellationToken);
        var e = await Assert.ThrowsAsync<Core.Errors.OciException>(() => engine.FindDigestAsync(
            Core.References.ImageLocation.Parse($"{source.Address}/a:1"), null, TestContext.Current.CancellationToken));

        var time = expected.LocalDateTime.ToString("s", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal("OciRateLimited", e.ErrorId);
        Assert.Contains($"come back at {time} (in 34 minutes)", e.Message, StringComparison.Ordinal);
        Assert.Equal(expected, sessions.FindQuota(source.Address)?.Reset);
        Assert.Empty(clock.Waits);
    }
}
