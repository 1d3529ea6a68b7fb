using System.Collections;
using System.Management.Automation;

namespace OciSync.PowerShell.Parameters;

/// <summary>
/// Takes credentials, and asks for the password of a user name, as PowerShell's own attribute does; several at once where the parameter
/// takes several. Where nobody can be asked it says what to do instead.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LoginAttribute : ArgumentTransformationAttribute
{
    /// <summary>The parameter takes several.</summary>
    public bool Several { get; set; }

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var input = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (Several)
        {
            var items = input is IEnumerable list and not string ? list.Cast<object?>() : [input];
            return items.Where(item => !IsNone(item)).Select(item => TransformOne(engineIntrinsics, item)).ToArray();
        }

        return IsNone(input) ? null : TransformOne(engineIntrinsics, input);
    }

    // Scripts hand on their own -Credential, which may be missing: null, or the empty one.
    private static bool IsNone(object? item) => item is null || ReferenceEquals(item is PSObject wrapped ? wrapped.BaseObject : item, PSCredential.Empty);

    private static PSCredential TransformOne(EngineIntrinsics engine, object? item)
    {
        var input = item is PSObject wrapped ? wrapped.BaseObject : item;
        return input switch
        {
            PSCredential credential => credential,
            string { Length: > 0 } user => Ask(engine, user),
            _ => throw new ArgumentTransformationMetadataException("A credential is needed, as Get-Credential or Get-Secret give it, or a user name."),
        };
    }

    private static PSCredential Ask(EngineIntrinsics engine, string user)
    {
        try
        {
            if (engine.Host.UI.PromptForCredential("OciSync", $"Password or token of '{user}':", user, string.Empty) is { } answer)
            {
                return answer;
            }
        }
        catch (Exception e) when (e is not PipelineStoppedException)
        {
            // Nobody is there, or the host can't ask.
        }

        throw new ArgumentTransformationMetadataException(
            $"There is no password for '{user}' and nobody to ask for it. Make the credential before: "
            + $"[pscredential]::new('{user}', (ConvertTo-SecureString $env:PASSWORD -AsPlainText -Force)), or take it from Get-Secret; "
            + "or use a login that is stored: Connect-OciRegistry … -Save, docker login, skopeo login, -AuthFilePath.");
    }
}
