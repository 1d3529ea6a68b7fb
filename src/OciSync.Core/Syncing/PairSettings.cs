using OciSync.Core.Conversion;
using OciSync.Core.Errors;
using OciSync.Core.Images;
using OciSync.Core.Places;
using OciSync.Core.Requests;
using OciSync.Core.Rows;

namespace OciSync.Core.Syncing;

/// <summary>What a pair is worked on as: the run's settings where it has none of its own. Pairs that want the same share one object where they can.</summary>
internal sealed class PairSettings(RegistryPool pool, SyncRequest request)
{
    /// <summary>The pair with all that was left to the run.</summary>
    /// <exception cref="OciException">What it says and what the run says don't go together.</exception>
    internal SyncPair Complete(SyncPair pair) => pair with
    {
        Selection = SelectionOf(pair),
        Conversion = ConversionOf(pair),
        IncludeReferrer = pair.IncludeReferrer ?? request.IncludeReferrer,
        Trust = pair.Trust ?? request.Trust,
        Signing = pair.Signing ?? request.Signing,
        SkipExisting = pair.SkipExisting ?? request.SkipExisting,
        IsKnownMissing = pair.IsKnownMissing || (pair.Source.Image is { } image && request.KnownMissing.Contains(image)),
    };

    /// <summary>Pairs of one key share what is read; they have to be complete.</summary>
    internal SourceKey KeyOf(SyncPair pair) => new(
        pair.Source.ToString(),
        pair.Selection!,
        pair.Conversion!.PlanFor(pool.Engines.KindOf(pair.Source, isSource: true), pool.Engines.KindOf(pair.Destination)),
        pair.Trust!);

    /// <summary>The pairs of each image, in the order in which images come first. Each is let go of with its image: nobody else holds all of them.</summary>
    internal List<ImagePairs> Group(IEnumerable<SyncPair> pairs)
    {
        var images = new List<ImagePairs>();
        var known = new Dictionary<SourceKey, ImagePairs>();
        foreach (var pair in pairs)
        {
            var key = KeyOf(pair);
            if (!known.TryGetValue(key, out var image))
            {
                known.Add(key, image = new ImagePairs(key, []));
                images.Add(image);
            }

            image.Pairs.Add(pair);
        }

        return images;
    }

    private ImageSelection SelectionOf(SyncPair pair)
    {
        var selection = pair.Selection ?? request.Selection;
        var (keepIndex, isSingle) = (KeepsIndex(pair), pool.Engines.HoldsOnePlatform(pair.Destination));
        return selection.KeepIndex == keepIndex && selection.IsSingle == isSingle ? selection : selection with { KeepIndex = keepIndex, IsSingle = isSingle };
    }

    private bool KeepsIndex(SyncPair pair) => pair.Selection?.KeepIndex == true || request.Selection.KeepIndex;

    // A file and a command may each be right, and not together.
    private ConversionOptions ConversionOf(SyncPair pair)
    {
        var conversion = request.Conversion.Over(pair.Conversion);
        var fault = (request.Selection.IndexOnly || KeepsIndex(pair)) && (conversion.Format is not null || conversion.Compression is not null)
            ? "an index that is copied as it is (-IndexOnly, -KeepIndex) goes neither with a format nor with a compression"
            : conversion.FindFault();
        conversion = KeepsIndex(pair) ? conversion with { PreserveDigest = true } : conversion;
        return fault is null ? conversion : throw new OciException(OciErrorKind.ChoiceInvalid, $"'{pair.Source}': {fault}. Nothing was copied.");
    }
}
