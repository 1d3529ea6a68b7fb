using OciSync.Core.DockerEngine;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Tags;
using OciSync.Core.Text;
using OciSync.Core.Versions;

namespace OciSync.Fuzzing;

/// <summary>What users and lists name things by.</summary>
internal static partial class FuzzTargets
{
    private const string Sha = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private static readonly string[] TagTexts =
    [
        "3.22.1", "v1.2.3-rc.1", "20240131", "2024-01-31", "RELEASE.2024-01-31T01-02-03Z", "sha256-"
            + new string('a', 64) + ".sig", "1.27.3-alpine3.20-slim", "latest",
        "1.0.0-beta.2+build5", "18.04", "d34db33f", "8u402-b06-jre",
    ];

    private static IEnumerable<FuzzTarget> Names() =>
    [
        new("reference",
            FuzzInput.Near("alpine", "docker://registry.corp.local:5000/team/app:1.2.3", "[::1]:5000/a/b__c@" + Sha, "ghcr.io/a/b:v1@" + Sha), TryReference),
        new("location",
            FuzzInput.Near("oci:/tmp/m:a:1", "oci:C:\\m:@0", "dir:/tmp/d", "docker://alpine", "oci-archive:x.tar:y", "dir:\\\\?\\C:\\m"), TryLocation),
        new("digest", FuzzInput.Near(Sha, "sha512:" + new string('0', 128)), input => AllowFormat(() =>
            Require(Digest.Parse(Text(input)).Hex.All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f')), "a digest is hexadecimal"))),
        new("platform", FuzzInput.Near("linux/amd64", "linux/arm64/v8", "windows/amd64:10.0.17763.*"), input => AllowFormat(() => Platform.Parse(Text(input)))),
        new("tag version", FuzzInput.Near(TagTexts), TryVersion),
        new("version range", FuzzInput.Near(">=1.2 <2 || ^3.1.0", "~1.2.3", "1.2 - 1.4", "1.x, !=1.3", "*", ">=1.0.0-rc1"), TryRange),
        new("wildcard",
            FuzzInput.Near("1.*", "v[0-9]?*", "`*a`", "[!a-z]*-alpine"),
            input => AllowFormat(() => new WildcardPattern(Text(input)).IsMatch("1.27.3-alpine3.20"))),
        new("login in a name", FuzzInput.Near("alice:PW@host.test/a:1", "https://alice:PW@host.test", "docker://a:b@c/d@" + Sha, "a@b@c/d@e"), TryLogin),
        new("expression of Go's", FuzzInput.Near("^[[:digit:]]+\\.[^[:^alpha:]-]*$", "(?P<a>\\pL|\\Q.\\E)(?i:x)", "[\\x{41}-\\x5a\\011]"), input => Allow(
            () => GoExpression.Translate(Text(input)), OciErrorKind.ChoiceInvalid)),
        new("address of a Docker engine", FuzzInput.Near(
            "tcp://host.test:2376/base", "unix:///var/run/docker.sock", "host.test:1", "https://[::1]"), input => Allow(
            () => DaemonAddress.Find(new EngineOptions { DaemonHost = Text(input) }), OciErrorKind.ReferenceInvalid)),
    ];

    private static void TryLogin(byte[] input)
    {
        var shown = LoginText.Hide(Text(input));
        Require(LoginText.Hide(shown).Length <= shown.Length, "what is hidden is not hidden again");
    }

    private static void TryReference(byte[] input) => AllowFormat(() =>
    {
        var reference = ImageReference.Parse(Text(input));
        Require(ImageReference.Parse(reference.ToString()) == reference, "a reference reads back as itself");
        RequireShowable(reference.ToString());
    });

    private static void TryLocation(byte[] input) => Allow(
        () => AllowFormat(() =>
        {
            var location = ImageLocation.Parse(Text(input));
            Require(ImageLocation.Parse(location.ToString()) == location, "a location reads back as itself");
        }),
        OciErrorKind.TransportUnsupported);

    private static void TryVersion(byte[] input)
    {
        var version = TagVersion.Parse(Text(input));
        Require(version.ToString() == Text(input), "a version is its text");
        foreach (var other in TagTexts)
        {
            Require(Math.Sign(version.CompareTo(TagVersion.Parse(other))) == -Math.Sign(TagVersion.Parse(other).CompareTo(version)), "the order is strict");
        }
    }

    private static void TryRange(byte[] input) => Allow(
        () =>
        {
            var range = VersionRange.Parse(Text(input));
            foreach (var tag in TagTexts)
            {
                var version = TagVersion.Parse(tag);
                Require(!range.Contains(version, false) || range.Contains(version, true), "with pre-releases a range has no fewer versions");
            }
        },
        OciErrorKind.ChoiceInvalid);
}
