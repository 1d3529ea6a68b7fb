using Microsoft.Extensions.Time.Testing;
using OciSync.Core.Distribution;
using OciSync.Core.Engine;
using OciSync.Core.Filling;
using OciSync.Core.Flow;
using OciSync.Core.Shelves;
using OciSync.Core.Tests.Distribution;
using OciSync.Core.Tests.Engine;
using OciSync.Testing;
using OciSync.Testing.Registry;

namespace OciSync.Core.Tests.Filling;

/// <summary>
/// A folder that fills itself from an embedded registry, asked as clients ask. What nobody waits for is fetched when the test lets it
/// (<see cref="LetRest"/>, <see cref="WaitForAsync"/>), and not when a busy machine takes its time between two requests.
/// </summary>
internal sealed class FillWorld : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly CancellationTokenSource _lifetime = new();
    private readonly FakeTimeProvider _rest = new();
    private readonly List<string> _warnings = [];
    private readonly ServedFolder _served;
    private readonly UpstreamPools _pools;
    private readonly MirrorFiller _filler;
    private readonly Responder _responder;

    private FillWorld(
        EmbeddedRegistry registry, string folder, TimeSpan tagLifetime, EngineOptions options, FillLimits? limits, IReadOnlyList<FillEntry>? choice)
    {
        Registry = registry;
        Root = folder.Length > 0 ? folder : _folder["m"];
        var events = new EngineEvents
        {
            Warning = text =>
            {
                lock (_warnings)
                {
                    _warnings.Add(text);
                }
            },
        };
        _served = new ServedFolder(Root, options, events);
        _pools = new UpstreamPools(
            () =>
            {
                var engine = Run.Engine(options);
                return (engine.Pool, engine);
            },
            options.Time,
            Pending);
        var own = (limits ?? new FillLimits()) with { RestClock = _rest };
        Gate = choice is null ? null : new FillGate(choice, Root, _pools, events, options.Time, tagLifetime, _lifetime.Token);
        _filler = new MirrorFiller(Root, _pools, options, events, own)
        {
            Proofs = _served.Proofs,
            OnFilled = _served.Forget,
            Keeps = name => Gate?.KeepsAsync(name) ?? Task.FromResult(false),
        };
        Images = new FillingImages(
            _served, new UpstreamNames([registry.Address]), _pools, _filler, new TagAges(tagLifetime, options.Time), Pending, _lifetime.Token, Gate);
        _responder = new Responder(Images, new HostNames([]), new ClientLogins([]));
    }

    internal EmbeddedRegistry Registry { get; }

    internal FillingImages Images { get; }

    internal PendingImages Pending { get; } = new();

    internal FillGate? Gate { get; }

    internal string Root { get; }

    internal string Layout => "oci:" + Root;

    internal string Prefix => "/v2/" + Registry.Address.Replace(':', '-') + "/";

    /// <summary>What a repository of the registry is called in the folder.</summary>
    internal string Name(string repository) => Registry.Address.Replace(':', '-') + "/" + repository;

    /// <summary>Waits until something is so.</summary>
    internal async Task UntilAsync(Func<bool> isSo)
    {
        for (var i = 0; !isSo(); i++)
        {
            Assert.True(i < 1500, $"It did not become so. {Warnings}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    internal string Warnings
    {
        get
        {
            lock (_warnings)
            {
                return string.Join('\n', _warnings);
            }
        }
    }

    internal static async Task<FillWorld> StartAsync(
        EmbeddedRegistry registry, TimeSpan? tagLifetime = null, string folder = "", EngineOptions? options = null, FillLimits? limits = null,
        IReadOnlyList<FillEntry>? choice = null)
    {
        options ??= Run.Quick with { MaximumRetryCount = 1 };
        var world = new FillWorld(registry, folder, tagLifetime ?? TimeSpan.FromHours(1), options, limits, choice);
        await world._filler.PrepareAsync(TestContext.Current.CancellationToken);
        return world;
    }

    internal Task<ClientAnswer> AskAsync(string target, string method = "GET") =>
        _responder.AnswerAsync(new ClientRequest(method, target) { Host = "localhost" }, TestContext.Current.CancellationToken);

    /// <summary>The digest of a manifest, or the status code of what is no answer.</summary>
    internal async Task<string> DigestAsync(string repository, string reference)
    {
        using var answer = await AskAsync($"{Prefix}{repository}/manifests/{reference}");
        return answer.Header("Docker-Content-Digest") ?? answer.Status.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>What the log says of a request that is refused.</summary>
    internal async Task<string> FaultAsync(string repository, string reference)
    {
        using var answer = await AskAsync($"{Prefix}{repository}/manifests/{reference}");
        return $"{answer.Status} {answer.Fault}";
    }

    /// <summary>The usual rest passes, in which no client has asked: what is left of images may be fetched now, up to the next request.</summary>
    internal void LetRest() => _rest.Advance(new FillLimits().Rest);

    /// <summary>Waits until a name is in the index of the folder, and all that was asked for as well.</summary>
    internal async Task WaitForAsync(string name)
    {
        var index = Path.Combine(Root, "index.json");
        for (var i = 0; !File.Exists(index) || !File.ReadAllText(index).Contains(name, StringComparison.Ordinal); i++)
        {
            Assert.True(i < 1500, $"'{name}' did not come into the folder. {Warnings}");
            LetRest();
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        var all = _filler.WaitAsync(TestContext.Current.CancellationToken);
        while (!all.IsCompleted)
        {
            LetRest();
            await Task.WhenAny(all, Task.Delay(20, TestContext.Current.CancellationToken));
        }

        await all;
    }

    public async ValueTask DisposeAsync()
    {
        await _lifetime.CancelAsync();
        await _filler.EndAsync(TestContext.Current.CancellationToken);
        _filler.Dispose();
        _pools.Dispose();
        Gate?.Dispose();
        _served.Dispose();
        _folder.Dispose();
        _lifetime.Dispose();
    }
}
