using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OciSync.Core.References;

namespace OciSync.Core.Archives;

/// <summary>
/// A layer as programs from before 2016 read it: a folder with <c>VERSION</c>, <c>json</c> and <c>layer.tar</c>. Its name stands for the
/// layer, all below it and, for the last, the config, so that it is the same for the same image.
/// </summary>
internal sealed record LegacyLayer(string Id, Digest Diff, byte[] Json)
{
    internal static readonly byte[] Version = Encoding.ASCII.GetBytes("1.0");

    internal static IReadOnlyList<LegacyLayer> Of(DockerArchiveImage image)
    {
        var layers = new List<LegacyLayer>();
        string? chain = null;
        for (var i = 0; i < image.Diffs.Count; i++)
        {
            chain = chain is null ? image.Diffs[i].ToString() : Digest.Of(Encoding.ASCII.GetBytes(chain + " " + image.Diffs[i])).ToString();
            var parent = i == 0 ? null : layers[i - 1].Id;
            var json = i == image.Diffs.Count - 1 ? Last(image.Config) : new JsonObject { ["created"] = "1970-01-01T00:00:00Z" };
            if (parent is not null)
            {
                json["parent"] = parent;
            }

            json["layer_id"] = chain;
            var id = Digest.Of(JsonSerializer.SerializeToUtf8Bytes(json)).Hex;
            json.Remove("layer_id");
            json["id"] = id;
            layers.Add(new LegacyLayer(id, image.Diffs[i], JsonSerializer.SerializeToUtf8Bytes(json)));
        }

        return layers;
    }

    private static JsonObject Last(byte[] config)
    {
        var source = JsonNode.Parse(config)!.AsObject();
        var json = new JsonObject();
        foreach (var key in new[] { "architecture", "config", "container", "container_config", "created", "docker_version", "os" })
        {
            if (source[key] is { } value)
            {
                json[key] = value.DeepClone();
            }
        }

        return json;
    }
}
