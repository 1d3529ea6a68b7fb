using System.Management.Automation;
using OciSync.Core.Errors;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Parameters;

namespace OciSync.PowerShell.Commands;

/// <content>What is known to be missing.</content>
public partial class SyncOciImageCommand
{
    private Core.Requests.KnownMissing _knownMissing = Core.Requests.KnownMissing.None;

    /// <summary>Repositories and images, or wildcards for them, of which it is known that they are not there: they are Skipped and no failures.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] KnownMissing { get; set; } = [];

    private void ReadKnownMissing()
    {
        try
        {
            _knownMissing = Core.Requests.KnownMissing.Parse(Lists.Given(KnownMissing));
        }
        catch (OciException e)
        {
            ThrowTerminatingError(ErrorRecords.Create(e, string.Join(", ", KnownMissing)));
        }
    }
}
