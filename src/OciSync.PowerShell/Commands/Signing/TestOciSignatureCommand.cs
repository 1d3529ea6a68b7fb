using System.Management.Automation;
using System.Security;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Signing;
using OciSync.Core.Trust;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Pipeline;
using OciSync.PowerShell.Shared;

namespace OciSync.PowerShell.Commands.Signing;

/// <summary>Tells whether images are trusted by their signatures: by a policy, or by public keys.</summary>
[Cmdlet(VerbsDiagnostic.Test, "OciSignature", HelpUri = HelpPages.Folder + "Test-OciSignature.md", DefaultParameterSetName = PolicySet)]
[OutputType(typeof(OciSignatureCheck), typeof(bool))]
[SharedParameters(typeof(PolicyParameters))]
[SharedParameters(typeof(SignaturePlaceParameters))]
[SharedParameters(typeof(LoginParameters))]
public sealed partial class TestOciSignatureCommand : ImageCmdlet
{
    private const string PolicySet = "Policy";
    private const string KeySet = "Key";
    private const string RootSet = "TrustedRoot";
    private const string NotarySet = "Notary";
    private const int LongestKey = 4 * 1024 * 1024;

    // A number, not the enum: a field of a value type of the engine's would make PowerShell look for the engine before it can be found.
    private int _match;
    private string? _registriesDirectory;
    private TrustCheckOptions _options = new();
    private bool _isTrusted = true;

    /// <summary>The images; a folder (oci:, dir:) or archive without a name is all images in it.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    [AllowEmptyString]
    public string[] Reference { get; set; } = [];

    [Parameter(ParameterSetName = PolicySet)]
    public partial string? PolicyPath { get; set; }

    /// <summary>Files of public keys, OpenPGP's or PEM: a signature by one of them is enough, and no policy is asked.</summary>
    [Parameter(Mandatory = true, ParameterSetName = KeySet)]
    [Alias("Key")]
    [SupportsWildcards]
    public string[] PublicKeyPath { get; set; } = [];

    /// <summary>A file of authorities and logs (<c>trusted_root.json</c>), under which sigstore bundles with certificates count.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RootSet)]
    [ValidateNotNullOrEmpty]
    public string? TrustedRootPath { get; set; }

    /// <summary>Who has to have signed: the e-mail address or URI in the certificate.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RootSet)]
    [ValidateNotNullOrEmpty]
    public string? CertificateIdentity { get; set; }

    /// <summary>Who has to have vouched for that: the OIDC issuer in the certificate.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RootSet)]
    [ValidateNotNullOrEmpty]
    public string? CertificateIssuer { get; set; }

    /// <summary>Identity and issuer are regular expressions, which have to fit the whole text.</summary>
    [Parameter(ParameterSetName = RootSet)]
    public SwitchParameter CertificateRegex { get; set; }

    /// <summary>A folder with <c>trustpolicy.json</c> and <c>truststore</c>, as notation keeps them: signatures of the Notary Project count by them.</summary>
    [Parameter(Mandatory = true, ParameterSetName = NotarySet)]
    [ValidateNotNullOrEmpty]
    public string? NotaryConfigPath { get; set; }

    /// <summary>The name that the images were signed under, where that is not their own.</summary>
    [Parameter(ParameterSetName = KeySet)]
    [ValidateNotNullOrEmpty]
    public string? Identity { get; set; }

    /// <summary>How the name in a signature has to fit: the same name, the same repository, or any.</summary>
    [Parameter(ParameterSetName = KeySet)]
    public NameMatch IdentityMatch
    {
        get => (NameMatch)_match;
        set => _match = (int)value;
    }

    /// <summary>Of images of several platforms the index itself has to be signed as well.</summary>
    [Parameter]
    public SwitchParameter RequireSignedIndex { get; set; }

    public partial string? RegistriesDirectory { get; set; }

    /// <summary>Gives one true or false for all in place of rows and errors.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    public partial PSCredential? Credential { get; set; }
    public partial SecureString? Token { get; set; }
    public partial SwitchParameter Anonymous { get; set; }

