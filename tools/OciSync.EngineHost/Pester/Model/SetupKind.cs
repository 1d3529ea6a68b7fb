namespace OciSync.EngineHost.Pester.Model;

internal enum SetupKind
{
    BeforeAll,
    BeforeEach,
    AfterEach,
    AfterAll,
}
