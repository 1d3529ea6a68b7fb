namespace OciSync.Core.MirrorFiles;

/// <summary>What a format has no place for, and where it goes instead.</summary>
internal static class MirrorNotes
{
    internal static IEnumerable<string> Find(MirrorFileFormat format, string path, RouteTable table, MirrorOptions options)
    {
        var mirrors = table.Registries.SelectMany(r => r.Repositories.SelectMany(p => p.Places.Select(b => b.Host))).Distinct().ToList();
        var isDaemonJson = format == MirrorFileFormat.Docker && MirrorFilePlan.IsDaemonJson(path);
        if (format is MirrorFileFormat.Containerd or MirrorFileFormat.Docker or MirrorFileFormat.K3s)
        {
            foreach (var note in table.FindShared())
            {
                yield return note;
            }
        }

        if (format == MirrorFileFormat.K3s && options.NoFallback)
        {
            yield return "k3s asks the registry itself for what the mirror lacks, unless it is started with --disable-default-registry-endpoint "
                + "(disable-default-registry-endpoint: true in config.yaml); registries.yaml has no word for it.";
        }

        var plain = mirrors.Where(m => m.IsPlainHttp).Select(m => m.Host).ToList();
        if (format == MirrorFileFormat.OpenShift && plain.Count > 0)
        {
            yield return $"Mirror sets have no word for plain http: add {string.Join(", ", plain)} to spec.registrySources.insecureRegistries of "
                + "image.config.openshift.io/cluster, or the nodes pass the mirror over.";
        }

        if (format == MirrorFileFormat.RegistriesConf && !MirrorFilePlan.IsFolder(path) && !path.EndsWith(".conf", StringComparison.Ordinal))
        {
            yield return $"In registries.conf.d files are read whose names end in .conf; '{Path.GetFileName(path)}' would be passed over there without a word.";
        }

        foreach (var note in FindSettings(format, isDaemonJson, mirrors, options))
        {
            yield return note;
        }
    }

    private static IEnumerable<string> FindSettings(
        MirrorFileFormat format, bool isDaemonJson, IReadOnlyList<MirrorHost> mirrors, MirrorOptions options)
    {
        var host = mirrors.Count == 0 ? string.Empty : mirrors[0].Host;
        (string? Certificate, string? Login) place = format switch
        {
            MirrorFileFormat.RegistriesConf => ($"/etc/containers/certs.d/{host}/ca.crt", $"an auth.json (podman login {host})"),
            MirrorFileFormat.OpenShift => ("spec.additionalTrustedCA of image.config.openshift.io/cluster", "the secret openshift-config/pull-secret"),
            MirrorFileFormat.Docker when isDaemonJson => ($"/etc/docker/certs.d/{host}/ca.crt", null),
            _ => (null, null),
        };
        if (place.Certificate is null)
        {
            yield break;
        }

        if (options.CertificatePath is not null)
        {
            yield return $"The mirror's CA has no place in this file; it goes to {place.Certificate}.";
        }

        if (options.Credential is not null)
        {
            yield return place.Login is null
                ? "Docker sends no login to a mirror of registry-mirrors: it has to give to everybody."
                : $"The mirror's login has no place in this file; it goes to {place.Login}.";
        }
    }
}
