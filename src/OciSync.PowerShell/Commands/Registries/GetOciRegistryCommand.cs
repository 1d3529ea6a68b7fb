using System.Management.Automation;
using OciSync.Core.Engine;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Logins;
using OciSync.PowerShell.Completion;
using OciSync.PowerShell.Errors;
using OciSync.PowerShell.Output;
using OciSync.PowerShell.Parameters;
using OciSync.PowerShell.Pipeline;
using OciSync.PowerShell.Shared;

namespace OciSync.PowerShell.Commands.Registries;

/// <summary>The registries that are known here: who we are there, from which place, and how they are reached.</summary>
[Cmdlet(VerbsCommon.Get, "OciRegistry", HelpUri = HelpPages.Folder + "Get-OciRegistry.md")]
[OutputType(typeof(OciRegistryConnection))]
public sealed class GetOciRegistryCommand : OciCmdlet
{
    /// <summary>Only these registries, or namespaces of registries.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    [SupportsWildcards]
    public string[] Registry { get; set; } = ["*"];

    private readonly List<string> _asked = [];

    /// <inheritdoc/>
    protected override void ProcessRecord() => _asked.AddRange(Registry.Select(WithoutScheme));

    /// <inheritdoc/>
    protected override void EndProcessing() => Run(ListAsync);

    private async Task ListAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        var failures = new List<OciException>();
        var options = CreateOptions();
        var stored = await new LoginStore(options, TellDecisions(writer)).ListAsync(failures.Add, cancellationToken).ConfigureAwait(false);
        var patterns = _asked.SelectMany(a => Places(a, options, failures.Add)).Select(a => WildcardPattern.Get(a, WildcardOptions.IgnoreCase)).ToList();
        var session = Sessions.Registries.Select(Describe);
        var rest = stored.Where(s => Sessions.FindUsers(s.Registry) is null).Select(Describe);
        foreach (var row in session.Concat(rest)
            .GroupBy(r => r.Registry, StringComparer.Ordinal)
            .Select(g => g.FirstOrDefault(r => r.Username is not null) ?? g.First())
            .Where(r => patterns.Any(p => p.IsMatch(r.Registry))).OrderBy(r => r.Registry, StringComparer.Ordinal))
        {
            await writer.WriteObjectAsync(row).ConfigureAwait(false);
        }

        foreach (var failure in failures)
        {
            await writer.WriteErrorAsync(ErrorRecords.Create(failure, null)).ConfigureAwait(false);
        }
    }

    // What was asked for, and where registries.conf says that it is: logins are kept by that name.
    private static IEnumerable<string> Places(string asked, EngineOptions options, Action<OciException> onFailure)
    {
        var names = new List<string> { asked };
        if (asked.Length > 0 && !WildcardPattern.ContainsWildcardCharacters(asked))
        {
            try
            {
                names.Add(OciEngine.ResolveKey(asked, options));
            }
            catch (OciException e)
            {
                onFailure(e);
            }
        }

        return names;
    }

    // As Connect-OciRegistry takes it: https://host, host/.
    private static string WithoutScheme(string asked)
    {
        var name = asked.Trim();
        var scheme = name.IndexOf("://", StringComparison.Ordinal);
        return (scheme < 0 ? name : name.Substring(scheme + 3)).TrimEnd('/');
    }

    private OciRegistryConnection Describe(string key) => new(
        key, Sessions.FindUsers(key), Sessions.FindSavedPlace(key) ?? RegistrySessions.Place, Sessions.FindSettings(key), Sessions.FindQuota(key));

    private OciRegistryConnection Describe(KnownLogin login) =>
        new(login.Registry, login.Username ?? string.Empty, login.Place, Sessions.FindSettings(login.Registry), Sessions.FindQuota(login.Registry));
}
