using OciSync.Core.Text;

namespace OciSync.Core.Errors;

/// <summary>
/// A failure with a kind, a message that names what failed, and a remedy. Messages hold no secret and no URL query, and no character
/// that a terminal would act on, whoever's words are in them. It never changes: work that several wait for fails for all of them with one and
/// the same failure. Who has more to say of it throws another one, made <see cref="With"/> what is known.
/// </summary>
public sealed class OciException : Exception
{
    /// <summary>A failure with its kind, message and cause.</summary>
    public OciException(OciErrorKind kind, string message, Exception? inner = null)
        : base(Printable.Line(message), inner)
    {
        Kind = kind;
    }

    /// <summary>What went wrong.</summary>
    public OciErrorKind Kind { get; }

    /// <summary>The stable id users see, such as <c>OciManifestUnknown</c>.</summary>
    public string ErrorId => IdOf(Kind);

    /// <summary>The HTTP status, when a server answered; else 0.</summary>
    public int StatusCode { get; internal init; }

    /// <summary>The registry's own error codes (distribution-spec 1.1, "Error Codes"), when it sent any.</summary>
    public IReadOnlyList<string> Codes { get; internal init; } = [];

    /// <summary>How long the server asks to wait, when it does.</summary>
    public TimeSpan? RetryAfter { get; internal init; }

    /// <summary>Another attempt may succeed.</summary>
    public bool IsTransient { get; internal init; }

    /// <summary>The registry that didn't answer a request at all, when it was that.</summary>
    internal string? NoAnswerFrom { get; init; }

    /// <summary>The registry takes no writes at present: no other way of writing is worth a try.</summary>
    internal bool IsReadOnly { get; init; }

    /// <summary>It is a proxy that failed, not the registry behind it.</summary>
    internal bool IsOfProxy { get; init; }

    /// <summary>This failure with something else said of it; all that isn't given stays as it is.</summary>
    /// <param name="kind">What went wrong, where more is known of it now.</param>
    /// <param name="message">The whole new message.</param>
    /// <param name="inner">The new cause: this failure, where its own message is worth keeping beside the new one.</param>
    /// <param name="isTransient">Whether another attempt may succeed.</param>
    /// <param name="retryAfter">How long to wait before it.</param>
    /// <param name="noAnswerFrom">The registry that didn't answer at all.</param>
    internal OciException With(
        OciErrorKind? kind = null,
        string? message = null,
        Exception? inner = null,
        bool? isTransient = null,
        TimeSpan? retryAfter = null,
        string? noAnswerFrom = null) => new(kind ?? Kind, message ?? Message, inner ?? InnerException)
        {
            StatusCode = StatusCode,
            Codes = Codes,
            RetryAfter = retryAfter ?? RetryAfter,
            IsTransient = isTransient ?? IsTransient,
            NoAnswerFrom = noAnswerFrom ?? NoAnswerFrom,
            IsReadOnly = IsReadOnly,
            IsOfProxy = IsOfProxy,
        };

    /// <summary>
    /// The id of any failure that becomes a row: a name that couldn't be read, or, where it is neither that nor ours, a mistake in the
    /// engine.
    /// </summary>
    internal static string IdOf(Exception failure) => failure switch
    {
        OciException known => known.ErrorId,
        FormatException => IdOf(OciErrorKind.ReferenceInvalid),
        _ => "OciUnexpected",
    };

    internal static string IdOf(OciErrorKind kind) => "Oci" + kind;
}
