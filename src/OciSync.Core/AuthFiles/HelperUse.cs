namespace OciSync.Core.AuthFiles;

/// <summary>A credential helper, and the file and key that name it.</summary>
internal sealed record HelperUse(string Name, string File, string Key)
{
    internal string Program => "docker-credential-" + Name;

    internal string Describe() => $"{Program}, by {Key} of '{File}'";
}
