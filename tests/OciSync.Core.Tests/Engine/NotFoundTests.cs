using OciSync.Core.Engine;
using OciSync.Core.Errors;
using OciSync.Core.Logins;
using OciSync.Core.References;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Engine;

/// <summary>What a 404 is said to be depends on what was asked for, and no remedy is what was just tried.</summary>
public sealed class NotFoundTests
{
    [Fact]
    public async Task A_list_of_tags_that_is_not_there_is_no_reason_to_list_the_tags()
    {
        var failure = await FailAsync("/tags/list", (engine, address, token) => engine.ListTagsAsync(ImageReference.Parse(address + "/a"), token));
        Assert.Contains("has no list of tags for 'a'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_catalogue_that_is_not_there_has_no_tags()
    {
        var failure = await FailAsync("/v2/_catalog", (engine, address, token) => engine.ListRepositoriesAsync(address, [], [], token));
        Assert.DoesNotContain("does not exist", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_server_that_is_not_there_has_no_tags()
    {
        await using var registry = await EmbeddedRegistry.StartAsync(RegistryOptions.WithToken(false, new RegistryUser("alice", "s3cret")));
        registry.Faults.Add("GET", "/token", FaultAction.Respond(404), times: 10);
        registry.Faults.Add("POST", "/token", FaultAction.Respond(404), times: 10);
        var failure = await FailAsync(registry, Run.Login(registry), (engine, address, token) => engine.CheckLoginAsync(address, token));
        Assert.Equal(OciErrorKind.ProtocolError, failure.Kind);
        Assert.Contains("get a token for", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tag_that_is_not_there_is_found_in_the_list()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("a", ImageFactory.Create(), "1");
        using var engine = Run.Engine(cancellationToken: TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<OciException>(
            () => engine.FindDigestAsync(ImageReference.Parse(registry.Address + "/a:2"), null, TestContext.Current.CancellationToken));
        Assert.Contains($"Get-OciTag {registry.Address}/a lists the tags", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_digest_that_is_not_there_is_not_found_in_the_list_of_tags()
    {
        var digest = "sha256:" + new string('0', 64);
        await using var registry = await EmbeddedRegistry.StartAsync();
        var failure = await FailAsync(
            registry, null, (engine, address, token) => engine.FindDigestAsync(ImageReference.Parse($"{address}/a@{digest}"), null, token));
        Assert.Equal(OciErrorKind.ManifestUnknown, failure.Kind);
        Assert.Contains($"{digest}' does not exist: it was removed", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<OciException> FailAsync(string path, Func<OciEngine, string, CancellationToken, Task> ask)
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        await registry.AddAsync("a", ImageFactory.Create(), "1");
        registry.Faults.Add("GET", path, FaultAction.Respond(404), times: 10);
        return await FailAsync(registry, null, ask);
    }

    private static async Task<OciException> FailAsync(
        EmbeddedRegistry registry, RegistrySessions? sessions, Func<OciEngine, string, CancellationToken, Task> ask)
    {
        using var engine = Run.Engine(sessions: sessions, cancellationToken: TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<OciException>(() => ask(engine, registry.Address, TestContext.Current.CancellationToken));
        Assert.DoesNotContain("lists the tags there are", failure.Message, StringComparison.Ordinal);
        return failure;
    }
}
