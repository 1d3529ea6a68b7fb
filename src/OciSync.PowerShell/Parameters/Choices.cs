using System.Management.Automation;
using OciSync.Core.Errors;
using OciSync.Core.Tags;
using OciSync.PowerShell.Errors;

namespace OciSync.PowerShell.Parameters;

/// <summary>The choosing parameters of a cmdlet as the engine takes them. What can't be understood ends the command.</summary>
internal static class Choices
{
    internal static TagSelector Read(PSCmdlet cmdlet, TagChoice choice)
    {
        try
        {
            return new TagSelector(choice);
        }
        catch (OciException e)
        {
            cmdlet.ThrowTerminatingError(ErrorRecords.Create(e, null));
            throw;
        }
    }

    internal static DateTimeOffset? Time(DateTime time) => time == default ? null : new DateTimeOffset(time);

    internal static int? Number(int number) => number > 0 ? number : null;
}
