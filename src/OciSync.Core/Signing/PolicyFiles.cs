using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Machine;

namespace OciSync.Core.Signing;

/// <summary>
/// Where the policy is (containers-policy.json(5), "DESCRIPTION"): the user's file where there is one, in place of the machine's. XDG_CONFIG_HOME has no say.
/// </summary>
internal static class PolicyFiles
{
    /// <summary>The places, the first that is there wins. On Windows there is only the user's: everybody may make a folder /etc on a drive.</summary>
    internal static IReadOnlyList<string> Places(UserEnvironment environment)
    {
        var user = environment.Home.Length == 0 ? null : Path.Combine(environment.Home, ".config", "containers", "policy.json");
        var machine = environment.IsWindows ? null : "/etc/containers/policy.json";
        return [.. new[] { user, machine }.OfType<string>()];
    }

    /// <summary>The first of the places where something is; what is there may still not be readable. Null when there is none.</summary>
    internal static string? Find(UserEnvironment environment) => Places(environment).FirstOrDefault(p => File.Exists(p) || Directory.Exists(p));

    /// <summary>Reads a policy.</summary>
    /// <exception cref="OciException">It can't be read, or is no policy: <see cref="OciErrorKind.PolicyInvalid"/>, which names file, line and key.</exception>
    internal static TrustPolicy Load(string path)
    {
        try
        {
            return Parse(SettingsFile.ReadBytes(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OciException(OciErrorKind.PolicyInvalid, $"The policy '{path}' can't be read: {e.Message}", e);
        }
    }

    /// <summary>Reads the text of a policy.</summary>
    /// <exception cref="OciException">It is no policy: <see cref="OciErrorKind.PolicyInvalid"/>, with a <see cref="PolicyFaultException"/> inside.</exception>
    internal static TrustPolicy Parse(byte[] content, string path)
    {
        try
        {
            return PolicyReader.Read(content);
        }
        catch (PolicyFaultException e)
        {
            throw new OciException(OciErrorKind.PolicyInvalid, $"'{path}' is not a valid policy: {e.Describe()}.", e);
        }
    }
}
