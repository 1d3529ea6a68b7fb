using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Signing.Cryptography;
using OciSync.Core.Text;

namespace OciSync.Core.Signing.Notary;

/// <summary>A folder with a trust policy and the certificates that it names, as notation keeps them (Notary Project, "Trust Store and Trust Policy").</summary>
internal sealed class NotaryStore
{
    private const int LongestFile = 1024 * 1024;
    private const int MostFiles = 1000;

    // The one for images goes before the one that older programs write.
    private static readonly string[] PolicyFiles = ["trustpolicy.oci.json", "trustpolicy.json"];

    private readonly string _folder;
    private readonly NotaryPolicy _policy;

    private NotaryStore(string folder, NotaryPolicy policy)
    {
        _folder = folder;
        _policy = policy;
    }

    /// <summary>Reads the policy of a folder.</summary>
    /// <exception cref="OciException">There is none, or it isn't right: <see cref="OciErrorKind.ConfigurationInvalid"/>, with the file.</exception>
    internal static NotaryStore Load(string folder)
    {
        var path = PolicyFiles.Select(f => Path.Combine(folder, f)).FirstOrDefault(File.Exists)
            ?? throw Invalid(Path.Combine(folder, PolicyFiles[1]), "there is no such file", null);
        return Read(path, () => new NotaryStore(folder, NotaryPolicy.Read(SettingsFile.ReadBytes(path, LongestFile))));
    }

    /// <summary>What checks the signatures of a repository; null where the policy says nothing of it, and so trusts none.</summary>
    /// <param name="repository">The repository with its registry; empty for an image without a name, for which the statement for all holds.</param>
    /// <exception cref="OciException">A certificate can't be read: <see cref="OciErrorKind.ConfigurationInvalid"/>, with the file.</exception>
    internal (NotaryStatement Statement, NotaryVerifier Verifier)? Find(string repository) => _policy.Find(repository) is { } statement
        ? (statement, new NotaryVerifier(statement, Certificates(statement, "ca"), Certificates(statement, "signingAuthority"))) : null;

    private IReadOnlyList<Certificate> Certificates(NotaryStatement statement, string kind)
    {
        var certificates = new List<Certificate>();
        foreach (var name in statement.TrustStores.Where(s => s.StartsWith(kind + ":", StringComparison.Ordinal)).Select(s => s.Substring(kind.Length + 1)))
        {
            if (name.Length == 0 || name.Any(c => !char.IsLetterOrDigit(c) && c is not ('.' or '_' or '-')) || name.Trim('.').Length == 0)
            {
                throw Invalid(_folder, $"'{Printable.Text(name)}' is no name of a trust store", null);
            }

            var folder = Path.Combine(_folder, "truststore", "x509", kind, name);
            certificates.AddRange(Read(folder, () => Directory.GetFiles(folder).Take(MostFiles).SelectMany(ReadFile).ToList()));
        }

        return certificates;
    }

    // PEM, or one certificate as DER.
    private static IReadOnlyList<Certificate> ReadFile(string path) => Read<IReadOnlyList<Certificate>>(path, () =>
    {
        var content = SettingsFile.ReadBytes(path, LongestFile);
        return content.Length > 0 && content[0] == 0x30 ? [Certificate.Read(content)]
            : Certificate.ReadTrusted(content) is { Count: > 0 } found ? found
            : throw new FormatException("it has no certificate");
    });

    private static T Read<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw Invalid(path, e.Message.TrimEnd('.'), e);
        }
    }

    private static OciException Invalid(string path, string fault, Exception? inner) =>
        new(OciErrorKind.ConfigurationInvalid, $"'{path}' can't be used to check signatures of the Notary Project: {fault}.", inner);
}
