using OciSync.Core.Flow;
using OciSync.Core.Rows;

namespace OciSync.Core.Copying;

/// <summary>
/// Warns, once in a run for each cause, of images that get another digest because the user asked for a part or for another form of them.
/// Only of what is really copied or would be: what stays as it is, fails, or is there already, is no reason to warn.
/// </summary>
internal sealed class ChangeWarnings(EngineEvents events)
{
    private readonly HashSet<string> _told = [];

    internal void Look(SourceImage source, string status)
    {
        if (status is not (SyncStatus.Copied or SyncStatus.Updated or SyncStatus.WouldCopy or SyncStatus.WouldUpdate))
        {
            return;
        }

        if (source.Sparse is not null)
        {
            Tell("With -KeepIndex only a part of multi-platform images is copied below their own index: signatures stay valid, and who asks for another "
                + "platform finds nothing. A later run takes them for up to date; -Verify completes them.");
        }
        else if (source.LeftOut is not null && source.Selection.Platforms.Count > 0)
        {
            Tell("Only a part of multi-platform images is copied: their digest changes, and signatures on the whole no longer match.");
        }
        else if (source.LeftOut is not null && source.Selection.ExcludeAttestation)
        {
            Tell("Build attestations are left out of images: their digest changes, and signatures on the whole no longer match.");
        }

        if (source.IsConvertedAsAsked)
        {
            Tell("Images that are converted get other digests, and signatures on the old ones no longer match.");
        }
    }

    private void Tell(string text)
    {
        lock (_told)
        {
            if (!_told.Add(text))
            {
                return;
            }
        }

        events.Warn(text);
    }
}
