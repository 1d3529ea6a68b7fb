namespace OciSync.Core.Tests;

/// <summary>Which build of the engine these tests run with.</summary>
internal static class ThisBuild
{
    internal const string Framework = ".NETStandard,Version=v2.0";
}
