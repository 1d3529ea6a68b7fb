namespace OciSync.PowerShell.Parameters;

/// <summary>Where the pages of the cmdlets are on the web: <c>Get-Help -Online</c> opens them.</summary>
internal static class HelpPages
{
    internal const string Folder = "https://github.com/ocisync/OciSync/blob/main/docs/cmdlets/";
}
