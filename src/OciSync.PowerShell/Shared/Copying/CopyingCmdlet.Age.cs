using System.Management.Automation;
using OciSync.Core.Errors;
using OciSync.Core.Requests;
using OciSync.Core.Sights;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Parameters;

namespace OciSync.PowerShell.Shared.Copying;

/// <content>What is too young is held back.</content>
public abstract partial class CopyingCmdlet
{
    /// <summary>How long a tag, and what it points to, must be known from here before it is taken: 3d, 12h, 1d12h; needs -StatePath.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MinimumAge { get; set; }

    /// <summary>Repositories and images, or wildcards for them, that are taken however young they are.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] MinimumAgeExempt { get; set; } = [];

    private SyncRequest WithAge(SyncRequest request)
    {
        try
        {
            return request with
            {
                MinimumAge = MinimumAge is null ? null : AgeText.Parse(MinimumAge),
                MinimumAgeExempt = ImageNames.Parse(Lists.Given(MinimumAgeExempt), "what is taken at any age"),
            };
        }
        catch (OciException e)
        {
            ThrowTerminatingError(ErrorRecords.Create(e, MinimumAge));
            throw;
        }
    }
}
