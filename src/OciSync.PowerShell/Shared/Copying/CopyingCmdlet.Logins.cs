using System.Management.Automation;
using System.Security;
using OciSync.Core.Auth;
using OciSync.Core.AuthFiles;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Parameters;

namespace OciSync.PowerShell.Shared.Copying;

/// <content>The logins that are given to the command, and whose they are.</content>
public abstract partial class CopyingCmdlet
{
    private IReadOnlyDictionary<string, string> _authFiles = new Dictionary<string, string>();
    private SideLogin? _ofSources;
    private SideLogin? _ofDestinations;

    /// <summary>The login for the sources' registry.</summary>
    [Parameter]
    [Login]
    public PSCredential? SourceCredential { get; set; }

    /// <summary>A bearer token that the sources' registry itself takes.</summary>
    [Parameter]
    [Alias("SrcRegistryToken")]
    public SecureString? SourceToken { get; set; }

    /// <summary>No login for the sources' registries, wherever there may be one.</summary>
    [Parameter]
    [Alias("SrcNoCreds")]
    public SwitchParameter SourceAnonymous { get; set; }

    /// <summary>The only file that logins for the sources' registries are read from.</summary>
    [Parameter]
    [Alias("SrcAuthFile")]
    public string? SourceAuthFilePath { get; set; }

    /// <summary>The login for the destinations' registry.</summary>
    [Parameter]
    [Login]
    public PSCredential? DestinationCredential { get; set; }

    /// <summary>A bearer token that the destinations' registry itself takes.</summary>
    [Parameter]
    [Alias("DestRegistryToken")]
    public SecureString? DestinationToken { get; set; }

    /// <summary>No login for the destinations' registries, wherever there may be one.</summary>
    [Parameter]
    [Alias("DestNoCreds")]
    public SwitchParameter DestinationAnonymous { get; set; }

    /// <summary>The only file that logins for the destinations' registries are read from.</summary>
    [Parameter]
    [Alias("DestAuthFile")]
    public string? DestinationAuthFilePath { get; set; }

    /// <summary>The Docker engine that docker-daemon: images are read from, where -DaemonHost is the one they go to.</summary>
    [Parameter]
    [Alias("SrcDaemonHost")]
    public string? SourceDaemonHost { get; set; }

    private void CheckLogins()
    {
        _ofSources = ReadLogin("Source", SourceCredential, SourceToken, SourceAnonymous, SourceAuthFilePath);
        _ofDestinations = ReadLogin("Destination", DestinationCredential, DestinationToken, DestinationAnonymous, DestinationAuthFilePath);
    }

    private SideLogin? ReadLogin(string side, PSCredential? credential, SecureString? token, bool anonymous, string? authFile)
    {
        var file = authFile is { Length: > 0 } ? FullPath(authFile) : null;
        if ((credential is null ? 0 : 1) + (token is null ? 0 : 1) + (anonymous ? 1 : 0) > 1 || (anonymous && file is not null))
        {
            RefuseLogin(
                $"-{side}Credential, -{side}Token and -{side}Anonymous exclude each other, and -{side}Anonymous has no use for -{side}AuthFilePath.",
                null);
        }

        if (file is not null && !File.Exists(file))
        {
            var failure = new OciException(OciErrorKind.ConfigurationInvalid, $"-{side}AuthFilePath: there is no file '{file}'.");
            ThrowTerminatingError(ErrorRecords.Create(failure, authFile));
        }

        return credential is not null ? new SideLogin($"-{side}Credential", Credentials.From(credential), file)
            : token is not null ? new SideLogin($"-{side}Token", Credentials.From(token), file)
            : anonymous ? new SideLogin($"-{side}Anonymous", RegistryCredential.Anonymous, null)
            : file is not null ? new SideLogin($"-{side}AuthFilePath", null, file) : null;
    }

    // A login that was typed for one registry goes to no other; a file has logins for many.
    private Dictionary<string, RegistryCredential> FindLogins(SyncRequest request)
    {
        var byHost = new Dictionary<string, SideLogin>(StringComparer.Ordinal);
        var (sources, destinations) = (SourceRegistries(request), DestinationRegistries(request));
        Set(_ofSources, sources, destinations, _ofDestinations);
        Set(_ofDestinations, destinations, sources, _ofSources);
        _authFiles = byHost.Keys.Where(h => byHost[h].AuthFile is not null).ToDictionary(h => h, h => byHost[h].AuthFile!, StringComparer.Ordinal);
        return byHost.Keys.Where(h => byHost[h].Credential is not null).ToDictionary(h => h, h => byHost[h].Credential!, StringComparer.Ordinal);

        void Set(SideLogin? login, IReadOnlyList<string> hosts, IReadOnlyList<string> others, SideLogin? ofOthers)
        {
            if (login is null)
            {
                return;
            }

            if (login.IsForOne && hosts.Count > 1)
            {
                RefuseLogin(
                    $"{login.Parameter} is for one registry, and there are {hosts.Count} ({string.Join(", ", hosts)}). "
                        + "Log in to each: Connect-OciRegistry <registry> -Credential …",
                    login);
            }

            foreach (var host in hosts)
            {
                var isSame = ofOthers?.IsSame(login);
                if (others.Contains(host) && (isSame == false || (isSame is null && login.IsAnonymous)))
                {
                    RefuseLogin(
                        $"'{host}' is source and destination, and "
                            + (login.IsAnonymous ? "only one is to do without a login" : "two logins are given for it")
                            + $". Use one login, or log in to its namespaces: Connect-OciRegistry {host}/<namespace> -Credential …",
                        login);
                }

                byHost[host] = login;
            }
        }
    }

    private static IReadOnlyList<string> SourceRegistries(SyncRequest request) =>
        Distinct(request.Pairs.Select(p => p.Source.Registry).Concat(request.Repositories.Select(r => r.Repository.Registry)));

    private static IReadOnlyList<string> DestinationRegistries(SyncRequest request) => Distinct(
    [
        .. request.Pairs.Select(p => p.Destination.Registry),
        .. request.Repositories.SelectMany(r => RegistriesOf(r.Places, r.Repository.WithDefaultTag())),
        .. request.Folders.SelectMany(f => RegistriesOf(f.Places, Nameless)),
        .. request.Removals.Select(r => r.Destination.Registry),
    ]);

    private static IReadOnlyList<string> Distinct(IEnumerable<string?> registries) =>
        registries.OfType<string>().Distinct(StringComparer.Ordinal).ToList();

    private void RefuseLogin(string reason, SideLogin? login) => ThrowTerminatingError(
        new ErrorRecord(new PSArgumentException(reason), "OciCredentialAmbiguous", ErrorCategory.InvalidArgument, login?.Credential?.ToString()));

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
