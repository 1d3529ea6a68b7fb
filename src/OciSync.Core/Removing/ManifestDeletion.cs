using System.Net.Http;
using System.Text;
using OciSync.Core.Auth;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Http;
using OciSync.Core.References;
using OciSync.Core.Registry;

namespace OciSync.Core.Removing;

/// <summary>Deletion of manifests (distribution-spec 1.1, "Deleting tags", "Deleting Manifests"), and the question whether there is any.</summary>
internal static class ManifestDeletion
{
    // Neither can be there: nobody calls a tag so, and a text that is no JSON is no manifest.
    private const string NoTag = "ocisync-asks-whether-tags-can-be-deleted";
    private static readonly Digest NoManifest = Digest.Of(Encoding.ASCII.GetBytes(NoTag));

    /// <summary>Deletes a tag, or a manifest by its digest.</summary>
    /// <exception cref="OciException">The registry fails, or this login may not.</exception>
    internal static Task<DeleteAnswer> DeleteAsync(RegistryClient client, string reference, CancellationToken cancellationToken) =>
        SendAsync(client, reference, client.Context(Question.ManifestDelete, reference), cancellationToken);

    /// <summary>Finds out how the registry deletes, by asking for the deletion of what can't be there.</summary>
    internal static async Task<DeleteWay> FindWayAsync(RegistryClient client, CancellationToken cancellationToken) =>
        await AsksForNothingAsync(client, NoTag, cancellationToken).ConfigureAwait(false) ? DeleteWay.Tag
            : await DeletesByDigestAsync(client, cancellationToken).ConfigureAwait(false) ? DeleteWay.Digest
            : DeleteWay.None;

    /// <summary>Whether the registry deletes manifests by digest.</summary>
    internal static Task<bool> DeletesByDigestAsync(RegistryClient client, CancellationToken cancellationToken) =>
        AsksForNothingAsync(client, NoManifest.ToString(), cancellationToken);

    /// <summary>The failure that says that there is no deletion.</summary>
    internal static OciException Unsupported(string registry) => new(
        OciErrorKind.DeleteUnsupported,
        $"'{registry}' deletes no images by the registry API. {Advice(registry)}");

    private static string Advice(string registry) => registry switch
    {
        RegistryHost.DockerHub => "Delete tags on hub.docker.com, or by Docker Hub's own API.",
        "ghcr.io" => "Delete versions of the package on github.com, or by GitHub's packages API ('gh api --method DELETE …').",
        _ when registry.Contains(".dkr.ecr.") => "Use 'aws ecr batch-delete-image', or a lifecycle policy of the repository.",
        _ => "Use the registry's own tools; for docker's registry deletion is switched on with REGISTRY_STORAGE_DELETE_ENABLED=true.",
    };

    private static async Task<bool> AsksForNothingAsync(RegistryClient client, string reference, CancellationToken cancellationToken) =>
        await SendAsync(client, reference, client.Context(Question.DeleteProbe), cancellationToken).ConfigureAwait(false) != DeleteAnswer.Refused;

    private static async Task<DeleteAnswer> SendAsync(RegistryClient client, string reference, RequestContext context, CancellationToken cancellationToken)
    {
        var request = new RegistryRequest(HttpMethod.Delete, u => u.Manifest(client.Repository, reference), Scope.ForDelete(client.Repository), context);
        var retries = new RetryCounter();
        var (answer, body) = await client.Connection.FetchAsync(
            request, RegistryFailure.MaxBody, new WorkScope(retries, cancellationToken)).ConfigureAwait(false);
        using var disposed = answer;
        switch ((int)answer.Status)
        {
            case 404:
                // A first attempt whose answer was lost has done it.
                return retries.Count > 0 ? DeleteAnswer.Done : DeleteAnswer.Missing;
            case 405 when RegistryFailure.IsReadOnly(answer, body):
                throw RegistryFailure.From(answer, body, context);
            case 405 or 501:
                return DeleteAnswer.Refused;
            case 400:
                var failure = RegistryFailure.From(answer, body, context);
                var isTag = !reference.Contains(':');
                return isTag || failure.Codes.Contains("UNSUPPORTED") ? DeleteAnswer.Refused : throw failure;
            default:
                return DeleteAnswer.Done;
        }
    }
}
