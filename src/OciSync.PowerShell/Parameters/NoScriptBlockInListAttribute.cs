using System.Management.Automation;

namespace OciSync.PowerShell.Parameters;

/// <summary>
/// Refuses a script block inside a list: PowerShell would pass its source text as a name. A script block by itself is run for each input
/// object and never comes here.
/// </summary>
public sealed class NoScriptBlockInListAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is IEnumerable<object> list && list.Any(i => i is ScriptBlock || (i is PSObject { BaseObject: ScriptBlock })))
        {
            throw new ArgumentTransformationMetadataException(
                "A script block can only stand alone: -Destination { … }. For several destinations run the command once for each.");
        }

        return inputData;
    }
}
