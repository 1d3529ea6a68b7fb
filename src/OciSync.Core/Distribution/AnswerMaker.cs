using System.Text.Json;
using System.Text.Json.Nodes;

namespace OciSync.Core.Distribution;

/// <summary>Answers, made of what they say (pure functions).</summary>
internal static class AnswerMaker
{
    internal const string ContentType = "Content-Type";
    private const string Json = "application/json";

    /// <summary>An answer with a body that is at hand.</summary>
    internal static ClientAnswer Create(int status, string contentType, byte[] content) =>
        Begin(new ClientAnswer(status) { Content = content, Length = content.Length }, contentType);

    /// <summary>An answer in JSON.</summary>
    internal static ClientAnswer CreateJson(int status, JsonNode body, string contentType = Json) =>
        Create(status, contentType, JsonSerializer.SerializeToUtf8Bytes(body));

    /// <summary>A failure (distribution-spec 1.1, "Error Codes").</summary>
    /// <param name="status">The status code.</param>
    /// <param name="code">One of the specification's codes.</param>
    /// <param name="message">For the person who asks; it names no file.</param>
    /// <param name="fault">For the log.</param>
    internal static ClientAnswer CreateError(int status, string code, string message, string? fault = null)
    {
        var error = new JsonObject { ["code"] = code, ["message"] = message };
        var content = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["errors"] = new JsonArray(error) });
        return Begin(new ClientAnswer(status) { Content = content, Length = content.Length, Fault = fault }, Json);
    }

    /// <summary>Headers that every answer has.</summary>
    internal static ClientAnswer Begin(ClientAnswer answer, string contentType) =>
        answer.With(ContentType, contentType).With("Docker-Distribution-Api-Version", "registry/2.0").With("X-Content-Type-Options", "nosniff");
}
