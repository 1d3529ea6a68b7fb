using System.Management.Automation;

namespace OciSync.Loader;

/// <summary>
/// The converter that the module's type data name for versions of tags. PowerShell makes one while it reads them, which is before it loads the cmdlets:
/// the moment to choose their assembly. What it converts it leaves to the converter there.
/// </summary>
public sealed class VersionConverter : PSTypeConverter
{
    private readonly Lazy<PSTypeConverter> _converter = new(Create);

    /// <summary>Loads the assembly of the cmdlets, which the type data that follow name types of.</summary>
    public VersionConverter() => _ = CmdletAssembly.Value;

    /// <inheritdoc/>
    public override bool CanConvertFrom(object sourceValue, Type destinationType) => _converter.Value.CanConvertFrom(sourceValue, destinationType);

    /// <inheritdoc/>
    public override object ConvertFrom(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) =>
        _converter.Value.ConvertFrom(sourceValue, destinationType, formatProvider, ignoreCase);

    /// <inheritdoc/>
    public override bool CanConvertTo(object sourceValue, Type destinationType) => _converter.Value.CanConvertTo(sourceValue, destinationType);

    /// <inheritdoc/>
    public override object ConvertTo(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) =>
        _converter.Value.ConvertTo(sourceValue, destinationType, formatProvider, ignoreCase);

    private static PSTypeConverter Create() =>
        (PSTypeConverter)CmdletAssembly.Value.CreateInstance("OciSync.PowerShell.Output.TagVersionConverter")!;
}
