using System.Globalization;
using OciSync.Core.Auth;
using OciSync.Core.AuthFiles;
using OciSync.Core.Conversion;
using OciSync.Core.Engine;
using OciSync.Core.Flow;
using OciSync.Core.Logins;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Serving;
using OciSync.Core.SyncFiles;
using OciSync.Core.Tags;

namespace OciSync.Mono;

/// <summary>What can be asked of the engine, each with an engine of its own.</summary>
internal static class Orders
{
    /// <summary>Carries an order out. What fails is a line that begins with <c>error</c>.</summary>
    internal static IReadOnlyList<string> Run(string[] words, TextReader input)
    {
        try
        {
            return RunAsync(words, input).GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            return [Line("error", e.GetType().Name, e.ToString())];
        }
    }

    private static async Task<IReadOnlyList<string>> RunAsync(string[] words, TextReader input)
    {
        using var engine = new OciEngine(
            new EngineOptions { MaximumRetryCount = 1, RetryInterval = TimeSpan.FromMilliseconds(5), StallTimeout = TimeSpan.FromSeconds(30) },
            EngineEvents.None,
            new RegistrySessions(),
            new Dictionary<string, RegistryCredential>(),
            CancellationToken.None);
        switch (words[0])
        {
            case "runtime":
                return [Line(Type.GetType("Mono.Runtime") is null ? "no Mono" : "Mono", typeof(OciEngine).Assembly.Location)];
            case "tags":
                var repository = ImageReference.Parse(words[1]);
                var chosen = await engine.ChooseTagsAsync(repository, new TagSelector(TagChoice.Everything), CancellationToken.None).ConfigureAwait(false);
                return chosen.Wanted.Select(t => t.Tag).ToList();
            case "digest":
                return [await engine.FindDigestAsync(ImageLocation.Parse(words[1]), null, CancellationToken.None).ConfigureAwait(false)];
            case "copy":
                return await SyncAsync(engine, Copy(words), CancellationToken.None).ConfigureAwait(false);
            case "copy-until-told":
                using (var stop = new CancellationTokenSource())
                {
                    var run = SyncAsync(engine, Copy(words), stop.Token);
                    input.ReadLine();
                    stop.Cancel();
                    return await run.ConfigureAwait(false);
                }

            case "serve-until-told":
                return await ServeAsync(words[1], words[2], input).ConfigureAwait(false);
            case "file":
                return await SyncAsync(engine, File(words[1], words[2]), CancellationToken.None).ConfigureAwait(false);
            default:
                return [Line("error", "unknown order", words[0])];
        }
    }

    // serve-until-told FOLDER PORT
    private static async Task<IReadOnlyList<string>> ServeAsync(string folder, string port, TextReader input)
    {
        var settings = new RegistryServerSettings { Path = folder, Port = int.Parse(port, CultureInfo.InvariantCulture) };
        using var server = await OciRegistryServer.StartAsync(
            settings, new EngineOptions(), EngineEvents.None, _ => { }, null, CancellationToken.None).ConfigureAwait(false);
        input.ReadLine();
        return server.Log.Select(r => r.ToString()).ToList();
    }

    // copy SOURCE DESTINATION FORMAT COMPRESSION, the last two perhaps empty.
    private static SyncRequest Copy(string[] words) => new()
    {
        Pairs = [new SyncPair(ImageLocation.Parse(words[1]), ImageLocation.Parse(words[2]), words[1])],
        Conversion = new ConversionOptions { Format = Choice<ImageFormat>(words[3]), Compression = Choice<LayerCompression>(words[4]) },
    };

    private static T? Choice<T>(string word)
        where T : struct => word.Length == 0 ? null : (T)Enum.Parse(typeof(T), word);

    private static SyncRequest File(string path, string destination)
    {
        var entries = SyncFile.Load(path, Environment.GetEnvironmentVariable).Require().Entries;
        var place = SyncPlace.Below(GivenDestination.Read(destination), DestinationNaming.Leaf);
        return new SyncRequest
        {
            Repositories = entries.Select(e => e.Plan([place])).Where(r => r is not null).Select(r => r!).ToList(),
            Pairs = entries.SelectMany(e => e.Tag.Select(e.ReferenceOf).Select(ImageReference.Parse)
                .Select(source => e.Modify(new SyncPair(source, place.Name(source), source.ToString())))).ToList(),
        };
    }

    private static async Task<IReadOnlyList<string>> SyncAsync(OciEngine engine, SyncRequest request, CancellationToken cancellationToken)
    {
        var rows = new List<string>();
        try
        {
            await engine.SyncAsync(request, Add, null, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            rows.Add(Line("stopped"));
        }

        return rows;

        void Add(SyncOutcome outcome)
        {
            lock (rows)
            {
                var row = outcome.Row;
                rows.Add(Line(row.Status, row.Digest, row.ErrorId, row.Reason, row.Error));
            }
        }
    }

    private static string Line(params string?[] words) =>
        string.Join("\t", words.Select(w => (w ?? string.Empty).Replace('\t', ' ').Replace('\r', ' ').Replace('\n', ' ')));
}
