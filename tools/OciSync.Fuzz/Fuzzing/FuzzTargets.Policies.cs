using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Signing;

namespace OciSync.Fuzzing;

/// <summary>Policies of trust.</summary>
internal static partial class FuzzTargets
{
    private const string Policy = """
        {
          "default": [{"type": "reject"}],
          "transports": {
            "docker": {
              "": [{"type": "insecureAcceptAnything"}],
              "a.example.com/x": [{"type": "signedBy", "keyType": "GPGKeys", "keyPath": "/a.gpg",
                "signedIdentity": {"type": "remapIdentity", "prefix": "a.example.com", "signedPrefix": "quay.io"}}],
              "*.example.com": [
                {"type": "sigstoreSigned", "keyData": "YWI=", "signedIdentity": {"type": "exactReference", "dockerReference": "quay.io/a:1"}},
                {"type": "sigstoreSigned", "fulcio": {"caPath": "/c", "oidcIssuer": "i", "subjectEmail": "e"}, "rekorPublicKeyDatas": ["YQ=="]}]
            },
            "dir": {"/srv/images": [{"type": "signedBaseLayer", "baseLayerIdentity": {"type": "matchExact"}}]},
            "containers-storage": {"[overlay@/a]": [{"type": "sigstoreSigned", "pki": {"caRootsData": "YQ==", "subjectHostname": "h"}}]}
          }
        }
        """;

    private static IEnumerable<FuzzTarget> Policies() =>
    [
        new("policy.json", FuzzInput.Near(Policy, """{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPaths":["a","b"]}]}"""), TryPolicy),
        new("name in a policy", FuzzInput.Near("quay.io:5000/a_b/c--d:1.0@sha256:" + new string('a', 64), "busybox", "index.docker.io/x:1"), TryDockerName),
    ];

    private static void TryPolicy(byte[] input) => Allow(
        () =>
        {
            var policy = PolicyFiles.Parse(input, "policy.json");
            foreach (var image in new[] { "a.example.com/x:1", "dir:/srv/images/a", "docker-archive:a.tar" })
            {
                var subject = PolicySubject.Of(ImageLocation.Parse(image));
                var choice = policy.Choose(subject);
                Require(choice.Requirements.Count > 0, "every image has requirements");
                var verdict = PolicyVerdict.Of(subject, choice.Requirements, _ => true);
                Require(verdict.Decision != PolicyDecision.Accept || choice.Requirements.All(r => r is PolicyRequirement.InsecureAcceptAnything), "nothing is accepted by mistake");
            }
        },
        OciErrorKind.PolicyInvalid);

    private static void TryDockerName(byte[] input)
    {
        if (DockerName.Parse(Text(input), out var fault) is { } name)
        {
            Require(fault is null, "a name has no fault");
            Require(DockerName.Parse(name.ToString(), out _) == name, "what is read and written is the same");
        }
        else
        {
            Require(fault is { Length: > 0 }, "a fault has a text");
        }

        _ = DockerName.IsPrefix(Text(input));
    }
}