    private protected override EngineOptions CreateOptions() => base.CreateOptions() with { RegistriesDirectoryPath = _registriesDirectory };

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _registriesDirectory = FullPath(RegistriesDirectory);
        _options = new TrustCheckOptions
        {
            Policy = ParameterSetName == PolicySet ? FindPolicy() : null,
            Keys = ParameterSetName == KeySet ? [.. PublicKeyPath.SelectMany(FindKeys)] : [],
            Identity = Identity,
            Match = IdentityMatch,
            RequireIndex = RequireSignedIndex,
            TrustedRoot = ParameterSetName == RootSet ? ReadTrustedRoot(TrustedRootPath!) : null,
            CertificateIdentity = CertificateIdentity,
            CertificateIssuer = CertificateIssuer,
            IsCertificatePattern = CertificateRegex,
            NotaryFolder = FullPath(NotaryConfigPath),
        };
        Validate();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var read = ReadLocations(Reference);
        _isTrusted &= read.Count == Reference.Count(r => !MyInvocation.ExpectingInput || !IsLineWithoutName(r));
        foreach (var (reference, input) in read)
        {
            Ask(reference, input, GivenLogin, (engine, writer, token) => CheckAsync(reference.WithDefaultTag(), input, engine, writer, token));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        base.EndProcessing();
        if (Quiet)
        {
            WriteObject(_isTrusted);
        }
    }

    private protected override void RefuseEmpty(string input)
    {
        _isTrusted = false;
        base.RefuseEmpty(input);
    }

    private OciPolicy FindPolicy()
    {
        var policies = new Policies(this);
        var policy = PolicyPath is { } path ? policies.Open(FullPath(path)!) : policies.FindDefault();
        if (policy is null)
        {
            var failure = new FileNotFoundException($"{OciPolicy.DescribeAbsence()} Name one with -PolicyPath, or keys with -PublicKeyPath.");
            ThrowTerminatingError(new ErrorRecord(failure, "OciFileNotFound", ErrorCategory.ObjectNotFound, null));
        }

        WriteVerbose($"The policy is '{policy!.Path}'.");
        return policy;
    }

    private byte[] ReadTrustedRoot(string path) => FindKeys(WildcardPattern.Escape(path))[0];

    private void Validate()
    {
        try
        {
            _options.Validate();
        }
        catch (OciException e)
        {
            ThrowTerminatingError(ErrorRecords.Create(e, TrustedRootPath ?? NotaryConfigPath));
        }
    }

    private IReadOnlyList<byte[]> FindKeys(string path)
    {
        try
        {
            return [.. UserPaths.Find(this, path).Select(ReadKey)];
        }
        catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException
            or IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(new ErrorRecord(e, "OciFileNotFound", ErrorCategory.ObjectNotFound, path));
            throw;
        }
    }

    private static byte[] ReadKey(string path) => new FileInfo(path).Length <= LongestKey
        ? File.ReadAllBytes(path)
        : throw new IOException($"'{path}' is too large for a file of keys.");

    private async Task CheckAsync(
        ImageLocation reference, string input, Core.Engine.OciEngine engine, PipelineWriter writer, CancellationToken cancellationToken)
    {
        try
        {
            await engine.CheckSignaturesAsync(
                reference, _options, (row, failure) => TellAsync(row, failure, input, writer), cancellationToken).ConfigureAwait(false);
        }
        catch (OciException e)
        {
            _isTrusted = false;
            await (Quiet ? Task.CompletedTask : writer.WriteErrorAsync(ErrorRecords.Create(e, input))).ConfigureAwait(false);
        }
    }

    private async Task TellAsync(OciSignatureCheck row, OciException? failure, string input, PipelineWriter writer)
    {
        _isTrusted &= failure is null;
        if (Quiet)
        {
            return;
        }

        await writer.WriteObjectAsync(row).ConfigureAwait(false);
        if (failure is not null)
        {
            await writer.WriteErrorAsync(ErrorRecords.Create(failure, input)).ConfigureAwait(false);
        }
    }
}
