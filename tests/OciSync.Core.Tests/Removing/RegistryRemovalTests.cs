using OciSync.Core.Errors;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Images;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Core.Tests.Removing;

/// <summary>Removal from registries of all kinds: tags alone, by digest only, not at all.</summary>
public sealed class RegistryRemovalTests
{
    private static readonly TestImage Image = ImageFactory.Create();
    private static readonly TestImage Other = ImageFactory.Create(new ImageSpec { Seed = 9 });

    [Theory]
    [InlineData("default")]
    [InlineData("distribution3")]
    [InlineData("gocontainerregistry")]
    public async Task A_tag_goes_alone_where_tags_can_go_alone(string dialect)
    {
        await using var registry = await SeededAsync(dialect);
        var removal = new Removal();

        var removed = await removal.RunAsync($"{registry.Address}/a:1");

        Assert.Equal(($"{registry.Address}/a:1", Image.Digest), (removed!.Reference, removed.Digest));
        Assert.Empty(removed.AlsoRemoved);
        Assert.Null(removed.BytesFreed);
        Assert.Equal(["latest", "other"], registry.TagsOf("a"));
        Assert.True(registry.HasManifest("a", Image.Digest));
        Assert.Empty(Assert.Single(removal.Questions).Others);
        Assert.Equal(0, registry.Requests.Count("GET", "/tags/list"));
    }

    [Fact]
    public async Task Where_only_digests_can_go_the_other_tags_are_asked_about_and_go_too()
    {
        await using var registry = await SeededAsync("distribution2");
        var removal = new Removal();

        var removed = await removal.RunAsync($"{registry.Address}/a:1");

        Assert.Equal([$"{registry.Address}/a:latest"], removed!.AlsoRemoved);
        Assert.Equal([[], ["latest"]], removal.Questions.Select(q => q.Others));
        Assert.Equal(["other"], registry.TagsOf("a"));
    }

