using System.Globalization;
using OciSync.Core.References;

namespace OciSync.Core.Distribution;

/// <summary>What the query of a request says; keys that are not known here are not looked at.</summary>
internal sealed record RequestQuery
{
    /// <summary>The registry that the client believes it asks (<c>ns</c>, which containerd sends to mirrors), as names of images have it; or null.</summary>
    internal string? Registry { get; init; }

    /// <summary>The longest list that is wanted (<c>n</c>), or null.</summary>
    internal int? Count { get; init; }

    /// <summary>The name after which a list begins (<c>last</c>); empty for its beginning.</summary>
    internal string Last { get; init; } = string.Empty;

    /// <summary>The only type of referrers that is wanted (<c>artifactType</c>), or null.</summary>
    internal string? ArtifactType { get; init; }

    /// <summary>What of it can't be: the name of the key; or null.</summary>
    internal string? Fault { get; init; }

    internal static RequestQuery Read(string query)
    {
        var read = new RequestQuery();
        foreach (var pair in query.Split(['&'], StringSplitOptions.RemoveEmptyEntries))
        {
            var mark = pair.IndexOf('=');
            if (mark > 0)
            {
                read = read.With(pair.Substring(0, mark), Decode(pair.Substring(mark + 1)));
            }
        }

        return read;
    }

    private RequestQuery With(string key, string value)
    {
        switch (key)
        {
            case "ns":
                var host = RegistryHost.Normalize(value);
                return value.Length == 0 ? this
                    : RegistryHost.FindFault(host) is null ? this with { Registry = host }
                    : this with { Fault = key };
            case "n":
                var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count);
                return isNumber ? this with { Count = count } : this with { Fault = key };
            case "last":
                return this with { Last = value };
            case "artifactType":
                return value.Length == 0 ? this : this with { ArtifactType = value };
            default:
                return this;
        }
    }

    // A plus is a plus here: media types have one (…image.config.v1+json), and clients send it as it is.
    private static string Decode(string value) => Uri.UnescapeDataString(value);
}
