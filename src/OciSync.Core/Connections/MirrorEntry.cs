namespace OciSync.Core.Connections;

/// <summary>One <c>[[registry.mirror]]</c>, and which references are read from it.</summary>
internal sealed record MirrorEntry(string Location, bool Insecure, bool ForDigests, bool ForTags);
