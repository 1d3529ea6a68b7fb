using System.Management.Automation;
using OciSync.Core.Auth;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Syncing;

namespace OciSync.PowerShell.Commands;

/// <content>The logins that are given to the command, and whose they are.</content>
public abstract partial class CopyingCmdlet
{
    private Dictionary<string, RegistryCredential> FindCredentials(SyncRequest request)
    {
        var credentials = new Dictionary<string, RegistryCredential>();
        Set(SourceCredential, nameof(SourceCredential), request.Pairs.Select(p => p.Source.Registry).Concat(request.Repositories.Select(r => r.Repository.Registry)));
        Set(DestinationCredential, nameof(DestinationCredential), request.Pairs.Select(p => p.Destination.Registry).Concat(request.Repositories.SelectMany(r => RegistriesOf(r.Places, r.Repository.WithDefaultTag())))
            .Concat(request.Folders.SelectMany(f => RegistriesOf(f.Places, Nameless))));
        return credentials;

        void Set(PSCredential? credential, string parameter, IEnumerable<string?> registries)
        {
            if (credential is null)
            {
                return;
            }

            var hosts = registries.OfType<string>().Distinct(StringComparer.Ordinal).ToList();
            if (hosts.Count > 1)
            {
                RefuseCredential(
                    $"-{parameter} is for one registry, and there are {hosts.Count} ({string.Join(", ", hosts)}). Log in to each: Connect-OciRegistry <registry> -Credential …",
                    credential);
            }

            foreach (var host in hosts)
            {
                if (credentials.ContainsKey(host) && !IsSame(SourceCredential!, credential))
                {
                    RefuseCredential(
                        $"'{host}' is source and destination, and two logins are given for it. Use one login, or log in to its namespaces: Connect-OciRegistry {host}/<namespace> -Credential …",
                        credential);
                }

                if (!credentials.ContainsKey(host))
                {
                    credentials.Add(host, Credentials.From(credential));
                }
            }
        }
    }

    private static bool IsSame(PSCredential left, PSCredential right) =>
        left.UserName == right.UserName && left.GetNetworkCredential().Password == right.GetNetworkCredential().Password;

    private void RefuseCredential(string reason, PSCredential credential) => ThrowTerminatingError(
        new ErrorRecord(new PSArgumentException(reason), "OciCredentialAmbiguous", ErrorCategory.InvalidArgument, credential.UserName));

    // What a place can't name, none of its images can: their rows will say so.
    private static List<string> RegistriesOf(IEnumerable<SyncPlace> places, ImageReference source)
    {
        var registries = new List<string>();
        foreach (var place in places)
        {
            try
            {
                registries.AddRange(place.Name(source).Registry is { } registry ? [registry] : []);
            }
            catch (Exception e) when (e is OciException or ReferenceException)
            {
                continue;
            }
        }

        return registries;
    }
}
