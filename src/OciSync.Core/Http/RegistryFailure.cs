using OciSync.Core.AuthFiles;
using OciSync.Core.Errors;

namespace OciSync.Core.Http;

/// <summary>What a registry's refusal means, in words that say what to do (distribution-spec 1.1, "Error Codes").</summary>
internal static class RegistryFailure
{
    internal const int MaxBody = 1024 * 1024;

    internal static OciException From(HttpAnswer answer, byte[] body, RequestContext context)
    {
        string Hide(string said) => Secrets.Hide(said, answer.Sent, answer.Login);
        var (codes, text) = RegistryErrorBody.Read(body, Hide);
        var status = (int)answer.Status;
        var isReadOnly = context.IsWrite && IsReadOnly(answer, body);
        var wait = RetryAfter.Read(answer);
        var (kind, message) = isReadOnly ? ReadOnly(context) : Explain(status, codes, text, context);
        return new OciException(kind, message + Until(kind, wait, answer.Received) + Detail(status, codes.Select(Hide), text))
        {
            StatusCode = status,
            Codes = codes.Select(Hide).ToList(),
            RetryAfter = wait,
            IsReadOnly = isReadOnly,
            IsTransient = kind != OciErrorKind.BlobUnknown && AnswerRules.Of(context.Question, status) == AnswerMeaning.Repeated,
        };
    }

    /// <summary>
    /// A registry that takes no writes at present (docker-registry's <c>maintenance: readonly</c>): 405 that allows reading alone. Where one
    /// method isn't supported, the answer has an error code and no such list.
    /// </summary>
    internal static bool IsReadOnly(HttpAnswer answer, byte[] body) =>
        (int)answer.Status == 405 && answer.Allow is { Count: > 0 } allowed
        && allowed.All(m => m is "GET" or "HEAD" or "OPTIONS") && RegistryErrorBody.Read(body).Codes.Count == 0;

    private static (OciErrorKind Kind, string Message) ReadOnly(RequestContext context) => (
        OciErrorKind.Unsupported,
        $"'{context.Registry}' is read-only at present: it takes no images and removes none. "
            + "Its administrator has switched that on (for docker-registry: maintenance, readonly); run again when it is over.");

    // When it goes on is told where it is known.
    private static string Until(OciErrorKind kind, TimeSpan? wait, DateTimeOffset now) =>
        kind is OciErrorKind.RateLimited or OciErrorKind.ServerError && wait > TimeSpan.Zero
            ? $" It asks to come back at {TimeText.Describe(now + wait.Value, now)}."
            : string.Empty;

    internal static OciException Unauthorized(string registry, RegistryCredential? credential, int status) => new(
        OciErrorKind.Unauthorized,
        credential is null
            ? $"'{registry}' asks for a login. Log in with: Connect-OciRegistry {registry} -Credential (Get-Credential)"
            : $"'{registry}' refused the login of '{credential}'. Check name and password (or token) and log in again: "
                + $"Connect-OciRegistry {registry} -Credential (Get-Credential){RobotHint(credential)}")
    {
        StatusCode = status,
    };

    private static (OciErrorKind Kind, string Message) Explain(int status, IReadOnlyList<string> codes, string text, RequestContext context)
    {
        var target = context.Target;
        return status switch
        {
            404 => NotFound(codes, context),
            403 => (OciErrorKind.Forbidden,
                $"No permission to {context.Verb} '{target}'. Check that the account may do this and that the project or repository exists."),
            407 => (OciErrorKind.ProxyUnauthorized, ProxyFailure.Unauthorized(context.Registry, null).Message),
            409 or 412 when context.Question == Question.ManifestDelete =>
                (OciErrorKind.TagImmutable, $"'{target}' can't be deleted: the registry protects it (an immutable tag, or a rule of its project)."),
            409 => (OciErrorKind.TagImmutable, $"'{target}' can't be overwritten: the registry calls it a conflict."),
            412 => (OciErrorKind.TagImmutable, $"'{target}' can't be overwritten: the tag is immutable there. Use another tag, or change the project's rule."),
            413 => (OciErrorKind.TooLarge, $"'{context.Registry}', or a proxy before it, refuses a request body of this size."),
            429 => (OciErrorKind.RateLimited, $"'{context.Registry}' limits the rate of requests. Log in for a higher limit, or try later."),
            >= 500 and not 501 => ServerError(codes, context),
            >= 400 when context.IsManifestWrite => Refused(text, context),
            >= 400 when codes.Contains("DIGEST_INVALID") && (context.IsWithinUpload || context.Question == Question.UploadBegin) =>
                (OciErrorKind.DigestMismatch, $"'{target}' did not receive the blob's bytes as they were sent."),
            405 or 501 => (OciErrorKind.Unsupported, $"'{context.Registry}' does not support to {context.Verb} '{target}'."),
            _ => (OciErrorKind.ProtocolError, $"Could not {context.Verb} '{target}'."),
        };
    }

