using System.Runtime.InteropServices;
using OciSync.Core.Errors;
using OciSync.Core.Machine;

namespace OciSync.Core.Connections;

/// <summary>A folder of <c>certs.d</c> (containers-certs.d(5)): CAs in <c>*.crt</c>, pairs of <c>NAME.cert</c> and <c>NAME.key</c>.</summary>
internal sealed record CertificateDirectory(IReadOnlyList<string> Authorities, (string Certificate, string Key)? Client)
{
    private static readonly CertificateDirectory None = new([], null);

    /// <summary>The folder that was named, or the first of the places that has one for this host.</summary>
    internal static CertificateDirectory Find(string host, string? named, MachinePlaces places)
    {
        if (named is not null)
        {
            return Directory.Exists(named) ? Read(named) : throw Fault($"The folder '{named}' of certificates does not exist.");
        }

        // Windows has no colons in names; Docker leaves them out there.
        var name = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? host.Replace(":", string.Empty) : host;
        var system = places.SystemFolders.SelectMany(f => places.DropInFolders(f, "certs", ".d").Reverse());
        var own = new[] { places.UserFolder, places.DockerFolder }.Select(f => f is null ? null : Path.Combine(f, "certs.d")).ToList();
        var folders = new[] { own[0] }.Concat(system).Append(own[1]);
        return folders.OfType<string>().Select(f => Path.Combine(f, name)).FirstOrDefault(Directory.Exists) is { } folder ? Read(folder) : None;
    }

    internal static OciException Fault(string text, Exception? inner = null) => new(OciErrorKind.ConfigurationInvalid, text, inner);

    private static CertificateDirectory Read(string folder)
    {
        try
        {
            var files = Directory.GetFiles(folder).OrderBy(f => f, StringComparer.Ordinal).ToList();
            foreach (var key in With(files, ".key"))
            {
                _ = Partner(files, key, ".cert", "client certificate", "key");
            }

            var clients = With(files, ".cert").Select(c => (c, Partner(files, c, ".key", "key", "client certificate"))).ToList();
            return new CertificateDirectory(With(files, ".crt").ToList(), clients.Count > 0 ? clients[0] : null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault($"The folder '{folder}' of certificates can't be read: {e.Message}", e);
        }
    }

    private static IEnumerable<string> With(List<string> files, string extension) => files.Where(f => f.EndsWith(extension, StringComparison.Ordinal));

    private static string Partner(List<string> files, string file, string extension, string what, string of)
    {
        var partner = Path.ChangeExtension(file, extension);
        return files.Contains(partner)
            ? partner
            : throw Fault($"The {what} '{partner}' for the {of} '{file}' is missing. (CA certificates have the extension .crt.)");
    }
}
