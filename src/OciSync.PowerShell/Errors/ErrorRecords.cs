using System.Management.Automation;
using OciSync.Core.Errors;
using OciSync.Core.References;

namespace OciSync.PowerShell.Errors;

/// <summary>Failures of the engine as error records: a stable id, a category, the input as target.</summary>
internal static class ErrorRecords
{
    // The target is the input, but for a login that was typed into it.
    internal static ErrorRecord Create(Exception failure, object? target) => CreateFor(failure, target is string text ? LoginText.Hide(text) : target);

    private static ErrorRecord CreateFor(Exception failure, object? target) => failure switch
    {
        OciException e => new ErrorRecord(e, e.ErrorId, CategoryOf(e.Kind), target),
        FormatException e => new ErrorRecord(e, ReferenceInvalidId, ErrorCategory.InvalidArgument, target),
        _ => new ErrorRecord(failure, "OciUnexpected", ErrorCategory.NotSpecified, target),
    };

    internal const string ReferenceInvalidId = "OciReferenceInvalid";

    private static ErrorCategory CategoryOf(OciErrorKind kind) => kind switch
    {
        OciErrorKind.ReferenceInvalid or OciErrorKind.TagRequired or OciErrorKind.ChoiceInvalid or OciErrorKind.CredentialAmbiguous
            or OciErrorKind.ReportInvalid =>
            ErrorCategory.InvalidArgument,
        OciErrorKind.ManifestUnknown or OciErrorKind.RepositoryUnknown or OciErrorKind.BlobUnknown or OciErrorKind.PlatformUnknown
            or OciErrorKind.SignatureMissing =>
            ErrorCategory.ObjectNotFound,
        OciErrorKind.SignatureRejected => ErrorCategory.SecurityError,
        OciErrorKind.Unauthorized or OciErrorKind.ProxyUnauthorized or OciErrorKind.ClientCertificateRefused
            or OciErrorKind.PassphraseWrong => ErrorCategory.AuthenticationError,
        OciErrorKind.Forbidden or OciErrorKind.CatalogueRefused => ErrorCategory.PermissionDenied,
        OciErrorKind.RateLimited or OciErrorKind.TooLarge => ErrorCategory.LimitsExceeded,
        OciErrorKind.ConnectionFailed or OciErrorKind.CertificateUntrusted or OciErrorKind.PlainHttp => ErrorCategory.ConnectionError,
        OciErrorKind.Timeout => ErrorCategory.OperationTimeout,
        OciErrorKind.DigestMismatch or OciErrorKind.SourceMoved or OciErrorKind.ManifestInvalid or OciErrorKind.ManifestRefused
            or OciErrorKind.AttestationRefused or OciErrorKind.SparseIndexRefused or OciErrorKind.SigningKeyInvalid =>
            ErrorCategory.InvalidData,
        OciErrorKind.TagImmutable or OciErrorKind.NameCollision or OciErrorKind.DestinationExists => ErrorCategory.ResourceExists,
        OciErrorKind.ConfigurationInvalid or OciErrorKind.PolicyInvalid => ErrorCategory.ParserError,
        OciErrorKind.StorageFailed => ErrorCategory.WriteError,
        OciErrorKind.LayoutInvalid or OciErrorKind.ArchiveInvalid or OciErrorKind.ReferrerLost or OciErrorKind.DocumentInvalid =>
            ErrorCategory.InvalidData,
        OciErrorKind.ConfirmationRequired => ErrorCategory.InvalidOperation,
        OciErrorKind.PruneLimitExceeded => ErrorCategory.LimitsExceeded,
        OciErrorKind.NotConvertible or OciErrorKind.DigestNotPreserved or OciErrorKind.NamingUnsupported or OciErrorKind.SignatureLost =>
            ErrorCategory.InvalidOperation,
        OciErrorKind.LayerInvalid => ErrorCategory.InvalidData,
        OciErrorKind.ListenRefused => ErrorCategory.ResourceUnavailable,
        OciErrorKind.ForeignLayerUnavailable => ErrorCategory.ResourceUnavailable,
        OciErrorKind.Unsupported or OciErrorKind.DeleteUnsupported or OciErrorKind.TransportUnsupported => ErrorCategory.NotImplemented,
        _ => ErrorCategory.InvalidResult,
    };
}
