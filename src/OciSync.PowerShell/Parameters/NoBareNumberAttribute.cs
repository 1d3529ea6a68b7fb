using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace OciSync.PowerShell.Parameters;

/// <summary>
/// Refuses numbers with a decimal point where tags are meant: a bare 3.10 is the number 3.1 to PowerShell, and the zero is lost before any
/// cmdlet sees it. Whole numbers pass.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NoBareNumberAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        foreach (var item in value is IEnumerable list and not string ? list : new[] { value })
        {
            if ((item is PSObject o ? o.BaseObject : item) is double or float or decimal)
            {
                var text = Convert.ToString(item, CultureInfo.InvariantCulture);
                throw new ArgumentTransformationMetadataException(
                    $"{text} is a number here, and PowerShell drops zeros at the end of numbers. Put it in quotes: '{text}', or '{text}0' if that was meant.");
            }
        }

        return inputData;
    }
}
