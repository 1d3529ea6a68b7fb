using System.Text;

namespace OciSync.EngineHost.StandIns;

internal static class FileText
{
    /// <summary>UTF-8 without a byte order mark, PowerShell 7's default.</summary>
    public static readonly Encoding Default = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
}
