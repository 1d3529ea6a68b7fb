using System.Text;
using System.Text.Json;

namespace OciSync.Core.Rows;

/// <summary>Rows as JSON, with the names of their properties, as ConvertTo-Json would write them.</summary>
public static class ResultJson
{
    /// <summary>One row as one line, without a line end; what is null is left out.</summary>
    public static string ToLine(OciSyncResult row)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteTexts(json, row);
            WriteNumbers(json, row);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void WriteTexts(Utf8JsonWriter json, OciSyncResult row)
    {
        Write(nameof(row.Source), row.Source);
        Write(nameof(row.Destination), row.Destination);
        Write(nameof(row.Status), row.Status);
        Write(nameof(row.Reason), row.Reason);
        Write(nameof(row.Digest), row.Digest);
        Write(nameof(row.SourceDigest), row.SourceDigest);
        Write(nameof(row.PreviousDigest), row.PreviousDigest);
        Write(nameof(row.Selection), row.Selection);
        Write(nameof(row.TrustBasis), row.TrustBasis);
        Write(nameof(row.ErrorId), row.ErrorId);
        Write(nameof(row.Error), row.Error);
        Write(nameof(row.RunId), row.RunId);
        List(nameof(row.Platforms), row.Platforms);
        List(nameof(row.SignedBy), row.SignedBy);
        List(nameof(row.SignedWith), row.SignedWith);

        void List(string name, IEnumerable<string> values)
        {
            json.WriteStartArray(name);
            values.ToList().ForEach(json.WriteStringValue);
            json.WriteEndArray();
        }

        void Write(string name, string? value)
        {
            if (value is not null)
            {
                json.WriteString(name, value);
            }
        }
    }

    private static void WriteNumbers(Utf8JsonWriter json, OciSyncResult row)
    {
        json.WriteBoolean(nameof(row.DigestChanged), row.DigestChanged);
        json.WriteNumber(nameof(row.BytesCopied), row.BytesCopied);
        json.WriteNumber(nameof(row.BytesMounted), row.BytesMounted);
        json.WriteNumber(nameof(row.BytesSkipped), row.BytesSkipped);
        json.WriteNumber(nameof(row.ReferrersCopied), row.ReferrersCopied);
        json.WriteNumber(nameof(row.SignaturesCopied), row.SignaturesCopied);
        json.WriteNumber(nameof(row.SourceReads), row.SourceReads);
        json.WriteNumber(nameof(row.RetryCount), row.RetryCount);
        json.WriteString(nameof(row.StartTime), row.StartTime);
        json.WriteString(nameof(row.Duration), row.Duration.ToString());
        if (row.DueTime is { } due)
        {
            json.WriteString(nameof(row.DueTime), due);
        }
    }
}
