using System.Collections.Concurrent;
using System.Net;
using OciSync.Testing;
using OciSync.Testing.Images;
using OciSync.Testing.Servers;

namespace OciSync.Module.Tests.LongRuns;

/// <summary>Reads the destinations without proxy and engine, and tells what is not as at the source.</summary>
internal static class SoakCheck
{
    /// <summary>By the lists of tags, and each image down to its blobs: how many are missing, and what is wrong.</summary>
    internal static async Task<(int Missing, IReadOnlyList<string> Wrong)> WalkAsync(SoakServers servers, CancellationToken cancellationToken)
    {
        var wrong = new ConcurrentBag<string>();
        var missing = 0;
        foreach (var destination in servers.Destinations)
        {
            using var reader = new RawRegistryReader(destination);
            await Parallel.ForEachAsync(servers.Wanted, new ParallelOptions
            {
                MaxDegreeOfParallelism = 4,
                CancellationToken = cancellationToken
            }, async (one, token) =>
            {
                var repository = "mirror/" + one.Key.Split('/')[1];
                var tags = await TagsAsync(reader, repository, token);
                Interlocked.Add(ref missing, one.Value.Keys.Except(tags).Count());
                foreach (var tag in tags)
                {
                    if (await FaultAsync(reader, repository, tag, one.Value.GetValueOrDefault(tag), token) is { } fault)
                    {
                        wrong.Add($"{destination}{repository}:{tag} {fault}");
                    }
                }
            });
        }

        return (missing, [.. wrong]);
    }

    /// <summary>So many images of each destination copied by skopeo, which verifies each blob.</summary>
    internal static async Task<int> ReadBySkopeoAsync(SoakServers servers, int count, Random random, CancellationToken cancellationToken)
    {
        var read = 0;
        foreach (var destination in servers.Destinations)
        {
            for (var i = 0; i < count && Skopeo.WhyMissing is null; i++)
            {
                using var folder = new TempFolder();
                var (repository, tags) = servers.Wanted.ElementAt(random.Next(servers.Wanted.Count));
                var (tag, digest) = tags.ElementAt(random.Next(tags.Count));
                var image = $"docker://{destination.Authority}/mirror/{repository.Split('/')[1]}:{tag}";
                var result = await Skopeo.RunAsync(
                    ["copy", "--all", "--preserve-digests", "--src-tls-verify=false", image, "dir:" + folder["x"]], cancellationToken: cancellationToken);
                Assert.True(result.ExitCode == 0, $"{image}: {result.Error}");
                Assert.Equal(digest, ContentDigest.Of(await File.ReadAllBytesAsync(folder["x/manifest.json"], cancellationToken)));
                read++;
            }
        }

        return read;
    }

    private static async Task<IReadOnlyList<string>> TagsAsync(RawRegistryReader reader, string repository, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.GetTagsAsync(repository, cancellationToken);
        }
        catch (HttpRequestException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return [];
        }
    }

    private static async Task<string?> FaultAsync(RawRegistryReader reader, string repository, string tag, string? digest, CancellationToken cancellationToken)
    {
        try
        {
            var found = (await reader.VerifyAsync(repository, tag, cancellationToken))[0];
            return found == digest ? null : $"is {found}, not {digest}: {await TextAsync(reader, repository, tag, cancellationToken)}";
        }
        catch (Exception e) when (e is HttpRequestException or InvalidDataException)
        {
            return e.Message;
        }
    }

    private static async Task<string> TextAsync(RawRegistryReader reader, string repository, string tag, CancellationToken cancellationToken) =>
        System.Text.Encoding.UTF8.GetString((await reader.GetManifestAsync(repository, tag, cancellationToken)).Bytes);
}