    private static (OciErrorKind Kind, string Message) ServerError(IReadOnlyList<string> codes, RequestContext context) =>
        context.IsManifestWrite && codes.Contains("MANIFEST_BLOB_UNKNOWN")
            ? (OciErrorKind.BlobUnknown, $"'{context.Target}' lacks a blob that the manifest names.")
            : (OciErrorKind.ServerError, $"'{context.Registry}' failed to {context.Verb} '{context.Target}'.");

    private static (OciErrorKind Kind, string Message) NotFound(IReadOnlyList<string> codes, RequestContext context)
    {
        var target = context.Target;
        if (codes.Contains("NAME_UNKNOWN"))
        {
            return (OciErrorKind.RepositoryUnknown,
                $"'{context.Registry}' has no repository '{context.Repository}', or the login may not see it. Check the name; some registries want projects "
                + "made first.");
        }

        if (context.IsWithinUpload)
        {
            return (OciErrorKind.ServerError, $"'{context.Registry}' forgot an upload to '{context.Repository}' before it was done.");
        }

        return context.IsBlob
            ? (OciErrorKind.BlobUnknown, $"'{target}' lacks a blob that its manifest names.")
            : context.IsManifestWrite
                ? (OciErrorKind.BlobUnknown, $"'{target}' could not be written: the registry does not know a part of it, or not the repository.")
                : context.Repository is null
                    ? (OciErrorKind.ProtocolError,
                        $"Could not {context.Verb} '{context.Registry}': it has nothing at the address that registries use for this.")
                    : (OciErrorKind.ManifestUnknown, MissingText(context));
    }

    /// <summary>A tag or digest that isn't there.</summary>
    internal static OciException Missing(RequestContext context) => new(OciErrorKind.ManifestUnknown, MissingText(context)) { StatusCode = 404 };

    // The list of tags helps who asked for a tag, and not who asked for the list or a digest.
    private static string MissingText(RequestContext context) => context switch
    {
        { Reference: { } digest } when digest.Contains(':') => $"'{context.Target}' does not exist: it was removed, or what lists it was pushed without it.",
        { Reference: not null } => $"'{context.Target}' does not exist. Get-OciTag {context.Registry}/{context.Repository} lists the tags there are.",
        { Question: Question.TagList } =>
            $"'{context.Registry}' has no list of tags for '{context.Repository}': there is no such repository, the login may not see it, or this "
            + "registry lists no tags. Check the name; an image whose tag is known is found without the list.",
        _ => $"Could not {context.Verb} '{context.Target}': '{context.Registry}' knows no such thing. Check the name of the repository.",
    };

    private static (OciErrorKind Kind, string Message) Refused(string text, RequestContext context)
    {
        var lower = text.ToLowerInvariant();
        if (lower.Contains("blob unknown") || lower.Contains("manifest_blob_unknown"))
        {
            return (OciErrorKind.BlobUnknown, $"'{context.Target}' lacks a blob that the manifest names.");
        }

        if (lower.Contains("oci.empty") || lower.Contains("unknown manifest class"))
        {
            return (OciErrorKind.AttestationRefused,
                $"'{context.Registry}' refuses the build attestations in this image. Copy it without them: -ExcludeAttestation");
        }

        return lower.Contains("immutable")
            ? (OciErrorKind.TagImmutable, $"'{context.Target}' can't be overwritten: the tag is immutable there.")
            : (OciErrorKind.ManifestRefused,
                $"'{context.Registry}' refuses the manifest of '{context.Target}' or its media type; the registry may be too old for it. Nothing was changed "
                + "in it, "
                    + "as its digest would change.");
    }

    private static string Detail(int status, IEnumerable<string> codes, string text)
    {
        var said = text.Length == 0 ? string.Join(", ", codes) : text;
        return said.Length == 0 ? $" (HTTP {status})" : $" (HTTP {status}: {said})";
    }

    private static string RobotHint(RegistryCredential credential) =>
        credential.Username.StartsWith("robot", StringComparison.Ordinal) && !credential.Username.Contains('$')
            ? ". Harbor's robots are called 'robot$name': write the name in single quotes"
            : string.Empty;
}
