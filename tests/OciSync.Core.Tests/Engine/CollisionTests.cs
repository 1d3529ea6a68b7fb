using OciSync.Core.Rows;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Engine;

public sealed class CollisionTests
{
    [Fact]
    public async Task An_additional_tag_for_two_different_images_is_a_collision()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var place = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 1 }), "1");
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 50 }), "2");

        var rows = await Run.SyncAsync(Run.Request([$"{source.Address}/a:1", $"{source.Address}/a:2"], place.Address) with { AdditionalTags = ["latest"] });

        Assert.Equal(["OciNameCollision", "OciNameCollision"], rows.Select(r => r.Row.ErrorId));
        Assert.Null(place.DigestOf("a", "latest"));
    }

    [Fact]
    public async Task An_additional_tag_is_written_for_a_source_by_digest()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var place = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        var digest = source.DigestOf("a", "1");

        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a@{digest}"], place.Address) with { AdditionalTags = ["extra"] });

        Assert.Equal((SyncStatus.Copied, $"{place.Address}/a@{digest}"), (row.Status, row.Destination));
        Assert.Equal(digest, place.DigestOf("a", "extra"));
    }

    [Fact]
    public async Task A_rival_that_failed_once_does_not_come_back_to_take_the_name()
    {
        await using var one = await EmbeddedRegistry.StartAsync();
        await using var two = await EmbeddedRegistry.StartAsync();
        await using var place = await EmbeddedRegistry.StartAsync();
        await one.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 1 }), "1");
        await two.AddAsync("a", ImageFactory.Create(new ImageSpec { Seed = 77 }), "1");
        one.Faults.Add("HEAD", "/manifests/", FaultAction.RetryAfter(429, "3600"), times: 1);

        var rows = await Run.SyncAsync(Run.Request([$"{one.Address}/a:1", $"{two.Address}/a:1"], place.Address));

        Assert.Equal(["Copied", "OciRateLimited"], rows.Select(r => r.Row.ErrorId ?? r.Row.Status).Order());
        Assert.Equal(two.DigestOf("a", "1"), place.DigestOf("a", "1"));
    }

    [Fact]
    public async Task Two_selections_of_one_image_for_one_name_are_a_collision()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var place = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual }), "1");
        var request = Run.Request([$"{source.Address}/a:1"], place.Address);
        var pair = request.Pairs[0];

        var rows = await Run.SyncAsync(
            request with { Pairs = [pair with { Selection = Run.Only("linux/amd64") }, pair with { Selection = Run.Only("linux/arm64") }] });

        Assert.Equal(["OciNameCollision", "OciNameCollision"], rows.Select(r => r.Row.ErrorId));
    }
}
