using OciSync.Core.Certificates;
using OciSync.Core.Distribution;
using OciSync.Core.Filling;
using OciSync.Core.References;

namespace OciSync.Fuzzing;

/// <summary>What clients send to a server.</summary>
internal static partial class FuzzTargets
{
    private static readonly UpstreamNames Upstream = new(["docker.io", "quay.io/prometheus"]);

    private static IEnumerable<FuzzTarget> Serving() =>
    [
        new("request target", FuzzInput.Near(
            "/v2/library/x/manifests/1.0?ns=docker.io",
            "/v2/docker.io/v2/library/x/blobs/sha256%3A00",
            "http://mirror:5000/proxy/v2/a/tags/list?n=5&last=b",
            "/v2/a/referrers/sha256:00?artifactType=application/x%2Bjson"), TryRequestTarget),
        new("range header", FuzzInput.Near("bytes=0-", "bytes=5-10", "bytes=-7", "bytes=0-1,3-4"), TryByteRange),
        new("host header", FuzzInput.Near("localhost:5000", "[::1]:80", "evil.example"), input => new HostNames(["*.corp"]).Allows(Text(input))),
        new("client login", FuzzInput.Near("Basic YWxpY2U6czNjcmV0", "Bearer x"), TryClientLogin),
        new("certificate names", FuzzInput.Near("0\u000d\u0082\u000bmirror.corp"), input => CertificateNames.Read(input)),
    ];

    private static void TryRequestTarget(byte[] input)
    {
        var (path, query) = RegistryPath.Split(Text(input));
        var read = RequestQuery.Read(query);
        foreach (var route in RegistryPath.Read(path))
        {
            Require(route.Name.Length == 0 || RepositoryName.FindFault(route.Name) is null, "a name is a repository's");
            Require(!route.Prefix.Split('/').Contains(".."), "a prefix has no dots that lead up");
            var name = new RequestedName(route.Prefix, route.Name, read.Registry);
            Require(name.Candidates.All(c => !c.Split('/').Contains("..")), "no name in the folder leads up");
            Require(Upstream.Find(name) is not { } image || image.Registry is "docker.io" or "quay.io", "only what was listed is asked");
        }
    }

    private static void TryByteRange(byte[] input)
    {
        const long Size = 1000;
        var range = ByteRange.Read(Text(input), Size);
        Require(range is null || (range.First >= 0 && range.Length >= 0 && range.First + range.Length <= Size), "a part is within the whole");
    }

    private static void TryClientLogin(byte[] input) =>
        Require(!new ClientLogins([new("bob", "other-s3cret")]).Allows(Text(input)), "nobody guesses a login");
}
