using System.Management.Automation;
using System.Security;

namespace OciSync.PowerShell.Parameters;

/// <summary>A token that is given as text (a variable of the environment, an older Az) becomes the SecureString that it would be otherwise.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TokenTextAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        var value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is not string text)
        {
            return inputData;
        }

        if (text.Length == 0)
        {
            throw new ArgumentTransformationMetadataException("The token is empty; is the variable set that it comes from?");
        }

        var secure = new SecureString();
        foreach (var character in text)
        {
            secure.AppendChar(character);
        }

        secure.MakeReadOnly();
        return secure;
    }
}
