using System.Diagnostics;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Tests.Engine;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Transports;

/// <summary>
/// Layouts that list the parts of an image, and what speaks of it, beside the image, as oras writes them: one named index, its manifests and
/// its referrers without names.
/// </summary>
public sealed class ListedPartsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("m")]
    [InlineData("m.tar")]
    public async Task The_image_is_the_only_one(string path)
    {
        await using var world = await ReferrerWorld.StartAsync();
        using var folder = new TempFolder();
        var layout = AsOras(world).Write(folder[path]);

        Assert.Equal(world.Image.Digest, (await Carry.SucceedAsync(layout, world.Destination.Address + "/b:1")).Digest);
        Assert.Equal(["Copied"], (await Run.SyncAsync(Carry.All(layout, DestinationNaming.Leaf, world.Destination.Address + "/c"))).Statuses());
        Assert.All(world.Referrers, r => Assert.False(world.Destination.HasManifest("b", r.Digest)));
    }

    [Theory]
    [InlineData("m")]
    [InlineData("m.tar")]
    public async Task A_check_has_one_row_and_looks_at_what_speaks_of_the_image(string path)
    {
        await using var world = await ReferrerWorld.StartAsync();
        using var folder = new TempFolder();

        var row = Assert.Single(await Checking.CheckTests.CheckAsync(AsOras(world).Write(folder[path]))).Row;
        Assert.Equal(("Whole", 6), (row.Status, row.Manifests));

        var signature = world.SbomSignature.Blobs.Keys.Last();
        row = Assert.Single(await Checking.CheckTests.CheckAsync(AsOras(world).Without(signature).Write(folder["broken-" + path]))).Row;
        Assert.Equal(("Broken", "OciBlobUnknown"), (row.Status, row.ErrorId));
        Assert.Contains(signature, Assert.Single(row.Fault), StringComparison.Ordinal);
    }

    // It is named there, and nobody would look at it otherwise.
    [Fact]
    public async Task A_check_looks_at_a_referrer_whose_image_is_gone()
    {
        await using var world = await ReferrerWorld.StartAsync();
        using var folder = new TempFolder();
        var other = ImageFactory.Create(new ImageSpec { Seed = 9 });
        var layout = new LayoutBuilder()
            .Add(other, world.Signature).Entry(other.Root, "a:1").Entry(world.Signature.Root).Without(world.Signature.Blobs.Keys.Last()).Write(folder["m"]);

        Assert.Equal([layout + ":@1", layout + ":a:1"], (await Checking.CheckTests.CheckAsync(layout)).Select(r => r.Row.Reference).Order());
    }

    [Fact]
    public async Task A_removal_takes_the_parts_and_what_speaks_of_them_but_not_those_of_others()
    {
        await using var world = await ReferrerWorld.StartAsync();
        using var folder = new TempFolder();
        var shared = world.Image.Manifests[1];
        var layout = AsOras(world).Entry(shared, "shared").Write(folder["m"]);
        using var engine = Run.Engine(cancellationToken: Token);

        await engine.RemoveAsync(ImageLocation.Parse(layout + ":1"), false, _ => Task.FromResult(true), Token);

        Assert.Equal("Whole", Assert.Single(await Checking.CheckTests.CheckAsync(layout)).Row.Status);
        Assert.Equal(shared.Digest, (await Carry.SucceedAsync(layout, "dir:" + folder["d"])).Digest);
        Assert.False(File.Exists(folder["m/blobs/sha256/" + world.Image.Manifests[0].Digest[7..]]));
        Assert.False(File.Exists(folder["m/blobs/sha256/" + world.Signature.Digest[7..]]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Referrers_are_carried_in_an_archive(bool destinationApi)
    {
        await using var world = await ReferrerWorld.StartAsync(true, destinationApi);
        var signature = ImageFactory.Cosign("a");
        var tag = ReferrerWorld.TagFor(world.Image.Digest) + ".sig";
        await world.Source.AddAsync("a", signature, tag);
        using var folder = new TempFolder();
        var archive = "oci-archive:" + folder["a.tar"];

        var row = await Run.OneAsync(Carry.Request($"{world.Source.Address}/a:1", archive + ":a:1") with { IncludeReferrer = true });
        Assert.True(row.Error is null, row.Error);
        Assert.Equal(("Copied", 4), (row.Status, row.ReferrersCopied));

        row = await Run.OneAsync(Carry.Request(archive + ":a:1", world.Destination.Address + "/a:1") with { IncludeReferrer = true });
        Assert.True(row.Error is null, row.Error);
        Assert.Equal(("Copied", 4), (row.Status, row.ReferrersCopied));
        await ReferrerWorld.CheckAsync(world, world.Destination);
        Assert.Equal(signature.Digest, world.Destination.DigestOf("a", tag));
    }

    [Fact]
    public async Task Referrers_of_an_archive_of_another_tool_are_read()
    {
        await using var world = await ReferrerWorld.StartAsync();
        using var folder = new TempFolder();
        var archive = AsOras(world).Write(folder["a.tar"]);

        var row = await Run.OneAsync(Carry.Request(archive, world.Destination.Address + "/a:1") with { IncludeReferrer = true });

        Assert.Equal(("Copied", 3), (row.Status, row.ReferrersCopied));
        await ReferrerWorld.CheckAsync(world, world.Destination);
    }

    [Fact]
    public async Task Archives_go_to_oras_and_come_from_it()
    {
        Assert.SkipWhen(FindOras() is null, "oras 1.3 is not on the path, and Debian 12 has none.");
        await using var world = await ReferrerWorld.StartAsync();
        using var folder = new TempFolder();
        await Run.OneAsync(Carry.Request($"{world.Source.Address}/a:1", $"oci-archive:{folder["ours.tar"]}:1") with { IncludeReferrer = true });

        await OrasAsync("restore", "--plain-http", "--input", folder["ours.tar"], $"{world.Destination.Address}/restored:1");
        await ReferrerWorld.CheckAsync(world, world.Destination, "restored");

        await OrasAsync("backup", "--plain-http", "--include-referrers", "--output", folder["theirs.tar"], $"{world.Source.Address}/a:1");
        var row = await Run.OneAsync(
            Carry.Request("oci-archive:" + folder["theirs.tar"], world.Destination.Address + "/read:1") with { IncludeReferrer = true });
        Assert.True(row.Error is null, row.Error);
        await ReferrerWorld.CheckAsync(world, world.Destination, "read");
        Assert.Equal("Whole", Assert.Single(await Checking.CheckTests.CheckAsync("oci-archive:" + folder["theirs.tar"])).Row.Status);
    }

    private static LayoutBuilder AsOras(ReferrerWorld world)
    {
        var layout = new LayoutBuilder().Add([world.Image, .. world.Referrers]).Entry(world.Image.Root, "1");
        foreach (var part in world.Image.Manifests.Where(m => m != world.Image.Root))
        {
            layout.Entry(part);
        }

        world.Referrers.ToList().ForEach(r => layout.Entry(r.Root));
        return layout;
    }

    private static string? FindOras() =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Select(p => Path.Combine(p, "oras")).FirstOrDefault(File.Exists);

    private static async Task OrasAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(FindOras()!, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync(Token);
        var error = await process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.True(process.ExitCode == 0, error + await output);
    }
}
