using System.Net;
using System.Net.Sockets;
using Docker.DotNet;
using Docker.DotNet.Models;
using OciSync.Core.Archives;
using OciSync.Core.Certificates;
using OciSync.Core.Errors;
using OciSync.Core.Flow;
using OciSync.Core.Polyfills;
using OciSync.Core.Tar;
using OciSync.Core.Text;

namespace OciSync.Core.DockerEngine;

/// <summary>A Docker engine, asked for an image and given one. It is found as Docker's own client finds it.</summary>
internal sealed class DaemonClient : IDisposable
{
    private const int BufferSize = 128 * 1024;
    private const string Loaded = "Loaded image";
    private const int MaxReason = 180;
    private const string NoName = "<none>:<none>";

    // Containerd's store says so in a line like any other, and keeps the name.
    private const string UnpackFailed = "Error unpacking image";
    private const string UntrustedRemedy = "The file ca.pem in -DaemonCertificateDirectory or DOCKER_CERT_PATH names the authority that it must lead to.";

    private readonly DockerClient _client;
    private readonly DaemonQueries _queries;

    private readonly DaemonAddress _place;
    private readonly DaemonTls? _tls;

    private DaemonClient(DockerClient client, DaemonQueries queries, DaemonAddress place, DaemonTls? tls)
    {
        _client = client;
        _queries = queries;
        _place = place;
        _tls = tls;
    }

    /// <summary>Where it is, for messages.</summary>
    internal string Address => _place.Text;

