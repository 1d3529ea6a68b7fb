using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace OciSync.Testing.Registry.Faults;

/// <summary>Carries a fault out: at once, or by arming the request's or answer's body.</summary>
internal static class FaultRunner
{
    /// <summary>True when the request is answered by the fault itself.</summary>
    internal static async Task<bool> RunAsync(Fault? fault, HttpContext context, BodyPair bodies)
    {
        if (fault is null)
        {
            return false;
        }

        var action = fault.Action;
        switch (action.Kind)
        {
            case FaultKind.Respond:
                fault.MarkReached();
                await RespondAsync(action, context);
                return true;
            case FaultKind.Redirect:
                fault.MarkReached();
                SetRedirect(action, context);
                return true;
            case FaultKind.CutHeaders:
                fault.MarkReached();
                await SendHalfHeadersAsync(context);
                throw new FaultCutException();
            case FaultKind.LoseAnswer or FaultKind.Encode or FaultKind.ShiftRange or FaultKind.DropRange:
                fault.MarkReached();
                break;
            case FaultKind.CutResponse when action.AfterBytes == 0:
                fault.MarkReached();
                throw new FaultCutException();
            case FaultKind.Delay:
                fault.MarkReached();
                await Task.Delay(TimeSpan.FromSeconds(action.Seconds), context.RequestAborted);
                break;
            case FaultKind.StallBeforeHeaders:
                fault.MarkReached();
                await fault.Released.WaitAsync(context.RequestAborted);
                break;
            default:
                Arm(fault, context, bodies);
                break;
        }

        return false;
    }

    private static void Arm(Fault fault, HttpContext context, BodyPair bodies)
    {
        switch (fault.Action.Kind)
        {
            case FaultKind.StallRequest or FaultKind.CutRequest:
                bodies.Request.Gate = new BodyGate(fault);
                break;
            case FaultKind.ChangeStatus:
                fault.MarkReached();
                OnStarting(context, () => context.Response.StatusCode = fault.Action.Status);
                break;
            case FaultKind.WrongDigestHeader:
                fault.MarkReached();
                OnStarting(context, () => context.Response.Headers["Docker-Content-Digest"] = ContentDigest.Of("wrong"u8));
                break;
            case FaultKind.TruncateResponse:
                bodies.Response.Gate = new BodyGate(fault);
                OnStarting(context, () => context.Response.ContentLength =
                    Math.Min(context.Response.ContentLength ?? 0, fault.Action.AfterBytes));
                break;
            default:
                bodies.Response.Gate = new BodyGate(fault);
                break;
        }
    }

    private static Task RespondAsync(FaultAction action, HttpContext context)
    {
        foreach (var (name, value) in action.Headers)
        {
            context.Response.Headers[name] = value;
        }

        return action.Body is { } body
            ? context.WriteBytesAsync(action.Status, Encoding.UTF8.GetBytes(body), action.ContentType)
            : context.WriteJsonAsync(action.Status, HttpAnswers.ErrorBody(action.Code ?? "UNKNOWN", action.Message ?? "scripted fault"));
    }

    private static void SetRedirect(FaultAction action, HttpContext context)
    {
        var target = context.Request.Path.ToUriComponent() + context.Request.QueryString.ToUriComponent();
        foreach (var (name, value) in action.Headers)
        {
            context.Response.Headers[name] = value;
        }

        context.Response.Headers.Location = (action.Location ?? "").Replace("{path}", target);
        context.SetEmpty(action.Status == 0 ? 307 : action.Status);
    }

    private static async Task SendHalfHeadersAsync(HttpContext context)
    {
        if (context.Features.Get<IConnectionTransportFeature>() is { } connection)
        {
            await connection.Transport.Output.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: applic"u8.ToArray());
        }
    }

    private static void OnStarting(HttpContext context, Action action) => context.Response.OnStarting(() =>
    {
        action();
        return Task.CompletedTask;
    });
}
