using OciSync.Core.Errors;
using OciSync.Core.Places;
using OciSync.Core.References;
using OciSync.Core.Registry;
using OciSync.Core.Tags;
using OciSync.Core.Text;

namespace OciSync.Core.Inspection;

/// <summary>The repositories of a registry, or of a namespace in it, in order.</summary>
internal sealed class CatalogueReader
{
    private readonly string _registry;
    private readonly string _namespace;
    private readonly TagFilter _filter;

    /// <param name="place">A registry, or registry/namespace.</param>
    /// <param name="include">Wildcards for paths, of which one must match; none means all.</param>
    /// <param name="exclude">Wildcards, of which none may match.</param>
    internal CatalogueReader(string place, IReadOnlyList<string> include, IReadOnlyList<string> exclude)
    {
        if (LoginText.FindFault(place) is { } login)
        {
            throw new OciException(
                OciErrorKind.ReferenceInvalid, $"'{Printable.Text(LoginText.Hide(place))}' is not a registry or a namespace in one: {login}.");
        }

        var parts = place.Trim().TrimEnd('/').Split(['/'], 2);
        _registry = RegistryHost.Normalize(parts[0]);
        _namespace = parts.Length > 1 ? parts[1] : string.Empty;
        var fault = place.Contains("://") ? "leave out what stands before its '//', and that (a registry's settings are made with Connect-OciRegistry)"
            : RegistryHost.FindFault(_registry) ?? (_namespace.Length > 0 ? RepositoryName.FindFault(_namespace) : null);
        if (fault is not null)
        {
            throw new OciException(OciErrorKind.ReferenceInvalid, $"'{Printable.Text(place)}' is not a registry or a namespace in one: {fault}.");
        }

        _filter = new TagFilter(new TagChoice { Include = include, Exclude = exclude });
    }

    internal async Task<IReadOnlyList<OciRepository>> ReadAsync(RegistryPool pool, CancellationToken cancellationToken)
    {
        var connection = pool.GetConnection(_registry);
        try
        {
            var names = await NameLister.ListRepositoriesAsync(connection, cancellationToken).ConfigureAwait(false);
            return names.Distinct(StringComparer.Ordinal).Where(n => IsName(n, pool) && IsChosen(n)).OrderBy(n => n, StringComparer.Ordinal)
                .Select(n => new OciRepository(_registry, n)).ToList();
        }
        catch (OciException e) when (e.StatusCode is 401 or 403 or 404 or 405)
        {
            throw Refusal(e);
        }
    }

    private bool IsName(string name, RegistryPool pool)
    {
        if (RepositoryName.FindFault(name) is not { } fault)
        {
            return true;
        }

        pool.Events.Decide($"{_registry}: '{Printable.Text(name)}' is no repository and is left out: {fault}.");
        return false;
    }

    private bool IsChosen(string name) =>
        (_namespace.Length == 0 || name == _namespace || name.StartsWith(_namespace + "/", StringComparison.Ordinal)) && _filter.FindReason(name) is null;

    // A login that is missing or wrong stays one; else it is the right, or the registry.
    private OciException Refusal(OciException e) => e.With(
        e.Kind == OciErrorKind.Unauthorized ? OciErrorKind.Unauthorized : OciErrorKind.CatalogueRefused,
        $"'{_registry}' does not list its repositories. To list them an account needs the right 'registry:catalog:*' "
            + "(Harbor: a system robot that may list repositories; a project's robot can't); Docker Hub and GHCR list them to nobody. "
            + $"Without it, name the repositories: Get-OciTag {_registry}/<name>. {e.Message}",
        e);
}