    [Fact]
    public async Task Where_only_digests_can_go_and_no_other_tag_would_nothing_more_is_asked()
    {
        await using var registry = await SeededAsync("distribution2");
        var removal = new Removal();

        Assert.Empty((await removal.RunAsync($"{registry.Address}/a:other"))!.AlsoRemoved);
        Assert.Single(removal.Questions);
        Assert.Equal(["1", "latest"], registry.TagsOf("a"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task What_is_not_confirmed_stays(int confirmed)
    {
        await using var registry = await SeededAsync("distribution2");
        var asked = 0;
        var removal = new Removal { Answer = _ => asked++ < confirmed };

        Assert.Null(await removal.RunAsync($"{registry.Address}/a:1"));
        Assert.Equal(confirmed + 1, removal.Questions.Count);
        Assert.Equal(["1", "latest", "other"], registry.TagsOf("a"));
    }

    [Fact]
    public async Task A_digest_goes_with_its_tags_which_are_asked_about_first()
    {
        await using var registry = await SeededAsync("default");
        var removal = new Removal();

        var removed = await removal.RunAsync($"{registry.Address}/a@{Image.Digest}");

        Assert.Equal([$"{registry.Address}/a:1", $"{registry.Address}/a:latest"], removed!.AlsoRemoved);
        Assert.Equal(["1", "latest"], Assert.Single(removal.Questions).Others);
        Assert.Equal(["other"], registry.TagsOf("a"));
        Assert.False(registry.HasManifest("a", Image.Digest));
    }

    [Fact]
    public async Task A_tag_that_has_moved_from_its_digest_stays()
    {
        await using var registry = await SeededAsync("default");

        await FailsAsync(OciErrorKind.DigestMismatch, $"{registry.Address}/a:1@{Other.Digest}");
        Assert.Equal(3, registry.TagsOf("a").Count);
        Assert.NotNull(await new Removal().RunAsync($"{registry.Address}/a:1@{Image.Digest}"));
        Assert.Equal(["latest", "other"], registry.TagsOf("a"));
    }

    [Theory]
    [InlineData("a:1")]
    [InlineData("digest")]
    public async Task A_registry_without_deletion_says_so_and_what_to_do(string what)
    {
        await using var registry = await SeededAsync("dockerhub");

        var fault = await FailsAsync(OciErrorKind.DeleteUnsupported, what == "digest" ? $"{registry.Address}/a@{Image.Digest}" : $"{registry.Address}/{what}");

        Assert.Equal("OciDeleteUnsupported", fault.ErrorId);
        Assert.Contains("REGISTRY_STORAGE_DELETE_ENABLED", fault.Message);
        Assert.Equal(3, registry.TagsOf("a").Count);
    }

    [Fact]
    public async Task Unsupported_with_400_is_understood()
    {
        await using var registry = await SeededAsync("default");
        registry.Faults.Add("DELETE", "/manifests/", FaultAction.Respond(400, "UNSUPPORTED", "The operation is unsupported."), times: 2);

        await FailsAsync(OciErrorKind.DeleteUnsupported, $"{registry.Address}/a:1");
    }

    [Theory]
    [InlineData(403, null, OciErrorKind.Forbidden)]
    [InlineData(412, null, OciErrorKind.TagImmutable)]
    [InlineData(409, null, OciErrorKind.TagImmutable)]
    public async Task A_refusal_is_told(int status, string? code, OciErrorKind kind)
    {
        await using var registry = await SeededAsync("default");
        registry.Faults.Add("DELETE", "/manifests/", FaultAction.Respond(status, code));

        var fault = await FailsAsync(kind, $"{registry.Address}/a:1");
        Assert.Contains("delete", fault.Message);
    }

    [Fact]
    public async Task A_manifest_that_others_hold_is_a_refusal_with_the_registrys_words()
    {
        await using var registry = await SeededAsync("default");
        registry.Faults.Add("DELETE", "/manifests/", FaultAction.Respond(400, "GOOGLE_MANIFEST_DANGLING_TAG", "tagged"));

        var fault = await FailsAsync(OciErrorKind.ProtocolError, $"{registry.Address}/a@{Image.Digest}");
        Assert.Contains("GOOGLE_MANIFEST_DANGLING_TAG", fault.Message);
    }

    [Fact]
    public async Task An_answer_that_is_lost_is_no_missing_image()
    {
        await using var registry = await SeededAsync("default");
        registry.Faults.Add("DELETE", "/manifests/", FaultAction.Respond(503), times: 1);
        registry.Faults.Add(new Fault { Method = "DELETE", PathContains = "/manifests/", Action = FaultAction.Respond(404, "MANIFEST_UNKNOWN") });

        Assert.NotNull(await new Removal().RunAsync($"{registry.Address}/a:1"));
    }

    [Theory]
    [InlineData("a:nope", OciErrorKind.ManifestUnknown)]
    [InlineData("b:1", OciErrorKind.ManifestUnknown)]
    [InlineData("a", OciErrorKind.TagRequired)]
    public async Task What_is_not_there_is_an_error(string name, OciErrorKind kind)
    {
        await using var registry = await SeededAsync("default");

        await FailsAsync(kind, $"{registry.Address}/{name}");
        Assert.Equal(0, registry.Requests.Count("DELETE"));
    }

    [Fact]
    public async Task What_if_deletes_nothing_and_tells_which_tags_may_go_too()
    {
        await using var registry = await SeededAsync("distribution2");
        var removal = new Removal();

        Assert.Null(await removal.RunAsync($"{registry.Address}/a:1", isReadOnly: true));

        var question = Assert.Single(removal.Questions);
        Assert.Equal(["latest"], question.Others);
        Assert.False(question.IsCertain);
        Assert.Equal(0, registry.Requests.Count("DELETE"));
    }

    [Fact]
    public async Task The_right_to_delete_is_asked_for_and_no_more()
    {
        var user = new RegistryUser("alice", "s3cret");
        await using var registry = await EmbeddedRegistry.StartAsync(RegistryOptions.WithToken(false, user));
        await registry.AddAsync("a", Image, "1");

        Assert.NotNull(await new Removal().RunAsync($"{registry.Address}/a:1", sessions: Run.Login(registry)));

        Assert.Equal(["repository:a:delete", "repository:a:pull"], registry.Tokens.Requests.SelectMany(r => r.Scopes).Distinct().Order());
    }

    [Fact]
    public async Task A_token_server_that_knows_no_deletion_is_asked_for_every_action()
    {
        var user = new RegistryUser("alice", "s3cret");
        await using var registry = await EmbeddedRegistry.StartAsync(RegistryOptions.WithToken(false, user));
        await registry.AddAsync("a", Image, "1");
        registry.Faults.Add(new Fault
        {
            PathContains = "/token",
            BeforeAuthorization = true,
            Predicate = r => r.QueryString.Value!.Contains("delete", StringComparison.Ordinal),
            Action = FaultAction.Respond(400, "UNSUPPORTED"),
            Times = 10,
        });

        await FailsAsync(OciErrorKind.Forbidden, $"{registry.Address}/a:1", registry);

        Assert.Contains("repository:a:*", registry.Tokens.Requests.SelectMany(r => r.Scopes));
    }

    [Fact]
    public async Task Without_the_right_to_delete_it_is_forbidden()
    {
        var reader = new RegistryUser("bob", "s3cret") { CanPush = false };
        await using var registry = await EmbeddedRegistry.StartAsync(RegistryOptions.WithToken(false, reader));
        await registry.AddAsync("a", Image, "1");

        var fault = await Assert.ThrowsAsync<OciException>(() => new Removal().RunAsync($"{registry.Address}/a:1", sessions: Run.Login(registry, "bob")));
        Assert.Equal(OciErrorKind.Forbidden, fault.Kind);
        Assert.Equal(["1"], registry.TagsOf("a"));
    }

    private static async Task<EmbeddedRegistry> SeededAsync(string dialect)
    {
        var registry = await EmbeddedRegistry.StartAsync(new RegistryOptions { Dialect = RegistryDialects.Get(dialect) });
        await registry.AddAsync("a", Image, "1", "latest");
        await registry.AddAsync("a", Other, "other");
        return registry;
    }

    private static async Task<OciException> FailsAsync(OciErrorKind kind, string reference, EmbeddedRegistry? login = null)
    {
        var fault = await Assert.ThrowsAsync<OciException>(() => new Removal().RunAsync(reference, sessions: login is null ? null : Run.Login(login)));
        Assert.Equal(kind, fault.Kind);
        return fault;
    }
}
