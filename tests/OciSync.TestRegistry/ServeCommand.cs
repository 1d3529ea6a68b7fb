using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using OciSync.Testing;
using OciSync.Testing.Pki;
using OciSync.Testing.Registry;
using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Registry.Faults;

namespace OciSync.TestRegistry;

/// <summary>Runs an embedded registry until it is stopped.</summary>
internal static class ServeCommand
{
    internal static async Task<int> RunAsync(Arguments arguments)
    {
        var readyFile = arguments.Text("--ready-file");
        var parentPid = arguments.Number("--parent-pid");
        var pkiFolder = arguments.Text("--pki-out");
        using var pki = arguments.Has("--tls") ? TestPki.Create() : null;
        var synthetic = arguments.Number("--synthetic");
        var stallAfter = arguments.Number("--stall-after");
        var perSecond = arguments.Number("--requests-per-second");
        var many = arguments.Text("--many");
        var tagsFile = arguments.Text("--tags-file");
        var options = Options(arguments, pki?.ServerCertificate);
        arguments.RefuseOthers();
        if (pki is not null && pkiFolder is not null)
        {
            pki.Write(pkiFolder);
        }

        await using var registry = await EmbeddedRegistry.StartAsync(options);
        if (synthetic is { } bytes)
        {
            await registry.AddSyntheticImageAsync("synthetic", "1", bytes);
        }

        await ManyTags.AddAsync(registry, many, tagsFile);
        if (stallAfter is { } count)
        {
            registry.Faults.Add(new Fault { Method = "PUT", Predicate = r => r.ContentLength > count, Action = FaultAction.StallRequest(count), Times = 1 });
        }

        if (perSecond is { } most)
        {
            RequestLimit.Set(registry, (int)most);
        }

        await ProcessEnd.AnnounceAsync(new JsonObject { ["address"] = registry.Address, ["url"] = registry.BaseUri.ToString() }, readyFile);
        await ProcessEnd.WaitAsync(parentPid, registry.StopRequested);
        return 0;
    }

    private static RegistryOptions Options(Arguments arguments, X509Certificate2? certificate) => new()
    {
        Port = (int)(arguments.Number("--port") ?? 0),
        Folder = arguments.Text("--folder"),
        DiscardBlobsAbove = arguments.Number("--discard-above"),
        BytesPerSecond = arguments.Number("--rate"),
        Certificate = certificate,
        Http2 = !arguments.Has("--no-http2"),
        Auth = Auth(arguments),
        Dialect = DialectSettings.Read(arguments.Text("--dialect"), arguments.All("--set")),
        Control = true,
    };

    private static AuthOptions Auth(Arguments arguments)
    {
        var users = arguments.All("--user").Select(text => User(text, canPush: true))
            .Concat(arguments.All("--reader").Select(text => User(text, canPush: false)))
            .ToList();
        return new AuthOptions
        {
            Mode = arguments.Has("--token") ? AuthMode.Token : users.Count > 0 ? AuthMode.Basic : AuthMode.None,
            Users = users,
            AnonymousPull = arguments.Has("--anonymous-pull"),
            TokenLifetime = TimeSpan.FromSeconds(arguments.Number("--token-lifetime") ?? 300),
        };
    }

    private static RegistryUser User(string text, bool canPush)
    {
        var credentials = Testing.Images.TestCredentials.Parse(text);
        return new RegistryUser(credentials.Name, credentials.Password) { CanPush = canPush };
    }
}
