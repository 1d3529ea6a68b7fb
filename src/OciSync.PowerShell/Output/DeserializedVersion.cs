using System.ComponentModel;

namespace OciSync.PowerShell.Output;

/// <summary>
/// What the type data of the module turn deserialized versions into; its converter gives the engine's own <c>TagVersion</c>. The type data
/// are read before the engine can be found, so they can't name that.
/// </summary>
[TypeConverter(typeof(TagVersionConverter))]
public sealed class DeserializedVersion
{
    private DeserializedVersion()
    {
    }
}
