using System.Text;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Distribution;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Filling;

/// <summary>Whoever asks for a signature before its image is in the folder does not wait for the image.</summary>
public sealed class PendingReferrerTests
{
    // However loaded the machine is; the image doesn't come at all.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TestImage _image = ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual, LayerSize = 100_000 });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_tag_of_cosigns_is_answered_while_its_image_is_coming(bool isOfPlatform)
    {
        await using var registry = await StalledAsync();
        await using var world = await FillWorld.StartAsync(registry, choice: FillChoiceTests.Choose($"{registry.Address}/lib/x: ['1']"));
        var subject = isOfPlatform ? _image.For(TestPlatform.LinuxArm64).Digest : _image.Digest;
        var (signature, tag) = (ImageFactory.Cosign("lib/x"), ReferrerWorld.TagFor(subject));
        await registry.AddAsync("lib/x", signature, tag + ".sig");
        Assert.Equal("404", await world.DigestAsync("lib/x", tag + ".sig"));
        Assert.Equal(_image.Digest, await world.DigestAsync("lib/x", "1"));

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(signature.Digest, await world.DigestAsync("lib/x", tag + ".sig").WaitAsync(Patience, TestContext.Current.CancellationToken));
            Assert.Equal("404", await world.DigestAsync("lib/x", tag + ".att").WaitAsync(Patience, TestContext.Current.CancellationToken));
            Assert.Equal(signature.Digest, await world.DigestAsync("lib/x", signature.Digest));
        }

        Assert.Equal(1, registry.Requests.Count("GET", $"/manifests/{tag}.sig"));
        Assert.Equal(1, registry.Requests.Count("GET", $"/manifests/{tag}.att"));

        // What is of no image that is let in is asked of nobody.
        Assert.Equal("404", await world.DigestAsync("lib/x", ReferrerWorld.TagFor(ImageFactory.Create().Digest) + ".sig"));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task What_speaks_of_an_image_is_listed_while_the_image_is_coming(bool isChosen, bool hasReferrersApi)
    {
        await using var registry = await StalledAsync(hasReferrersApi);
        await using var world = await FillWorld.StartAsync(
            registry, choice: isChosen ? FillChoiceTests.Choose($"{registry.Address}/lib/x: ['1']") : null);
        var sbom = ImageFactory.Artifact("application/vnd.test.sbom", "bill", _image.Root);
        await registry.AddAsync("lib/x", sbom);
        if (!hasReferrersApi)
        {
            await registry.AddAsync("lib/x", ImageFactory.ReferrersIndex(sbom), ReferrerWorld.TagFor(_image.Digest));
        }

        Assert.Equal(_image.Digest, await world.DigestAsync("lib/x", "1"));
        Assert.Contains(sbom.Digest, await ListAsync(world, _image.Digest), StringComparison.Ordinal);
        Assert.DoesNotContain("sha256:", await ListAsync(world, _image.For(TestPlatform.LinuxAmd64).Digest), StringComparison.Ordinal);
        Assert.Equal(sbom.Digest, await world.DigestAsync("lib/x", sbom.Digest));
        var asked = registry.Requests.Count(_ => true);
        Assert.Contains(sbom.Digest, await ListAsync(world, _image.Digest), StringComparison.Ordinal);
        Assert.DoesNotContain("sha256:", await ListAsync(world, _image.For(TestPlatform.LinuxAmd64).Digest), StringComparison.Ordinal);
        Assert.Equal(asked, registry.Requests.Count(_ => true));
    }

    [Fact]
    public async Task When_the_image_is_in_the_folder_what_came_along_is_answered_from_there()
    {
        await using var registry = await StalledAsync();
        await using var world = await FillWorld.StartAsync(registry, choice: FillChoiceTests.Choose($"{registry.Address}/lib/x: ['1']"));
        var (signature, tag) = (ImageFactory.Cosign("lib/x"), ReferrerWorld.TagFor(_image.Digest) + ".sig");
        await registry.AddAsync("lib/x", signature, tag);
        await world.DigestAsync("lib/x", "1");
        Assert.Equal(signature.Digest, await world.DigestAsync("lib/x", tag));
        registry.Faults.Clear();
        await world.WaitForAsync("lib/x:1");
        registry.Requests.Clear();
        Assert.Equal(signature.Digest, await world.DigestAsync("lib/x", tag));
        Assert.Empty(registry.Requests);
    }

