using System.Management.Automation;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Signing;
using OciSync.Core.Signing.Judging;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Parameters;

namespace OciSync.PowerShell.Commands.Signing;

/// <summary>Tells whether a policy file is valid and, of images, which entry of it applies to each and what it asks for.</summary>
[Cmdlet(VerbsDiagnostic.Test, "OciPolicy", HelpUri = HelpPages.Folder + "Test-OciPolicy.md")]
[OutputType(typeof(OciPolicyFile), typeof(OciPolicyCheck))]
public sealed class TestOciPolicyCommand : PSCmdlet
{
    private OciPolicy? _policy;

    /// <summary>The images, in registries or elsewhere. Without any, the object is about the file.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ReferenceCompleter))]
    [AllowEmptyString]
    public string[] Reference { get; set; } = [];

    /// <summary>The policy; without it the user's or, where there is none, the machine's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    // Of a pipeline nothing may come; then nothing is to be told either.
    private bool IsOfFile => !MyInvocation.ExpectingInput && !MyInvocation.BoundParameters.ContainsKey(nameof(Reference));

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        try
        {
            _policy = OciPolicy.Open(Path is null ? null : new UserPaths(SessionState).Resolve(Path));
            WriteVerbose($"The policy is '{_policy.Path}'.");
        }
        catch (FileNotFoundException e)
        {
            ThrowTerminatingError(new ErrorRecord(e, "OciFileNotFound", ErrorCategory.ObjectNotFound, Path));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var reference in IsOfFile ? [] : Reference)
        {
            try
            {
                WriteObject(_policy!.Check(Read(reference)));
                WarnOfSlip(reference);
            }
            catch (Exception e) when (e is OciException or ReferenceException)
            {
                WriteError(ErrorRecords.Create(e, reference));
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (IsOfFile)
        {
            WriteObject(_policy!.Describe());
        }
        else if (_policy!.Failure is { } failure)
        {
            WriteError(ErrorRecords.Create(failure, _policy.Path));
        }
    }

    // The path of a folder or file from PowerShell's current folder.
    private ImageLocation Read(string reference)
    {
        var paths = new UserPaths(SessionState);
        var location = ImageLocation.Parse(reference, paths.IsDrive);
        try
        {
            return location.WithPaths(paths.Resolve, paths.IsDrive);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new OciException(OciErrorKind.ReferenceInvalid, $"'{reference}' can't be a place of images: {e.Message}", e);
        }
    }

    private void WarnOfSlip(string reference)
    {
        if (HostSlip.Find(reference) is { } slip)
        {
            WriteWarning($"'{reference}' is taken for the image '{slip}' of Docker Hub. {HostSlip.Explain(reference, "repository:tag")}.");
        }
    }
}
