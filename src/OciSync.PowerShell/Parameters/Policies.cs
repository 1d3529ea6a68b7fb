using System.Management.Automation;
using OciSync.Core.Signing;
using OciSync.PowerShell.Errors;

namespace OciSync.PowerShell.Parameters;

/// <summary>Policies of trust by their files, each read once. One that is missing or not valid ends the command before any work.</summary>
internal sealed class Policies(PSCmdlet cmdlet)
{
    private readonly Dictionary<string, OciPolicy> _open = new(StringComparer.Ordinal);

    /// <summary>The policy of a file, given by its full path.</summary>
    internal OciPolicy Open(string path)
    {
        if (!_open.TryGetValue(path, out var policy))
        {
            _open.Add(path, policy = Require(() => OciPolicy.Open(path), path)!);
        }

        return policy;
    }

    /// <summary>The user's policy or, where there is none, the machine's; null where there is neither.</summary>
    internal OciPolicy? FindDefault() => Require(OciPolicy.OpenDefault, null);

    private OciPolicy? Require(Func<OciPolicy?> open, string? path)
    {
        OciPolicy? policy = null;
        try
        {
            policy = open();
        }
        catch (FileNotFoundException e)
        {
            cmdlet.ThrowTerminatingError(new ErrorRecord(e, "OciFileNotFound", ErrorCategory.ObjectNotFound, path));
        }

        if (policy?.Failure is { } failure)
        {
            cmdlet.ThrowTerminatingError(ErrorRecords.Create(failure, policy.Path));
        }

        return policy;
    }
}
