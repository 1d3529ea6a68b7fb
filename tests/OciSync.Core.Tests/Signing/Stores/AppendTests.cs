using System.Globalization;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.References;
using OciSync.Core.Signing.Stores;
using OciSync.Testing.Registry;
using static OciSync.Core.Tests.Signing.Stores.StoreRun;

namespace OciSync.Core.Tests.Signing.Stores;

/// <summary>Signatures that are put beside others: none of them is lost, whoever writes.</summary>
public sealed class AppendTests : IAsyncLifetime
{
    private readonly StoreRun _run = new();

    private EmbeddedRegistry? _registry;

    private string Image => $"{_registry!.Address}/team/app:1";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _registry = await EmbeddedRegistry.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _run.Dispose();
        await _registry!.DisposeAsync();
    }

    [Fact]
    public async Task A_signature_goes_behind_those_that_are_there()
    {
        _run.Put("sigs", "team/app", Signature(1));
        _run.Say($"default-docker: {{lookaside: '{_run.UriOf("sigs")}'}}");
        Assert.EndsWith("signature-2", await AppendAsync(Image, Signature(2)), StringComparison.Ordinal);
        Assert.EndsWith("signature-3", await AppendAsync(Image, Signature(3)), StringComparison.Ordinal);

        // One that is there is not there twice.
        Assert.EndsWith("signature-2", await AppendAsync(Image, Signature(2)), StringComparison.Ordinal);
        Assert.Equal("1,2,3", await _run.FindAsync(Image));
        Assert.Equal(3, Files("sigs").Length);
    }

    [Fact]
    public async Task What_is_read_elsewhere_has_its_numbers_too()
    {
        _run.Put("read", "team/app", Signature(1), Signature(2));
        _run.Say($"default-docker: {{lookaside: '{_run.UriOf("read")}', lookaside-staging: '{_run.UriOf("write")}'}}");
        Assert.EndsWith("signature-3", await AppendAsync(Image, Signature(9)), StringComparison.Ordinal);
        Assert.StartsWith(_run.Folder["write"], await AppendAsync(Image, Signature(8)), StringComparison.Ordinal);
        Assert.StartsWith(_run.Folder["read"], await AppendAsync(Image, Signature(2)), StringComparison.Ordinal);
        Assert.Equal(["signature-3", "signature-4"], Files("write").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        Assert.Equal("1,2", await _run.FindAsync(Image));
    }

    [Theory]
    [InlineData("read", "1,2", "3", "1,2,3")]
    [InlineData("read", "1,2", "1,3,4", "1,2,1,3,4")]
    [InlineData("read", "1", "3", "1")]
    [InlineData("read", "", "3", "")]
    [InlineData("write", "", "1,3", "1")]
    public async Task Where_it_is_looked_for_before_signing_the_folder_that_is_filled_goes_on_behind_the_published_one(
        string place, string published, string staged, string found)
    {
        foreach (var (folder, numbers) in new[] { ("read", published), ("write", staged) })
        {
            foreach (var number in numbers.Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                _run.PutAs(folder, "team/app", int.Parse(number, CultureInfo.InvariantCulture), Signature(byte.Parse(number, CultureInfo.InvariantCulture)));
            }
        }

        _run.Say($"default-docker: {{lookaside: '{_run.UriOf(place)}', lookaside-staging: '{_run.UriOf("write")}'}}");
        var signatures = await _run.Stores.ReadWrittenAsync(ImageLocation.Parse(Image), Manifest, WorkScope.Uncounted(Token));
        Assert.Equal(found, string.Join(",", signatures.Select(s => s.Content[^1])));
        var listed = await _run.Stores.ListWrittenAsync(ImageLocation.Parse(Image).Image!, Manifest, WorkScope.Uncounted(Token));
        Assert.Equal(signatures.Select(s => Digest.Of(s.Content).ToString()), listed.Select(l => l.Key));
    }

    [Fact]
    public async Task The_folder_that_podman_keeps_when_nothing_is_said_has_no_numbers_of_a_folder_that_is_named()
    {
        _run.Put("home/.local/share/containers/sigstore", "team/app", Signature(1));
        _run.Say($"default-docker: {{lookaside-staging: '{_run.UriOf("write")}'}}");
        Assert.Empty(await _run.Stores.ReadWrittenAsync(ImageLocation.Parse(Image), Manifest, WorkScope.Uncounted(Token)));
        Assert.Equal(Path.Combine(_run.Folder["write"], $"team/app@sha256={Manifest.Hex}", "signature-1"), await AppendAsync(Image, Signature(1)));
    }

    [Fact]
    public async Task What_is_written_where_nothing_was_is_looked_for_from_then_on()
    {
        _run.Say(string.Empty);
        var (image, other) = (ImageLocation.Parse(Image).Image!, ImageLocation.Parse(Image).Image!.WithTag("2"));
        Assert.False(await _run.Stores.MayHaveAsync(image, WorkScope.Uncounted(Token)));
        Assert.False(await _run.Stores.MayHaveAsync(other, WorkScope.Uncounted(Token)));
        await AppendAsync(Image, Signature(1));
        Assert.True(await _run.Stores.MayHaveAsync(image, WorkScope.Uncounted(Token)));
        Assert.True(await _run.Stores.MayHaveAsync(other, WorkScope.Uncounted(Token)));
    }

    [Fact]
    public async Task A_server_is_only_read()
    {
        await using var server = Serve((_, _) => null);
        _run.Say($"default-docker:\n  lookaside: http://{server.Address}");
        var failure = await Assert.ThrowsAsync<OciException>(() => AppendAsync(Image, Signature(1)));
        Assert.Equal(OciErrorKind.Unsupported, failure.Kind);
        Assert.Contains("a.yaml', line 2", failure.Message, StringComparison.Ordinal);
        Assert.Contains("lookaside-staging: file:///", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_it_isnt_known_what_is_there_nothing_is_written()
    {
        await using var server = Serve((_, _) => Testing.Servers.RawServer.Head(403, "Content-Length: 0"));
        _run.Say($"default-docker: {{lookaside: 'http://{server.Address}', lookaside-staging: '{_run.UriOf("write")}'}}");
        Assert.Equal(OciErrorKind.Forbidden, (await Assert.ThrowsAsync<OciException>(() => AppendAsync(Image, Signature(1)))).Kind);
        Assert.False(Directory.Exists(_run.Folder["write"]));
    }

    [Fact]
    public async Task A_folder_of_one_image_takes_them_for_the_image_and_for_its_parts()
    {
        Directory.CreateDirectory(_run.Folder["image"]);
        var (part, dir) = (Digest.Of("a part"u8.ToArray()), "dir:" + _run.Folder["image"]);
        await File.WriteAllTextAsync(Path.Combine(_run.Folder["image"], part.Hex + ".manifest.json"), "{}", Token);
        await AppendAsync(dir, Signature(1));
        await AppendAsync(dir, Signature(2), part);
        await AppendAsync(dir, Signature(3));
        Assert.Equal(("1,3", "2"), (await _run.FindAsync(dir), await _run.FindAsync(dir, part)));
        Assert.True(File.Exists(Path.Combine(_run.Folder["image"], part.Hex + ".signature-1")));
        Assert.Equal(OciErrorKind.StorageFailed, (await Assert.ThrowsAsync<OciException>(() => AppendAsync($"dir:{_run.Folder["none"]}", Signature(1)))).Kind);
        Assert.Equal(OciErrorKind.Unsupported, (await Assert.ThrowsAsync<OciException>(() => AppendAsync($"oci:{_run.Folder["x"]}:a", Signature(1)))).Kind);
    }

    [Fact]
    public async Task Many_signers_at_once_lose_none()
    {
        _run.Say($"default-docker: {{lookaside: '{_run.UriOf("sigs")}'}}");
        using var other = new StoreRun().Say($"default-docker: {{lookaside: '{_run.UriOf("sigs")}'}}");
        var image = ImageLocation.Parse(Image);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(
            () => (i % 2 == 0 ? _run : other).Stores.AppendAsync(image, Manifest, Signature((byte)i), WorkScope.Uncounted(Token)), Token)));
        var found = (await _run.FindAsync(Image)).Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture));
        Assert.Equal(Enumerable.Range(0, 100), found.Order());
        Assert.Equal(100, Files("sigs").Length);
    }

    [Fact]
    public async Task More_than_are_read_are_not_written()
    {
        _run.Put("sigs", "team/app", [.. Enumerable.Range(0, SignatureList.MostSignatures).Select(i => Signature((byte)i))]);
        _run.Say($"default-docker: {{lookaside: '{_run.UriOf("sigs")}'}}");
        var failure = await Assert.ThrowsAsync<OciException>(() => AppendAsync(Image, Signature(200)));
        Assert.Contains("128 signatures", failure.Message, StringComparison.Ordinal);
        Assert.Equal(SignatureList.MostSignatures, Files("sigs").Length);
    }

    private string[] Files(string folder) => Directory.GetFiles(_run.Folder[folder], "*", SearchOption.AllDirectories);

    private Task<string> AppendAsync(string image, byte[] signature, Digest? manifest = null) =>
        _run.Stores.AppendAsync(ImageLocation.Parse(image), manifest ?? Manifest, signature, WorkScope.Uncounted(Token));
}
