using System.Net.Http.Headers;
using System.Text;
using OciSync.Core.Connections;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Polyfills;
using OciSync.Core.References;
using OciSync.Core.Signing.Formats;

namespace OciSync.Core.Signing.Stores;

/// <summary>Signatures of a repository that a server keeps; they can only be read there. The first number that isn't there is the end.</summary>
internal sealed class LookasideServer(LookasideHost host, Uri address, string repository) : ISignatureStore
{
    public async Task<IReadOnlyList<FoundSignature>> ReadAsync(Digest manifest, WorkScope work)
    {
        var list = new SignatureList(OciErrorKind.ProtocolError);
        var login = address.UserInfo.Length == 0 ? null : LoginOf(address.UserInfo);
        while (true)
        {
            var uri = UriOf(manifest, list.Next);
            if (await host.FindAsync(uri, login, work).ConfigureAwait(false) is not { } content)
            {
                return list.Signatures;
            }

            list.Add(content, RegistryUris.Redact(uri));
        }
    }

    // What stands behind a question mark stays there.
    private Uri UriOf(Digest manifest, int number) => RawUri.Create(
        $"{address.Scheme}://{address.Authority}{address.AbsolutePath}"
        + $"/{Lookaside.PathOf(repository, manifest)}/{Lookaside.FileName(number)}{address.Query}");

    private static AuthenticationHeaderValue LoginOf(string userInfo) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(userInfo))));
}
