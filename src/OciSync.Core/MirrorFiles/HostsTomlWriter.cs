using System.Text;
using OciSync.Core.References;

namespace OciSync.Core.MirrorFiles;

/// <summary>
/// containerd's <c>hosts.toml</c>, one in a folder for each registry (containerd docs/hosts.md; 1.6 and 2.x read it alike, and so does a
/// Docker engine with the containerd store). A mirror is a <c>[host]</c> table with its scheme, as one without is https; a path needs
/// <c>override_path</c>, or /v2 is put behind it.
/// </summary>
internal static class HostsTomlWriter
{
    private const string FileName = "hosts.toml";

    /// <summary>One draft for each registry.</summary>
    /// <param name="table">The routes.</param>
    /// <param name="folder">The tree: certs.d.</param>
    /// <param name="options">How the mirror is used.</param>
    /// <param name="who">Who reads it.</param>
    internal static IReadOnlyList<MirrorDraft> Write(RouteTable table, string folder, MirrorOptions options, string who)
    {
        table.RequireBases(who, ", or use -Format RegistriesConf or K3s, which can");
        return table.Registries.Select(r => new MirrorDraft(Path.Combine(folder, FolderOf(r.Registry), FileName), TextOf(r, options))
        {
            Source = [r.Registry],
            Mirror = r.Bases.Select(Url).ToList(),
            IsSecret = options.IncludeSecret && options.Credential is not null,
            Hides = r.Registry.Contains(':') ? Path.Combine(folder, r.Registry) : null,
        }).ToList();
    }

    // host_port_ has no colon, which Windows' file systems forbid, and is looked at first.
    private static string FolderOf(string registry)
    {
        var (host, port) = RegistryHost.Split(registry);
        return port < 0 ? registry : $"{host}_{port}_";
    }

    private static string TextOf(RegistryRoutes registry, MirrorOptions options)
    {
        var text = new StringBuilder(MirrorText.Head(registry.Registry, options.NoFallback));
        if (options.NoFallback)
        {
            // The last place that is asked is the mirror once more.
            var last = registry.Bases[registry.Bases.Count - 1];
            MirrorText.Line(text, $"server = {MirrorText.Quote(Url(last))}");
            WriteSettings(text, last, options, string.Empty);
        }
        else
        {
            MirrorText.Line(text, $"server = {MirrorText.Quote(OwnUrl(registry.Registry, options))}");
        }

        foreach (var mirror in registry.Bases)
        {
            MirrorText.Line(text);
            MirrorText.Line(text, $"[host.{MirrorText.Quote(Url(mirror))}]");
            WriteSettings(text, mirror, options, "  ");
            WriteLogin(text, Url(mirror), options);
        }

        return text.ToString();
    }

    private static void WriteSettings(StringBuilder text, MirrorBase mirror, MirrorOptions options, string indentation)
    {
        MirrorText.Line(text, indentation + "capabilities = [\"pull\", \"resolve\"]");
        if (mirror.Path.Length > 0)
        {
            MirrorText.Line(text, indentation + "override_path = true");
        }

        if (options.CertificatePath is { } certificate)
        {
            MirrorText.Line(text, $"{indentation}ca = {MirrorText.Quote(certificate)}");
        }
    }

    private static void WriteLogin(StringBuilder text, string url, MirrorOptions options)
    {
        if (options.Credential is not { } credential)
        {
            return;
        }

        var comment = options.IncludeSecret ? string.Empty : "# ";
        if (!options.IncludeSecret)
        {
            MirrorText.Line(
                text, $"  # The mirror's login is not in this file. For it take the # away and put the base64 of {credential.Username}:password in:");
        }

        MirrorText.Line(text, $"  {comment}[host.{MirrorText.Quote(url)}.header]");
        MirrorText.Line(text, $"  {comment}  authorization = "
            + MirrorText.Quote(options.IncludeSecret ? MirrorText.Basic(credential) : "Basic <base64>"));
    }

    private static string Url(MirrorBase mirror) => mirror.Path.Length == 0 ? mirror.Host.Url : $"{mirror.Host.Url}/v2/{mirror.Path}";

    // Docker Hub's registry has another name than the hub.
    private static string OwnUrl(string registry, MirrorOptions options) =>
        registry == RegistryHost.DockerHub ? "https://registry-1.docker.io" : new MirrorHost(registry, options.IsPlainHttp(registry)).Url;
}
