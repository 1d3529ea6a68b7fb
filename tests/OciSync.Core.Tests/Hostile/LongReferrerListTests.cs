using System.Globalization;
using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Images;
using OciSync.Core.Manifests;
using OciSync.Core.References;
using OciSync.Core.Tests.Engine;
using OciSync.Testing.Servers;

namespace OciSync.Core.Tests.Hostile;

/// <summary>Lists of referrers that are too long to be kept: each page is one that is read, and all of them are not.</summary>
public sealed class LongReferrerListTests
{
    private static readonly Digest Subject = Digest.Of([1]);

    // Pages of 4 MB: the eighth is within 32 MiB, the ninth is not.
    [Theory]
    [InlineData(40, 100_000, 9, "33554432 bytes of referrers")]
    [InlineData(4000, 10, 3, "10000 referrers")]
    public async Task A_list_is_not_read_beyond_what_is_kept(int entries, int annotation, int pages, string text)
    {
        var page = 0;
        await using var server = RawServer.Start(async (_, stream, token) =>
        {
            var number = Interlocked.Increment(ref page);
            var body = Encoding.ASCII.GetBytes(Page(number, entries, annotation));
            var head = RawServer.Head(
                200,
                "Content-Type: application/vnd.oci.image.index.v1+json",
                $"Content-Length: {body.Length}",
                $"Link: </v2/a/referrers/{Subject}?page={number}>; rel=\"next\"");
            await stream.WriteAsync((byte[])[.. head, .. body], token);
        });
        using var engine = Run.Engine(Run.Quick with { MaximumRetryCount = 0 }, cancellationToken: TestContext.Current.CancellationToken);
        var source = (IReferrerStore)engine.Pool.GetSource(new ImageReference(server.Address, "a", null, Subject));
        var failure = await Assert.ThrowsAsync<OciException>(
            () => source.ListReferrersAsync(Subject, WorkScope.Uncounted(TestContext.Current.CancellationToken)));
        Assert.Equal(OciErrorKind.ProtocolError, failure.Kind);
        var separator = CultureInfo.CurrentCulture.NumberFormat.NumberGroupSeparator;
        Assert.Contains(text, failure.Message.Replace(separator, string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(pages, page);
    }

    private static string Page(int number, int entries, int annotation)
    {
        var notes = new string('x', annotation);
        var manifests = Enumerable.Range(0, entries).Select(i =>
            $$"""{"mediaType":"{{MediaTypes.OciManifest}}","digest":"sha256:{{number:x8}}{{i:x56}}","size":2,"annotations":{"a":"{{notes}}"} }""");
        return $$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciIndex}}","manifests":[{{string.Join(',', manifests)}}]}""";
    }
}