    internal static DaemonClient Create(EngineOptions options)
    {
        var place = DaemonAddress.Find(options);
        var tls = place.IsTls ? DaemonTls.Read(place) : null;
        DaemonPipe.Check(place.Text, place.Endpoint, options.Environment.IsWindows);
        try
        {
            var queries = new DaemonQueries(tls);
            var builder = new DockerClientBuilder().WithTimeout(Timeout.InfiniteTimeSpan).WithAuthProvider(queries);
            var client = place.SocketPath is { } socket ? DaemonSocket.Build(builder, socket) : builder.WithEndpoint(place.Endpoint).Build();
            return new DaemonClient(client, queries, place, tls);
        }
        catch (FormatException e) when (place.SocketPath is not null)
        {
            throw new OciException(
                OciErrorKind.ConnectionFailed,
                $"The Docker engine at '{place.Text}' can't be used: in Windows PowerShell 5.1 the name of a socket must look like a host's. Make a link to "
                + "it: ln -s.",
                e);
        }
        catch (Exception e) when (e is DockerConfigurationException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            throw new OciException(OciErrorKind.ConnectionFailed, $"The Docker engine at '{place.Text}' can't be used: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>How the engine keeps images. Two questions; one that can't be answered means the older way, in which all engines are alike.</summary>
    internal async Task<DaemonStore> FindStoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            var version = await _client.System.GetVersionAsync(cancellationToken).ConfigureAwait(false);
            if (!System.Version.TryParse(version.APIVersion, out var api) || api < DaemonStore.FirstApi)
            {
                return new DaemonStore(false);
            }

            var info = await _client.System.GetSystemInfoAsync(cancellationToken).ConfigureAwait(false);
            return new DaemonStore(info.DriverStatus?.Any(s => s is [DaemonStore.DriverKey, DaemonStore.Containerd, ..]) == true)
            {
                Platform = string.IsNullOrEmpty(version.Os) || string.IsNullOrEmpty(version.Arch)
                    ? null
                    : References.Platform.Of(version.Os, version.Arch, null, null),
            };
        }
        catch (DockerApiException)
        {
            // A proxy before the engine may let nothing pass but images.
            return new DaemonStore(false);
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw Explain(e);
        }
    }

    /// <summary>What the engine says of an image; null when there is none of this name.</summary>
    internal async Task<ImageInspectResponse?> InspectAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await _client.Images.InspectImageAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerApiException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw Explain(e);
        }
    }

    /// <summary>The names of all images, as the engine gives them: <c>repository:tag</c>.</summary>
    internal async Task<IReadOnlyList<string>> ListNamesAsync(CancellationToken cancellationToken)
    {
        try
        {
            var images = await _client.Images.ListImagesAsync(new ImagesListParameters(), cancellationToken).ConfigureAwait(false);
            return images.SelectMany(i => i.RepoTags ?? []).Where(t => t != NoName).Distinct().ToList();
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw Explain(e);
        }
    }

    /// <summary>Writes an image to a file, as <c>docker save</c> does; false when the engine has it not, or not so much of it.</summary>
    /// <param name="name">The image.</param>
    /// <param name="platform">The one platform that is saved, in JSON as the API has it; null for all that the engine saves.</param>
    /// <param name="file">The file.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal async Task<bool> SaveAsync(string name, string? platform, string file, CancellationToken cancellationToken)
    {
        try
        {
            _queries.SavedPlatform = platform;
            using var stream = await _client.Images.SaveImagesAsync([name], cancellationToken).ConfigureAwait(false);
            using var target = ArchiveTemp.Open(file);
            var buffer = new byte[BufferSize];
            int read;
            while ((read = await stream.ReadAsync(buffer, 0, buffer.Length, cancellationToken).ConfigureAwait(false)) > 0)
            {
                await ArchiveTemp.WriteAsync(target, buffer, read, cancellationToken).ConfigureAwait(false);
            }

            return true;
        }
        catch (DockerApiException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw Explain(e);
        }
    }

    /// <summary>Loads images from a file, as <c>docker load</c> does. The engine answers 200 to whatever comes: what it says counts.</summary>
    /// <returns>What the engine says of images that it took and can't unpack; empty when it says nothing of that.</returns>
    internal async Task<IReadOnlyList<string>> LoadAsync(string file, CancellationToken cancellationToken)
    {
        var answers = new Answers();
        try
        {
            using var stream = new FileStream(
                file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize, FileOptions.Asynchronous | FileOptions.SequentialScan);
            await _client.Images.LoadImageAsync(new ImageLoadParameters { Quiet = true }, stream, answers, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsFailure(e))
        {
            throw answers.Failure is { } said ? Refused(said, e) : Explain(e);
        }

        return answers.Failure is { } failure ? throw Refused(failure)
            : answers.HasLoaded ? answers.NotUnpacked
            : throw Refused("it doesn't say that an image was loaded");
    }

    /// <summary>The failure that says that the engine did not load an image, in the engine's words or in ours.</summary>
    /// <param name="reason">Why; what is too long is left out in the middle, as the cause stands at the end.</param>
    /// <param name="inner">What it follows from, or null.</param>
    /// <param name="remedy">A sentence more, or null.</param>
    internal OciException Refused(string reason, Exception? inner = null, string? remedy = null)
    {
        var text = Printable.Text(reason.Length <= MaxReason
            ? reason
            : reason.Substring(0, MaxReason / 2) + " … " + reason.Substring(reason.Length - (MaxReason / 2)));
        return new OciException(
            OciErrorKind.DaemonFailed,
            $"The Docker engine at '{Address}' did not load the image: {text.TrimEnd('.')}.{(remedy is null ? null : " " + remedy)}",
            inner);
    }

    public void Dispose() => _client.Dispose();

    // The library fails in as many ways as its transports do: all of them are the engine's.
    private static bool IsFailure(Exception e) => e is not (OciException or OperationCanceledException);

    private OciException Explain(Exception e)
    {
        if (e is DockerApiException api)
        {
            return new OciException(OciErrorKind.DaemonFailed,
                $"The Docker engine at '{Address}' answered {(int)api.StatusCode}: {Printable.Text(api.ResponseBody ?? string.Empty).Trim()}.", e);
        }

        if (_tls?.Refusal is { } refusal)
        {
            return new OciException(
                OciErrorKind.CertificateUntrusted,
                $"The certificate of the Docker engine at '{Address}' is not trusted: {refusal.Reason}. {refusal.Remedy ?? UntrustedRemedy}", e);
        }

        // An engine that wants a certificate and gets none may also just give up the handshake.
        if (_tls is not null && (ClientCertificateFailure.IsAlert(e) || (_tls.Subject is null && e.ToString().Contains("handshake failure"))))
        {
            return new OciException(
                OciErrorKind.ClientCertificateRefused,
                $"The Docker engine at '{Address}' "
                    + $"{(_tls.Subject is { } subject ? $"refused the client certificate ({subject})" : "wants a client certificate")}. "
                    + "It is cert.pem with key.pem in -DaemonCertificateDirectory or DOCKER_CERT_PATH, of an authority that the engine trusts.",
                e);
        }

        var socket = e as SocketException ?? e.InnerException as SocketException;
        var root = _place.SocketPath is { } path && !File.Exists(path) ? $"there is no socket '{path}'" : e.GetBaseException().Message.TrimEnd('.');
        return socket?.SocketErrorCode == SocketError.AccessDenied
            ? new OciException(OciErrorKind.Forbidden,
                $"The Docker engine at '{Address}' may not be used by you: {root}. On Linux its socket is for root and the group 'docker'.", e)
            : new OciException(
                OciErrorKind.ConnectionFailed,
                $"The Docker engine at '{Address}' can't be reached: {root}. Is it running? Another one is named by -DaemonHost or DOCKER_HOST.", e);
    }

    // Called from the client's own reading, one at a time.
    private sealed class Answers : IProgress<JSONMessage>
    {
        internal string? Failure { get; private set; }

        internal bool HasLoaded { get; private set; }

        internal List<string> NotUnpacked { get; } = [];

        public void Report(JSONMessage value)
        {
            Failure ??= value.Error?.Message;
            if (value.Stream?.StartsWith(UnpackFailed, StringComparison.Ordinal) == true)
            {
                NotUnpacked.Add(value.Stream.Trim());
            }

            HasLoaded |= value.Stream?.StartsWith(Loaded, StringComparison.Ordinal) == true;
        }
    }
}
