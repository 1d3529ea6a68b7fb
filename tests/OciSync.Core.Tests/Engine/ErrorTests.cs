using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Logins;
using OciSync.Core.Rows;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Pki;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Registry.Faults;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Engine;

/// <summary>Each failure is one row with its own id, and the other images are copied.</summary>
public sealed class ErrorTests
{
    [Fact]
    public async Task What_nobody_has_foreseen_is_a_row_of_its_image_and_the_others_go_on()
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        await source.AddAsync("b", ImageFactory.Create(), "1");
        source.Faults.Add("HEAD", "/a/manifests/", FaultAction.Respond(503), times: 1);
        var events = new EngineEvents { Decision = t =>
            _ = t.NamesStatus(503) ? throw new InvalidOperationException("told to nobody") : t };

        var rows = await Run.SyncAsync(Run.Request([$"{source.Address}/a:1", $"{source.Address}/b:1"], destination.Address), events: events);

        Assert.Equal(["Copied", "Failed"], rows.Statuses());
        var failed = rows.Single(r => r.Failure is not null);
        Assert.Equal(("OciUnexpected", "told to nobody"), (failed.Row.ErrorId, failed.Row.Error));
    }

    [Fact]
    public async Task A_missing_tag()
    {
        await using var source = await SourceAsync();
        var row = await FailAsync(source, $"{source.Address}/a:nope", "OciManifestUnknown");
        Assert.Contains("Get-OciTag", row.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_connection()
    {
        await using var source = await SourceAsync();
        var row = await FailAsync(source, $"127.0.0.1:{LoopbackPort.Free()}/a:1", "OciConnectionFailed");
        Assert.Contains("refused the connection", row.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_first_contact_that_finds_nobody_is_not_repeated(bool plainHttp)
    {
        var address = $"127.0.0.1:{LoopbackPort.Free()}";
        var sessions = new RegistrySessions();
        sessions.Set(address, new ConnectionSettings { PlainHttp = plainHttp }, null);
        var told = new List<string>();
        using var engine = Run.Engine(
            sessions: sessions, events: new EngineEvents { Decision = told.AddLocked }, cancellationToken: TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<OciException>(() => engine.CheckLoginAsync(address, TestContext.Current.CancellationToken));
        Assert.Equal("OciConnectionFailed", failure.ErrorId);
        Assert.DoesNotContain(told, t => t.StartsWith("Trying again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_host()
    {
        await using var source = await SourceAsync();
        await FailAsync(source, "no-such-host.invalid/a:1", "OciConnectionFailed");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_wrong_password(bool token)
    {
        var alice = new RegistryUser("alice", "s3cret");
        await using var source = await SourceAsync();
        await using var locked = await EmbeddedRegistry.StartAsync(token ? RegistryOptions.WithToken(false, alice) : RegistryOptions.WithBasic(alice));
        await locked.AddAsync("a", ImageFactory.Create(), "1");
        var row = await FailAsync(source, $"{locked.Address}/a:1", "OciUnauthorized", Run.Login(locked, "alice", "wr0ng-secret"));
        Assert.Contains("Connect-OciRegistry", row.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("wr0ng", row.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_login_where_one_is_wanted()
    {
        await using var source = await SourceAsync();
        await using var locked = await EmbeddedRegistry.StartAsync(RegistryOptions.WithBasic(new RegistryUser("alice", "s3cret")));
        await FailAsync(source, $"{locked.Address}/a:1", "OciUnauthorized");
    }

    [Fact]
    public async Task A_reader_who_may_not_write()
    {
        await using var source = await SourceAsync();
        await using var locked = await EmbeddedRegistry.StartAsync(
            RegistryOptions.WithToken(false, new RegistryUser("alice", "s3cret") { CanPush = false }));
        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], locked.Address), sessions: Run.Login(locked));
        Assert.Equal(("Failed", "OciForbidden"), (row.Status, row.ErrorId));
    }

    [Fact]
    public async Task An_http_registry_addressed_as_https()
    {
        // A name that leads to this machine and is no loopback name: no fall-back to http.
        var name = System.Net.Dns.GetHostName().ToLowerInvariant();
        var addresses = await System.Net.Dns.GetHostAddressesAsync(name, System.Net.Sockets.AddressFamily.InterNetwork, TestContext.Current.CancellationToken);
        Assert.SkipUnless(addresses.Contains(System.Net.IPAddress.Loopback), "This machine's name does not lead to 127.0.0.1.");
        await using var source = await SourceAsync();
        var row = await FailAsync(source, $"{name}:{source.Port}/a:1", "OciPlainHttp");
        Assert.Contains("-PlainHttp", row.Error, StringComparison.Ordinal);

        var sessions = new RegistrySessions();
        sessions.Set($"{name}:{source.Port}", new ConnectionSettings { PlainHttp = true }, null);
        await using var destination = await EmbeddedRegistry.StartAsync();
        Assert.Equal("Copied", (await Run.OneAsync(Run.Request([$"{name}:{source.Port}/a:1"], destination.Address), sessions: sessions)).Status);
    }

    [Fact]
    public async Task An_untrusted_certificate_until_its_authority_is_named()
    {
        using var pki = TestPki.Create();
        using var folder = new TempFolder();
        pki.Write(folder.Path);
        await using var source = await SourceAsync();
        await using var secure = await EmbeddedRegistry.StartAsync(new RegistryOptions { Certificate = pki.ServerCertificate });
        await secure.AddAsync("a", ImageFactory.Create(), "1");

        var row = await FailAsync(source, $"{secure.Address}/a:1", "OciCertificateUntrusted");
        Assert.Contains("-CertificatePath", row.Error, StringComparison.Ordinal);

        foreach (var settings in new[]
        {
            new ConnectionSettings { CertificatePath = System.IO.Path.Combine(folder.Path, "ca.crt") },
            new ConnectionSettings { SkipCertificateCheck = true },
        })
        {
            var sessions = new RegistrySessions();
            sessions.Set(secure.Address, settings, null);
            await using var destination = await EmbeddedRegistry.StartAsync();
            Assert.Equal("Copied", (await Run.OneAsync(Run.Request([$"{secure.Address}/a:1"], destination.Address), sessions: sessions)).Status);
        }

        using var other = TestPki.Create();
        other.Write(folder.Path);
        var wrong = new RegistrySessions();
        wrong.Set(secure.Address, new ConnectionSettings { CertificatePath = System.IO.Path.Combine(folder.Path, "ca.crt") }, null);
        await FailAsync(source, $"{secure.Address}/a:1", "OciCertificateUntrusted", wrong);
    }

    [Theory]
    [InlineData("type", "OciManifestRefused")]
    [InlineData("attestation", "OciAttestationRefused")]
    [InlineData("immutable", "OciTagImmutable")]
    public async Task A_destination_that_refuses(string what, string id)
    {
        await using var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(new ImageSpec { Platforms = TestPlatform.Usual, Attestations = true }), "1");
        await using var destination = await EmbeddedRegistry.StartAsync(new RegistryOptions
        {
            Dialect = new RegistryDialect
            {
                RefusedMediaTypes = what == "type" ? ["application/vnd.oci.image.index.v1+json"] : [],
                RefuseAttestations = what == "attestation",
                ImmutableTags = what == "immutable" ? 412 : null,
            },
        });
        await destination.AddAsync("a", ImageFactory.Create(), "1");

        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address));

        Assert.Equal(("Failed", id), (row.Status, row.ErrorId));
    }

    [Fact]
    public async Task Different_images_of_one_name_and_equal_ones()
    {
        await using var source = await SourceAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("x/b", ImageFactory.Create(), "1");
        await source.AddAsync("y/b", ImageFactory.Create(new ImageSpec { Seed = 7 }), "1");
        await source.AddAsync("x/c", ImageFactory.Create(), "1");
        await source.AddAsync("y/c", ImageFactory.Create(), "1");

        var outcomes = await Run.SyncAsync(Run.Request(
            new[] { "a", "x/b", "y/b", "x/c", "y/c" }.Select(r => $"{source.Address}/{r}:1"), destination.Address));

        Assert.Equal(["Copied", "Copied", "Failed", "Failed", "UpToDate"], outcomes.Statuses());
        Assert.All(outcomes.Where(o => o.Row.Status == "Failed"), o => Assert.Equal("OciNameCollision", o.Row.ErrorId));
        Assert.Contains("same image", outcomes.Single(o => o.Row.Status == "UpToDate").Row.Reason, StringComparison.Ordinal);
        Assert.Empty(destination.TagsOf("b"));
    }

    [Fact]
    public async Task Fail_fast_stops_the_rest()
    {
        await using var source = await SourceAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var request = Run.Request([$"{source.Address}/a:nope", $"{source.Address}/a:1"], destination.Address) with { FailFast = true };
        var outcomes = await Run.SyncAsync(request, Run.Quick with { ThrottleLimit = 1 });
        Assert.Equal(["Cancelled", "Failed"], outcomes.Statuses());
        Assert.Null(destination.DigestOf("a", "1"));
    }

    [Fact]
    public async Task A_declined_question_skips_the_image()
    {
        await using var source = await SourceAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        var asked = new List<string>();
        var outcome = Assert.Single(await Run.SyncAsync(Run.Request([$"{source.Address}/a:1"], destination.Address), confirm: row =>
        {
            asked.Add(row.Status);
            return Task.FromResult(false);
        }));
        Assert.Equal(("Skipped", "WouldCopy"), (outcome.Row.Status, Assert.Single(asked)));
        Assert.Equal(0, destination.Requests.Count("POST"));
    }

    [Fact]
    public async Task A_redirect_keeps_the_credential_at_home()
    {
        await using var storage = await EmbeddedRegistry.StartAsync();
        await using var source = await EmbeddedRegistry.StartAsync(RegistryOptions.WithBasic(new RegistryUser("alice", "s3cret")));
        await using var destination = await EmbeddedRegistry.StartAsync();
        var image = ImageFactory.Create();
        await source.AddAsync("a", image, "1");
        await storage.AddAsync("a", image, "1");
        source.Faults.Add("GET", "/blobs/", FaultAction.Redirect($"http://{storage.Address}{{path}}"), times: 100);

        var row = await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address), sessions: Run.Login(source));

        Assert.Equal("Copied", row.Status);
        Assert.Equal(image.Blobs.Count, storage.Requests.Count("GET", "/blobs/"));
        Assert.All(storage.Requests, r => Assert.Null(r.AuthorizationScheme));
    }

    [Fact]
    public async Task An_expired_token_is_replaced()
    {
        await using var source = await EmbeddedRegistry.StartAsync(RegistryOptions.WithToken(anonymousPull: true));
        await using var destination = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        var revoked = source.Faults.Add(
            new Fault { Method = "GET", PathContains = "/blobs/", BeforeAuthorization = true, Action = FaultAction.Delay(TimeSpan.Zero) });
        _ = revoked.Reached.ContinueWith(
            _ => source.Tokens.RevokeAll(), TestContext.Current.CancellationToken, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        Assert.Equal("Copied", (await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address))).Status);
    }

    private static async Task<EmbeddedRegistry> SourceAsync()
    {
        var source = await EmbeddedRegistry.StartAsync();
        await source.AddAsync("a", ImageFactory.Create(), "1");
        return source;
    }

    // The bad one fails as expected, and a good one beside it is copied.
    private static async Task<OciSyncResult> FailAsync(EmbeddedRegistry good, string bad, string id, RegistrySessions? sessions = null)
    {
        await using var destination = await EmbeddedRegistry.StartAsync();
        var outcomes = await Run.SyncAsync(Run.Request([bad, $"{good.Address}/a:1"], destination.Address + "/to"), sessions: sessions);
        var rows = outcomes.Select(o => o.Row).ToList();
        Assert.Equal(["Copied", "Failed"], rows.Select(r => r.Status).Order());
        var row = rows.Single(r => r.Status == "Failed");
        Assert.Equal(id, row.ErrorId);
        Assert.Equal(bad, outcomes.Single(o => o.Failure is not null).Input);
        return row;
    }

    [Fact]
    public async Task Attempts_do_not_multiply()
    {
        await using var source = await SourceAsync();
        await using var destination = await EmbeddedRegistry.StartAsync();
        source.Faults.Add("GET", "/blobs/", FaultAction.Respond(503), times: 1000);
        destination.Faults.Add("POST", "/blobs/uploads/", FaultAction.Respond(503), times: 1000);
        Assert.Equal("OciServerError", (await Run.OneAsync(Run.Request([$"{source.Address}/a:1"], destination.Address))).ErrorId);
        Assert.True(destination.Requests.Count("POST") <= 3 * (1 + Run.Quick.MaximumRetryCount), destination.Requests.ToString());
    }
}
