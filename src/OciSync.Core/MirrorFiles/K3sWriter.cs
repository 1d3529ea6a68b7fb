using System.Text;
using System.Text.RegularExpressions;
using OciSync.Core.Errors;

namespace OciSync.Core.MirrorFiles;

/// <summary>
/// <c>registries.yaml</c> of k3s and RKE2. Its <c>rewrite</c>, which containerd's own files don't have, gives repositories other names: any
/// naming can be said, as long as all mirrors of a registry have the same.
/// </summary>
internal static class K3sWriter
{
    internal static MirrorDraft Write(RouteTable table, string path, MirrorOptions options)
    {
        var mirrors = table.Registries.Select(r => (Key: r.Registry, Text: MirrorOf(r))).ToList();
        var hosts = table.Registries.SelectMany(r => r.Repositories.SelectMany(p => p.Places.Select(b => b.Host))).Distinct().ToList();
        var configs = options.CertificatePath is null && options.Credential is null
            ? []
            : hosts.Select(h => (Key: h.Host, Text: ConfigOf(h, options))).ToList();
        var text = new StringBuilder(MirrorText.Head(MirrorText.Names(table.Registries.Select(r => r.Registry)), options.NoFallback));
        text.Append("mirrors:\n");
        mirrors.ForEach(m => text.Append(K3sMerge.Indent(m.Text, 2)));
        if (configs.Count > 0)
        {
            text.Append("configs:\n");
            configs.ForEach(c => text.Append(K3sMerge.Indent(c.Text, 2)));
        }

        return new MirrorDraft(path, text.ToString())
        {
            Source = table.Registries.Select(r => r.Registry).ToList(),
            Mirror = hosts.Select(h => h.Url).ToList(),
            IsSecret = options.IncludeSecret && options.Credential is not null,
            Merge = there => K3sMerge.Merge(there, path, mirrors, configs),
        };
    }

    private static string MirrorOf(RegistryRoutes registry)
    {
        var text = new StringBuilder();
        MirrorText.Line(text, MirrorText.Quote(registry.Registry) + ":");
        MirrorText.Line(text, "  endpoint:");
        registry.Repositories.SelectMany(r => r.Places.Select(p => p.Host.Url)).Distinct().ToList()
            .ForEach(url => MirrorText.Line(text, $"    - {MirrorText.Quote(url)}"));
        var rules = RulesOf(registry);
        if (rules.Count > 0)
        {
            MirrorText.Line(text, "  rewrite:");
            rules.ForEach(r => MirrorText.Line(text, $"    {MirrorText.Quote(r.From)}: {MirrorText.Quote(r.To)}"));
        }

        return text.ToString();
    }

    // One rule for all, or one for each repository: the expressions exclude each other, as their order is not kept.
    private static List<(string From, string To)> RulesOf(RegistryRoutes registry)
    {
        if (registry.IsUniform && registry.Bases.Select(b => b.Path).Distinct().Count() == 1)
        {
            return registry.Bases[0].Path.Length == 0 ? [] : [("^(.*)$", registry.Bases[0].Path + "/$1")];
        }

        if (registry.Repositories.FirstOrDefault(r => r.Places.Select(p => p.Path).Distinct().Count() > 1) is { } several)
        {
            throw new OciException(
                OciErrorKind.NamingUnsupported,
                $"k3s rewrites a name for all mirrors of a registry alike, and '{registry.Registry}/{several.Repository}' has several: "
                    + $"{RouteTable.Describe(several.Places.Select(p => p.Location).ToList())}. Give all mirrors the same -Naming and the same path.");
        }

        return registry.Repositories.Select(r => ("^" + Regex.Escape(r.Repository) + "$", r.Places[0].Path)).ToList();
    }

    private static string ConfigOf(MirrorHost host, MirrorOptions options)
    {
        var text = new StringBuilder();
        MirrorText.Line(text, MirrorText.Quote(host.Host) + ":");
        if (options.CertificatePath is { } certificate)
        {
            MirrorText.Line(text, "  tls:");
            MirrorText.Line(text, $"    ca_file: {MirrorText.Quote(certificate)}");
        }

        if (options.Credential is { } credential)
        {
            MirrorText.Line(text, options.IncludeSecret ? "  auth:" : "  # The mirror's login is not in this file: take the # away and put the password in.");
            var comment = options.IncludeSecret ? string.Empty : "# auth:\n  #";
            MirrorText.Line(text, options.IncludeSecret ? $"    username: {MirrorText.Quote(credential.Username)}"
                : $"  {comment}   username: {MirrorText.Quote(credential.Username)}");
            MirrorText.Line(text, options.IncludeSecret ? $"    password: {MirrorText.Quote(credential.Secret)}" : "  #   password: \"<password>\"");
        }

        // A mapping with nothing in it would be null, which k3s takes for a mistake.
        if (options.CertificatePath is null && !options.IncludeSecret)
        {
            MirrorText.Line(text, "  {}");
        }

        return text.ToString();
    }
}