    [Fact]
    public async Task A_list_of_any_length_is_answered_whole_while_its_image_is_coming()
    {
        await using var registry = await StalledAsync(pageSize: 100);
        await using var world = await FillWorld.StartAsync(registry, choice: FillChoiceTests.Choose($"{registry.Address}/lib/x: ['1']"));
        var sboms = Enumerable.Range(0, 700).Select(i => ImageFactory.Artifact($"application/vnd.test.{i % 2}", $"bill {i}", _image.Root)).ToList();
        foreach (var sbom in sboms)
        {
            await registry.AddAsync("lib/x", sbom);
        }

        await world.DigestAsync("lib/x", "1");
        registry.Requests.Clear();
        var all = await ListAsync(world, _image.Digest);
        Assert.All(sboms, s => Assert.Contains(s.Digest, all, StringComparison.Ordinal));
        var half = await ListAsync(world, _image.Digest, "?artifactType=application/vnd.test.1");
        Assert.Equal(350, sboms.Count(s => half.Contains(s.Digest, StringComparison.Ordinal)));

        // As upstream describes them: none was read for the list, and each that a client wants is.
        Assert.Equal(7, registry.Requests.Count(_ => true));
        Assert.Equal(sboms[^1].Digest, await world.DigestAsync("lib/x", sboms[^1].Digest));
        Assert.Equal(8, registry.Requests.Count(_ => true));
    }

