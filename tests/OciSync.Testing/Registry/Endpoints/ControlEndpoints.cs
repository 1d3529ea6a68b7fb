using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OciSync.Testing.Registry.Faults;

namespace OciSync.Testing.Registry.Endpoints;

/// <summary>Lets another process read the log, set faults and stop the registry.</summary>
internal sealed class ControlEndpoints(RegistryCore core, Action stop)
{
    internal async Task HandleAsync(HttpContext context, string path)
    {
        switch (context.Request.Method, path.Trim('/'))
        {
            case ("GET", "requests"):
                await WriteAsync(context, core.Log.Snapshot());
                break;
            case ("DELETE", "requests"):
                core.Log.Clear();
                core.Tokens.ClearRequests();
                context.SetEmpty(204);
                break;
            case ("GET", "tokens"):
                await WriteAsync(context, core.Tokens.Requests);
                break;
            case ("POST", "faults"):
                await AddFaultsAsync(context);
                break;
            case ("DELETE", "faults"):
                core.Faults.Clear();
                context.SetEmpty(204);
                break;
            case ("GET", "state"):
                await context.WriteJsonAsync(200, State());
                break;
            case ("POST", "stop"):
                context.SetEmpty(202);
                await context.Response.CompleteAsync();
                stop();
                break;
            default:
                context.SetEmpty(404);
                break;
        }
    }

    private JsonObject State() => new()
    {
        ["openUploads"] = core.Uploads.Count,
        ["activeRequests"] = core.Log.Active,
        ["requests"] = core.Log.Count(),
        ["tokenRequests"] = core.Tokens.Requests.Count,
        ["repositories"] = new JsonArray([.. core.Repositories.Names.Select(name => (JsonNode?)name)]),
    };

    private async Task AddFaultsAsync(HttpContext context)
    {
        try
        {
            var node = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            var faults = node is JsonArray array ? array.ToArray() : [node];
            foreach (var fault in faults)
            {
                core.Faults.Add(fault.Deserialize<Fault>(HttpAnswers.Json) ?? throw new JsonException("A fault is null."));
            }

            context.SetEmpty(204);
        }
        catch (JsonException exception)
        {
            await context.WriteErrorAsync(new RegistryException(400, "FAULT_INVALID", exception.Message));
        }
    }

    private static Task WriteAsync<T>(HttpContext context, IReadOnlyList<T> items) =>
        context.WriteJsonAsync(200, JsonSerializer.SerializeToNode(items, HttpAnswers.Json)!);
}
