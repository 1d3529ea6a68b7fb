using System.Management.Automation;
using System.Text;

namespace OciSync.EngineHost.StandIns;

/// <summary>PowerShell's names of encodings; any other name is one of .NET's.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EncodingArgumentAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapped ? wrapped.BaseObject : inputData) switch
        {
            Encoding encoding => encoding,
            string name => Named(name),
            var other => other,
        };

    private static Encoding Named(string name)
    {
        try
        {
            return name.ToUpperInvariant() switch
            {
                "DEFAULT" or "UTF8" or "UTF8NOBOM" => FileText.Default,
                "UTF8BOM" => Encoding.UTF8,
                "UNICODE" => Encoding.Unicode,
                "BIGENDIANUNICODE" => Encoding.BigEndianUnicode,
                "UTF32" => Encoding.UTF32,
                _ => Encoding.GetEncoding(name),
            };
        }
        catch (ArgumentException e)
        {
            throw new ArgumentTransformationMetadataException($"'{name}' is not a supported encoding name.", e);
        }
    }
}
