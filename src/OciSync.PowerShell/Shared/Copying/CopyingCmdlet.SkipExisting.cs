using System.Management.Automation;
using OciSync.Core.Errors;
using OciSync.Core.Tags;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Parameters;

namespace OciSync.PowerShell.Shared.Copying;

/// <content>What is there is not looked at again.</content>
public abstract partial class CopyingCmdlet
{
    /// <summary>Wildcards: a tag that matches is left alone once it is at the destination, and its source is not asked; '*' for every tag.</summary>
    [Parameter]
    [Alias("NoClobber")]
    [SupportsWildcards]
    [NoBareNumber]
    public string[] SkipExisting { get; set; } = [];

    private TagFilter? ReadSkipExisting()
    {
        var wildcards = Lists.Given(SkipExisting);
        try
        {
            return wildcards.Count == 0 ? null : new TagFilter(new TagChoice { Include = wildcards });
        }
        catch (OciException e)
        {
            ThrowTerminatingError(ErrorRecords.Create(e, string.Join(", ", wildcards)));
            throw;
        }
    }
}
