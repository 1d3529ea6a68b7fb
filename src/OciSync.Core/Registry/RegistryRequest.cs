using System.Net.Http;
using OciSync.Core.Auth;
using OciSync.Core.Connections;
using OciSync.Core.Http;
using OciSync.Core.Uploads;

namespace OciSync.Core.Registry;

/// <summary>One request to a registry, as often as it has to be built.</summary>
internal sealed class RegistryRequest(HttpMethod method, Func<RegistryUris, Uri> target, Scope scope, RequestContext context)
{
    internal HttpMethod Method { get; } = method;

    internal Func<RegistryUris, Uri> Target { get; } = target;

    internal Scope Scope { get; } = scope;

    internal RequestContext Context { get; } = context;

    /// <summary>It counts as a pull where pulls are limited: a HEAD doesn't, and neither does a blob.</summary>
    internal bool IsPull => Context.Question == Question.ManifestRead;

    /// <summary>It asks for a manifest, or whether it is there: what limits of pulls speak of.</summary>
    internal bool IsOfManifests => Context.Question is Question.ManifestRead or Question.ManifestHead;

    /// <summary>It looks among tags for what belongs to an image, and not for images.</summary>
    internal bool IsBesideImages { get; init; }

    /// <summary>What it costs to know an image: its manifests, and what speaks of it.</summary>
    internal bool IsOfImages => IsOfManifests || IsBesideImages || Context.Question == Question.ReferrerList;

    /// <summary>The media types that the caller can read (the <c>Accept</c> header), or null for any.</summary>
    internal string? Accept { get; init; }

    /// <summary>A <c>Range</c> header, or null.</summary>
    internal string? Range { get; init; }

    /// <summary>Makes the body; it learns the watch that guards its sending. Null when there is none.</summary>
    internal Func<StallWatch, HttpContent>? Content { get; init; }

    /// <summary>The body can't be made twice: a 401 can't be answered by sending it again.</summary>
    internal bool IsOneShot { get; init; }

    /// <param name="uris">The registry's addresses.</param>
    /// <param name="watch">Guards the sending of the body.</param>
    /// <param name="unasked">Which bodies that can't be made twice go without the server's word.</param>
    /// <param name="isFar">A round trip is long.</param>
    internal HttpRequestMessage Build(RegistryUris uris, StallWatch watch, UnaskedBodies unasked, bool isFar)
    {
        _body = Content?.Invoke(watch);
        var request = new HttpRequestMessage(Method, Target(uris)) { Content = _body };
        if (Accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", Accept);
        }

        if (Range is not null)
        {
            request.Headers.TryAddWithoutValidation("Range", Range);
        }

        // A large body waits for the server's word, so that a refusal (401, 413) comes before the bytes. Only the registry itself, which has begun the upload,
        // is believed to want them.
        if (IsOneShot && request.Content?.Headers.ContentLength is { } size)
        {
            HasAskedFirst = !unasked.TryBegin(size, isFar && request.RequestUri!.Authority == uris.Base.Authority);
            UnaskedSize = HasAskedFirst ? 0 : size;
            request.Headers.ExpectContinue = HasAskedFirst ? true : null;
        }

        return request;
    }

    /// <summary>The server's word is waited for before the body goes.</summary>
    internal bool HasAskedFirst { get; private set; }

    /// <summary>The bytes of a body that goes without it; else 0.</summary>
    internal long UnaskedSize { get; private set; }

    /// <summary>Makes the body once more, for where a redirect leads; null where there is none.</summary>
    internal Func<HttpContent?>? Again(StallWatch watch) => Content is null ? null : () => BodyAgain(watch);

    // Null when it is used up.
    private HttpContent? BodyAgain(StallWatch watch) => _body is UploadContent { IsUntouched: false } sent ? sent.TryCopy() : _body = Content?.Invoke(watch);

    private HttpContent? _body;
}
