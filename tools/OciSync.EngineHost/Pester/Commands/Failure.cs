using System.Management.Automation;

namespace OciSync.EngineHost.Pester.Commands;

internal static class Failure
{
    /// <summary>
    /// An exception that ends the test like a throw statement. A cmdlet's own terminating error would end one statement only.
    /// </summary>
    public static RuntimeException Throw(string errorId, string message)
    {
        var record = new ErrorRecord(new InvalidOperationException(message), errorId, ErrorCategory.InvalidResult, null);
        return new RuntimeException(message, record.Exception, record) { WasThrownFromThrowStatement = true };
    }
}
