using System.Globalization;
using System.Text;

namespace OciSync.Core.Flow;

/// <summary>One request and its answer, as they may be shown: no secret is in it, whatever the server repeats.</summary>
public sealed record WireEntry
{
    internal WireEntry()
    {
    }

    /// <summary>When it was sent.</summary>
    public DateTimeOffset Time { get; internal init; }

    /// <summary>The method.</summary>
    public string Method { get; internal init; } = string.Empty;

    /// <summary>The address; of its query the values that are no secrets.</summary>
    public string Url { get; internal init; } = string.Empty;

    /// <summary>The status of the answer, or 0 when there was none.</summary>
    public int Status { get; internal init; }

    /// <summary>The time until the headers of the answer were in.</summary>
    public TimeSpan Duration { get; internal init; }

    /// <summary>Which attempt at the same it is, from 1 on.</summary>
    public int Attempt { get; internal init; } = 1;

    /// <summary>Why there was no answer, or null.</summary>
    public string? Error { get; internal init; }

    /// <summary>The headers of the request that matter.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> RequestHeaders { get; internal init; } = [];

    /// <summary>The headers of the answer that matter.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; internal init; } = [];

    /// <summary>The entry as one line of text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"{Method} {Url} -> ");
        text.Append(Status == 0 ? Error : Status.ToString(CultureInfo.InvariantCulture));
        text.Append(" in ").Append(Duration.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture)).Append(" ms");
        if (Attempt > 1)
        {
            text.Append("; attempt ").Append(Attempt.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var header in RequestHeaders.Where(h => h.Key is "Authorization" or "Range" or "Content-Range").Concat(Headers))
        {
            text.Append("; ").Append(header.Key).Append(": ").Append(header.Value);
        }

        return text.ToString();
    }
}
