using OciSync.Core.Conversion;
using OciSync.Core.Images;
using OciSync.Core.Signing.Judging;
using OciSync.Core.Signing.Signers;
using OciSync.Core.Tags;

namespace OciSync.Core.Rows;

/// <summary>What is said of images that are to be copied: of one pair, or of all that a repository gives.</summary>
public abstract record ImageTerms
{
    private protected ImageTerms()
    {
    }

    /// <summary>What of each image; null for what the request says.</summary>
    public ImageSelection? Selection { get; init; }

    /// <summary>Format and layers; null, also in parts, for what the request says.</summary>
    public ConversionOptions? Conversion { get; init; }

    /// <summary>Whether what speaks of the images comes along; null for what the request says.</summary>
    public bool? IncludeReferrer { get; init; }

    /// <summary>A tag that matches is not looked at again once it is at the destination; null for what the request says.</summary>
    public TagFilter? SkipExisting { get; init; }

    /// <summary>Of several sources for one name the first is copied, and the others are passed over with a warning.</summary>
    public bool FirstWins { get; init; }

    /// <summary>It is known that the source may not be there: then it is passed over.</summary>
    public bool IsKnownMissing { get; init; }

    /// <summary>Which policy lets the images in, and what is asked beyond that; null for what the request says.</summary>
    public TrustOptions? Trust { get; init; }

    /// <summary>Who signs the images at their destinations; null for what the request says.</summary>
    public SigningOptions? Signing { get; init; }

    /// <summary>Whether what their destination holds beside the choice is pruned; null for what the request says.</summary>
    public bool? Prune { get; init; }

    /// <summary>How long a tag and what it points to must be known from here before it is taken; null for what the request says.</summary>
    public TimeSpan? MinimumAge { get; init; }

    /// <summary>Tags that are taken however young they are; null for none beside the request's.</summary>
    public TagFilter? MinimumAgeExempt { get; init; }

    /// <summary>The same images, with all that is said of others.</summary>
    internal static T With<T>(T images, ImageTerms terms)
        where T : ImageTerms
    {
        ImageTerms copy = images;
        return (T)(copy with
        {
            Selection = terms.Selection,
            Conversion = terms.Conversion,
            IncludeReferrer = terms.IncludeReferrer,
            SkipExisting = terms.SkipExisting,
            FirstWins = terms.FirstWins,
            IsKnownMissing = terms.IsKnownMissing,
            Trust = terms.Trust,
            Signing = terms.Signing,
            Prune = terms.Prune,
            MinimumAge = terms.MinimumAge,
            MinimumAgeExempt = terms.MinimumAgeExempt,
        });
    }
}
