using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using OciSync.Testing.Registry.Auth;
using OciSync.Testing.Registry.Endpoints;
using OciSync.Testing.Registry.Faults;
using OciSync.Testing.Registry.Logging;

namespace OciSync.Testing.Registry;

/// <summary>One request from arrival to end: log, faults, authorization, endpoint.</summary>
internal sealed class RegistryApplication(RegistryCore core, ControlEndpoints? control)
{
    private readonly Authorizer authorizer = new(core.Options.Auth, core.Tokens);
    private readonly EndpointTable endpoints = new(core);

    internal async Task HandleAsync(HttpContext context)
    {
        if (control is not null && context.Request.Path.StartsWithSegments("/_control", out var rest))
        {
            await control.HandleAsync(context, rest.Value ?? "");
            return;
        }

        var record = core.Log.Begin(context);
        context.Response.OnStarting(() =>
        {
            record.Status = record.Aborted ? record.Status : context.Response.StatusCode;
            return Task.CompletedTask;
        });
        var bodies = Wrap(context, record);
        try
        {
            await RespondAsync(context, record, bodies);
            record.Status = context.Response.StatusCode;
        }
        catch (Exception exception) when (IsDisconnect(exception, context))
        {
            record.Aborted = true;
            record.Status = context.Response.HasStarted ? record.Status : 499;
            AbortUnlessLengthTells(context);
        }
        catch (Exception exception)
        {
            record.Failure = exception.ToString();
            record.Status = 500;
            throw;
        }
        finally
        {
            core.Log.End(record);
        }
    }

    private async Task RespondAsync(HttpContext context, RequestRecord record, BodyPair bodies)
    {
        try
        {
            var isDone = await FaultRunner.RunAsync(core.Faults.Take(context.Request, beforeAuthorization: true), context, bodies);
            if (isDone)
            {
                return;
            }

            var isExchange = context.Request.Path == "/oauth2/exchange";
            var isToken = context.Request.Path == "/token" || isExchange;
            var route = RegistryRoute.Parse(context.Request.Path.Value ?? "");
            if (!isToken)
            {
                authorizer.Authorize(context, RequiredScopes.Of(context.Request, route), record);
            }

            isDone = await FaultRunner.RunAsync(core.Faults.Take(context.Request, beforeAuthorization: false), context, bodies);
            if (!isDone)
            {
                await (isExchange ? core.Tokens.ExchangeAsync(context) : isToken ? core.Tokens.HandleAsync(context) : endpoints.HandleAsync(context, route));
            }
        }
        catch (RegistryException error)
        {
            await context.WriteErrorAsync(error);
        }
    }

    private BodyPair Wrap(HttpContext context, RequestRecord record)
    {
        var rate = core.Options.BytesPerSecond;
        Throttle? NewThrottle() => rate is { } value ? new Throttle(value) : null;
        var request = new BodyStream(context.Request.Body, record.CountIn, NewThrottle(), context.RequestAborted);
        var response = new BodyStream(context.Response.Body, record.CountOut, NewThrottle(), context.RequestAborted);
        context.Request.Body = request;
        context.Response.Body = response;
        return new BodyPair(request, response);
    }

    private static bool IsDisconnect(Exception exception, HttpContext context) =>
        exception is FaultCutException or ConnectionResetException or ConnectionAbortedException or BadHttpRequestException
        || exception.InnerException is SocketException
        || context.RequestAborted.IsCancellationRequested;

    /// <summary>A body shorter than its Content-Length makes the server flush and close; only otherwise the connection is torn down.</summary>
    private static void AbortUnlessLengthTells(HttpContext context)
    {
        if (!context.Response.HasStarted || context.Response.ContentLength is null)
        {
            context.Abort();
        }
    }
}
