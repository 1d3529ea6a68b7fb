namespace OciSync.Testing.Registry.Faults;

/// <summary>What a fault does when it strikes; make one with the static methods, or from JSON.</summary>
public sealed record FaultAction
{
    /// <summary>What to do.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>The status of <see cref="FaultKind.Respond"/> and <see cref="FaultKind.Redirect"/>.</summary>
    public int Status { get; init; }

    /// <summary>Headers added to the answer.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The code of an error body as the OCI specification has it.</summary>
    public string? Code { get; init; }

    /// <summary>The message of the error body.</summary>
    public string? Message { get; init; }

    /// <summary>A body to send as it is, in place of the error body.</summary>
    public string? Body { get; init; }

    /// <summary>The media type of <see cref="Body"/>.</summary>
    public string ContentType { get; init; } = "text/plain";

    /// <summary>The bytes of the body after which it happens; for corruption, the position of the byte.</summary>
    public long AfterBytes { get; init; }

    /// <summary>How long a delay lasts.</summary>
    public double Seconds { get; init; }

    /// <summary>Where a redirect points; "{path}" stands for the path and query asked for.</summary>
    public string? Location { get; init; }

    /// <summary>Answers with a status and an error body.</summary>
    public static FaultAction Respond(int status, string? code = null, string? message = null) =>
        new() { Kind = FaultKind.Respond, Status = status, Code = code, Message = message };

    /// <summary>Answers 429 or 503 or the like with a Retry-After header (seconds or an HTTP date).</summary>
    public static FaultAction RetryAfter(int status, string retryAfter) => new()
    {
        Kind = FaultKind.Respond,
        Status = status,
        Code = status == 429 ? "TOOMANYREQUESTS" : "UNAVAILABLE",
        Message = "come back later",
        Headers = new Dictionary<string, string> { ["Retry-After"] = retryAfter },
    };

    /// <summary>Goes on after a while.</summary>
    public static FaultAction Delay(TimeSpan time) => new() { Kind = FaultKind.Delay, Seconds = time.TotalSeconds };

    /// <summary>Sends nothing until released.</summary>
    public static FaultAction StallBeforeHeaders() => new() { Kind = FaultKind.StallBeforeHeaders };

    /// <summary>Stops sending in the middle of the body until released.</summary>
    public static FaultAction StallResponse(long afterBytes) => new() { Kind = FaultKind.StallResponse, AfterBytes = afterBytes };

    /// <summary>Stops reading in the middle of the request's body until released.</summary>
    public static FaultAction StallRequest(long afterBytes) => new() { Kind = FaultKind.StallRequest, AfterBytes = afterBytes };

    /// <summary>Ends the connection in the middle of the answer.</summary>
    public static FaultAction CutResponse(long afterBytes) => new() { Kind = FaultKind.CutResponse, AfterBytes = afterBytes };

    /// <summary>Ends the connection in the middle of the request's body.</summary>
    public static FaultAction CutRequest(long afterBytes) => new() { Kind = FaultKind.CutRequest, AfterBytes = afterBytes };

    /// <summary>Sends a shorter body as if it were whole.</summary>
    public static FaultAction TruncateResponse(long afterBytes) => new() { Kind = FaultKind.TruncateResponse, AfterBytes = afterBytes };

    /// <summary>Sends a body with one byte changed.</summary>
    public static FaultAction CorruptResponse(long position = 0) => new() { Kind = FaultKind.CorruptResponse, AfterBytes = position };

    /// <summary>Sends another digest than the content's in the header.</summary>
    public static FaultAction WrongDigestHeader() => new() { Kind = FaultKind.WrongDigestHeader };

    /// <summary>Sends the client elsewhere.</summary>
    public static FaultAction Redirect(string location, int status = 307) =>
        new() { Kind = FaultKind.Redirect, Status = status, Location = location };
}
