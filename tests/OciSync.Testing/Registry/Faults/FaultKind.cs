namespace OciSync.Testing.Registry.Faults;

/// <summary>What a scripted fault does.</summary>
public enum FaultKind
{
    /// <summary>Answers with a status of its own.</summary>
    Respond,

    /// <summary>Waits a while, then goes on as usual.</summary>
    Delay,

    /// <summary>Sends nothing, not even headers, until released.</summary>
    StallBeforeHeaders,

    /// <summary>Sends so many bytes of the body, then nothing until released.</summary>
    StallResponse,

    /// <summary>Reads so many bytes of the request's body, then no more until released.</summary>
    StallRequest,

    /// <summary>Ends the connection after so many bytes of the answer's body.</summary>
    CutResponse,

    /// <summary>Ends the connection after so many bytes of the request's body.</summary>
    CutRequest,

    /// <summary>Ends the answer early, with a Content-Length that fits.</summary>
    TruncateResponse,

    /// <summary>Changes one byte of the answer's body.</summary>
    CorruptResponse,

    /// <summary>Sends a Docker-Content-Digest that is not the content's.</summary>
    WrongDigestHeader,

    /// <summary>Answers with a redirect.</summary>
    Redirect,

    /// <summary>Does what was asked, and says so with another status.</summary>
    ChangeStatus,

    /// <summary>Ends the connection in the middle of the answer's headers.</summary>
    CutHeaders,

    /// <summary>Of a proxy: the server does what was asked, and its answer never comes.</summary>
    LoseAnswer,

    /// <summary>Of a proxy: the answer's body is compressed although nobody asked for that.</summary>
    Encode,

    /// <summary>Of a proxy: another part than the one asked for is sent.</summary>
    ShiftRange,

    /// <summary>Of a proxy: the range asked for is left out.</summary>
    DropRange,
}
