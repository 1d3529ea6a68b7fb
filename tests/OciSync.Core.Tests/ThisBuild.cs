namespace OciSync.Core.Tests;

/// <summary>Which build of the engine these tests run with.</summary>
internal static class ThisBuild
{
    internal const string Framework = ".NETCoreApp,Version=v8.0";
}
