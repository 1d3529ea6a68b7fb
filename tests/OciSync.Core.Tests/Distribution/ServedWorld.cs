using System.Text.Json.Nodes;
using OciSync.Core.Distribution;
using OciSync.Core.Flow;
using OciSync.Core.Shelves;
using OciSync.Core.Tests.Engine;
using OciSync.Testing;

namespace OciSync.Core.Tests.Distribution;

/// <summary>A folder that is asked as clients ask a registry, without a socket.</summary>
internal sealed class ServedWorld : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _warnings = [];
    private ServedFolder? _served;
    private Responder? _responder;

    internal EngineOptions Options { get; init; } = Run.Quick;

    internal string this[string name] => _folder[name];

    internal IReadOnlyList<string> Warnings => _warnings;

    internal ServedFolder Served => _served ??= new ServedFolder(_folder["m"], Options, new EngineEvents { Warning = _warnings.AddLocked });

    internal Task<ClientAnswer> AskAsync(string target, string method = "GET", string? range = null) =>
        AskAsync(new ClientRequest(method, target) { Host = "localhost", Range = range });

    internal Task<ClientAnswer> AskAsync(ClientRequest request)
    {
        _responder ??= new Responder(Served, new HostNames([]), new ClientLogins([]));
        return _responder.AnswerAsync(request, TestContext.Current.CancellationToken);
    }

    internal async Task<JsonNode> JsonAsync(string target)
    {
        using var answer = await AskAsync(target);
        Assert.Equal(200, answer.Status);
        return JsonNode.Parse(answer.Content!)!;
    }

    /// <summary>All pages of a list, by its Link headers.</summary>
    internal async Task<IReadOnlyList<IReadOnlyList<string>>> PagesAsync(string target, string key)
    {
        var pages = new List<IReadOnlyList<string>>();
        for (string? next = target; next is not null && pages.Count < 100;)
        {
            using var answer = await AskAsync(next);
            Assert.Equal(200, answer.Status);
            var list = JsonNode.Parse(answer.Content!)![key]!.AsArray();
            pages.Add(list.Select(n => n is JsonObject entry ? entry["digest"]!.GetValue<string>() : n!.GetValue<string>()).ToList());
            var link = answer.Header("Link");
            next = link?.Substring(1, link.IndexOf('>') - 1);
        }

        return pages;
    }

    public void Dispose()
    {
        _served?.Dispose();
        _folder.Dispose();
    }
}

/// <summary>What tests look for in answers.</summary>
internal static class Answers
{
    internal static string? Header(this ClientAnswer answer, string name) => answer.Headers.Where(h => h.Key == name).Select(h => h.Value).SingleOrDefault();

    internal static string Code(this ClientAnswer answer) => JsonNode.Parse(answer.Content!)!["errors"]![0]!["code"]!.GetValue<string>();

    internal static async Task<byte[]> ReadAsync(this ClientAnswer answer)
    {
        if (answer.Content is { } content)
        {
            return content;
        }

        var bytes = new MemoryStream();
        var buffer = new byte[1000];
        while (bytes.Length < answer.Length)
        {
            var read = await answer.Blob!.ReadAsync(buffer, 0, (int)Math.Min(buffer.Length, answer.Length - bytes.Length), CancellationToken.None);
            Assert.NotEqual(0, read);
            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }
}
