using System.Net.Http;
using OciSync.Core.Auth;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Http;
using OciSync.Core.References;

namespace OciSync.Core.Registry;

/// <content>Signatures that the registry keeps itself, where it says so (<see cref="RegistryProbe.KeepsSignatures"/>).</content>
internal sealed partial class RegistryClient
{
    private const int LongestSignatureList = 4 * 1024 * 1024;

    /// <summary>The list of signatures of a manifest, as the registry sends it.</summary>
    /// <exception cref="OciException">It doesn't send it.</exception>
    internal async Task<byte[]> ReadSignatureListAsync(Digest manifest, WorkScope work)
    {
        var request = new RegistryRequest(
            HttpMethod.Get, u => u.Signatures(Repository, manifest), Scope.Pull(Repository), Context(Question.SignatureList, manifest.ToString()));
        var (answer, body) = await Connection.FetchAsync(request, LongestSignatureList, work).ConfigureAwait(false);
        answer.Dispose();
        return body;
    }
}