    [Fact]
    public async Task What_upstream_lists_and_does_not_speak_of_the_image_has_to_be_chosen_itself()
    {
        await using var registry = await StalledAsync(hasReferrersApi: false);
        var (sbom, other) = (ImageFactory.Artifact("application/vnd.test.sbom", "bill", _image.Root), ImageFactory.Create(new ImageSpec { LayerSize = 5000 }));
        await registry.AddAsync("lib/x", sbom);
        await registry.AddAsync("lib/x", other, "2");
        await registry.AddAsync("lib/x", ImageFactory.ReferrersIndex(sbom, other), ReferrerWorld.TagFor(_image.Digest));
        await using var world = await FillWorld.StartAsync(registry, choice: FillChoiceTests.Choose($"{registry.Address}/lib/x: ['1']"));
        await world.DigestAsync("lib/x", "1");
        Assert.Contains(sbom.Digest, await ListAsync(world, _image.Digest), StringComparison.Ordinal);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(sbom.Digest, await world.DigestAsync("lib/x", sbom.Digest));
            Assert.Equal("404", await world.DigestAsync("lib/x", other.Digest));
        }
    }

    [Fact]
    public async Task A_list_that_names_no_kinds_gets_them_from_the_manifests_and_leaves_out_what_is_gone()
    {
        await using var registry = await StalledAsync(hasReferrersApi: false);
        var sbom = ImageFactory.Artifact("application/vnd.test.sbom", "bill", _image.Root);
        var gone = ImageFactory.Artifact("application/vnd.test.sbom", "gone", _image.Root);
        await registry.AddAsync("lib/x", sbom);
        await registry.AddAsync("lib/x", ImageFactory.ReferrersIndex(sbom, gone), ReferrerWorld.TagFor(_image.Digest));
        await using var world = await FillWorld.StartAsync(registry);
        await world.DigestAsync("lib/x", "1");
        var list = await ListAsync(world, _image.Digest, "?artifactType=application/vnd.test.sbom");
        Assert.Contains(sbom.Digest, list, StringComparison.Ordinal);
        Assert.DoesNotContain(gone.Digest, list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_upstream_breaks_off_is_a_failure_and_no_shorter_list()
    {
        await using var registry = await StalledAsync(pageSize: 1);
        await using var world = await FillWorld.StartAsync(registry, options: Run.Quick with { MaximumRetryCount = 0 });
        await registry.AddAsync("lib/x", ImageFactory.Artifact("application/vnd.test.sbom", "bill", _image.Root));
        await registry.AddAsync("lib/x", ImageFactory.Artifact("application/vnd.test.sbom", "other bill", _image.Root));
        await world.DigestAsync("lib/x", "1");
        registry.Faults.Add(new Fault { PathContains = "/referrers/", Skip = 1, Action = FaultAction.Respond(503) });
        using var answer = await world.AskAsync($"{world.Prefix}lib/x/referrers/{_image.Digest}");
        Assert.Equal(502, answer.Status);
        Assert.Equal(2, Count(await ListAsync(world, _image.Digest), "application/vnd.test.sbom"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_kept_for_it_goes_when_its_image_is_there_or_has_failed(bool comes)
    {
        await using var registry = await StalledAsync();
        await using var world = await FillWorld.StartAsync(
            registry, options: Run.Quick with { MaximumRetryCount = 0 }, choice: FillChoiceTests.Choose($"{registry.Address}/lib/x: ['1']"));
        var (sbom, signature) = (ImageFactory.Artifact("application/vnd.test.sbom", "bill", _image.Root), ImageFactory.Cosign("lib/x"));
        var tag = ReferrerWorld.TagFor(_image.Digest) + ".sig";
        await registry.AddAsync("lib/x", sbom);
        await registry.AddAsync("lib/x", signature, tag);
        await world.DigestAsync("lib/x", "1");
        await world.DigestAsync("lib/x", _image.For(TestPlatform.LinuxAmd64).Digest);
        await world.DigestAsync("lib/x", tag);
        await ListAsync(world, _image.Digest);
        await world.DigestAsync("lib/x", sbom.Digest);
        Assert.True(IsKept(world, sbom) && IsKept(world, signature) && IsKept(world, _image));

        registry.Faults.Clear();
        if (comes)
        {
            await world.WaitForAsync("lib/x:1");
            Assert.False(world.Pending.Has(world.Name("lib/x")));
            return;
        }

        registry.Faults.Add("GET", "/blobs/", FaultAction.Respond(404), times: 1000);
        await world.UntilAsync(() =>
        {
            world.LetRest();
            return world.Warnings.Contains("is not in the folder yet", StringComparison.Ordinal) && !IsKept(world, sbom);
        });
        Assert.False(IsKept(world, signature));

        // Who is in the middle of a pull goes on, and what speaks of the image is still told.
        Assert.True(IsKept(world, _image));
        Assert.Equal(_image.For(TestPlatform.LinuxAmd64).Digest, await world.DigestAsync("lib/x", _image.For(TestPlatform.LinuxAmd64).Digest));
        Assert.Contains(sbom.Digest, await ListAsync(world, _image.Digest), StringComparison.Ordinal);
    }

    private static bool IsKept(FillWorld world, TestImage image) =>
        world.Pending.Find(world.Name("lib/x"), Core.References.Digest.Parse(image.Digest)) is not null;

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static async Task<string> ListAsync(FillWorld world, string subject, string query = "")
    {
        using var answer = await world.AskAsync($"{world.Prefix}lib/x/referrers/{subject}{query}").WaitAsync(Patience, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(await answer.ReadAsync());
    }

    // No blob comes before the faults are cleared.
    private async Task<EmbeddedRegistry> StalledAsync(bool hasReferrersApi = true, int? pageSize = null)
    {
        var registry = await EmbeddedRegistry.StartAsync(
            new RegistryOptions { Dialect = new RegistryDialect { Referrers = hasReferrersApi, ReferrersPageSize = pageSize } });
        await registry.AddAsync("lib/x", _image, "1");
        registry.Faults.Add("GET", "/blobs/", FaultAction.StallBeforeHeaders(), times: 1000);
        return registry;
    }
}
