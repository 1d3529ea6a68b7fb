using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace OciSync.Testing.Registry;

/// <summary>Ways to answer.</summary>
internal static class HttpAnswers
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };

    internal static Task WriteJsonAsync(this HttpContext context, int status, JsonNode body, string contentType = "application/json") =>
        context.WriteBytesAsync(status, Encoding.UTF8.GetBytes(body.ToJsonString(Json)), contentType);

    internal static async Task WriteBytesAsync(this HttpContext context, int status, byte[] bytes, string contentType)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }

    internal static void SetEmpty(this HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        if (status != 204)
        {
            context.Response.ContentLength = 0;
        }
    }

    internal static Task WriteErrorAsync(this HttpContext context, RegistryException error)
    {
        foreach (var (name, value) in error.Headers)
        {
            context.Response.Headers[name] = value;
        }

        return error.PlainText is { } text
            ? context.WriteBytesAsync(error.Status, Encoding.UTF8.GetBytes(text), "text/plain; charset=utf-8")
            : context.WriteJsonAsync(error.Status, ErrorBody(error.Code, error.Message));
    }

    internal static JsonObject ErrorBody(string code, string message) =>
        new() { ["errors"] = new JsonArray(new JsonObject { ["code"] = code, ["message"] = message, ["detail"] = null }) };
}
