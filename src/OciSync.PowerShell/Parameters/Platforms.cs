using System.Management.Automation;
using OciSync.Core.References;
using OciSync.PowerShell.Errors;

namespace OciSync.PowerShell.Parameters;

/// <summary>Platforms as users type them; a wrong one ends the command, as nothing could be right with it.</summary>
internal static class Platforms
{
    internal static Platform? Read(string? text, Cmdlet cmdlet) => text is null ? null : ReadAll([text], cmdlet)[0];

    internal static IReadOnlyList<Platform> ReadAll(IEnumerable<string> texts, Cmdlet cmdlet)
    {
        var platforms = new List<Platform>();
        foreach (var text in Lists.Split(texts))
        {
            try
            {
                platforms.Add(Platform.Parse(text));
            }
            catch (FormatException e)
            {
                cmdlet.ThrowTerminatingError(new ErrorRecord(e, "OciPlatformInvalid", ErrorCategory.InvalidArgument, text));
            }
        }

        return platforms;
    }
}
