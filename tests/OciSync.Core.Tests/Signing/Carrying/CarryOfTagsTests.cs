using OciSync.Core.Rows;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;

namespace OciSync.Core.Tests.Signing.Carrying;

/// <summary>Whether signatures are looked for is found out once for the tags of a repository, and for one alone where registries.d names it.</summary>
public sealed class CarryOfTagsTests
{
    private static readonly string[] Attachments = [CarryWorld.Attachments];

    [Theory]
    [InlineData(":2", "0 1")]
    [InlineData("", "1 1")]
    [InlineData("other", "0 0")]
    public async Task A_tag_that_registries_d_names_has_settings_of_its_own(string scope, string carried)
    {
        await using var world = await CarryWorld.StartAsync(CarryWorld.Image, [], Attachments);
        var second = ImageFactory.Create(new ImageSpec { Seed = 7 });
        await world.Source.AddAsync("app", second, "2");
        await world.AttachAsync(world.From, CarryWorld.Image.Digest);
        await world.AttachAsync(world.From, second.Digest);
        File.AppendAllText(world.Folder["registries.d/all.yaml"], $"  {world.Source.Address}/app{scope}:\n    {CarryWorld.Attachments}\n");

        // One after the other, the first tag first: what is known by then must not be taken for the second.
        var rows = await Run.SyncAsync(
            Run.Request([world.From, $"{world.Source.Address}/app:2"], world.Destination.Address + "/mirror"), world.Options with { ThrottleLimit = 1 });

        Assert.All(rows, r => Assert.Equal(SyncStatus.Copied, r.Row.Status));
        Assert.Equal(carried, string.Join(" ", rows.OrderBy(r => r.Row.Source, StringComparer.Ordinal).Select(r => r.Row.SignaturesCopied)));
    }
}
