using OciSync.Core.References;
using OciSync.Core.Requests;
using OciSync.Core.Rows;
using OciSync.Core.Tests.Engine;

namespace OciSync.Core.Tests.Transports;

/// <summary>Copies as Copy-OciImage makes them, and syncs of folders as Sync-OciImage does.</summary>
internal static class Carry
{
    internal static async Task<OciSyncResult> CopyAsync(string source, string destination) => await Run.OneAsync(Request(source, destination));

    internal static async Task<OciSyncResult> SucceedAsync(string source, string destination)
    {
        var row = await CopyAsync(source, destination);
        Assert.True(row.Error is null, row.Error);
        return row;
    }

    internal static SyncRequest Request(string source, string destination) => new()
    {
        Pairs = [new SyncPair(ImageLocation.Parse(source).WithDefaultTag(), GivenDestination.Read(destination).Exact(null).WithDefaultTag(), source)],
    };

    /// <summary>Every image of a folder to places.</summary>
    internal static SyncRequest All(string folder, DestinationNaming naming, params string[] places) => new()
    {
        Folders = [new SyncFolder(ImageLocation.Parse(folder), places.Select(p => SyncPlace.Below(GivenDestination.Read(p), naming)).ToList(), folder)],
    };

    /// <summary>Every file of a folder with its content, without what is ours for a moment.</summary>
    internal static SortedDictionary<string, string> Tree(string folder)
    {
        var tree = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var name = file.Substring(folder.Length + 1);
            if (name is not (".ocisync-lock" or ".ocisync-users"))
            {
                tree.Add(name, Digest.Of(File.ReadAllBytes(file)).ToString());
            }
        }

        return tree;
    }
}
