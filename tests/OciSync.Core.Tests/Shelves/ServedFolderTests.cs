using Microsoft.Extensions.Time.Testing;
using OciSync.Core.Distribution;
using OciSync.Core.Errors;
using OciSync.Core.Tests.Distribution;
using OciSync.Core.Tests.Engine;
using OciSync.Core.Tests.Transports;
using OciSync.Testing;
using OciSync.Testing.Images;

namespace OciSync.Core.Tests.Shelves;

/// <summary>What is found in a folder, under which names, and what becomes of it while it is served.</summary>
public sealed class ServedFolderTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServedWorld _world;
    private readonly TestImage _one = ImageFactory.Create(new ImageSpec { Seed = 1 });
    private readonly TestImage _two = ImageFactory.Create(new ImageSpec { Seed = 2 });

    public ServedFolderTests() => _world = new ServedWorld { Options = Run.Quick with { Time = _time } };

    private CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Names_of_a_layout_are_those_of_a_sync_of_it()
    {
        new LayoutBuilder().Add(_one, _two)
            .Entry(_one.Root, "library/app:1").Entry(_one.Root, "latest", "quay.io/team/app:latest").Entry(_two.Root, "2.0")
            .Entry(_two.Root, "host:5000/a:3").Write(_world["m"]);

        Assert.Equal(["host-5000/a", "library/app", "m", "quay.io/team/app"], await _world.Served.ListRepositoriesAsync(Token));
        Assert.Equal(_two.Digest, await DigestAsync("/v2/m/manifests/2.0"));
        Assert.Equal(_one.Digest, await DigestAsync("/v2/team/app/manifests/latest?ns=quay.io"));
        Assert.Equal(_two.Digest, await DigestAsync("/v2/a/manifests/3?ns=host:5000"));
    }

    [Fact]
    public async Task What_changes_while_it_is_looked_at_is_looked_at_again()
    {
        var time = new HookedTime();
        using var world = new ServedWorld { Options = Run.Quick with { Time = time } };
        new LayoutBuilder().Add(_one).Entry(_one.Root, "app:1").Write(world["m"]);
        time.OnThird = () =>
        {
            new LayoutBuilder().Add(_one, _two).Entry(_one.Root, "app:1").Entry(_two.Root, "app:2").Write(world["m"]);
            world.Served.Forget();
        };
        Assert.Equal(["1"], await world.Served.ListTagsAsync(new RequestedName(string.Empty, "app", null), Token));
        Assert.Equal(["1", "2"], await world.Served.ListTagsAsync(new RequestedName(string.Empty, "app", null), Token));
    }

    [Fact]
    public async Task The_only_image_without_a_name_is_called_like_its_folder()
    {
        new LayoutBuilder().Add(_one).Entry(_one.Root).Write(_world["m"]);
        Assert.Equal(_one.Digest, await DigestAsync("/v2/m/manifests/latest"));
        Assert.Equal(_one.Digest, await DigestAsync("/v2/m/manifests/" + _one.Digest));
    }

    [Theory]
    [InlineData("dir:", "/v2/d/app/manifests/1")]
    [InlineData("oci-archive:", "/v2/library/app/manifests/1")]
    [InlineData("docker-archive:", "/v2/library/app/manifests/1?ns=docker.io")]
    public async Task Every_kind_of_place_below_a_folder_is_served_whole(string transport, string target)
    {
        new LayoutBuilder().Add(_one).Entry(_one.Root, "library/app:1").Write(_world["source"]);
        Directory.CreateDirectory(_world["m"]);
        var (place, name) = transport == "dir:" ? ("m/d/app:1", string.Empty) : ("m/a.tar", ":library/app:1");
        await Carry.SucceedAsync($"oci:{_world["source"]}:library/app:1", transport + _world[place] + name);

        using var manifest = await _world.AskAsync(target);
        Assert.Equal(200, manifest.Status);
        var repository = target[..target.IndexOf("/manifests", StringComparison.Ordinal)];
        var read = System.Text.Json.Nodes.JsonNode.Parse(await manifest.ReadAsync())!;
        var blobs = read["layers"]!.AsArray().Append(read["config"]).ToList();
        foreach (var blob in blobs)
        {
            var digest = blob!["digest"]!.GetValue<string>();
            using var answer = await _world.AskAsync($"{repository}/blobs/{digest}?ns=docker.io");
            var whole = await answer.ReadAsync();
            Assert.Equal(digest, ContentDigest.Of(whole));
            using var part = await _world.AskAsync($"{repository}/blobs/{digest}?ns=docker.io", range: "bytes=7-");
            Assert.Equal(whole[7..], await part.ReadAsync());
        }

        using var asBlob = await _world.AskAsync($"{repository}/blobs/{manifest.Header("Docker-Content-Digest")}?ns=docker.io");
        Assert.Equal(await manifest.ReadAsync(), await asBlob.ReadAsync());
    }

    [Fact]
    public async Task Blobs_of_a_docker_archive_are_there_before_its_manifest_was_asked_for()
    {
        new LayoutBuilder().Add(_one).Entry(_one.Root, "app:1").Write(_world["source"]);
        Directory.CreateDirectory(_world["m"]);
        await Carry.SucceedAsync($"oci:{_world["source"]}:app:1", $"docker-archive:{_world["m/a.tar"]}:app:1");
        var config = _one.Blobs.Single(b => System.Text.Encoding.UTF8.GetString(b.Value).StartsWith('{')).Key;
        using var answer = await _world.AskAsync("/v2/library/app/blobs/" + config);
        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task A_packed_archive_is_refused_with_the_remedy()
    {
        File.WriteAllBytes(_world["m"], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0]);
        var failure = await Assert.ThrowsAsync<OciException>(() => _world.Served.LookAsync(Token));
        Assert.Equal(OciErrorKind.ArchiveInvalid, failure.Kind);
        Assert.Contains("gzip -d", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_can_t_be_served_is_told_once_and_the_rest_is_served()
    {
        new LayoutBuilder().Add(_one).Entry(_one.Root, "app:1").Write(_world["m/good"]);
        File.WriteAllBytes(_world["m/a.tar.gz"], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0]);
        Directory.CreateDirectory(_world["m/bad"]);
        File.WriteAllText(_world["m/bad/index.json"], "[]");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(["app"], await _world.Served.ListRepositoriesAsync(Token));
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(2, _world.Warnings.Count);
    }

    [Fact]
    public async Task The_first_of_two_images_of_one_name_is_served_and_the_other_told()
    {
        new LayoutBuilder().Add(_one).Entry(_one.Root, "app:1").Write(_world["m/a"]);
        new LayoutBuilder().Add(_two).Entry(_two.Root, "app:1").Write(_world["m/b"]);
        Assert.Equal(_one.Digest, await DigestAsync("/v2/app/manifests/1"));
        Assert.Contains("another image has the name", Assert.Single(_world.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_synced_meanwhile_is_there_a_moment_later_and_what_is_removed_is_gone()
    {
        new LayoutBuilder().Add(_one).Entry(_one.Root, "app:1").Write(_world["m"]);
        Assert.Equal("404", await DigestAsync("/v2/app/manifests/2"));
        new LayoutBuilder().Add(_two).Entry(_two.Root, "app:2").Write(_world["m"]);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(_two.Digest, await DigestAsync("/v2/app/manifests/2"));
        Assert.Equal("404", await DigestAsync("/v2/app/manifests/1"));
    }

    [Fact]
    public async Task A_folder_that_is_empty_at_first_is_filled_meanwhile()
    {
        Directory.CreateDirectory(_world["m"]);
        Assert.Empty(await _world.Served.ListRepositoriesAsync(Token));
        new LayoutBuilder().Add(_one).Entry(_one.Root, "app:1").Write(_world["m"]);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(_one.Digest, await DigestAsync("/v2/app/manifests/1"));
    }

    [Fact]
    public async Task A_damaged_blob_breaks_off_before_its_end_and_is_not_served_again()
    {
        var digest = Write();
        var file = _world["m/blobs/sha256/" + digest[7..]];
        var bytes = File.ReadAllBytes(file);
        bytes[3] ^= 1;
        File.WriteAllBytes(file, bytes);
        using (var answer = await _world.AskAsync("/v2/app/blobs/" + digest))
        {
            Assert.Equal(OciErrorKind.DigestMismatch, (await Assert.ThrowsAsync<OciException>(answer.ReadAsync)).Kind);
        }

        using (var again = await _world.AskAsync("/v2/app/blobs/" + digest))
        {
            Assert.Equal(404, again.Status);
        }

        // Mended, it is another file.
        bytes[3] ^= 1;
        File.WriteAllBytes(file, bytes);
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddSeconds(5));
        using var mended = await _world.AskAsync("/v2/app/blobs/" + digest);
        Assert.Equal(bytes, await mended.ReadAsync());
    }

    [Fact]
    public async Task A_blob_that_is_cut_while_it_is_sent_ends_in_nothing_and_never_as_if_it_were_whole()
    {
        var digest = Write();
        var file = _world["m/blobs/sha256/" + digest[7..]];
        using var answer = await _world.AskAsync("/v2/app/blobs/" + digest);
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..10]);
        var buffer = new byte[1000];
        long sent = 0;
        for (int read; sent < answer.Length && (read = await answer.Blob!.ReadAsync(buffer, 0, 1000, Token)) > 0;)
        {
            sent += read;
        }

        Assert.True(sent < answer.Length);
    }

    [Fact]
    public async Task A_blob_that_vanished_is_404_and_a_damaged_manifest_500_without_a_path()
    {
        var digest = Write();
        File.Delete(_world["m/blobs/sha256/" + digest[7..]]);
        using var blob = await _world.AskAsync("/v2/app/blobs/" + digest);
        File.WriteAllText(_world["m/blobs/sha256/" + _one.Digest[7..]], "{}");
        using var manifest = await _world.AskAsync("/v2/app/manifests/1");
        Assert.Equal((404, 500), (blob.Status, manifest.Status));
        Assert.DoesNotContain(_world["m"], System.Text.Encoding.UTF8.GetString(manifest.Content!), StringComparison.Ordinal);
        Assert.Contains(_world["m"], manifest.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_that_lead_out_of_the_folder_are_not_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a right on Windows.");
        var digest = Write();
        var secret = _world["secret"];
        File.WriteAllText(secret, "secret");
        var file = _world["m/blobs/sha256/" + digest[7..]];
        File.Delete(file);
        File.CreateSymbolicLink(file, secret);
        using var blob = await _world.AskAsync("/v2/app/blobs/" + digest);
        Assert.Equal(500, blob.Status);

        new LayoutBuilder().Add(_two).Entry(_two.Root, "other:1").Write(_world["elsewhere"]);
        using var tree = new ServedWorld { Options = Run.Quick };
        Directory.CreateDirectory(tree["m"]);
        Directory.CreateSymbolicLink(tree["m/link"], _world["elsewhere"]);
        File.CreateSymbolicLink(tree["m/link.tar"], secret);
        Assert.Empty(await tree.Served.ListRepositoriesAsync(Token));
    }

    [Fact]
    public async Task The_empty_blob_is_served()
    {
        Write();
        using var answer = await _world.AskAsync("/v2/app/blobs/" + ContentDigest.Of([]));
        Assert.Equal((200, 0L), (answer.Status, answer.Length));
    }

    [Fact]
    public async Task Nothing_to_serve_is_a_failure_that_says_so()
    {
        var failure = await Assert.ThrowsAsync<OciException>(() => _world.Served.LookAsync(Token));
        Assert.Contains("there is no such folder or file", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _world.Dispose();

    private string Write()
    {
        new LayoutBuilder().Add(_one).Entry(_one.Root, "app:1").Write(_world["m"]);
        return _one.Blobs.OrderByDescending(b => b.Value.Length).First().Key;
    }

    private async Task<string> DigestAsync(string target)
    {
        using var answer = await _world.AskAsync(target);
        return answer.Header("Docker-Content-Digest") ?? answer.Status.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>A clock that stands still; it is read a third time when the folder was looked at.</summary>
    private sealed class HookedTime : TimeProvider
    {
        private int _read;

        internal Action OnThird { get; set; } = () => { };

        public override long GetTimestamp()
        {
            if (++_read == 3)
            {
                OnThird();
            }

            return 0;
        }
    }
}
