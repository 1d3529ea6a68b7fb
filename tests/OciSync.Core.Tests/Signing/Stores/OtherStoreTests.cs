using System.Text;
using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Signing.Formats;
using OciSync.Core.Signing.Stores;
using OciSync.Testing.Registry;
using static OciSync.Core.Tests.Signing.Stores.StoreRun;

namespace OciSync.Core.Tests.Signing.Stores;

/// <summary>Signatures in skopeo's folders, and in registries that keep them.</summary>
public sealed class OtherStoreTests : IDisposable
{
    private readonly StoreRun _run = new();

    private string Dir => "dir:" + _run.Folder["image"];

    public void Dispose() => _run.Dispose();

    [Fact]
    public async Task A_folder_has_signatures_of_the_image_and_of_its_parts()
    {
        var part = Digest.Of("a part"u8.ToArray());
        Put("signature-1", Signature(1));
        Put("signature-2", Encoding.UTF8.GetBytes("\0sigstore-json\n{\"mimeType\":\"a/b\",\"payload\":\"Cg==\",\"annotations\":{\"c\":\"d\"}}"));
        Put("signature-4", Signature(4));
        Put(part.Hex + ".manifest.json", "{}"u8.ToArray());
        Put(part.Hex + ".signature-1", Signature(9));
        var found = (await _run.ReadAsync(Dir)).Signatures;
        Assert.Equal([SignatureKind.OpenPgp, SignatureKind.Sigstore], found.Select(s => s.Kind));
        Assert.Equal(("a/b", "d"), (found[1].MediaType, found[1].Annotations["c"]));
        Assert.Equal(Path.Combine(_run.Folder["image"], "signature-1"), found[0].Place);
        Assert.Equal("9", await _run.FindAsync(Dir, part));
    }

    [Fact]
    public async Task A_part_without_signatures_has_not_those_of_the_image()
    {
        var part = Digest.Of("a part"u8.ToArray());
        Put("signature-1", Signature(1));
        Put(part.Hex + ".manifest.json", "{}"u8.ToArray());
        Assert.Empty((await _run.ReadAsync(Dir, part)).Signatures);
    }

    [Fact]
    public async Task What_is_no_signature_is_told()
    {
        Put("signature-1", "-----BEGIN PGP MESSAGE-----"u8.ToArray());
        var failure = await Assert.ThrowsAsync<OciException>(() => _run.ReadAsync(Dir));
        Assert.Equal(OciErrorKind.LayoutInvalid, failure.Kind);
        Assert.Contains("signature-1' is no signature: it begins with the byte 0x2d", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_that_leads_out_is_not_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a link");
        Put("other", Signature(1));
        File.Move(Path.Combine(_run.Folder["image"], "other"), _run.Folder["outside"]);
        File.CreateSymbolicLink(Path.Combine(_run.Folder["image"], "signature-1"), _run.Folder["outside"]);
        Assert.Equal(OciErrorKind.LayoutInvalid, (await Assert.ThrowsAsync<OciException>(() => _run.ReadAsync(Dir))).Kind);
    }

    [Fact]
    public async Task Other_places_have_no_signatures_and_say_so()
    {
        var found = await _run.ReadAsync("docker-archive:" + _run.Folder["a.tar"] + ":a:1");
        Assert.Empty(found.Signatures);
        Assert.Contains("has no place for signatures", Assert.Single(found.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_that_keeps_signatures_is_asked_in_place_of_the_lookaside()
    {
        var entry = """{"schemaVersion":2,"name":"a@1","type":"atomic","content":"owEH"}""";
        await using var registry = Serve(
            (path, _) => path == $"/extensions/v2/team/app/signatures/{Manifest}"
                ? Ok($$"""{"signatures":[{{entry}},{"schemaVersion":3,"type":"atomic","content":"owEI"},{"schemaVersion":2,"type":"x","content":"owEJ"}]}""")
                : Ok("""{"signatures":null}"""),
            "X-Registry-Supports-Signatures: 1");
        _run.Put("sigs", "team/app", Signature(1));
        _run.Say($"default-docker: {{lookaside: '{_run.UriOf("sigs")}'}}");
        Assert.Equal("7", await _run.FindAsync($"{registry.Address}/team/app:1"));
        Assert.Single(registry.Requests);
        Assert.Equal(string.Empty, await _run.FindAsync($"{registry.Address}/team/unsigned:1"));
    }

    [Theory]
    [InlineData("", "no list")]
    [InlineData("[]", "no list")]
    [InlineData("""{"signatures":{}}""", "no list")]
    [InlineData("""{"signatures":[1]}""", "no list")]
    [InlineData("""{"signatures":[{"schemaVersion":2,"type":"atomic","content":"!"}]}""", "no list")]
    [InlineData("""{"signatures":[{"schemaVersion":2,"type":"atomic"}]}""", "no list")]
    [InlineData("""{"signatures":[{"schemaVersion":"2","type":"atomic","content":""}]}""", "no list")]
    public async Task What_is_no_list_of_signatures_is_a_failure(string answer, string fault)
    {
        await using var registry = Serve((_, _) => Ok(answer), "X-Registry-Supports-Signatures: 1");
        _run.Say("docker: {}");
        var failure = await Assert.ThrowsAsync<OciException>(() => _run.ReadAsync($"{registry.Address}/team/app:1"));
        Assert.Equal(OciErrorKind.ProtocolError, failure.Kind);
        Assert.Contains(fault, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_that_keeps_signatures_and_doesnt_tell_is_a_failure()
    {
        await using var registry = Serve((_, _) => null, "X-Registry-Supports-Signatures: 1");
        _run.Say("docker: {}");
        await Assert.ThrowsAsync<OciException>(() => _run.ReadAsync($"{registry.Address}/team/app:1"));
    }

    [Fact]
    public async Task No_request_is_made_for_a_lookaside_in_a_folder_but_the_first_contact()
    {
        await using var registry = await EmbeddedRegistry.StartAsync();
        _run.Say("docker: {}");
        await _run.ReadAsync($"{registry.Address}/a:1");
        await _run.ReadAsync($"{registry.Address}/b:1");
        Assert.Equal(["/v2/"], registry.Requests.Select(r => r.Path));
    }

    private void Put(string name, byte[] content)
    {
        Directory.CreateDirectory(_run.Folder["image"]);
        File.WriteAllBytes(Path.Combine(_run.Folder["image"], name), content);
    }
}
