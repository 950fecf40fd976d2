using Microsoft.ML.OnnxRuntime;
using Rewas.Faults;

namespace Rewas.Networks.Onnx;

/// <summary>Calls of the runtime that a token ends, with the runtime's failures told apart.</summary>
static class Cancellable
{
    static readonly Action<object?> Terminate = options => ((RunOptions)options!).Terminate = true;

    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="InputFault">The inputs do not fit each other or a table: sizes that vary, indices.</exception>
    public static T Run<T>(string network, RunOptions options, Func<T> call, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var registration = cancellation.UnsafeRegister(Terminate, options);
        try
        {
            return call();
        }
        catch (OnnxRuntimeException e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw Fault(network, e);
        }
        finally
        {
            registration.Dispose();                                                      // waits for a callback that is running
        }
    }

    static Exception Fault(string network, OnnxRuntimeException e) => e.Message.Contains("ErrorCode:InvalidArgument", StringComparison.Ordinal)
        ? InputFault.Invalid(network, $"cannot run on these inputs: {e.Message.ReplaceLineEndings(" ")}", e)
        : e;
}
