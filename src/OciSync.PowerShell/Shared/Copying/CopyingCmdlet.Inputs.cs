using OciSync.Core.Errors;
using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.SyncFiles;
using OciSync.Core.Tags;
using OciSync.Core.Versions;
using OciSync.PowerShell.Parameters;

namespace OciSync.PowerShell.Shared.Copying;

/// <content>What comes in, by names alone: images, repositories, folders, entries of sync files.</content>
public abstract partial class CopyingCmdlet
{
    private readonly List<SyncPair> _pairs = [];
    private readonly List<SyncRepository> _repositories = [];
    private readonly List<SyncFolder> _folders = [];
    private readonly List<SyncRegistry> _registries = [];
    private readonly List<string> _inputs = [];
    private bool _hasChoiceForNothing;

    /// <summary>
    /// Takes a source into the run: an image, or a repository of which the selector chooses tags. What is wrong with the names is a row and
    /// an error of the run.
    /// </summary>
    private protected void Add(
        string input, IReadOnlyList<SyncPlace> places, bool needsTag, TagSelector? selector,
        Func<SyncPair, SyncPair>? modify = null, Func<SyncRepository, SyncRepository>? modifyRepository = null)
    {
        _inputs.Add(input);
        try
        {
            var location = ReadLocation(input);
            if (location.Image is not { } source)
            {
                AddFolder(location, places, needsTag, selector, input, modify);
                return;
            }

            RefuseSyncFile(input);
            State.Seen.Add(source);
            WarnOfSlip(input);
            if (needsTag && source.IsRepository)
            {
                var repository = new SyncRepository(source, selector ?? throw MissingTag(input), places, input);
                _repositories.Add(modifyRepository is null ? repository : modifyRepository(repository));
                return;
            }

            _hasChoiceForNothing |= selector is not null;
            var image = source.WithDefaultTag();
            ImageLocation shared = image;
            foreach (var place in places)
            {
                AddPair(shared, image, place, input, modify);
            }
        }
        catch (Exception e) when (e is OciException or ReferenceException)
        {
            foreach (var place in places)
            {
                Fail(input, place.Text, e, input);
            }
        }
    }

    // As skopeo sync takes it: the file in place of a source.
    private void RefuseSyncFile(string input)
    {
        if (input.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || input.EndsWith(".yml", StringComparison.OrdinalIgnoreCase))
        {
            // What stands before a colon is a drive of the session, or of the image's name.
            var colon = input.IndexOf(':');
            if ((colon < 0 || new UserPaths(SessionState).IsDrive(input.Substring(0, colon))) && File.Exists(FullPath(input)))
            {
                throw new OciException(
                    OciErrorKind.ReferenceInvalid,
                    $"'{input}' is a file, and no image. Sync-OciImage takes the images that a sync file names: -ConfigPath '{input}'");
            }
        }
    }

    // A folder as a whole, or one image of it under its own name.
    private void AddFolder(
        ImageLocation location, IReadOnlyList<SyncPlace> places, bool needsTag, TagSelector? selector, string input, Func<SyncPair, SyncPair>? modify)
    {
        if (selector is not null)
        {
            throw new OciException(
                OciErrorKind.ChoiceInvalid, $"'{input}': choosing parameters are for repositories; of a folder every image is taken, or one that is named.");
        }

        if (needsTag && location.Name is null)
        {
            _folders.Add(new SyncFolder(location, places, input));
            return;
        }

        var name = needsTag || location is { IsDocker: true, Name: not null } ? TryNameOf(location, needsTag) : null;
        foreach (var place in places)
        {
            AddPair(location, name, place, input, modify);
        }
    }

    // An image that is copied to a name of its own needs none.
    private static ImageReference? TryNameOf(ImageLocation location, bool needsName)
    {
        try
        {
            return FolderName.NameOf(location);
        }
        catch (OciException) when (!needsName)
        {
            return null;
        }
    }

    /// <summary>Reaches registries as a sync file says.</summary>
    private protected void Use(SyncFile file, IEnumerable<SyncPlace> places) =>
        _registries.AddRange(file.RegistriesFor(RegistriesOf(places, ImageReference.Parse("x"))));

    /// <summary>Takes an entry of a sync file into the run.</summary>
    private protected void Add(OciSyncEntry entry, IReadOnlyList<SyncPlace> places)
    {
        var (trust, signing) = (TrustOf(entry.Trust), SigningOf(entry.Signing));
        if (entry.Plan(places) is { } repository)
        {
            _inputs.Add(repository.Input);
            _repositories.Add(repository with { Trust = trust, Signing = signing });
            return;
        }

        foreach (var tag in entry.Tag)
        {
            var source = ImageReference.Parse(entry.ReferenceOf(tag));
            _inputs.Add(source.ToString());
            ImageLocation shared = source;
            foreach (var place in places)
            {
                AddPair(shared, source, place, source.ToString(), p => entry.Modify(p) with { Trust = trust, Signing = signing });
            }
        }
    }

    private void AddPair(ImageLocation source, ImageReference? named, SyncPlace place, string input, Func<SyncPair, SyncPair>? modify = null)
    {
        try
        {
            var pair = new SyncPair(source, place.Name(named ?? Nameless), input);
            pair = modify is null ? pair : modify(pair);
            if (pair.Destination.Image is { } image)
            {
                State.Seen.Add(image);
            }

            _pairs.Add(pair);
        }
        catch (Exception e) when (e is OciException or ReferenceException)
        {
            Fail(input, place.Text, e, input);
        }
    }

    // For places that give an image their own name, whatever it is called.
    private protected static ImageReference Nameless => ImageReference.Parse("x.test/x:latest");

    private static OciException MissingTag(string input) => new(
        OciErrorKind.TagRequired,
        $"'{input}' is a whole repository. Choose its tags (-Latest 5, -VersionRange '>=1.20', -Include '1.2*'), take them all (-AllTags), or name "
        + $"one: {input}:latest");
}
