using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Engine;

public sealed class NewerTests
{
    [Fact]
    public async Task Build_numbers_are_neither_newer_nor_the_newest_there()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await source.AddAsync("a", image, "v1.22.0", "v1.23.0", "v1.24.0", "v1.25.0", "v015.0", "550", "793");
        await destination.AddAsync("a", image, "v1.22.0", "v1.23.0", "v1.24.0", "550", "551");

        var request = Run.Request([$"{source.Address}/a:v1.24.0"], destination.Address) with { IsReadOnly = true, Newer = true };

        Assert.Equal(
            [$"{source.Address}/a:v1.24.0", $"{source.Address}/a:v1.25.0"], (await Run.SyncAsync(request)).Select(o => o.Row.Source).Order());
    }
}
