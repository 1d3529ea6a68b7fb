using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Core.Errors;
using OciSync.Core.References;

namespace OciSync.Core.MirrorFiles;

/// <summary>
/// <c>registry-mirrors</c> of Docker's <c>daemon.json</c>, which engines with a graph driver store obey: Docker Hub alone, each repository under
/// its own path at the mirror's root, and Docker Hub asked for what the mirror lacks.
/// </summary>
internal static class DaemonJsonWriter
{
    private const string Key = "registry-mirrors";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static MirrorDraft Write(RouteTable table, string path, MirrorOptions options)
    {
        var others = table.Registries.Where(r => r.Registry != RegistryHost.DockerHub).Select(r => r.Registry).ToList();
        if (others.Count > 0)
        {
            throw Refusal($"registry-mirrors of daemon.json are for docker.io alone, and there are images of {RouteTable.Describe(others)}");
        }

        if (options.NoFallback)
        {
            throw Refusal("An engine with registry-mirrors asks Docker Hub for what the mirror lacks; -NoFallback can't be said there");
        }

        var below = table.Registries.SelectMany(r => r.Renamed.Select(n => n.Repository)
            .Concat(r.Bases.Any(b => b.Path.Length > 0) ? r.Repositories.Select(n => n.Repository) : [])).Distinct().ToList();
        if (below.Count > 0)
        {
            throw Refusal(
                $"registry-mirrors of daemon.json want each repository under its own path at the mirror's root: {RouteTable.Describe(below)}. Mirror with "
                    + "-Naming Path to the registry alone (-Destination registry.corp.local)");
        }

        var mirrors = table.Registries.SelectMany(r => r.Bases).Select(b => b.Host.Url).Distinct().ToList();
        return new MirrorDraft(path, TextOf([], mirrors))
        {
            Source = [RegistryHost.DockerHub],
            Mirror = mirrors,
            Merge = there => Merge(there, mirrors),
        };
    }

    private static OciException Refusal(string fault) => new(
        OciErrorKind.NamingUnsupported,
        $"{fault}. Engines with the containerd store (the default from Docker 29) read hosts.toml, which says it: give -Path a folder, /etc/docker/certs.d.");

    // All other keys stay, in their order; ours come before the mirrors that are there.
    private static string? Merge(string there, IReadOnlyList<string> mirrors)
    {
        try
        {
            if (JsonNode.Parse(there.Trim().Length == 0 ? "{}" : there) is not JsonObject root)
            {
                return null;
            }

            if (root[Key] is { } known)
            {
                mirrors = mirrors.Concat(known.AsArray().Select(k => k!.GetValue<string>().TrimEnd('/')).Where(k => !mirrors.Contains(k))).ToList();
                var same = known.AsArray().Select(k => k!.GetValue<string>().TrimEnd('/')).SequenceEqual(mirrors);
                if (same)
                {
                    return there;
                }
            }

            return TextOf(root, mirrors);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or NullReferenceException or FormatException)
        {
            // It is not what an engine would take either, and nothing is put into it.
            return null;
        }
    }

    private static string TextOf(JsonObject root, IReadOnlyList<string> mirrors)
    {
        root[Key] = new JsonArray(mirrors.Select(m => (JsonNode)JsonValue.Create(m)!).ToArray());
        return root.ToJsonString(Indented).Replace("\r\n", "\n") + "\n";
    }
}
