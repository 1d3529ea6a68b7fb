using System.Management.Automation;
using OciSync.Core.Versions;

namespace OciSync.PowerShell.Output;

/// <summary>
/// Makes a version again of the object that came of one by Clixml, a job, a remote session or JSON: by its property <c>Text</c>. Anything
/// else is left to PowerShell's own conversions.
/// </summary>
public sealed class TagVersionConverter : PSTypeConverter
{
    /// <inheritdoc/>
    public override bool CanConvertFrom(object sourceValue, Type destinationType) => TextOf(sourceValue) is not null;

    /// <inheritdoc/>
    public override object ConvertFrom(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) =>
        TagVersion.Parse(TextOf(sourceValue) ?? throw new InvalidCastException("This object is no version of a tag: it has no Text."));

    /// <inheritdoc/>
    public override bool CanConvertTo(object sourceValue, Type destinationType) => false;

    /// <inheritdoc/>
    public override object ConvertTo(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) =>
        throw new InvalidCastException("Versions of tags are converted to nothing.");

    private static string? TextOf(object? value) =>
        value is PSObject { BaseObject: PSCustomObject or PSObject } fields ? fields.Properties["Text"]?.Value as string : null;
}
